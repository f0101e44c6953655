#pragma once

#include <memory>
#include <vector>

#include "windtunnel/design/stopping_rule.hpp"

namespace windtunnel {

/// Critical values of one look, the most demanding first: one for all hypotheses, or one for each of them,
/// which are climbed from either end.
///   down  rejections are found one by one, each at the rung of how many hypotheses there are before it
///   up    the rejections are those of the mildest rung that as many hypotheses as it counts are beyond
struct Ladder {
  enum class Steps { down, up };

  std::vector<double> rungs;
  Steps steps = Steps::down;

  bool operator==(const Ladder&) const = default;
};

/// What a rule that compares z with critical values looks like, once it is solved for its schedule.
struct Thresholds {
  static constexpr int kAsleep = -1;

  std::vector<Ladder> ladders;
  std::vector<int> ladder_of_look;  ///< [look] index into `ladders`, or kAsleep
  Alternative alternative = Alternative::two_sided;
};

/// Critical value of one test: |z| >= c (two-sided) or z >= c (one-sided) with probability alpha.
double critical_value(double alpha, Alternative alternative);

/// The ladder of tests that are made afresh at a look, as if it were the only one: alpha; alpha/m
/// (bonferroni); Dunnett's value for the planned shares; alpha/m, alpha/(m-1), ..., alpha (holm); alpha/m,
/// 2 alpha/m, ..., alpha, climbed up (benjamini_hochberg).
Ladder afresh(double alpha, Alternative alternative, Correction correction, const Setting& setting);

/// The plan of such a rule. A hypothesis is rejected iff its variance is positive and its z is beyond c;
/// under Law::student c stands for the t quantile with the same tail probability.
///   alpha    of the intervals, uncorrected
///   source   Holm (1979), Scand. J. Statist. 6:65; Benjamini & Hochberg (1995), JRSS B 57:289
std::unique_ptr<const RulePlan> plan_thresholds(Thresholds thresholds, Evidence::Law law, double alpha,
                                                const Setting& setting);

}  // namespace windtunnel
