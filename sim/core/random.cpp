#include "windtunnel/core/random.hpp"

#include <algorithm>
#include <cstring>

#include "windtunnel/core/philox_blocks.hpp"

namespace windtunnel {
namespace {

/// Any range of words of type Word (u32, or u16 for halves): whole blocks go straight to `out`, the ragged
/// ends through one block on the stack.
template <class Word>
void fill_range(std::array<u32, 2> key, u64 first, Address address, std::span<Word> out) {
  if (out.empty()) return;
  constexpr u64 kBlockSize = kBlockBytes / sizeof(Word);
  u64 block = first / kBlockSize;
  const auto fill_part = [&](std::size_t offset, std::size_t count) {
    std::byte bytes[kBlockBytes];
    philox_blocks(key, block, address, 1, bytes);
    std::memcpy(out.data(), bytes + offset * sizeof(Word), count * sizeof(Word));
    out = out.subspan(count);
    ++block;
  };
  const std::size_t offset = first % kBlockSize;
  if (offset != 0) fill_part(offset, std::min<std::size_t>(kBlockSize - offset, out.size()));
  const std::size_t whole = out.size() / kBlockSize;
  philox_blocks(key, block, address, static_cast<int>(whole), std::as_writable_bytes(out).data());
  out = out.subspan(whole * kBlockSize);
  block += whole;
  if (!out.empty()) fill_part(0, out.size());
}

}  // namespace

std::array<u32, 4> philox(std::array<u32, 4> counter, std::array<u32, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const u64 product0 = u64{0xD2511F53} * counter[0];
    const u64 product1 = u64{0xCD9E8D57} * counter[2];
    counter = {static_cast<u32>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<u32>(product1),
               static_cast<u32>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<u32>(product0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

Random::Random(u64 seed, Purpose purpose, u32 index) {
  const auto words =
      philox({static_cast<u32>(seed), static_cast<u32>(seed >> 32), static_cast<u32>(purpose), index},
             {0x57696e64, 0x74756e6e});
  key_ = {words[0], words[1]};
}

Random Random::branch(u32 index) const {
  const auto words = philox({key_[0], key_[1], index, 0}, {0x6272616e, 0x63686573});
  return Random(std::array<u32, 2>{words[0], words[1]});
}

void Random::fill(u64 first_replication, Address address, std::span<u32> out) const {
  fill_range(key_, first_replication, address, out);
}

void Random::fill_halves(u64 first_replication, Address address, std::span<u16> out) const {
  fill_range(key_, first_replication, address, out);
}

u32 Random::word(u64 replication, Address address) const {
  const u64 group = replication / 64 * 16 + replication % 16;
  const auto words = philox({static_cast<u32>(group), static_cast<u32>(group >> 32) | address.draw << 14,
                             address.time, address.row},
                            key_);
  return words[replication / 16 % 4];
}

void PullRandom::fill(const Places& places, u32 draw, int pulls, u32* out) const {
  static_assert(kPlaces == kRunCounters);
  RunCounters counters;
  for (int i = 0; i < kPlaces; ++i) {
    counters.word0[i] = static_cast<u32>(places.replication[i]);
    counters.word1[i] = static_cast<u32>(places.replication[i] >> 32) | draw << 16;
    counters.word2[i] = places.first_pull[i] / 4;
    counters.word3[i] = places.arm[i];
  }
  philox_runs(key_, counters, pulls / 4, out);
}

u32 PullRandom::word(u64 replication, u32 arm, u32 pull, u32 draw) const {
  return philox(
      {static_cast<u32>(replication), static_cast<u32>(replication >> 32) | draw << 16, pull / 4, arm},
      key_)[pull % 4];
}

}  // namespace windtunnel
