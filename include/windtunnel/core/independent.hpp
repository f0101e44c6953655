#pragma once

/// Tells the compiler that no turn of the following loop reads what another one writes, where columns reach
/// the loop in ways that `__restrict` cannot follow.
#if defined(__clang__)
#define WINDTUNNEL_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define WINDTUNNEL_INDEPENDENT _Pragma("GCC ivdep")
#endif
