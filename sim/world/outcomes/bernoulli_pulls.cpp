#include "bernoulli_pulls.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "windtunnel/core/lane_bits.hpp"
#include "windtunnel/core/lane_vectors.hpp"

namespace windtunnel {

namespace {

constexpr i32 kLast = BernoulliPulls::kTape - 1;
constexpr int kTogether = PullRandom::kPlaces;

/// Up to so many arms all rows are passed over at every step; beyond, every lane looks up its own.
constexpr int kFewArms = 4;

/// Tapes and what is counted of all arms, rows one stride apart, and of the arm that is pulled.
struct TapeColumns {
  const u32* __restrict tape;
  i32* __restrict users, * __restrict successes;
  std::ptrdiff_t stride;
  i32* __restrict last_users, * __restrict last_successes;
};

/// Reads the tape that a lane pulls. A tape that has ended is read again from its beginning until the next
/// one is in its place.
inline void read_tape(i32 arm, int lane, const TapeColumns& at) {
  const std::ptrdiff_t place = arm * at.stride + lane;
  const i32 before = at.users[place], users = before + 1;
  const i32 successes = at.successes[place] + static_cast<i32>(at.tape[place] >> (before & kLast) & 1);
  at.users[place] = at.last_users[lane] = users;
  at.successes[place] = at.last_successes[lane] = successes;
}

/// The same for kLanesTogether lanes from `first` on.
void read_tapes(const i32* __restrict pulled, int arms, int first, TapeColumns at) {
  using Whole = LaneVector<i32>;
  Whole arm, users, successes, last_users = {}, last_successes = {};
  LaneVector<u32> tape;
  load_lanes(arm, pulled + first);
  std::ptrdiff_t place = first;
  for (i32 a = 0; a < arms; ++a, place += at.stride) {
    const Whole pulls = arm == a;  // -1: it does
    load_lanes(tape, at.tape + place);
    load_lanes(users, at.users + place);
    load_lanes(successes, at.successes + place);
    successes += (Whole)(tape >> (LaneVector<u32>)(users & kLast)) & pulls & 1;
    users -= pulls;
    last_users = pulls ? users : last_users;
    last_successes = pulls ? successes : last_successes;
    store_lanes(at.users + place, users);
    store_lanes(at.successes + place, successes);
  }
  store_lanes(at.last_users + first, last_users);
  store_lanes(at.last_successes + first, last_successes);
}

/// Flags the lanes whose last pull was the first of a tape.
void flag_empty(const i32* __restrict last_users, i32* __restrict empty, int lanes) {
  for (int l = 0; l < lanes; ++l) empty[l] = (last_users[l] & kLast) == 1 ? 1 : 0;
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

/// The whole part of mean * 2^32, at most 2^32 - 1: a tie then decides even for mean 1.
u32 high_threshold(double mean) {
  return static_cast<u32>(std::min(std::floor(mean * 0x1p32), 0x1p32 - 1));
}

}  // namespace

void BernoulliPulls::add(const i32* arm, const ArmMeans& means, Observed& observed) {
  if (means.epoch != epoch_ || tape_.lanes() != observed.lanes) begin(means, observed);
  for (Table<i32>* table : {&observed.last_users, &observed.last_successes})
    table->reshape(1, observed.lanes);
  read(arm, observed);
  collect_ended(arm, observed);
  if (!ended_.empty()) change_tapes(observed);
  write_waiting();
}

/// Takes over new means: tapes that have not ended are written anew, from the same words.
void BernoulliPulls::begin(const ArmMeans& means, Observed& observed) {
  means_ = means;
  epoch_ = means.epoch;
  for (Table<u32>* table : {&tape_, &next_}) table->assign(observed.arms, observed.lanes);
  has_next_.assign(observed.arms, observed.lanes);
  empty_.assign(1, observed.lanes);
  waiting_.clear();
  find_thresholds(observed.lanes);
  std::vector<Place> begun;
  for (int a = 0; a < observed.arms; ++a)
    for (int l = 0; l < observed.lanes; ++l)
      if (const auto pulls = static_cast<u32>(observed.users.row(a)[l]); pulls % kTape != 0)
        begun.push_back({a, l, pulls / kTape});
  write(begun);
  for (const Place& place : begun) {
    tape_.row(place.arm)[place.lane] = next_.row(place.arm)[place.lane];
    has_next_.row(place.arm)[place.lane] = 0;
  }
}

void BernoulliPulls::read(const i32* arm, Observed& observed) {
  const TapeColumns at{tape_.row(0),   observed.users.row(0),      observed.successes.row(0),
                       tape_.stride(), observed.last_users.row(0), observed.last_successes.row(0)};
  const int lanes = observed.lanes;
  if (observed.arms <= kFewArms)
    for (int first = 0; first < lanes; first += kLanesTogether) read_tapes(arm, observed.arms, first, at);
  else
    for (int l = 0; l < lanes; ++l) read_tape(arm[l], l, at);
  flag_empty(observed.last_users.row(0), empty_.row(0), lanes);
}

/// Lists the tapes that had ended, and those of them after which none has been written.
void BernoulliPulls::collect_ended(const i32* arm, Observed& observed) {
  ended_.clear();
  urgent_.clear();
  for_flagged(empty_.row(0), observed.lanes, [&](int lane) {
    ended_.push_back({arm[lane], lane, static_cast<u32>(observed.last_users.row(0)[lane]) / kTape});
    if (has_next_.row(arm[lane])[lane] == 0) urgent_.push_back(ended_.back());
  });
}

/// Puts the next tapes in the place of those that have ended, reads their first outcomes and orders more.
void BernoulliPulls::change_tapes(Observed& observed) {
  write(urgent_);
  for (const auto& [arm, lane, number] : ended_) {
    const u32 tape = next_.row(arm)[lane], ended = tape_.row(arm)[lane];
    const i32 more = static_cast<i32>(tape & 1) - static_cast<i32>(ended & 1);
    observed.last_successes.row(0)[lane] = observed.successes.row(arm)[lane] += more;
    tape_.row(arm)[lane] = tape;
    has_next_.row(arm)[lane] = 0;
    waiting_.push_back({arm, lane, number + 1});
  }
}

/// Writes tapes that wait: all that make a whole, or all when the first is about to be read.
void BernoulliPulls::write_waiting() {
  const bool is_time = ++waited_ >= kTape - 1;
  const std::size_t count = is_time ? waiting_.size() : waiting_.size() / kTogether * kTogether;
  if (count == 0 && !is_time) return;
  write({waiting_.data(), count});
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  waited_ = 0;
}

void BernoulliPulls::write(std::span<const Place> places) {
  for (std::size_t first = 0; first < places.size(); first += kTogether)
    write_together(&places[first], static_cast<int>(std::min<std::size_t>(kTogether, places.size() - first)));
}

/// Writes at most kTogether tapes, their first outcomes lowest.
void BernoulliPulls::write_together(const Place* places, int count) {
  PullRandom::Places at;
  u32 thresholds[kTogether], words[kTape * kTogether];
  for (int i = 0; i < kTogether; ++i) {
    const Place place = places[std::min(i, count - 1)];  // the last one again where there are fewer
    at.replication[i] = source_.first_replication + static_cast<u64>(place.lane);
    at.arm[i] = static_cast<u32>(place.arm);
    at.first_pull[i] = place.tape * kTape;
    thresholds[i] = threshold_.row(place.arm)[place.lane * means_.stride];
  }
  source_.words->fill(at, 0, kTape, words);
  u32 tapes[kTogether], ties[kTogether];
  pack(words, thresholds, tapes, ties);
  if (std::accumulate(ties, ties + kTogether, 0u) != 0)
    for (int j = 0; j < kTape; ++j)
      for (int i = 0; i < count; ++i)
        if (words[j * kTogether + i] == thresholds[i] &&
            tie_succeeds(places[i], at.first_pull[i] + static_cast<u32>(j)))
          tapes[i] |= u32{1} << j;
  for (int i = 0; i < count; ++i) {
    next_.row(places[i].arm)[places[i].lane] = tapes[i];
    has_next_.row(places[i].arm)[places[i].lane] = 1;
  }
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
  const u32 word = source_.words->word(source_.first_replication + static_cast<u64>(place.lane),
                                       static_cast<u32>(place.arm), pull, 1);
  return word < static_cast<u64>(rest * 0x1p32);
}

}  // namespace windtunnel
