#pragma once

#include <array>
#include <cstddef>

#include "windtunnel/core/random.hpp"

/// The bulk generator behind `Random`: whole blocks of sixty-four words, one kernel an instruction set.
namespace windtunnel {

/// Sixteen Philox groups make one block of sixty-four words.
inline constexpr int kBlockWords = 64;
inline constexpr std::size_t kBlockBytes = kBlockWords * sizeof(u32);

/// Writes the words of replications 64 * first_block ... 64 * (first_block + blocks) - 1 at one address.
///   key      the two words `Random` derives from seed and purpose
///   out      64 * blocks words, lowest replication first; any alignment
/// Takes the widest instructions of the build: AVX-512F, AVX2, SSE4.1, else the portable kernel below.
void philox_blocks(std::array<u32, 2> key, u64 first_block, Address address, int blocks, std::byte* out);

/// The same bytes by one scalar Philox a group: the reference the kernels are tested against.
void philox_blocks_portable(std::array<u32, 2> key, u64 first_block, Address address, int blocks,
                            std::byte* out);

/// Runs of consecutive Philox blocks, each from a counter of its own: how many are worked on side by side.
inline constexpr int kRunCounters = 16;

/// Counters {word0[i], word1[i], word2[i], word3[i]}, i below kRunCounters.
struct RunCounters {
  alignas(64) u32 word0[kRunCounters];
  alignas(64) u32 word1[kRunCounters];
  alignas(64) u32 word2[kRunCounters];
  alignas(64) u32 word3[kRunCounters];
};

/// Writes `blocks` consecutive blocks of every counter: block b has the third word word2[i] + b.
///   out  word w of block b of counter i at out[(4 b + w) kRunCounters + i]
void philox_runs(std::array<u32, 2> key, const RunCounters& counters, int blocks, u32* out);

/// The same words by one scalar Philox a block.
void philox_runs_portable(std::array<u32, 2> key, const RunCounters& counters, int blocks, u32* out);

/// The instruction set `philox_blocks` was compiled for: "AVX-512", "AVX2", "SSE4.1" or "portable".
const char* philox_instruction_set();

}  // namespace windtunnel
