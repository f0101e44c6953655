#pragma once

/// Catch2 of either generation: v2 has one header and a global Approx, v3 splits the headers and keeps Approx
/// in its namespace.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif

/// Whether memory errors and races are looked for, not laws.
#ifdef WINDTUNNEL_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
