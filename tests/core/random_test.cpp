#include "windtunnel/core/random.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

#include "support/catch.hpp"
#include "support/chi_square.hpp"
#include "windtunnel/core/philox_blocks.hpp"

namespace windtunnel {
namespace {

/// The layout of the docstring, written out: the word of one replication.
u32 documented_word(u64 seed, Purpose purpose, u64 replication, Address address) {
  const auto keys =
      philox({static_cast<u32>(seed), static_cast<u32>(seed >> 32), static_cast<u32>(purpose), 0},
             {0x57696e64, 0x74756e6e});
  const u64 group = (replication / 64) * 16 + replication % 16;
  const u32 second = static_cast<u32>(group >> 32) | (address.draw << 14);
  const auto words = philox({static_cast<u32>(group), second, address.time, address.row}, {keys[0], keys[1]});
  return words[(replication / 16) % 4];
}

std::vector<u32> fill(const Random& random, u64 first, Address address, std::size_t size) {
  std::vector<u32> words(size);
  random.fill(first, address, words);
  return words;
}

/// Replications of interest: block edges, the carry of the group into its high word, the last of all.
const u64 kFirsts[] = {0, 1, 15, 16, 63, 64, 77, (u64{1} << 34) - 100, (u64{1} << 48) - 1024};

/// Standardised difference between the bits in which two streams agree and one half of them.
double agreement(const std::vector<u32>& a, const std::vector<u32>& b) {
  i64 equal = 0;
  for (std::size_t i = 0; i < a.size(); ++i) equal += std::popcount(~(a[i] ^ b[i]));
  const double bits = 32.0 * static_cast<double>(a.size());
  return (static_cast<double>(equal) - bits / 2.0) / std::sqrt(bits / 4.0);
}

}  // namespace

TEST_CASE("philox: the known answers of Random123 are met", "[core]") {
  using Words = std::array<u32, 4>;
  constexpr u32 kOnes = 0xffffffff;
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("random: words have the documented layout", "[core]") {
  const u64 seed = 0x0123456789abcdef;
  const Random random(seed, Purpose::outcome);
  for (const u64 first : kFirsts)
    for (const Address address : {Address{0, 0, 0}, Address{14, 3, 0}, Address{~0u, ~0u, (1u << 18) - 1}}) {
      const auto words = fill(random, first, address, 300);
      i64 wrong = 0;
      for (std::size_t lane = 0; lane < words.size(); ++lane)
        wrong += words[lane] != documented_word(seed, Purpose::outcome, first + lane, address);
      INFO("first replication " << first << " draw " << address.draw);
      CHECK(wrong == 0);
    }
}

TEST_CASE("random: the words of the first replications never change", "[core]") {
  const auto words = fill(Random(1, Purpose::truth), 0, {2, 3, 4}, 64);
  CHECK(words[0] == 0x26ff6321);
  CHECK(words[17] == 0x827ae3de);
  CHECK(words[63] == 0xe248a88e);
}

TEST_CASE("random: any range of replications gives the words of the whole", "[core]") {
  const Random random(7, Purpose::assignment);
  const Address address{5, 6, 7};
  const auto whole = fill(random, 0, address, 1500);
  for (const std::size_t first : std::initializer_list<std::size_t>{0, 1, 31, 63, 64, 65, 100, 128, 500})
    for (const std::size_t size :
         std::initializer_list<std::size_t>{0, 1, 2, 31, 63, 64, 65, 127, 128, 129, 512, 1000}) {
      INFO("first " << first << " size " << size);
      // One element further on, `out` is not aligned to any vector.
      std::vector<u32> words(size + 2, 0xdeadbeef);
      random.fill(first, address, std::span(words).subspan(1, size));
      CHECK(
          std::equal(words.begin() + 1, words.end() - 1, whole.begin() + static_cast<std::ptrdiff_t>(first)));
      CHECK(words.front() == 0xdeadbeef);
      CHECK(words.back() == 0xdeadbeef);
    }
}

TEST_CASE("random: one word is the word of the bulk", "[core]") {
  const Random random(11, Purpose::tie);
  for (const u64 first : kFirsts) {
    const auto words = fill(random, first, {1, 2, 3}, 200);
    i64 wrong = 0;
    for (std::size_t lane = 0; lane < words.size(); ++lane)
      wrong += words[lane] != random.word(first + lane, {1, 2, 3});
    CHECK(wrong == 0);
  }
}

TEST_CASE("random: halves are the low and the high part of words in turn", "[core]") {
  const Random random(13, Purpose::outcome);
  const Address address{8, 9, 10};
  for (const std::size_t first : std::initializer_list<std::size_t>{0, 1, 2, 63, 127, 128, 129, 1001})
    for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 2, 127, 128, 129, 512}) {
      std::vector<u16> halves(size);
      random.fill_halves(first, address, halves);
      i64 wrong = 0;
      for (std::size_t lane = 0; lane < size; ++lane) {
        const u64 replication = first + lane;
        const u32 word = random.word(replication / 2, address);
        wrong += halves[lane] != static_cast<u16>(replication % 2 == 0 ? word : word >> 16);
      }
      INFO("first " << first << " size " << size);
      CHECK(wrong == 0);
    }
}

