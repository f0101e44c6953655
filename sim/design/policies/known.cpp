#include "known.hpp"

#include <algorithm>

namespace windtunnel {

namespace {

void mirror(const i32* __restrict users, const i32* __restrict successes, i32* __restrict wins, int lanes) {
  for (int l = 0; l < lanes; ++l) wins[l] = users[l] - successes[l];
}

void mirror(const double* __restrict sum, double* __restrict mirrored, int lanes) {
  for (int l = 0; l < lanes; ++l) mirrored[l] = -sum[l];
}

void add_users(const i32* __restrict users, double* __restrict total, int lanes) {
  for (int l = 0; l < lanes; ++l) total[l] += users[l];
}

template <class T>
void pick_row(i32 arm, const i32* __restrict changed, const T* __restrict from, T* __restrict to, int lanes) {
  for (int l = 0; l < lanes; ++l) to[l] = changed[l] == arm ? from[l] : to[l];
}

template <class T>
void look_up(const i32* __restrict changed, const T* __restrict table, std::ptrdiff_t stride,
             T* __restrict to, int lanes) {
  for (int l = 0; l < lanes; ++l) to[l] = table[changed[l] * stride + l];
}

/// to[l] = row_of(changed[l])[l]; rows lie one stride apart.
template <class T, class RowOf>
void pick(int arms, const i32* changed, RowOf row_of, T* to, int lanes) {
  constexpr int kFewArms = 4;  // all rows are passed over; beyond, every lane looks up its own
  if (arms > kFewArms) return look_up<T>(changed, row_of(0), row_of(1) - row_of(0), to, lanes);
  for (i32 arm = 0; arm < arms; ++arm) pick_row<T>(arm, changed, row_of(arm), to, lanes);
}

}  // namespace

void Known::update(const Observed& observed, i64 users_before, const i32* last_arm) {
  observed_ = &known_part(observed);
  lanes = observed.lanes;
  time = users_before;
  all_known_ = observed_ == &observed && is_served_;
  changed = all_known_ ? last_arm : nullptr;
  if (mirrored_) {
    if (binary)
      wins_.reshape(arms, lanes);
    else
      sums_.reshape(arms, lanes);
    for (int a = 0; a < arms; ++a)
      if (binary)
        mirror(observed_->users.row(a), observed_->successes.row(a), wins_.row(a), lanes);
      else
        mirror(observed_->sum.row(a), sums_.row(a), lanes);
  }
  if (changed != nullptr) find_changed();
  if (all_known_) return;
  times_.assign(1, lanes);
  for (int a = 0; a < arms; ++a) add_users(observed_->users.row(a), times_.row(0), lanes);
}

void Known::find_changed() {
  if (observed_->last_users.rows() > 0) return read_last(*observed_);
  const auto find = [this](auto& column, auto row_of) {
    column.reshape(1, lanes);
    pick(arms, changed, row_of, column.row(0), lanes);
    return column.row(0);
  };
  changed_users = find(last_users_, [this](int arm) { return users(arm); });
  if (binary)
    changed_wins = find(last_wins_, [this](int arm) { return wins(arm); });
  else
    changed_sums = find(last_sums_, [this](int arm) { return sums(arm); });
}

void Known::read_last(const Observed& observed) {
  changed_users = observed.last_users.row(0);
  if (binary) {
    changed_wins = observed.last_successes.row(0);
    if (!mirrored_) return;
    last_wins_.reshape(1, lanes);
    mirror(changed_users, changed_wins, last_wins_.row(0), lanes);
    changed_wins = last_wins_.row(0);
  } else {
    changed_sums = observed.last_sums.row(0);
    if (!mirrored_) return;
    last_sums_.reshape(1, lanes);
    mirror(changed_sums, last_sums_.row(0), lanes);
    changed_sums = last_sums_.row(0);
  }
}

}  // namespace windtunnel
