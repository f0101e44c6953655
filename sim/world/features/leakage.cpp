#include "windtunnel/world/features/leakage.hpp"

namespace windtunnel {

void Leakage::describe(Fields& fields) {
  fields.number("rate", rate_, kProbability,
                {"share of users who are served another arm", "", About::Need::required});
  describe_choice(fields, "direction", direction_, {"one_way", "two_way"},
                  {"one_way: treatment users are served control; two_way: also control users a treatment"});
}

void Leakage::shape(Climate& climate) const {
  const int treatments = climate.arms() - 1;
  const double back = rate_, forth = direction_ == Direction::two_way ? rate_ : 0;
  // Part 0 is served as assigned; in part k treatments are served control, and control treatment k.
  climate.split(1 + treatments, [&](Stratum& stratum, int part) {
    stratum.share *= part == 0 ? 1 - rate_ : rate_ / treatments;  // no mean depends on it: effects are alike
    for (std::size_t arm = 0; arm < stratum.share_of_arm.size(); ++arm) {
      const double leaking = arm == 0 ? forth : back;
      stratum.share_of_arm[arm] *= part == 0 ? 1 - leaking : leaking / treatments;
      if (part > 0) stratum.served[arm] = arm == 0 ? part : 0;
    }
  });
}

}  // namespace windtunnel