TEST_CASE("random: the vector kernel writes the bytes of the portable one", "[core]") {
  INFO(philox_instruction_set());
  const std::array<u32, 2> key{0x12345678, 0x9abcdef0};
  for (const u64 first_block : {u64{0}, u64{3}, (u64{1} << 28) - 3, (u64{1} << 42) - 9})
    for (int blocks = 0; blocks <= 9; ++blocks)
      for (const std::size_t misalignment : std::initializer_list<std::size_t>{0, 1, 7}) {
        const Address address{0xfedcba98, 0x80000001, 0x3ffff};
        const std::size_t bytes = kBlockBytes * static_cast<std::size_t>(blocks);
        std::vector<std::byte> fast(bytes + 16, std::byte{0xee}), portable(fast);
        philox_blocks(key, first_block, address, blocks, fast.data() + misalignment);
        philox_blocks_portable(key, first_block, address, blocks, portable.data() + misalignment);
        INFO("first block " << first_block << " blocks " << blocks);
        CHECK(fast == portable);
      }
}

TEST_CASE("random: no two places share their words", "[core]") {
  // Philox is a bijection of counters under one key: equal words of a block would mean equal counters.
  std::vector<std::vector<u32>> blocks;
  for (const u64 first : kFirsts)
    for (const Address address : {Address{0, 0, 0}, Address{1, 0, 0}, Address{0, 1, 0}, Address{0, 0, 1},
                                  Address{1, 1, 0}, Address{0, 0, 1u << 17}})
      if (first % 64 == 0) blocks.push_back(fill(Random(1, Purpose::outcome), first, address, 64));
  for (const u64 seed : {u64{0}, u64{2}, u64{1} << 32})
    for (const Purpose purpose : {Purpose::truth, Purpose::assignment, Purpose::outcome, Purpose::spread,
                                  Purpose::allocation, Purpose::tie})
      blocks.push_back(fill(Random(seed, purpose), 0, {}, 64));
  std::sort(blocks.begin(), blocks.end());
  CHECK(std::adjacent_find(blocks.begin(), blocks.end()) == blocks.end());
}

TEST_CASE("random: branches share their words with nobody", "[core]") {
  const Random trunk(7, Purpose::outcome);
  const std::vector<Random> all = {trunk,
                                   trunk.branch(0),
                                   trunk.branch(1),
                                   trunk.branch(0).branch(0),
                                   trunk.branch(1).branch(0),
                                   Random(7, Purpose::spread).branch(0),
                                   Random(8, Purpose::outcome).branch(0)};
  for (std::size_t a = 0; a < all.size(); ++a)
    for (std::size_t b = a + 1; b < all.size(); ++b)
      CHECK(std::fabs(agreement(fill(all[a], 0, {3, 1, 2}, 4096), fill(all[b], 0, {3, 1, 2}, 4096))) < 4);
  CHECK(trunk.branch(5).word(9, {}) == Random(7, Purpose::outcome).branch(5).word(9, {}));
}

