#include "windtunnel/core/philox_blocks.hpp"

#include <cstring>

#if defined(__SSE4_1__)
#define WINDTUNNEL_PHILOX_VECTORS
#include <immintrin.h>
#if defined(__GNUC__) && !defined(__clang__)
// GCC bug 105593: g++ 12 warns of the deliberately undefined operand inside its own AVX-512 intrinsics.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#endif

namespace windtunnel {
namespace {

constexpr int kBlockGroups = 16;

/// The second counter word: the high part of the group below the draw.
[[maybe_unused]] u32 group_and_draw(u64 group, u32 draw) {
  return static_cast<u32>(group >> 32) | draw << 14;
}

#if defined(WINDTUNNEL_PHILOX_VECTORS)

constexpr u32 kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
constexpr u32 kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
constexpr int kRounds = 10;

#if defined(__AVX512F__)

constexpr const char* kInstructionSet = "AVX-512";
constexpr int kPairsTogether = 2;
using Vector = __m512i;

inline Vector broadcast(u32 x) {
  return _mm512_set1_epi64(static_cast<i64>(x));
}
inline Vector even_numbers() {
  return _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0);
}
inline Vector sum(Vector a, Vector b) {
  return _mm512_add_epi64(a, b);
}
inline Vector product(Vector a, Vector b) {
  return _mm512_mul_epu32(a, b);
}
inline Vector high_half(Vector a) {
  return _mm512_srli_epi64(a, 32);
}
inline Vector exclusive_or(Vector a, Vector b, Vector c) {
  return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}
inline Vector interleave(Vector even, Vector odd) {
  return _mm512_mask_shuffle_epi32(even, 0xAAAA, odd, _MM_PERM_CCAA);
}
inline void store(std::byte* out, Vector a) {
  _mm512_storeu_si512(out, a);
}
inline Vector load(const u32* words) {
  return _mm512_loadu_si512(words);
}

#elif defined(__AVX2__)

constexpr const char* kInstructionSet = "AVX2";
constexpr int kPairsTogether = 4;
using Vector = __m256i;

inline Vector broadcast(u32 x) {
  return _mm256_set1_epi64x(static_cast<i64>(x));
}
inline Vector even_numbers() {
  return _mm256_set_epi64x(6, 4, 2, 0);
}
inline Vector sum(Vector a, Vector b) {
  return _mm256_add_epi64(a, b);
}
inline Vector product(Vector a, Vector b) {
  return _mm256_mul_epu32(a, b);
}
inline Vector high_half(Vector a) {
  return _mm256_srli_epi64(a, 32);
}
inline Vector exclusive_or(Vector a, Vector b, Vector c) {
  return _mm256_xor_si256(_mm256_xor_si256(a, b), c);
}
inline Vector interleave(Vector even, Vector odd) {
  return _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
}
inline void store(std::byte* out, Vector a) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), a);
}
inline Vector load(const u32* words) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
}

#else

constexpr const char* kInstructionSet = "SSE4.1";
constexpr int kPairsTogether = 4;
using Vector = __m128i;

inline Vector broadcast(u32 x) {
  return _mm_set1_epi64x(static_cast<i64>(x));
}
inline Vector even_numbers() {
  return _mm_set_epi64x(2, 0);
}
inline Vector sum(Vector a, Vector b) {
  return _mm_add_epi64(a, b);
}
inline Vector product(Vector a, Vector b) {
  return _mm_mul_epu32(a, b);
}
inline Vector high_half(Vector a) {
  return _mm_srli_epi64(a, 32);
}
inline Vector exclusive_or(Vector a, Vector b, Vector c) {
  return _mm_xor_si128(_mm_xor_si128(a, b), c);
}
inline Vector interleave(Vector even, Vector odd) {
  return _mm_blend_epi16(even, _mm_slli_epi64(odd, 32), 0xCC);
}
inline void store(std::byte* out, Vector a) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), a);
}
inline Vector load(const u32* words) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(words));
}

#endif

constexpr int kVectorBytes = sizeof(Vector);
/// Groups of a pair, an even and an odd vector together: one 32-bit word of each fills one vector of output.
constexpr int kPairGroups = kVectorBytes / 4;

/// Counters of every second group, one 32-bit word in each 64-bit element. The multiplication ignores the
/// upper half of its operands, so a product is carried whole as the next low word and nothing is masked.
struct Counters {
  Vector word[4];
};

[[gnu::always_inline]] inline void advance(Counters& counters, Vector key0, Vector key1) {
  auto& word = counters.word;
  const Vector product0 = product(word[0], broadcast(kMultiplier0));
  const Vector product1 = product(word[2], broadcast(kMultiplier1));
  word[0] = exclusive_or(high_half(product1), word[1], key0);
  word[2] = exclusive_or(high_half(product0), word[3], key1);
  word[1] = product1;
  word[3] = product0;
}

template <int Pairs>
[[gnu::always_inline]] inline void all_rounds(std::array<u32, 2> key, Counters (&even)[Pairs],
                                              Counters (&odd)[Pairs]) {
#pragma GCC unroll 10
  for (u32 round = 0; round < kRounds; ++round) {
    const Vector key0 = broadcast(key[0] + round * kWeyl0), key1 = broadcast(key[1] + round * kWeyl1);
    for (int pair = 0; pair < Pairs; ++pair) {
      advance(even[pair], key0, key1);
      advance(odd[pair], key0, key1);
    }
  }
}

