#include "windtunnel/world/features/carryover.hpp"

#include "windtunnel/core/error.hpp"
#include "windtunnel/world/fading.hpp"

namespace windtunnel {

void Carryover::describe(Fields& fields) {
  fields.lift_beside(lift_, {"lift on day 0 of users who had the old treatment"});
  fields.number(
      "overlap", overlap_, kProbability,
      {"how far the old assignment is kept: 0 drawn afresh, 1 the same arm", "", About::Need::required});
  fields.number("half_life_days", half_life_days_, kPositive,
                {"time after which half of it is left", "days", About::Need::required});
  fields.number("treatment_share", treatment_share_, kProbability,
                {"share of users who had the old treatment"});
}

void Carryover::shape(Climate& climate) const {
  if (climate.arms() != 2)
    throw InputError("", "carryover is the memory of one old treatment and goes with two arms, not " +
                             std::to_string(climate.arms()));
  const std::size_t term =
      climate.add({lift_->scale, climate.laws(*lift_), fading_weights(half_life_days_, climate.days()),
                   LiftTerm::Whom::everybody});
  const double pi = treatment_share_;
  const double remembers[] = {pi * (1 - overlap_), pi + overlap_ * (1 - pi)};  // P(Z = 1 | arm)
  climate.split(2, [&](Stratum& stratum, int z) {
    for (std::size_t arm = 0; arm < 2; ++arm)
      stratum.share_of_arm[arm] *= z == 1 ? remembers[arm] : 1 - remembers[arm];
    stratum.share *= z == 1 ? pi : 1 - pi;
    stratum.weight[term] = z;
  });
}

}  // namespace windtunnel