TEST_CASE("random: neighbouring lanes and places are uncorrelated bit by bit", "[core]") {
  const std::size_t size = 1 << 18;
  const auto base = fill(Random(5, Purpose::outcome), 0, {100, 2, 0}, size);
  // Under independence each value is standard normal: 4 is met by one seed in two thousand.
  for (const u64 lag : std::initializer_list<u64>{1, 2, 16, 63, 64})
    CHECK(std::fabs(agreement(base, fill(Random(5, Purpose::outcome), lag, {100, 2, 0}, size))) < 4.0);
  CHECK(std::fabs(agreement(base, fill(Random(5, Purpose::outcome), 0, {101, 2, 0}, size))) < 4.0);
  CHECK(std::fabs(agreement(base, fill(Random(5, Purpose::outcome), 0, {100, 3, 0}, size))) < 4.0);
  CHECK(std::fabs(agreement(base, fill(Random(5, Purpose::outcome), 0, {100, 2, 1}, size))) < 4.0);
  CHECK(std::fabs(agreement(base, fill(Random(6, Purpose::outcome), 0, {100, 2, 0}, size))) < 4.0);
  CHECK(std::fabs(agreement(base, fill(Random(5, Purpose::tie), 0, {100, 2, 0}, size))) < 4.0);
}

TEST_CASE("random: bytes over replications and over times are uniform", "[core]") {
  const Random random(17, Purpose::outcome);
  std::vector<i64> over_replications(256), over_times(256);
  const i64 draws = 1 << 18;
  const auto words = fill(random, 0, {}, static_cast<std::size_t>(draws));
  for (i64 i = 0; i < draws; ++i) {
    ++over_replications[words[static_cast<std::size_t>(i)] >> 24];
    ++over_times[random.word(9, {static_cast<u32>(i), 0, 0}) & 255];
  }
  CHECK(std::fabs(chi_square_uniform(over_replications, draws).standardised()) < 4.0);
  CHECK(std::fabs(chi_square_uniform(over_times, draws).standardised()) < 4.0);
}

TEST_CASE("random: runs of blocks from counters of their own equal single blocks", "[core]") {
  const std::array<u32, 2> key{0x9e3779b9, 0x12345678};
  RunCounters counters;
  for (u32 i = 0; i < kRunCounters; ++i) {
    counters.word0[i] = 77 + 1000003 * i;
    counters.word1[i] = i << 28;
    counters.word2[i] = i == 3 ? 0xfffffffe : 5 * i;  // one wraps around
    counters.word3[i] = 999 - i;
  }
  for (const int blocks : {1, 2, 3, 8}) {
    std::vector<u32> fast(static_cast<std::size_t>(4 * blocks * kRunCounters)), plain(fast.size());
    philox_runs(key, counters, blocks, fast.data());
    philox_runs_portable(key, counters, blocks, plain.data());
    CHECK(fast == plain);
  }
}

TEST_CASE("random: words of pulls have the documented layout", "[core]") {
  const PullRandom random(42, Purpose::pull);
  const auto key = Random(42, Purpose::pull).key();
  PullRandom::Places places;
  for (u32 i = 0; i < PullRandom::kPlaces; ++i) {
    places.replication[i] = (u64{1} << 47) + 1000 * i;
    places.arm[i] = i % 3;
    places.first_pull[i] = 4 * i;
  }
  u32 words[32 * PullRandom::kPlaces];
  random.fill(places, 1, 32, words);
  for (u32 i = 0; i < PullRandom::kPlaces; ++i)
    for (u32 j = 0; j < 32; ++j) {
      const u32 pull = places.first_pull[i] + j;
      const u64 r = places.replication[i];
      const auto block =
          philox({static_cast<u32>(r), static_cast<u32>(r >> 32) | 1u << 16, pull / 4, places.arm[i]}, key);
      CHECK(random.word(r, places.arm[i], pull, 1) == block[pull % 4]);
      CHECK(words[j * PullRandom::kPlaces + i] == block[pull % 4]);
    }
}

}  // namespace windtunnel
