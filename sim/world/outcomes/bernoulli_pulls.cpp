#include "bernoulli_pulls.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace windtunnel {

namespace {

constexpr i32 kLast = BernoulliPulls::kTape - 1;
constexpr int kTogether = PullRandom::kPlaces;

/// Flags whose bits fill kFlagWords words.
constexpr int kFlags = 512, kFlagWords = 16;

/// Up to so many arms all rows are passed over at every step; beyond, every lane looks up its own.
constexpr int kFewArms = 24;

/// Reads the tape of one arm in the lanes that pull it. A tape that has ended reads 0 until it is refilled.
void read_tape(i32 arm, const i32* __restrict pulled, u32* __restrict tape, i32* __restrict users,
               i32* __restrict successes, i32* __restrict empty, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const i32 pulls = pulled[l] == arm ? 1 : 0;
    const u32 word = tape[l];
    const i32 count = users[l];
    successes[l] += pulls & static_cast<i32>(word);
    tape[l] = word >> pulls;
    users[l] = count + pulls;
    empty[l] |= (count & kLast) == 0 ? pulls : 0;
  }
}

/// Packs outcomes j = 0, 1, ... of every tape into bits j; tapes with words equal to the threshold are
/// marked. The inner loop is unrolled whole, so that the tapes become a vector.
///   words  [outcome][tape]
void pack(const u32* __restrict words, const u32* __restrict thresholds, u32* __restrict tapes,
          u32* __restrict ties) {
  for (int i = 0; i < kTogether; ++i) {
    const u32 threshold = thresholds[i];
    u32 tape = 0, tie = 0;
#pragma GCC unroll 32
    for (int j = 0; j < BernoulliPulls::kTape; ++j) {
      const u32 word = words[j * kTogether + i];
      tape |= word < threshold ? 1u << j : 0u;
      tie |= word == threshold ? 1u : 0u;
    }
    tapes[i] = tape;
    ties[i] = tie;
  }
}

/// Gathers flags of 0 and 1 as bits: bit g of word i is flag 16 g + i.
void gather_flags(const i32* __restrict flags, u32* __restrict bits) {
  for (int i = 0; i < kFlagWords; ++i) {
    u32 word = 0;
#pragma GCC unroll 32
    for (int g = 0; g < 32; ++g) word |= static_cast<u32>(flags[g * kFlagWords + i]) << g;
    bits[i] = word;
  }
}

/// The whole part of mean * 2^32, at most 2^32 - 1: a tie then decides even for mean 1.
u32 high_threshold(double mean) {
  return static_cast<u32>(std::min(std::floor(mean * 0x1p32), 0x1p32 - 1));
}

}  // namespace

void BernoulliPulls::add(const i32* arm, const ArmMeans& means, Observed& observed) {
  if (means.epoch != epoch_ || tape_.lanes() != observed.lanes) begin(means, observed);
  if (observed.arms <= kFewArms)
    read_by_arm(arm, observed);
  else
    read_by_lane(arm, observed);
  collect_empty(arm, observed.lanes);
  if (count_ > 0) refill(1, observed);
}

/// Takes over new means: tapes that have not ended are written anew, from the same words.
void BernoulliPulls::begin(const ArmMeans& means, Observed& observed) {
  means_ = means;
  epoch_ = means.epoch;
  tape_.assign(observed.arms, observed.lanes);
  empty_.assign(1, (observed.lanes + kFlags - 1) / kFlags * kFlags);  // flags beyond the lanes stay 0
  places_.resize(static_cast<std::size_t>(observed.arms) * static_cast<std::size_t>(observed.lanes));
  count_ = 0;
  for (int a = 0; a < observed.arms; ++a)
    for (int l = 0; l < observed.lanes; ++l)
      if ((observed.users.row(a)[l] & kLast) != 0) places_[static_cast<std::size_t>(count_++)] = {a, l};
  find_thresholds(observed.lanes);
  refill(0, observed);
}

void BernoulliPulls::read_by_arm(const i32* arm, Observed& observed) {
  i32* empty = empty_.row(0);
  std::fill_n(empty, observed.lanes, 0);
  for (int a = 0; a < observed.arms; ++a)
    read_tape(a, arm, tape_.row(a), observed.users.row(a), observed.successes.row(a), empty, observed.lanes);
}

