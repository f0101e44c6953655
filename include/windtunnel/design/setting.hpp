#pragma once

#include <string>
#include <vector>

#include "windtunnel/core/types.hpp"
#include "windtunnel/data/estimand.hpp"
#include "windtunnel/data/observed.hpp"
#include "windtunnel/design/prior_worth.hpp"

namespace windtunnel {

/// What a team knows when it plans: the planned traffic, the looks and the columns it will see. Never the
/// truth.
struct Setting {
  u64 seed = 0;  ///< of what the team itself draws
  int arms = 2;
  Channels offers;               ///< columns the strategy's analysis and rule asked for: all they may read
  double alpha = 0.05;           ///< 1 - level of the strategy's intervals
  double least_alpha = 0.05;     ///< the smallest level at which one of several hypotheses is tested
  Estimand estimand;             ///< of its analysis
  bool weighs_variance = false;  ///< see StoppingRule::weighs_variance
  double direction = 1;          ///< +1 higher is better, -1 lower is better
  std::vector<i64> looks;        ///< planned users over all arms at each look, increasing
  std::vector<double> shares;    ///< [arm] planned shares, sum 1
  std::vector<double> margin;    ///< [hypothesis] absolute margin on the natural scale
  PriorWorth prior;              ///< of an arm's mean, that the policy has
  int panels = 1;                ///< ways of looking side by side, see Lens
  std::vector<std::string> arm_names;  ///< [arm] what values by name refer to

  int treatments() const { return arms - 1; }
  int hypotheses() const { return treatments() * panels; }
  bool binary() const { return offers.has(Channel::successes); }
};

}  // namespace windtunnel
