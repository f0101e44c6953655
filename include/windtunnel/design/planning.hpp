#pragma once

#include <optional>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/design/correction.hpp"

namespace windtunnel {

/// Refuses what a rule cannot do with several treatments.
///   throws  InputError with pointer "/correction"
void allow_none_or_bonferroni(Correction correction, const char* rule);
void allow_no_correction(Correction correction, const char* rule);

/// The level at which each of `hypotheses` is tested, for `none` and `bonferroni`.
double level_of_one(double alpha, Correction correction, int hypotheses);

/// What a team believes before it starts: the size of effect it cares about, and the baseline that relative
/// sizes are multiples of. Never the truth.
struct PlannedEffect {
  std::optional<Lift> mde;
  std::optional<double> baseline;

  /// Visits `baseline`.
  void describe_baseline(Fields& fields);

  /// Refuses a lift that is no single number other than 0, or relative without a baseline.
  void check(Fields& fields, const char* key, const std::optional<Lift>& lift) const;

  /// The absolute size |lift| of a lift that passed `check`.
  double size(const Lift& lift) const;
};

}  // namespace windtunnel
