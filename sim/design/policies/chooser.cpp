#include "chooser.hpp"

#include <algorithm>
#include <vector>

#include "windtunnel/core/samplers.hpp"

namespace windtunnel {

void choose_one_by_one(Chooser& chooser, const ChoicePlace& place, i32 users, Table<i32>& counts) {
  const int lanes = counts.lanes();
  std::vector<i32> arm(static_cast<std::size_t>(lanes));
  for (i32 user = 0; user < users; ++user) {
    chooser.choose(place.at(place.user + static_cast<u32>(user)), arm.data());
    for (int l = 0; l < lanes; ++l) ++counts.row(arm[static_cast<std::size_t>(l)])[l];
  }
}

namespace {

/// Words below it would favour some arms.
u32 rejected_below(u32 arms) {
  return (0u - arms) % arms;
}

}  // namespace

i32 draw_evenly(const LaneSource& source, int lane, u32 user, u32 row, int arms) {
  const u64 count = static_cast<u64>(arms);
  for (u32 draw = 0;; ++draw) {
    const u64 product =
        source.random->word(source.first_replication + static_cast<u64>(lane), {user, row, draw}) * count;
    if (static_cast<u32>(product) >= rejected_below(static_cast<u32>(arms)))
      return static_cast<i32>(product >> 32);
  }
}

/// Lemire (2019), ACM Trans. Model. Comput. Simul. 29:3: the high half of a product, without the few words
/// whose low half is below 2^32 mod arms.
void draw_evenly(LaneSource source, u32 user, u32 row, int arms, i32* arm, int lanes) {
  u32* word = reinterpret_cast<u32*>(arm);  // the arms take the place of the words
  source.random->fill(source.first_replication, {user, row, 0}, {word, static_cast<std::size_t>(lanes)});
  const u64 count = static_cast<u64>(arms);
  const u32 reject = rejected_below(static_cast<u32>(arms));
  u32 rejected = 0;
  for (int l = 0; l < lanes; ++l) {
    const u64 product = word[l] * count;
    word[l] = static_cast<u32>(product >> 32);
    rejected |= static_cast<u32>(product) < reject ? 1u : 0u;
  }
  for (int l = 0; rejected != 0 && l < lanes; ++l) arm[l] = draw_evenly(source, l, user, row, arms);
}

void split_users(LaneSource source, u32 user, u32 first_row, const Table<double>& probability,
                 std::span<const i32> users, Table<i32>& counts) {
  const std::size_t lanes = users.size();
  std::vector<i32> left(users.begin(), users.end()), drawn(lanes);
  std::vector<double> rest(lanes, 1.0), chance(lanes);
  for (int arm = 0; arm < counts.rows(); ++arm) {
    const bool is_last = arm + 1 == counts.rows();
    const double* p = probability.row(arm);
    for (std::size_t l = 0; l < lanes; ++l) {
      chance[l] = is_last || p[l] >= rest[l] ? 1.0 : std::max(0.0, p[l] / rest[l]);
      rest[l] -= p[l];
    }
    sample_binomial(source, {user, first_row + static_cast<u32>(arm), 0}, left, chance, drawn);
    i32* total = counts.row(arm);
    for (std::size_t l = 0; l < lanes; ++l) {
      total[l] += drawn[l];
      left[l] -= drawn[l];
    }
  }
}

}  // namespace windtunnel
