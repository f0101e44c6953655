#include "windtunnel/core/lift.hpp"

#include "windtunnel/core/error.hpp"

namespace windtunnel {

Distribution Lift::of(int treatment, const std::string& name) const {
  if (values.size() == 1) return values.front();
  if (!values.empty()) return values.at(static_cast<std::size_t>(treatment) - 1);
  const auto named = by_name.find(name);
  return named == by_name.end() ? Distribution::point(0) : named->second;
}

double Lift::absolute(double baseline) const {
  if (!is_one_number()) throw InputError("", "a lift used for planning needs one number for all treatments");
  const double x = values.front().value;
  return scale == Scale::relative ? baseline * x : x;
}

}  // namespace windtunnel
