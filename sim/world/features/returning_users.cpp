#include "windtunnel/world/features/returning_users.hpp"

namespace windtunnel {

void ReturningUsers::describe(Fields& fields) {
  fields.number("probability", probability_, kProbability,
                {"chance that an exposed user comes again, on each later day of the experiment", "",
                 About::Need::required});
}

void ReturningUsers::shape(Climate& climate) const {
  climate.return_probability = probability_;
}

Channels ReturningUsers::offers(Channels without) const {
  if (probability_ == 0) return without;
  return without.without(Channel::successes).without(Channel::at_once) |
         Channels{Channel::sum, Channel::deviations, Channel::values};
}

Range ReturningUsers::values(Range of_one) const {
  const Range sums = of_one.low < 0 ? Range{} : kNotNegative;
  return probability_ == 0 ? of_one : sums;
}

}  // namespace windtunnel
