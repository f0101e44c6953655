#pragma once

#include <map>
#include <string>
#include <vector>

#include "windtunnel/core/distribution.hpp"

namespace windtunnel {

/// A change of the mean, relative to a baseline or absolute: one value for every treatment, one each, or by
/// name.
struct Lift {
  enum class Scale { relative, absolute };

  Scale scale = Scale::absolute;
  std::vector<Distribution> values;  ///< size 1 (every treatment) or one per treatment
  std::map<std::string, Distribution>
      by_name;  ///< by arm name; arms left out have no lift; then `values` is empty

  bool operator==(const Lift&) const = default;

  /// The law of treatment `treatment` (1 ... arms - 1) named `name`, on the lift's own scale.
  Distribution of(int treatment, const std::string& name) const;

  /// Whether all it gives are numbers, known beforehand.
  bool is_known() const;

  /// The number of a treatment, on the absolute scale, given `baseline` (for mde, mixing_sd).
  ///   treatment, name  as in `of`
  ///   throws           InputError when it is no number
  double absolute(int treatment, const std::string& name, double baseline) const;
};

}  // namespace windtunnel
