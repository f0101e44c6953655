#include "windtunnel/core/lift.hpp"

#include <algorithm>

#include "windtunnel/core/error.hpp"

namespace windtunnel {

Distribution Lift::of(int treatment, const std::string& name) const {
  if (values.size() == 1) return values.front();
  if (!values.empty()) return values.at(static_cast<std::size_t>(treatment) - 1);
  const auto named = by_name.find(name);
  return named == by_name.end() ? Distribution::point(0) : named->second;
}

bool Lift::is_known() const {
  return std::ranges::all_of(values, [](const Distribution& law) { return law.is_point(); }) &&
         std::ranges::all_of(by_name, [](const auto& named) { return named.second.is_point(); });
}

double Lift::absolute(int treatment, const std::string& name, double baseline) const {
  const Distribution law = of(treatment, name);
  if (!law.is_point()) throw InputError("", "a lift used for planning needs numbers");
  return scale == Scale::relative ? baseline * law.value : law.value;
}

}  // namespace windtunnel
