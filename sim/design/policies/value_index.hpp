#pragma once

#include <algorithm>

#include "contest.hpp"
#include "mean_value.hpp"
#include "windtunnel/core/lane_math.hpp"

namespace windtunnel {

/// Chooses the arm with the largest value(n, s) + scale(t) * width(n), n users of the arm with rewards of sum
/// s, t users with known outcomes. Values and widths are kept, and found anew for arms of which more is
/// known. `Form` gives, `Real` being double or `Form::Quick`,
///   Quick                                 what is precise enough for three operations: float or double
///   Real value(Real n, Real s) const      for n > 0
///   double unknown() const                value of an arm without users
///   Real width(Real n) const              for n > 0
///   double scale(double t) const          for all t >= 0, branch-free where it is per lane
template <class Form>
class ValueIndexChooser final : public LeadsChooser {
 public:
  ValueIndexChooser(Form form, const PolicySetting& setting, int lanes)
      : form_(form), contest_(setting.arms, lanes), scale_(1, lanes) {}

  void learn(const Known& known) override {
    find_scale(known);
    const i32* changed = is_filled_ ? known.changed : nullptr;
    known.with_rewards([&](const auto* changed_rewards, auto rewards_of) {
      learn(known, changed, changed_rewards, rewards_of);
    });
    is_filled_ = true;
  }

 private:
  using Quick = typename Form::Quick;

  const Leads& leads() const override { return contest_.leads(); }

  void find_scale(const Known& known) {
    double* scale = scale_.row(0);
    if (known.times() == nullptr)
      std::fill_n(scale, known.lanes, form_.scale(static_cast<double>(known.time)));
    else
      for (int l = 0; l < known.lanes; ++l) scale[l] = form_.scale(known.times()[l]);
    std::copy_n(scale, known.lanes, contest_.scale());
  }

  template <class Sum>
  static void evaluate(const Form& form, const i32* __restrict users, const Sum* __restrict sums,
                       float* __restrict value, float* __restrict width, int lanes) {
    const auto unknown = static_cast<float>(form.unknown());
    for (int l = 0; l < lanes; ++l) {
      const auto n = static_cast<Quick>(users[l] > 0 ? users[l] : 1);
      const auto known = static_cast<float>(form.value(n, static_cast<Quick>(sums[l])));
      value[l] = users[l] > 0 ? known : unknown;
      width[l] = users[l] > 0 ? static_cast<float>(form.width(n)) : 0;
    }
  }

  template <class Sum, class SumsOf>
  void learn(const Known& known, const i32* changed, const Sum* changed_sums, SumsOf sums_of) {
    const auto users_of = [&](int arm) { return known.users(arm); };
    if (changed != nullptr) {
      evaluate(form_, known.changed_users, changed_sums, contest_.changed_value(), contest_.changed_width(),
               known.lanes);
    } else {
      for (int arm = 0; arm < known.arms; ++arm)
        evaluate(form_, users_of(arm), sums_of(arm), contest_.value(arm), contest_.width(arm), known.lanes);
    }
    // Most arms that are too near to tell have the same history.
    i32 last_lane = -1, last_users = 0;
    Sum last_sum{};
    double last_index = 0;
    contest_.hold(changed, !known.binary, [&](int arm, int lane) {
      const i32 users = users_of(arm)[lane];
      const Sum sum = sums_of(arm)[lane];
      if (lane != last_lane || users != last_users || sum != last_sum)
        last_index = index_of(users, static_cast<double>(sum), scale_.row(0)[lane]);
      last_lane = lane, last_users = users, last_sum = sum;
      return last_index;
    });
  }

  double index_of(double n, double s, double scale) const {
    return n <= 0 ? form_.unknown() : form_.value(n, s) + scale * form_.width(n);
  }

  Form form_;
  Contest contest_;
  bool is_filled_ = false;
  Table<double> scale_;  // [0][lane]
};

}  // namespace windtunnel