/// Writes pairs first_pair ... first_pair + Pairs - 1, counted from group `first_group` and the start of
/// `out`. Their chains of multiplications run side by side, which hides the latency.
template <int Pairs>
[[gnu::always_inline]] inline void write_pairs(std::array<u32, 2> key, u64 first_group, Address address,
                                               int first_pair, std::byte* out) {
  Counters even[Pairs], odd[Pairs];
  const Vector time = broadcast(address.time), row = broadcast(address.row);
  for (int pair = 0; pair < Pairs; ++pair) {
    const u64 group = first_group + static_cast<u64>(kPairGroups * (first_pair + pair));
    const Vector groups = sum(broadcast(static_cast<u32>(group)), even_numbers());
    const Vector second = broadcast(group_and_draw(group, address.draw));
    even[pair] = {{groups, second, time, row}};
    odd[pair] = {{sum(groups, broadcast(1)), second, time, row}};
  }
  all_rounds<Pairs>(key, even, odd);
  for (int pair = 0; pair < Pairs; ++pair) {
    const int group = kPairGroups * (first_pair + pair);
    const int first_lane = group / kBlockGroups * kBlockWords + group % kBlockGroups;
    for (int word = 0; word < 4; ++word)
      store(out + 4 * (first_lane + kBlockGroups * word),
            interleave(even[pair].word[word], odd[pair].word[word]));
  }
}

/// Blocks first_block ... first_block + Blocks - 1 of the counters from `first` on that fill one pair. What
/// the upper halves of the elements hold is ignored by products and lost when words are written.
template <int Blocks>
[[gnu::always_inline]] inline void write_runs(std::array<u32, 2> key, const RunCounters& counters, int first,
                                              int first_block, u32* out) {
  const Vector words[4] = {load(counters.word0 + first), load(counters.word1 + first),
                           load(counters.word2 + first), load(counters.word3 + first)};
  Counters even[Blocks], odd[Blocks];
  for (int b = 0; b < Blocks; ++b) {
    const Vector block = broadcast(static_cast<u32>(first_block + b));
    even[b] = {{words[0], words[1], sum(words[2], block), words[3]}};
    odd[b] = {
        {high_half(words[0]), high_half(words[1]), sum(high_half(words[2]), block), high_half(words[3])}};
  }
  all_rounds<Blocks>(key, even, odd);
  for (int b = 0; b < Blocks; ++b)
    for (int word = 0; word < 4; ++word)
      store(reinterpret_cast<std::byte*>(out + (4 * (first_block + b) + word) * kRunCounters + first),
            interleave(even[b].word[word], odd[b].word[word]));
}

#endif

}  // namespace

void philox_blocks_portable(std::array<u32, 2> key, u64 first_block, Address address, int blocks,
                            std::byte* out) {
  for (int block = 0; block < blocks; ++block) {
    u32 words[4][kBlockGroups];
    for (u32 lane = 0; lane < kBlockGroups; ++lane) {
      const u64 group = (first_block + static_cast<u64>(block)) * kBlockGroups + lane;
      const auto four = philox(
          {static_cast<u32>(group), group_and_draw(group, address.draw), address.time, address.row}, key);
      for (std::size_t word = 0; word < 4; ++word) words[word][lane] = four[word];
    }
    std::memcpy(out + kBlockBytes * static_cast<std::size_t>(block), words, kBlockBytes);
  }
}

void philox_runs_portable(std::array<u32, 2> key, const RunCounters& counters, int blocks, u32* out) {
  for (int block = 0; block < blocks; ++block)
    for (int i = 0; i < kRunCounters; ++i) {
      const auto four = philox({counters.word0[i], counters.word1[i],
                                counters.word2[i] + static_cast<u32>(block), counters.word3[i]},
                               key);
      for (int word = 0; word < 4; ++word)
        out[(4 * block + word) * kRunCounters + i] = four[static_cast<std::size_t>(word)];
    }
}

#if defined(WINDTUNNEL_PHILOX_VECTORS)

void philox_runs(std::array<u32, 2> key, const RunCounters& counters, int blocks, u32* out) {
  for (int first = 0; first < kRunCounters; first += kPairGroups) {
    int block = 0;
    for (; block + kPairsTogether <= blocks; block += kPairsTogether)
      write_runs<kPairsTogether>(key, counters, first, block, out);
    for (; block < blocks; ++block) write_runs<1>(key, counters, first, block, out);
  }
}

void philox_blocks(std::array<u32, 2> key, u64 first_block, Address address, int blocks, std::byte* out) {
  const u64 first_group = first_block * kBlockGroups;
  const int pairs = blocks * (kBlockGroups / kPairGroups);
  int pair = 0;
  for (; pair + kPairsTogether <= pairs; pair += kPairsTogether)
    write_pairs<kPairsTogether>(key, first_group, address, pair, out);
  for (; pair < pairs; ++pair) write_pairs<1>(key, first_group, address, pair, out);
}

const char* philox_instruction_set() {
  return kInstructionSet;
}

#else

void philox_runs(std::array<u32, 2> key, const RunCounters& counters, int blocks, u32* out) {
  philox_runs_portable(key, counters, blocks, out);
}

void philox_blocks(std::array<u32, 2> key, u64 first_block, Address address, int blocks, std::byte* out) {
  philox_blocks_portable(key, first_block, address, blocks, out);
}

const char* philox_instruction_set() {
  return "portable";
}

#endif

}  // namespace windtunnel
