#include "support/same_law.hpp"

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"

namespace windtunnel {

namespace {

/// Largest distance that chance explains.
double allowed_distance(const Value& x, const Value& y) {
  const auto n = static_cast<double>(x.replications), m = static_cast<double>(y.replications);
  if (x.kind == Value::Kind::mean) return 4 * std::hypot(x.mcse, y.mcse) + 1e-9 * (1 + std::fabs(x.value));
  const double p = std::clamp((n * x.value + m * y.value) / (n + m), 0.0, 1.0);
  return 4 * std::sqrt(p * (1 - p) * (1 / n + 1 / m)) + 2 / std::min(n, m);
}

/// Compares all values of one measure; returns how many there were to compare.
int check_values(const MeasureValues& a, const MeasureValues& b, double sign) {
  constexpr i64 kFewest = 200;
  int compared = 0;
  REQUIRE(a.values.size() == b.values.size());
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const Value &x = a.values[i], &y = b.values[i];
    INFO(a.measure << " at " << x.at);
    CHECK(x.at == y.at);
    if (!x.absent.empty() || !y.absent.empty() || std::min(x.replications, y.replications) < kFewest)
      continue;
    CHECK(std::fabs(x.value - sign * y.value) <= allowed_distance(x, y));
    ++compared;
  }
  return compared;
}

}  // namespace

void check_same_law(const Result& a, const Result& b, const std::set<std::string>& mirrored,
                    const std::set<std::string>& left_out) {
  REQUIRE(a.cells.size() == b.cells.size());
  int compared = 0;
  for (std::size_t c = 0; c < a.cells.size(); ++c)
    for (std::size_t s = 0; s < a.cells[c].strategies.size(); ++s)
      for (std::size_t m = 0; m < a.cells[c].strategies[s].size(); ++m) {
        const MeasureValues& first = a.cells[c].strategies[s][m];
        if (left_out.contains(first.measure)) continue;
        if (first.measure == "regret_quantile") continue;  // jumps between lumps of replications alike
        INFO("strategy " << s << " in cell " << c);
        compared +=
            check_values(first, b.cells[c].strategies[s][m], mirrored.contains(first.measure) ? -1 : 1);
      }
  CHECK((kSanitized || compared > 20));
}

}  // namespace windtunnel
