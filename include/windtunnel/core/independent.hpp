#pragma once

/// Tells g++ that no turn of the following loop reads what another one writes, where columns reach the loop
/// in ways that `__restrict` cannot follow. clang++ finds out at run time; it would complain of each such
/// loop that it leaves alone.
#if defined(__GNUC__) && !defined(__clang__)
#define WINDTUNNEL_INDEPENDENT _Pragma("GCC ivdep")
#else
#define WINDTUNNEL_INDEPENDENT
#endif