void BernoulliPulls::read_by_lane(const i32* arm, Observed& observed) {
  i32* __restrict empty = empty_.row(0);
  u32* __restrict tape = tape_.row(0);
  i32* __restrict users = observed.users.row(0);
  i32* __restrict successes = observed.successes.row(0);
  const auto tape_stride = static_cast<i32>(tape_.stride());
  const auto stride = static_cast<i32>(observed.users.stride());
  for (int l = 0; l < observed.lanes; ++l) {
    const i32 place = arm[l] * stride + l, on_tape = arm[l] * tape_stride + l;
    const i32 count = users[place];
    empty[l] = (count & kLast) == 0 ? 1 : 0;
    const u32 word = empty[l] != 0 ? 0 : tape[on_tape];
    successes[place] += static_cast<i32>(word & 1);
    tape[on_tape] = word >> 1;
    users[place] = count + 1;
  }
}

/// Lists the tapes that had ended.
void BernoulliPulls::collect_empty(const i32* arm, int lanes) {
  for (int first = 0; first < lanes; first += kFlags) {
    u32 bits[kFlagWords];
    gather_flags(empty_.row(0) + first, bits);
    for (int i = 0; i < kFlagWords; ++i)
      for (; bits[i] != 0; bits[i] &= bits[i] - 1) {
        const int lane = first + std::countr_zero(bits[i]) * kFlagWords + i;
        places_[static_cast<std::size_t>(count_++)] = {arm[lane], lane};
      }
  }
}

/// Writes the tapes of `places_` from the block that holds the arm's next pull.
///   ahead  1: the next outcome has been counted as a user but not been read; 0: no
void BernoulliPulls::refill(i32 ahead, Observed& observed) {
  for (int done = 0; done < count_; done += kTogether) {
    const auto first = static_cast<std::size_t>(done);
    const int count = std::min(kTogether, count_ - done);
    u32 pulls[kTogether], tapes[kTogether];
    for (int i = 0; i < count; ++i) {
      const Place place = places_[first + static_cast<std::size_t>(i)];
      pulls[i] = static_cast<u32>(observed.users.row(place.arm)[place.lane] - ahead);
    }
    write_tapes(&places_[first], pulls, count, tapes);
    for (int i = 0; i < count; ++i) {
      const Place place = places_[first + static_cast<std::size_t>(i)];
      const u32 tape = tapes[i] >> (pulls[i] & kLast);
      if (ahead != 0) observed.successes.row(place.arm)[place.lane] += static_cast<i32>(tape & 1);
      tape_.row(place.arm)[place.lane] = tape >> ahead;
    }
  }
  count_ = 0;
}

/// The tapes that hold the given pulls, their first outcomes lowest.
void BernoulliPulls::write_tapes(const Place* places, const u32* pulls, int count,
                                 u32* __restrict tapes) const {
  PullRandom::Places at;
  u32 thresholds[kTogether], words[kTape * kTogether];
  for (int i = 0; i < kTogether; ++i) {
    const int j = std::min(i, count - 1);  // the last one again where there are fewer
    const Place place = places[j];
    at.replication[i] = source_.first_replication + static_cast<u64>(place.lane);
    at.arm[i] = static_cast<u32>(place.arm);
    at.first_pull[i] = pulls[j] & ~static_cast<u32>(kLast);
    thresholds[i] = threshold_.row(place.arm)[place.lane * means_.stride];
  }
  source_.random->fill(at, 0, kTape, words);
  u32 ties[kTogether];
  pack(words, thresholds, tapes, ties);
  if (std::accumulate(ties, ties + kTogether, 0u) == 0) return;
  for (int j = 0; j < kTape; ++j)
    for (int i = 0; i < count; ++i)
      if (words[j * kTogether + i] == thresholds[i] &&
          tie_succeeds(places[i], at.first_pull[i] + static_cast<u32>(j)))
        tapes[i] |= u32{1} << j;
}

void BernoulliPulls::find_thresholds(int lanes) {
  const int arms = static_cast<int>(means_.arm.size()), width = means_.stride == 0 ? 1 : lanes;
  threshold_.reshape(arms, width);
  for (int a = 0; a < arms; ++a)
    for (int c = 0; c < width; ++c)
      threshold_.row(a)[c] = high_threshold(means_.arm[static_cast<std::size_t>(a)][c]);
}

double BernoulliPulls::mean(Place place) const {
  return means_.arm[static_cast<std::size_t>(place.arm)][place.lane * means_.stride];
}

bool BernoulliPulls::tie_succeeds(Place place, u32 pull) const {
  const double rest = mean(place) * 0x1p32 - static_cast<double>(high_threshold(mean(place)));
  const u32 word = source_.random->word(source_.first_replication + static_cast<u64>(place.lane),
                                        static_cast<u32>(place.arm), pull, 1);
  return word < static_cast<u64>(rest * 0x1p32);
}

}  // namespace windtunnel
