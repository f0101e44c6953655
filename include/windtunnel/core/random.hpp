#pragma once

#include <array>
#include <span>

#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// Philox4x32-10: a keyed bijection of 128-bit counters, ten rounds.
///   source  Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3"
std::array<u32, 4> philox(std::array<u32, 4> counter, std::array<u32, 2> key);

/// What a random number is for. Appending a purpose changes nothing older; the values are part of the law.
enum class Purpose : u32 {
  truth = 1,
  assignment = 2,
  outcome = 3,
  spread = 4,
  allocation = 5,
  tie = 6,
  membership = 7,
  loss = 8,
  company = 9,
  pull = 10,
  resampling = 11,
  lag = 13,
  visit = 14,
  pulled_value = 15
};

/// The place of a random number inside one replication.
struct Address {
  u32 time = 0;  ///< step, look or user, counted from 0
  u32 row = 0;   ///< arm, segment, metric ... as the caller lays them out
  u32 draw = 0;  ///< repeated draws at one place: rejections, tie breaks; below 2^18
};

/// The same place, `draws` repeated draws later.
constexpr Address later(Address address, u32 draws) {
  return {address.time, address.row, address.draw + draws};
}

/// Random words that are addressed, never consumed: the word of a replication depends on the seed, the
/// purpose, the replication and the address alone, whatever block, thread or shard asks for it.
///
/// Layout (fixed for good). Counter words are {group, group >> 32 | draw << 14, time, row}; replication r
/// belongs to group (r / 64) * 16 + r % 16 and takes word (r / 16) % 4 of it, so that sixteen groups fill
/// sixty-four consecutive lanes by whole vectors without any transposition. The key is
/// philox({seed low, seed high, purpose, index}, {0x57696e64, 0x74756e6e})[0..1]. Replications lie below
/// 2^48.
class Random {
 public:
  ///   index  tells generators of one purpose apart, such as those of several days
  Random(u64 seed, Purpose purpose, u32 index = 0);

  /// Words of the replications first_replication ... first_replication + out.size() - 1 at one address.
  /// Fastest when first_replication and out.size() are multiples of 64; any alignment of `out` will do.
  void fill(u64 first_replication, Address address, std::span<u32> out) const;

  /// As `fill` with sixteen bits a replication: the half r % 2 (0 = low) of the word of "replication" r / 2.
  /// It reads the same words as `fill`: an address serves one of the two, not both.
  void fill_halves(u64 first_replication, Address address, std::span<u16> out) const;

  /// A generator of its own, for one of many things that would share the addresses of this one: branches of
  /// branches are apart, too. The key is philox({key, index, 0}, {0x6272616e, 0x63686573})[0..1].
  Random branch(u32 index) const;

  /// The one word that `fill` gives replication `replication`.
  u32 word(u64 replication, Address address) const;

  const std::array<u32, 2>& key() const { return key_; }

 private:
  explicit Random(std::array<u32, 2> key) : key_(key) {}

  std::array<u32, 2> key_;
};

/// Random words of pulls: the j-th pull of an arm has words of its own in every replication, whoever pulls
/// and whenever. A purpose serves `Random` or `PullRandom`, not both.
///
/// Layout (fixed for good). Counter words are {replication, replication >> 32 | draw << 16, pull / 4, arm},
/// of whose four words a pull takes word pull % 4: one block gives four consecutive pulls of one replication.
/// Replications lie below 2^48, pulls below 2^32, draws below 2^16.
class PullRandom {
 public:
  PullRandom(u64 seed, Purpose purpose) : key_(Random(seed, purpose).key()) {}

  static constexpr int kPlaces = 16;

  /// Where runs begin: pull first_pull[i], a multiple of 4, of an arm.
  struct Places {
    u64 replication[kPlaces];
    u32 arm[kPlaces];
    u32 first_pull[kPlaces];
  };

  /// Words of `pulls` consecutive pulls (a multiple of 4) from every place on.
  ///   out  word of pull first_pull[i] + j at out[j * kPlaces + i]
  void fill(const Places& places, u32 draw, int pulls, u32* out) const;

  /// The one word of a pull.
  u32 word(u64 replication, u32 arm, u32 pull, u32 draw) const;

 private:
  std::array<u32, 2> key_;
};

}  // namespace windtunnel
