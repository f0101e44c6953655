#include "windtunnel/world/features/novelty.hpp"

#include "windtunnel/world/fading.hpp"

namespace windtunnel {

void Novelty::describe(Fields& fields) {
  fields.lift_beside(lift_, {"extra lift of a treatment on day 0"});
  fields.number("half_life_days", half_life_days_, kPositive,
                {"time after which half of it is left", "days", About::Need::required});
}

void Novelty::shape(Climate& climate) const {
  climate.add({lift_->scale, climate.laws(*lift_), fading_weights(half_life_days_, climate.days()),
               LiftTerm::Whom::arm_served});
}

}  // namespace windtunnel
