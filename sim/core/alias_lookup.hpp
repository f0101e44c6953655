#pragma once

#include "windtunnel/core/types.hpp"

/// Lookups in packed alias tables over lanes. An entry has the bits of a word: threshold above, alias cell in
/// the low `cell_bits`. A lane's outcome is its own cell if its word is below the entry, else the alias.
namespace windtunnel {

/// total[l] += first + outcome of words[l], and the lanes whose compared bits equal their threshold's, which
/// were given their alias, are listed for the caller to decide.
///   entries   [2^cell_bits] for 7 <= cell_bits < bits of a word
///   lanes     at most 65,536
///   ties      room for `lanes` lane numbers, ascending
///   returns   the number of ties
int add_alias(const u16* entries, int cell_bits, const u16* words, int lanes, i32 first, i32* total,
              u16* ties);
int add_alias(const u32* entries, int cell_bits, const u32* words, int lanes, i32 first, i32* total,
              u16* ties);

/// The same by a plain loop, compiled in every build.
int add_alias_portable(const u16* entries, int cell_bits, const u16* words, int lanes, i32 first, i32* total,
                       u16* ties);
int add_alias_portable(const u32* entries, int cell_bits, const u32* words, int lanes, i32 first, i32* total,
                       u16* ties);

}  // namespace windtunnel
