#pragma once

#include "incumbent.hpp"
#include "mean_value.hpp"

namespace windtunnel {

/// Chooses the arm with the largest value(n, s), n users of the arm with rewards of sum s. `Form` gives,
/// `Real` being float or double,
///   Real value(Real n, Real s) const         for n > 0, of at most three operations
///   double unknown() const                   value of an arm without users
///   double exploration(i64 user) const       see Chooser
template <class Form>
class MeanIndexChooser final : public LeadsChooser {
 public:
  MeanIndexChooser(Form form, const PolicySetting& setting, int lanes)
      : form_(form), incumbent_(setting.arms, lanes) {}

  void learn(const Known& known) override {
    const i32* changed = is_filled_ ? known.changed : nullptr;
    known.with_rewards([&](const auto* changed_rewards, auto rewards_of) {
      learn(known, changed, changed_rewards, rewards_of);
    });
    is_filled_ = true;
  }

  double exploration(i64 user) const override { return form_.exploration(user); }

 private:
  const Leads& leads() const override { return incumbent_.leads(); }

  template <class Sum>
  static void evaluate(const Form form, const i32* __restrict users, const Sum* __restrict sums,
                       float* __restrict index, int lanes) {
    for (int l = 0; l < lanes; ++l)
      index[l] = form.value(static_cast<float>(users[l]), static_cast<float>(sums[l]));
  }

  template <class Sum, class SumsOf>
  void learn(const Known& known, const i32* changed, const Sum* changed_sums, SumsOf sums_of) {
    if (changed != nullptr)
      evaluate(form_, known.changed_users, changed_sums, incumbent_.changed_index(), known.lanes);
    incumbent_.hold(changed, !known.binary, [&](int arm, int lane) {
      const i32 users = known.users(arm)[lane];
      return users > 0 ? form_.value(static_cast<double>(users), static_cast<double>(sums_of(arm)[lane]))
                       : form_.unknown();
    });
  }

  Form form_;
  Incumbent incumbent_;
  bool is_filled_ = false;
};

}  // namespace windtunnel
