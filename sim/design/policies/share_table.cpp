#include "share_table.hpp"

#include <algorithm>
#include <vector>

#include "windtunnel/core/samplers.hpp"

namespace windtunnel {

namespace {

void count_passed(const double* __restrict chance, double* __restrict rest, i32* __restrict arm, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    rest[l] -= chance[l];
    arm[l] += rest[l] >= 0 ? 1 : 0;
  }
}

}  // namespace

void ShareTable::normalise() {
  const int lanes = chances_.lanes();
  double* __restrict sum = uniform_.row(0);
  std::fill_n(sum, lanes, 0.0);
  for (int a = 0; a < arms(); ++a)
    for (int l = 0; l < lanes; ++l) sum[l] += row(a)[l];
  for (int a = 0; a < arms(); ++a)
    for (int l = 0; l < lanes; ++l) row(a)[l] /= sum[l];
}

/// The first arm whose cumulated chance exceeds a uniform variate.
void ShareTable::choose(const ChoicePlace& place, i32* arm) {
  const int lanes = chances_.lanes();
  sample_uniform(place.choice, {place.user, choice_row::kChoice, 0}, uniform_.span(0));
  std::fill_n(arm, lanes, 0);
  for (int a = 0; a + 1 < arms(); ++a) count_passed(row(a), uniform_.row(0), arm, lanes);
}

void ShareTable::tell(Table<double>& chance) const {
  for (int a = 0; a < arms(); ++a) std::copy_n(row(a), chances_.lanes(), chance.row(a));
}

void ShareTable::choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) const {
  const std::vector<i32> all(static_cast<std::size_t>(chances_.lanes()), users);
  split_users(place.choice, place.user, choice_row::kMany, chances_, all, counts);
}

}  // namespace windtunnel
