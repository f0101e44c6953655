#include "alias_lookup.hpp"

#include <algorithm>

#if defined(__AVX512BW__)
#include <immintrin.h>
#if defined(__GNUC__) && !defined(__clang__)
// GCC bug 105593: g++ 12 warns of the deliberately undefined operand inside its own AVX-512 intrinsics.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#endif

namespace windtunnel {
namespace {

/// Takes the outcomes of `count` lanes from their entries; returns whether there are ties among them.
template <class Word>
bool take_outcomes(const Word* __restrict entry, const Word* __restrict words, Word cells, int count,
                   i32 first, i32* __restrict total) {
  const Word compared = static_cast<Word>(~cells);
  Word tied = 0;
  for (int i = 0; i < count; ++i) {
    const Word threshold = entry[i] & compared;
    const Word chosen = words[i] < threshold ? words[i] : entry[i];
    total[i] += first + static_cast<i32>(chosen & cells);
    tied |= (words[i] & compared) == threshold ? Word{1} : Word{0};
  }
  return tied != 0;
}

/// Lanes begin ... lanes - 1. Entries are fetched one by one, for a chunk whose comparisons are then vectors.
template <class Word>
int look_up(const Word* __restrict entries, int cell_bits, const Word* __restrict words, int begin, int lanes,
            i32 first, i32* __restrict total, u16* __restrict ties, int tie_count) {
  constexpr int kChunk = 256, kScanned = 32;
  const auto cells = static_cast<Word>((u32{1} << cell_bits) - 1);
  Word entry[kChunk];
  for (int chunk = begin; chunk < lanes; chunk += kChunk) {
    const int size = std::min(kChunk, lanes - chunk);
    for (int i = 0; i < size; ++i) entry[i] = entries[words[chunk + i] & cells];
    for (int at = 0; at < size; at += kScanned) {
      const int count = std::min(kScanned, size - at);
      if (!take_outcomes(entry + at, words + chunk + at, cells, count, first, total + chunk + at)) continue;
      for (int i = at; i < at + count; ++i)
        if (((words[chunk + i] ^ entry[i]) & ~cells) == 0) ties[tie_count++] = static_cast<u16>(chunk + i);
    }
  }
  return tie_count;
}

#if defined(__AVX512BW__)

/// Sixteen-bit table lookup in 2^CellBits entries held in registers: each permutation picks from 64 entries
/// by six bits of the word (it ignores the others), the remaining cell bits choose among the results.
template <int CellBits>
[[gnu::always_inline]] inline __m512i permute(const __m512i* table, __m512i words) {
  if constexpr (CellBits == 6) {
    return _mm512_permutex2var_epi16(table[0], words, table[1]);
  } else {
    constexpr int kHalf = 1 << (CellBits - 6);
    const __mmask32 upper = _mm512_test_epi16_mask(words, _mm512_set1_epi16(1 << (CellBits - 1)));
    return _mm512_mask_blend_epi16(upper, permute<CellBits - 1>(table, words),
                                   permute<CellBits - 1>(table + kHalf, words));
  }
}

template <int CellBits>
int permute_lanes(const u16* entries, const u16* words, int lanes, i32 first, i32* total, u16* ties) {
  constexpr int kVectors = 1 << (CellBits - 5);
  __m512i table[kVectors];
  for (int i = 0; i < kVectors; ++i) table[i] = _mm512_loadu_si512(entries + 32 * i);
  const __m512i cells = _mm512_set1_epi16((1 << CellBits) - 1);
  const __m512i compared = _mm512_set1_epi16(static_cast<short>(-(1 << CellBits)));
  const __m512i offset = _mm512_set1_epi32(first);
  int tie_count = 0, lane = 0;
  for (; lane + 32 <= lanes; lane += 32) {
    const __m512i word = _mm512_loadu_si512(words + lane);
    const __m512i entry = permute<CellBits>(table, word);
    const __mmask32 own = _mm512_cmplt_epu16_mask(word, _mm512_and_si512(entry, compared));
    const __m512i outcome = _mm512_and_si512(_mm512_mask_blend_epi16(own, entry, word), cells);
    for (int half = 0; half < 2; ++half) {
      const __m256i narrow =
          half == 0 ? _mm512_castsi512_si256(outcome) : _mm512_extracti64x4_epi64(outcome, 1);
      i32* out = total + lane + 16 * half;
      const __m512i sum = _mm512_add_epi32(_mm512_cvtepu16_epi32(narrow), offset);
      _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_loadu_si512(out), sum));
    }
    __mmask32 tied = _mm512_testn_epi16_mask(_mm512_xor_si512(word, entry), compared);
    for (; tied != 0; tied &= tied - 1) ties[tie_count++] = static_cast<u16>(lane + __builtin_ctz(tied));
  }
  return look_up(entries, CellBits, words, lane, lanes, first, total, ties, tie_count);
}

