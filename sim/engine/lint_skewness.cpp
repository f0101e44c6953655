#include "lint_skewness.hpp"

#include <fmt/format.h>

#include <cmath>

namespace windtunnel {

void SkewnessLint::hear(const std::string& strategy, double skewness, double users) {
  const Cell cell{skewness, users, std::ceil(355 * skewness * skewness)};
  if (cell.users >= cell.needed) return;
  const auto [place, is_new] = worst_.try_emplace(strategy, cell);
  if (is_new) order_.push_back(strategy);
  if (cell.needed > place->second.needed) place->second = cell;
}

void SkewnessLint::tell(Findings& findings) const {
  for (const std::string& name : order_) {
    const Cell& worst = worst_.at(name);
    findings.add("skewness",
                 fmt::format("'{}' first looks at {:.0f} users in an arm, but a test of means of outcomes as "
                             "skewed as these ({:.3g}) needs {:.0f}: 355 times the square",
                             name, worst.users, worst.skewness, worst.needed));
  }
}

}  // namespace windtunnel
