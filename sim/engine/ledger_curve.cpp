#include <algorithm>

#include "windtunnel/engine/ledger.hpp"

namespace windtunnel {

/// Users of every arm at the points of the curve inside a step: linear in users, as the curve is.
void Ledger::mark_users(const Step& step, const Allocation& allocation, const Table<i32>& users_by_arm) {
  for (std::size_t p = next_mark_; p < horizon_.curve_points.size(); ++p) {
    const i64 point = horizon_.curve_points[p];
    if (point > step.users_after) return;
    const bool single = allocation.kind == Allocation::Kind::arm;
    const double left =
        single ? 0 : static_cast<double>(step.users_after - point) / static_cast<double>(step.users());
    for (int arm = 0; arm < truth_->arms; ++arm) {
      double* mark = users_at_marks_.row(static_cast<int>(p) * truth_->arms + arm);
      const i32 *users = users_by_arm.row(arm), *step_users = single ? users : allocation.counts.row(arm);
      for (int l = 0; l < lanes_; ++l) mark[l] = users[l] - left * step_users[l];
    }
  }
}

void Ledger::mark_curve(const Step& step) {
  const double* loss_before = loss_before_.row(0);
  for (; next_mark_ < horizon_.curve_points.size(); ++next_mark_) {
    const i64 point = horizon_.curve_points[next_mark_];
    if (point > step.users_after) return;
    const double share = static_cast<double>(point - step.users_before) / static_cast<double>(step.users());
    double* mark = marks_.row(static_cast<int>(next_mark_));
    for (int l = 0; l < width_; ++l) mark[l] = loss_before[l] + share * (loss_.row(0)[l] - loss_before[l]);
  }
}

namespace {

/// Regret up to a point of the curve: what had been lost at the point, or, for a lane that ended before it,
/// all that is lost less what comes after the point. Strides are 0 for columns that all lanes share.
void draw_point(double point, const double* __restrict users, const double* __restrict regret,
                const i32* __restrict served, const double* __restrict mark, int mark_stride,
                const Table<double>& rest, int rest_stride, double* __restrict curve, int lanes) {
  const double* __restrict table = rest.row(0);
  const auto row = static_cast<int>(rest.stride());
  for (int l = 0; l < lanes; ++l) {
    const double after = regret[l] - table[served[l] * row + l * rest_stride];
    const double before = mark[l * mark_stride];
    curve[l] = users[l] >= point ? before : after;
  }
}

}  // namespace

bool Ledger::is_lossless() const {
  if (truth_->kind == Truth::Kind::drawn) return false;
  for (int row = 0; row < truth_->epochs * truth_->arms; ++row)
    if (truth_->gap.row(row)[0] != 0) return false;
  return true;
}

/// Shares of the first users of the horizon: after the end all get the arm that is served.
void Ledger::draw_shares(Endings& endings) const {
  const int arms = truth_->arms, points = static_cast<int>(horizon_.curve_points.size());
  endings.arm_share.reshape(points * arms, lanes_);
  const double* end = endings.users.row(0);
  const i32* served = endings.served.row(0);
  for (int p = 0; p < points; ++p) {
    const auto point = static_cast<double>(horizon_.curve_points[static_cast<std::size_t>(p)]);
    for (int arm = 0; arm < arms; ++arm) {
      const double* mark = users_at_marks_.row(p * arms + arm);
      const i32* at_end = endings.arm_users.row(arm);
      double* share = endings.arm_share.row(p * arms + arm);
      for (int l = 0; l < lanes_; ++l) {
        const double after = at_end[l] + (served[l] == arm ? point - end[l] : 0);
        share[l] = (end[l] >= point ? mark[l] : after) / point;
      }
    }
  }
}

void Ledger::draw_curve(Endings& endings) {
  if (keeps_shares()) draw_shares(endings);
  if (is_lossless()) return;  // every regret is 0, which measures know without a column
  const double first_end = *std::ranges::min_element(endings.users.span(0));
  for (std::size_t p = 0; p < horizon_.curve_points.size(); ++p) {
    const i64 point = horizon_.curve_points[p];
    if (width_ == 1 && static_cast<double>(point) <= first_end) {  // nobody has ended: the same for all
      std::ranges::fill(endings.curve.span(static_cast<int>(p)), *marks_.row(static_cast<int>(p)));
      continue;
    }
    int epoch = truth_->epochs - 1;
    while (horizon_.epoch_starts[static_cast<std::size_t>(epoch)] > point) --epoch;
    const Table<double>& rest = rest_after(point, epoch, Quantity::loss);
    const double* mark = marks_.row(static_cast<int>(p));
    double* curve = endings.curve.row(static_cast<int>(p));
    draw_point(static_cast<double>(point), endings.users.row(0), endings.regret.row(0), endings.served.row(0),
               mark, width_ == 1 ? 0 : 1, rest, truth_width_ == 1 ? 0 : 1, curve, lanes_);
  }
}

}  // namespace windtunnel
