#pragma once

#include <algorithm>

#include "leader.hpp"

namespace windtunnel {

/// What is known of one arm of one lane: users, rewards and squared deviations from their mean.
struct ArmRecord {
  double n, s, deviations;
};

/// Chooses the arm with the largest index of its record and of t, the users with known outcomes; all indices
/// are found anew in every round. `Form` gives
///   double index(ArmRecord arm, double t) const   n > 0
///   double unknown(double t) const                index of an arm without users
///   static constexpr bool kReadsDeviations
template <class Form>
class RowIndexChooser : public Chooser {
 public:
  RowIndexChooser(Form form, const PolicySetting& setting, int lanes)
      : form_(form), index_(setting.arms, lanes), time_(1, lanes) {}

  void learn(const Known& known) override {
    leader_.begin(known.lanes);
    if (known.times() == nullptr)
      std::fill_n(time_.row(0), known.lanes, static_cast<double>(known.time));
    else
      std::copy_n(known.times(), known.lanes, time_.row(0));
    for (int arm = 0; arm < index_.rows(); ++arm) {
      if (known.binary)
        fill(known.users(arm), known.wins(arm), static_cast<const double*>(nullptr), arm, known.lanes);
      else
        fill(known.users(arm), known.sums(arm), Form::kReadsDeviations ? known.deviations(arm) : nullptr, arm,
             known.lanes);
      leader_.challenge(arm, index_.row(arm));
    }
  }

  void choose(const ChoicePlace& place, i32* arm) override {
    leader_.choose(
        place, index_.rows(), [this](int a) { return index_.row(a); }, arm);
  }

  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    leader_.choose_many(
        place, index_.rows(), users, [this](int a) { return index_.row(a); }, counts);
  }

  void tell_chances(Table<double>& chance) override {
    leader_.tell_chances(
        index_.rows(), [this](int a) { return index_.row(a); }, chance);
  }

 private:
  template <class Sum>
  void fill(const i32* __restrict users, const Sum* __restrict sums, const double* deviations, int arm,
            int lanes) {
    double* __restrict index = index_.row(arm);
    const double* __restrict time = time_.row(0);
    const Form form = form_;
    for (int l = 0; l < lanes; ++l) {
      const double n = users[l] > 0 ? users[l] : 1, s = static_cast<double>(sums[l]);
      // Squared deviations of outcomes of 0 and 1 follow from their sum.
      const double spread = deviations != nullptr ? deviations[l] : s * (1 - s / n);
      const double known = form.index({n, s, spread}, time[l]);
      index[l] = users[l] > 0 ? known : form.unknown(time[l]);
    }
  }

  Form form_;
  Leader leader_;
  Table<double> index_;  // [arm][lane]
  Table<double> time_;   // [0][lane]
};

}  // namespace windtunnel
