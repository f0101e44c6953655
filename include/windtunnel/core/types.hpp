#pragma once

#include <cstdint>

/// Short names for the fixed-width integers the engine counts with.
namespace windtunnel {

using i32 = std::int32_t;
using i64 = std::int64_t;
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
__extension__ typedef __int128 i128;

}  // namespace windtunnel
