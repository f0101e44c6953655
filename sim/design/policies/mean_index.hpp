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
class MeanIndexChooser final : public Chooser {
 public:
  MeanIndexChooser(Form form, const PolicySetting& setting, int lanes)
      : form_(form), incumbent_(setting.arms, lanes) {}

  void learn(const Known& known) override {
    const i32* changed = is_filled_ ? known.changed : nullptr;
    if (known.binary)
      learn(known, changed, known.changed_wins, [&](int arm) { return known.wins(arm); });
    else
      learn(known, changed, known.changed_sums, [&](int arm) { return known.sums(arm); });
    is_filled_ = true;
  }

  void choose(const ChoicePlace& place, i32* arm) override { incumbent_.leads().choose(place, arm); }
  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    incumbent_.leads().choose_many(place, users, counts);
  }
  void tell_chances(Table<double>& chance) override { incumbent_.leads().tell_chances(chance); }
  double exploration(i64 user) const override { return form_.exploration(user); }

 private:
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
