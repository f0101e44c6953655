#pragma once

#include <optional>
#include <string>
#include <vector>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/design/correction.hpp"
#include "windtunnel/design/setting.hpp"

namespace windtunnel {

/// Refuses what a rule cannot do with several treatments.
///   throws  InputError with pointer "/correction"
void allow_none_or_bonferroni(Correction correction, const char* rule);
void allow_no_correction(Correction correction, const char* rule);

/// The level at which each of `hypotheses` is tested, for `none` and `bonferroni`.
double level_of_one(double alpha, Correction correction, int hypotheses);

/// The smallest level at which one of `hypotheses` may be tested.
double least_level_of_one(double alpha, Correction correction, int hypotheses);

/// Why a rule whose `variance` is given, and not plugged in, cannot take that of a test; empty: it can.
std::string refuse_given_variance(const std::optional<double>& variance);

/// What a team believes before it starts: the size of effect it cares about, and the baseline that relative
/// sizes are multiples of. Never the truth.
struct PlannedEffect {
  std::optional<Lift> mde;
  std::optional<double> baseline;

  /// Visits `baseline`.
  void describe_baseline(Fields& fields);

  /// Refuses a lift that is drawn or 0, or relative without a baseline.
  void check(Fields& fields, const char* key, const std::optional<Lift>& lift) const;

  /// The absolute size |lift| > 0 for every treatment, of a lift that passed `check`.
  ///   throws  InputError with pointer "/key" when an object by name leaves a treatment out, or the lift is
  ///           relative and what is estimated no difference of means
  std::vector<double> sizes(const char* key, const Lift& lift, const Setting& setting) const;
};

}  // namespace windtunnel
