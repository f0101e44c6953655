#include "windtunnel/engine/ledger.hpp"

#include <algorithm>
#include <utility>

namespace windtunnel {

void Ledger::begin(const Truth& truth, Allocation::Kind allocation, int lanes) {
  truth_ = &truth;
  lanes_ = lanes;
  truth_width_ = truth.kind == Truth::Kind::shared ? 1 : lanes;
  width_ = allocation == Allocation::Kind::shared ? truth_width_ : lanes;
  for (Table<double>* table : {&loss_, &best_, &loss_before_}) table->assign(1, width_);
  for (Table<double>* table : {&expected_, &exposed_}) table->assign(truth.arms, width_);
  marks_.assign(static_cast<int>(horizon_.curve_points.size()), width_);
  for (Table<double>* table : {&loss_suffix_, &best_suffix_})
    table->assign((truth.epochs + 1) * truth.arms, truth_width_);
  for (Table<double>* table : {&loss_rest_, &best_rest_}) table->assign(truth.arms, truth_width_);
  next_mark_ = 0;
  day_ = 0;
  follows_users_ = allocation == Allocation::Kind::arm;
  booked_.assign(follows_users_ ? truth.arms : 0, lanes);
  if (keeps_shares())
    users_at_marks_.assign(static_cast<int>(horizon_.curve_points.size()) * truth.arms, lanes);
  sum_rests();
}

/// Fills what is left from the start of every epoch, the last one first.
void Ledger::sum_rests() {
  for (int epoch = truth_->epochs - 1; epoch >= 0; --epoch) {
    const i64 start = horizon_.epoch_starts[static_cast<std::size_t>(epoch)];
    const Table<double>& loss = rest_after(start, epoch, Quantity::loss);
    const Table<double>& best = rest_after(start, epoch, Quantity::best);
    for (int arm = 0; arm < truth_->arms; ++arm) {
      std::copy_n(loss.row(arm), truth_width_, loss_suffix_.row(truth_->row(epoch, arm)));
      std::copy_n(best.row(arm), truth_width_, best_suffix_.row(truth_->row(epoch, arm)));
    }
  }
}

double Ledger::weight(Quantity quantity, int epoch, int arm, int c) const {
  const double gap = truth_->gap.row(truth_->row(epoch, arm))[c];
  return quantity == Quantity::loss ? gap : (gap == 0 ? 1.0 : 0.0);
}

const Table<double>& Ledger::rest_after(i64 users, int epoch, Quantity quantity) {
  const Table<double>& suffix = quantity == Quantity::loss ? loss_suffix_ : best_suffix_;
  Table<double>& rest = quantity == Quantity::loss ? loss_rest_ : best_rest_;
  const i64 end = horizon_.epoch_end(epoch);
  const double left = quantity == Quantity::loss
                          ? horizon_.returns.visits(end) - horizon_.returns.visits(users)
                          : static_cast<double>(end - users);
  for (int arm = 0; arm < truth_->arms; ++arm)
    for (int c = 0; c < truth_width_; ++c)
      rest.row(arm)[c] = left * weight(quantity, epoch, arm, c) + suffix.row(truth_->row(epoch + 1, arm))[c];
  return rest;
}

template <class UsersOf>
void Ledger::book(int epoch, UsersOf users_of) {
  for (int arm = 0; arm < truth_->arms; ++arm) {
    const int row = truth_->row(epoch, arm);
    const double* gap = truth_->gap.row(row);
    const double* mean = truth_->mean.row(row);
    double *expected = expected_.row(arm), *exposed = exposed_.row(arm);
    for (int l = 0; l < width_; ++l) {
      const double users = users_of(arm, l);
      const int c = truth_column(l);
      loss_.row(0)[l] += users * gap[c];
      best_.row(0)[l] += gap[c] == 0 ? users : 0;
      expected[l] += users * mean[c];
      exposed[l] += users;
    }
  }
}

/// Those exposed on earlier days come again as the day of `step` begins.
void Ledger::book_returns(const Step& step) {
  if (horizon_.returns.probability() == 0 || step.day == day_) return;
  day_ = step.day;
  for (int arm = 0; arm < truth_->arms; ++arm) {
    const int row = truth_->row(step.epoch, arm);
    for (int l = 0; l < width_; ++l) {
      const double visits = horizon_.returns.probability() * exposed_.row(arm)[l];
      loss_.row(0)[l] += visits * truth_->gap.row(row)[truth_column(l)];
      expected_.row(arm)[l] += visits * truth_->mean.row(row)[truth_column(l)];
    }
  }
}

void Ledger::book_step(const Step& step, const Allocation& allocation) {
  book(step.epoch, [&](int arm, int lane) {
    return allocation.kind == Allocation::Kind::shared
               ? static_cast<double>(allocation.shared[static_cast<std::size_t>(arm)])
               : static_cast<double>(allocation.counts.row(arm)[lane]);
  });
}

void Ledger::book_single_users(int epoch, const Table<i32>& users_by_arm) {
  book(epoch, [&](int arm, int lane) {
    return static_cast<double>(users_by_arm.row(arm)[lane] - booked_.row(arm)[lane]);
  });
  for (int arm = 0; arm < truth_->arms; ++arm) std::copy_n(users_by_arm.row(arm), lanes_, booked_.row(arm));
}

bool Ledger::has_mark(const Step& step) const {
  return next_mark_ < horizon_.curve_points.size() && horizon_.curve_points[next_mark_] <= step.users_after;
}

void Ledger::advance(const Step& step, const Allocation& allocation, const Table<i32>& users_by_arm) {
  if (allocation.kind == Allocation::Kind::arm) {
    if (!has_mark(step) && step.users_after != horizon_.epoch_end(step.epoch)) return;
    book_single_users(step.epoch, users_by_arm);
    if (keeps_shares()) mark_users(step, allocation, users_by_arm);
    std::copy_n(loss_.row(0), width_, loss_before_.row(0));  // the step has no inside
    return mark_curve(step);
  }
  if (follows_users_) {  // single users before this step, whose own users are booked apart
    for (int arm = 0; arm < truth_->arms; ++arm)
      for (int l = 0; l < lanes_; ++l) booked_.row(arm)[l] += allocation.counts.row(arm)[l];
    book_single_users(step.epoch, users_by_arm);
  }
  if (keeps_shares()) mark_users(step, allocation, users_by_arm);
  book_returns(step);
  const bool marks_here = has_mark(step);
  if (marks_here) std::copy_n(loss_.row(0), width_, loss_before_.row(0));
  book_step(step, allocation);
  if (marks_here) mark_curve(step);
}

namespace {

/// What was booked so far and what the arm served from now on adds, for the lanes that have ended. Strides
/// are 0 for columns that all lanes share.
void add_rest(const EndedLanes& ended, const i32* served, const double* so_far, int stride,
              const Table<double>& rest, int rest_stride, double* total) {
  const double* table = rest.row(0);
  const auto row = static_cast<int>(rest.stride());
  ended.each(
      [=](int l, auto put) { put(total[l], so_far[l * stride] + table[served[l] * row + l * rest_stride]); });
}

/// Mean true mean of an arm's users; one quotient for all lanes when they had the same users. Users who were
/// lost were so whatever their means, so they may count.
void settle_truth(const EndedLanes& ended, const double* users, const double* expected, int width,
                  double* truth) {
  const auto mean = [](double sum, double count) { return count > 0 ? sum / count : 0; };
  if (width == 1) {
    const double shared = mean(expected[0], users[0]);
    ended.each([=](int l, auto put) { put(truth[l], shared); });
  } else {
    ended.each([=](int l, auto put) { put(truth[l], mean(expected[l], users[l])); });
  }
}

}  // namespace

void Ledger::settle(const Step& step, const Table<i32>& users_by_arm, const EndedLanes& ended,
                    Endings& endings) {
  const i32* served = endings.served.row(0);
  double* regret = endings.regret.row(0);
  double* best_users = endings.best_users.row(0);
  const Table<double>& loss = rest_after(step.users_after, step.epoch, Quantity::loss);
  const Table<double>& best = rest_after(step.users_after, step.epoch, Quantity::best);
  const int stride = width_ == 1 ? 0 : 1, truth_stride = truth_width_ == 1 ? 0 : 1;
  if (follows_users_) find_sums_now(step.epoch, users_by_arm);
  if (keeps_shares() && endings.arm_users.lanes() != lanes_) endings.arm_users.assign(truth_->arms, lanes_);
  for (int arm = 0; arm < truth_->arms && keeps_shares(); ++arm)
    ended.one_by_one([&](int l) { endings.arm_users.row(arm)[l] = users_by_arm.row(arm)[l]; });
  const Table<double>&loss_so_far = follows_users_ ? loss_now_ : loss_,
        &best_so_far = follows_users_ ? best_now_ : best_,
        &expected = follows_users_ ? expected_now_ : expected_,
        &exposed = follows_users_ ? exposed_now_ : exposed_;
  add_rest(ended, served, loss_so_far.row(0), stride, loss, truth_stride, regret);
  add_rest(ended, served, best_so_far.row(0), stride, best, truth_stride, best_users);
  for (int arm = 0; arm < truth_->arms; ++arm)
    settle_truth(ended, exposed.row(arm), expected.row(arm), width_, endings.arm_truth.row(arm));
}

/// Sums with the single users that have not been booked. They stay so: when a lane is booked must not depend
/// on when others end.
void Ledger::find_sums_now(int epoch, const Table<i32>& users_by_arm) {
  for (auto [from, to] : {std::pair(&loss_, &loss_now_), std::pair(&best_, &best_now_)}) {
    to->reshape(1, lanes_);
    std::copy_n(from->row(0), lanes_, to->row(0));
  }
  for (Table<double>* table : {&expected_now_, &exposed_now_}) table->reshape(truth_->arms, lanes_);
  for (int arm = 0; arm < truth_->arms; ++arm) {
    const int row = truth_->row(epoch, arm);
    const double *gap = truth_->gap.row(row), *mean = truth_->mean.row(row);
    const i32 *all = users_by_arm.row(arm), *booked = booked_.row(arm);
    for (int l = 0; l < lanes_; ++l) {
      const double users = all[l] - booked[l];
      const int c = truth_column(l);
      loss_now_.row(0)[l] += users * gap[c];
      best_now_.row(0)[l] += gap[c] == 0 ? users : 0;
      expected_now_.row(arm)[l] = expected_.row(arm)[l] + users * mean[c];
      exposed_now_.row(arm)[l] = all[l];
    }
  }
}

}  // namespace windtunnel
