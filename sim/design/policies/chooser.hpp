#pragma once

#include <algorithm>

#include "known.hpp"
#include "windtunnel/core/lane_source.hpp"

namespace windtunnel {

/// Where a policy's random numbers lie: those of one user (or of the first of several) of a step. Users are
/// counted over all arms, so that looks which cut a round do not change them.
struct ChoicePlace {
  LaneSource choice;  ///< Purpose::allocation
  LaneSource tie;     ///< Purpose::tie
  u32 user = 0;

  ChoicePlace at(u32 other_user) const { return {choice, tie, other_user}; }
};

/// Rows of Purpose::allocation, below which an arm's number may be added.
namespace choice_row {
inline constexpr u32 kChoice = 0, kCoin = 1, kExplored = 2;                   // a single user's
inline constexpr u32 kArms = 1u << 10;                                        // more than there are
inline constexpr u32 kMany = kArms, kMoved = 2 * kArms, kSpread = 3 * kArms;  // of several users at once
inline constexpr u32 kPosterior = 4 * kArms, kTail = 5 * kArms, kSurvivor = 6 * kArms, kSecond = 7 * kArms;
}  // namespace choice_row

/// What distinguishes one policy that learns from another: how it chooses from what is known. Everything else
/// (first users in turn, exploration, floors) is the Learner's. Private state of one block.
class Chooser {
 public:
  virtual ~Chooser() = default;

  /// Takes in what is known at the beginning of a round.
  virtual void learn(const Known& known) = 0;

  /// Chooses an arm for one user of every lane.
  virtual void choose(const ChoicePlace& place, i32* arm) = 0;

  /// Chooses arms for `users` users of every lane, each for itself, all from what is known now.
  ///   counts  [arm][lane], holds 0
  virtual void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) = 0;

  /// The probabilities with which `choose` chooses from what is known now.
  ///   chance  [arm][lane]
  virtual void tell_chances(Table<double>& chance) = 0;

  /// Share of the users that explore: get any arm, with equal chances, whatever is known.
  ///   user  first of the round, counted from 0
  virtual double exploration(i64 /*user*/) const { return 0; }
};

/// Those of `users` users, of whom `before` have come before, who get an arm when arms are given in turn.
inline i64 users_in_turn(i64 arms, i64 arm, i64 before, i64 users) {
  const i64 turn = (arm - before % arms + arms) % arms;
  return std::max<i64>(0, (users - turn + arms - 1) / arms);
}

/// Chooses arms for several users one by one: for choosers that know no better way.
void choose_one_by_one(Chooser& chooser, const ChoicePlace& place, i32 users, Table<i32>& counts);

/// An arm with equal chances, exactly.
///   row, draws  of `source` at `user`; the draws from 0 on are used
void draw_evenly(LaneSource source, u32 user, u32 row, int arms, i32* arm, int lanes);

/// One of several arms with equal chances for one lane, exactly.
i32 draw_evenly(const LaneSource& source, int lane, u32 user, u32 row, int arms);

/// Splits users[l] among the arms with probabilities [arm][lane], which add to 1, as if each drew for itself.
///   counts  [arm][lane], to which they are added
void split_users(LaneSource source, u32 user, u32 first_row, const Table<double>& probability,
                 std::span<const i32> users, Table<i32>& counts);

}  // namespace windtunnel
