#pragma once

#include "windtunnel/world/feature.hpp"

namespace windtunnel {

/// Users who come again, so that the metric of a user grows with the days since exposure: every visit adds an
/// outcome with the mean of its day in the user's arm and stratum, and a user's value at a look is the sum so
/// far. Values are no longer 0 or 1.
///
/// The lasting effect is that on the sum over the experiment of the world: the lasting effect on one visit
/// times the visits a user is expected to make, 1 + r (later days), averaged over the days of exposure by
/// their users. A fixed horizon at the end of `days` estimates it without bias where means are constant and
/// arms have the same share of every day's users; whoever looks earlier sees less of it. Regret counts
/// visits: a return loses what the mean of its day loses in the arm served, the user's own during the
/// experiment and that of the decision after it; rollout users come once. Shares of users served best count
/// users, when they are exposed.
///   source  Dmitriev et al. (2016), Pitfalls of long-term online controlled experiments, IEEE Big Data
class ReturningUsers final : public Feature {
 public:
  void describe(Fields& fields) override;
  void shape(Climate& climate) const override;
  Channels offers(Channels without) const override;
  Range values(Range of_one) const override;

 private:
  double probability_ = 0;
};

}  // namespace windtunnel
