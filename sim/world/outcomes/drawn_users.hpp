#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "windtunnel/world/outcome.hpp"

/// What outcomes share whose users (or some of them) are drawn value by value.
namespace windtunnel {

/// Lanes drawn side by side: as many as one block of the generator fills at once.
inline constexpr int kGroupLanes = 64;

/// Place of the `index`-th of many variates of one batch. Where the draws of an address are used up the upper
/// twelve bits of the row go on, so that a batch holds 2^30 draws.
///   draws  that one variate owns, a power of two
inline Address place_of(Address address, u32 index, u32 draws) {
  constexpr u32 kDrawsOfAddress = 1u << 18, kRowBits = 20;
  const u32 variates = kDrawsOfAddress / draws;
  return {address.time, address.row + (index / variates << kRowBits),
          address.draw + index % variates * draws};
}

/// Users of one arm in up to kGroupLanes lanes, in sums. Squares are of deviations from a centre near the
/// mean, so that nothing cancels when they become deviations from the mean itself.
struct GroupTotals {
  double users[kGroupLanes], centre[kGroupLanes];
  double sum[kGroupLanes] = {}, squares[kGroupLanes] = {};
};

/// Where the values of a group of lanes, from `first` on, are kept, if they are wanted.
struct GroupValues {
  Observed& observed;
  int arm, first;

  bool are_wanted() const { return observed.values.rows() > 0; }

  /// Keeps `copies` users' equal values; zeros need not be kept.
  void keep(int lane, double value, std::size_t copies) const {
    std::vector<double>& list = observed.values.at(arm, first + lane);
    if (value != 0) list.insert(list.end(), copies, value);
  }

  /// Keeps values[l] of each lane l that has more than `index` users.
  void keep_where_present(const double* values, double index, const double* users, int lanes) const {
    for (int l = 0; l < lanes; ++l)
      if (index < users[l]) observed.keep(arm, first + l, values[l]);
  }
};

/// Adds one more user with values[l] to each lane l that has more than `index` users.
void add_values(const double* values, int index, int lanes, GroupTotals& totals);

/// Adds the users to lanes first ... first + lanes - 1 of an arm.
///   source  Chan, Golub & LeVeque (1983), Am. Stat. 37:242, eq. 1.5
void merge(const GroupTotals& totals, int arm, int first, int lanes, Observed& observed);

/// Adds users one by one, each at its own time.
///   draw(source, address, mean, values)  one user's value for every lane, [lane]
template <class Draw>
void add_one_by_one(const Batch& batch, BatchSource source, Observed& observed, Draw draw) {
  const i32 most = most_users(batch, observed.lanes);
  double mean[kGroupLanes], values[kGroupLanes];
  for (i32 user = 0; user < most; ++user, ++source.address.time)
    for (int first = 0; first < observed.lanes; first += kGroupLanes) {
      const int lanes = std::min(kGroupLanes, observed.lanes - first);
      for (int l = 0; l < lanes; ++l) mean[l] = batch.mean.at(first + l);
      draw(shifted(source.outcome, first), source.address, mean,
           std::span(values, static_cast<std::size_t>(lanes)));
      for (int l = 0; l < lanes; ++l) {
        if (user >= batch.users.at(first + l)) continue;
        observed.add(batch.arm, first + l, observed.users.row(batch.arm)[first + l] + user, 1, values[l], 0);
        observed.keep(batch.arm, first + l, values[l]);
      }
    }
}

/// Draws every user, also in batches: for laws whose sums have no law of their own.
///   Law   draw(source, address, mean, values)  as above; kDraws  draws a user owns, a power of two;
///         centre(mean)  a number near the values; method()  how it draws, in words
template <class Law>
class EveryUserModel final : public OutcomeModel {
 public:
  explicit EveryUserModel(Law law) : law_(std::move(law)) {}

  std::string method() const override { return law_.method(); }
  double draws(double users) const override { return users; }

  void add_batch(const Batch& batch, BatchSource source, Observed& observed) const override {
    for (int first = 0; first < observed.lanes; first += kGroupLanes) {
      const int lanes = std::min(kGroupLanes, observed.lanes - first);
      GroupTotals totals;
      double mean[kGroupLanes], values[kGroupLanes];
      i32 most = 0;
      for (int l = 0; l < lanes; ++l) {
        most = std::max(most, batch.users.at(first + l));
        mean[l] = batch.mean.at(first + l);
        totals.users[l] = batch.users.at(first + l);
        totals.centre[l] = law_.centre(mean[l]);
      }
      const LaneSource group = shifted(source.outcome, first);
      const GroupValues kept{observed, batch.arm, first};
      for (i32 user = 0; user < most; ++user) {
        law_.draw(group, place_of(source.address, static_cast<u32>(user), Law::kDraws), mean,
                  std::span(values, static_cast<std::size_t>(lanes)));
        add_values(values, user, lanes, totals);
        if (kept.are_wanted()) kept.keep_where_present(values, user, totals.users, lanes);
      }
      merge(totals, batch.arm, first, lanes, observed);
    }
  }

  void add_users(const Batch& batch, BatchSource source, Observed& observed) const override {
    add_one_by_one(batch, source, observed,
                   [this](LaneSource from, Address address, const double* mean, std::span<double> values) {
                     law_.draw(from, address, mean, values);
                   });
  }

 private:
  Law law_;
};

}  // namespace windtunnel
