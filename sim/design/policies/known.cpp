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
  if (all_known_) return;
  times_.assign(1, lanes);
  for (int a = 0; a < arms; ++a) add_users(observed_->users.row(a), times_.row(0), lanes);
}

}  // namespace windtunnel