/// Sixteen lanes a step, their entries gathered from memory.
int gather_lanes(const u32* entries, int cell_bits, const u32* words, int lanes, i32 first, i32* total,
                 u16* ties) {
  const __m512i cells = _mm512_set1_epi32((1 << cell_bits) - 1);
  const __m512i compared = _mm512_set1_epi32(-(1 << cell_bits));
  const __m512i offset = _mm512_set1_epi32(first);
  int tie_count = 0, lane = 0;
  for (; lane + 16 <= lanes; lane += 16) {
    const __m512i word = _mm512_loadu_si512(words + lane);
    const __m512i entry = _mm512_i32gather_epi32(_mm512_and_si512(word, cells), entries, 4);
    const __mmask16 own = _mm512_cmplt_epu32_mask(word, _mm512_and_si512(entry, compared));
    const __m512i outcome = _mm512_and_si512(_mm512_mask_blend_epi32(own, entry, word), cells);
    const __m512i sum = _mm512_add_epi32(_mm512_loadu_si512(total + lane), _mm512_add_epi32(outcome, offset));
    _mm512_storeu_si512(total + lane, sum);
    u32 tied = _mm512_testn_epi32_mask(_mm512_xor_si512(word, entry), compared);
    for (; tied != 0; tied &= tied - 1) ties[tie_count++] = static_cast<u16>(lane + __builtin_ctz(tied));
  }
  return look_up(entries, cell_bits, words, lane, lanes, first, total, ties, tie_count);
}

#endif

}  // namespace

int add_alias_portable(const u16* entries, int cell_bits, const u16* words, int lanes, i32 first, i32* total,
                       u16* ties) {
  return look_up(entries, cell_bits, words, 0, lanes, first, total, ties, 0);
}

int add_alias_portable(const u32* entries, int cell_bits, const u32* words, int lanes, i32 first, i32* total,
                       u16* ties) {
  return look_up(entries, cell_bits, words, 0, lanes, first, total, ties, 0);
}

int add_alias(const u16* entries, int cell_bits, const u16* words, int lanes, i32 first, i32* total,
              u16* ties) {
#if defined(__AVX512BW__)
  if (cell_bits == 7) return permute_lanes<7>(entries, words, lanes, first, total, ties);
  if (cell_bits == 8) return permute_lanes<8>(entries, words, lanes, first, total, ties);
  if (cell_bits == 9) return permute_lanes<9>(entries, words, lanes, first, total, ties);
#endif
  return add_alias_portable(entries, cell_bits, words, lanes, first, total, ties);
}

int add_alias(const u32* entries, int cell_bits, const u32* words, int lanes, i32 first, i32* total,
              u16* ties) {
#if defined(__AVX512BW__)
  return gather_lanes(entries, cell_bits, words, lanes, first, total, ties);
#else
  return add_alias_portable(entries, cell_bits, words, lanes, first, total, ties);
#endif
}

}  // namespace windtunnel
