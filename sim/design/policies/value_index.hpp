#pragma once

#include <cmath>
#include <limits>

#include "changed_arm.hpp"
#include "leader.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {

/// Chooses the arm with the largest value(n, s) + scale(t) * width(n), n users of the arm with rewards of sum
/// s, t users with known outcomes. Values and widths are kept, and found anew for arms of which more is
/// known. `Form` gives
///   double value(double n, double s) const    for n > 0
///   double unknown() const                    value of an arm without users
///   static constexpr bool kHasWidth
///   double width(double n) const              for n > 0
///   double scale(double t) const              for all t >= 0, branch-free where it is per lane
template <class Form>
class ValueIndexChooser final : public Chooser {
 public:
  ValueIndexChooser(Form form, const PolicySetting& setting, int lanes) : form_(form), arms_(setting.arms) {
    value_.assign(arms_, lanes);
    if (Form::kHasWidth) width_.assign(arms_, lanes);
    new_value_.assign(1, lanes);
    new_width_.assign(1, lanes);
    users_.assign(1, lanes);
    sums_.assign(1, lanes);
  }

  void learn(const Known& known) override {
    leader_.begin(known.lanes);
    if (Form::kHasWidth) find_scale(known);
    if (known.changed != nullptr && is_filled_)
      renew_changed(known);
    else
      renew_all(known);
    is_filled_ = true;
    if (shares_scale_)
      find_leaders([this](int arm) { return shared_index_of(arm); }, known.lanes);
    else
      find_leaders([this](int arm) { return index_of(arm); }, known.lanes);
  }

  void choose(const ChoicePlace& place, i32* arm) override {
    leader_.choose(
        place, arms_, [this](int a) { return index_of(a); }, arm);
  }

  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    leader_.choose_many(
        place, arms_, users, [this](int a) { return index_of(a); }, counts);
  }

  void tell_chances(Table<double>& chance) override {
    leader_.tell_chances(
        arms_, [this](int a) { return index_of(a); }, chance);
  }

  double exploration(i64 user) const override { return form_.exploration(user); }

 private:
  static constexpr int kPiece = 128;
  /// Up to so many arms all rows are passed over for the one that changed; beyond, every lane looks it up.
  static constexpr int kFewArms = 4;

  /// Piece by piece: what the arms of a piece of lanes compete for stays in the first cache.
  template <class IndexOf>
  void find_leaders(IndexOf index, int lanes) {
    for (int first = 0; first < lanes; first += kPiece) {
      const int count = std::min(kPiece, lanes - first);
      leader_.take_lead(index(0), first, count);
      for (int arm = 1; arm < arms_; ++arm) leader_.challenge(arm, index(arm), first, count);
    }
  }

  /// The index of an arm, computed where it is needed; with one scale for all lanes, the same bits.
  struct SharedIndex {
    const double *value, *width;
    double scale;

    double operator[](int l) const {
      if constexpr (Form::kHasWidth)
        return value[l] + scale * width[l];
      else
        return value[l];
    }
  };
  struct Index {
    const double *value, *width, *scale;

    double operator[](int l) const {
      if constexpr (Form::kHasWidth)
        return value[l] + scale[l] * width[l];
      else
        return value[l];
    }
  };
  Index index_of(int arm) const {
    if constexpr (Form::kHasWidth)
      return {value_.row(arm), width_.row(arm), scale_.row(0)};
    else
      return {value_.row(arm), nullptr, nullptr};
  }
  SharedIndex shared_index_of(int arm) const {
    if constexpr (Form::kHasWidth)
      return {value_.row(arm), width_.row(arm), scale_.row(0)[0]};
    else
      return {value_.row(arm), nullptr, 0};
  }

  void find_scale(const Known& known) {
    scale_.reshape(1, known.lanes);
    double* scale = scale_.row(0);
    shares_scale_ = known.times() == nullptr;
    if (shares_scale_)
      std::fill_n(scale, known.lanes, form_.scale(static_cast<double>(known.time)));
    else
      for (int l = 0; l < known.lanes; ++l) scale[l] = form_.scale(known.times()[l]);
  }

  template <class Sum>
  static void evaluate(const Form& form, const i32* __restrict users, const Sum* __restrict sums,
                       double* __restrict value, double* __restrict width, int lanes) {
    for (int l = 0; l < lanes; ++l) {
      const double n = users[l];
      const bool known = n > 0;
      const double divisor = known ? n : 1;
      const double v = form.value(divisor, static_cast<double>(sums[l]));
      value[l] = known ? v : form.unknown();
      if (Form::kHasWidth) width[l] = known ? form.width(divisor) : 0;
    }
  }

  void renew_all(const Known& known) {
    for (int arm = 0; arm < arms_; ++arm) {
      double* width = Form::kHasWidth ? width_.row(arm) : new_width_.row(0);
      if (known.binary)
        evaluate(form_, known.users(arm), known.wins(arm), value_.row(arm), width, known.lanes);
      else
        evaluate(form_, known.users(arm), known.sums(arm), value_.row(arm), width, known.lanes);
    }
  }

  void renew_changed(const Known& known) {
    if (known.binary)
      renew_changed<i32>(known, wins_, [&](int arm) { return known.wins(arm); });
    else
      renew_changed<double>(known, sums_, [&](int arm) { return known.sums(arm); });
  }

  template <class Sum, class SumsOf>
  void renew_changed(const Known& known, Table<Sum>& changed_sums, SumsOf sums_of) {
    const int lanes = known.lanes;
    changed_sums.reshape(1, lanes);
    pick_changed(
        arms_, kFewArms, known.changed, [&](int arm) { return known.users(arm); }, users_.row(0), lanes);
    pick_changed(arms_, kFewArms, known.changed, sums_of, changed_sums.row(0), lanes);
    evaluate(form_, users_.row(0), changed_sums.row(0), new_value_.row(0), new_width_.row(0), lanes);
    put_changed(arms_, kFewArms, known.changed, new_value_.row(0), value_);
    if (Form::kHasWidth) put_changed(arms_, kFewArms, known.changed, new_width_.row(0), width_);
  }

  Form form_;
  int arms_;
  bool is_filled_ = false, shares_scale_ = true;
  Leader leader_;
  Table<double> value_, width_;                  // [arm][lane]
  Table<double> new_value_, new_width_, scale_;  // [0][lane]
  Table<i32> users_, wins_;                      // [0][lane] of the arm that changed
  Table<double> sums_;                           // [0][lane]
};

/// The value of an arm nobody has had yet: it is chosen before all others.
inline constexpr double kUnknownFirst = std::numeric_limits<double>::infinity();

/// Forms whose value is the mean, and which explore no one.
struct MeanValue {
  double value(double n, double s) const { return s / n; }
  double unknown() const { return kUnknownFirst; }
  double exploration(i64) const { return 0; }
};

}  // namespace windtunnel
