#pragma once

#include "windtunnel/data/allocation.hpp"
#include "windtunnel/data/ended.hpp"
#include "windtunnel/data/timeline.hpp"
#include "windtunnel/data/truth.hpp"
#include "windtunnel/data/verdict.hpp"
#include "windtunnel/engine/horizon.hpp"

namespace windtunnel {

/// Keeps the accounts of one stream in one block: what the users served so far have lost against the best arm
/// of the moment, how many were served a best arm, and the true means of each arm's users.
///
/// Tables have one column when truth and allocation are the same in all lanes, else one per lane. Between two
/// ends of steps the curve is linear in users.
///
/// Where users come one by one (Allocation::Kind::arm) nothing is booked at a step: the totals of users tell,
/// at points of the curve, at changes of the means and at the end, how many have come since the last time.
/// Users who return are not followed so.
class Ledger {
 public:
  /// Shares of the users are kept of so many arms at most.
  static constexpr int kMostSharers = 16;

  explicit Ledger(const Horizon& horizon) : horizon_(horizon) {}

  /// Starts a block; `truth` must outlive it.
  void begin(const Truth& truth, Allocation::Kind allocation, int lanes);

  /// Books the users of one step.
  ///   users_by_arm  [arm][lane] users so far, those of the step included
  void advance(const Step& step, const Allocation& allocation, const Table<i32>& users_by_arm);

  /// Settles lanes whose experiment has ended with `step`: regret, best_users and arm_truth of their endings.
  void settle(const Step& step, const Table<i32>& users_by_arm, const EndedLanes& ended, Endings& endings);

  /// Fills the regret curve once every lane has ended, left alone where no arm is ever worse than another;
  /// and the arms' shares where they vary.
  void draw_curve(Endings& endings);

 private:
  int truth_column(int lane) const { return truth_->kind == Truth::Kind::shared ? 0 : lane; }
  template <class UsersOf>
  void book(int epoch, UsersOf users_of);
  void book_single_users(int epoch, const Table<i32>& users_by_arm);
  void book_step(const Step& step, const Allocation& allocation);
  void book_returns(const Step& step);
  bool has_mark(const Step& step) const;
  void find_sums_now(int epoch, const Table<i32>& users_by_arm);
  enum class Quantity { loss, best };
  double weight(Quantity quantity, int epoch, int arm, int c) const;

  /// What everybody after the first `users` users adds if arm a is served to the end: [arm][truth column].
  const Table<double>& rest_after(i64 users, int epoch, Quantity quantity);
  void sum_rests();
  void mark_curve(const Step& step);
  bool keeps_shares() const { return follows_users_ && truth_->arms <= kMostSharers; }
  void mark_users(const Step& step, const Allocation& allocation, const Table<i32>& users_by_arm);
  void draw_shares(Endings& endings) const;
  bool is_lossless() const;

  const Horizon& horizon_;
  const Truth* truth_ = nullptr;
  int lanes_ = 0, width_ = 0, truth_width_ = 0;
  Table<double> loss_, best_, loss_before_;   // [0][column] so far; loss before the present step
  Table<double> expected_;                    // [arm][column] sum of the true means of the arm's users so far
  Table<double> exposed_;                     // [arm][column] users so far, seen or lost
  bool follows_users_ = false;                // steps may be of single users
  Table<i32> booked_;                         // [arm][lane] users that have been booked, when it follows them
  Table<double> loss_now_, best_now_;         // [0][lane] with the users that have not
  Table<double> expected_now_, exposed_now_;  // [arm][lane]
  Table<double> users_at_marks_;              // [curve point * arms + arm][lane] users of the arm by then
  Table<double> marks_;                       // [curve point][column] loss at that many users
  Table<double> loss_suffix_, best_suffix_;  // [epoch * arms + arm][truth column] rest from the epoch's start
  Table<double> loss_rest_, best_rest_;      // [arm][truth column] what rest_after gives
  std::size_t next_mark_ = 0;
  int day_ = 0;
};

}  // namespace windtunnel
