#pragma once

#include <string_view>

/// How this copy of windtunnel was built. Host facts: for `--version` and manifests, never for a result.
namespace windtunnel {

/// Version of the program, as "0.1.0".
std::string_view version();

/// Git revision the library was built from: tag or abbreviated hash, with "-dirty" when the tree held
/// changes; "unknown" when it was built outside a repository.
std::string_view git_revision();

/// Compiler and its version, as "g++ 12.2.0".
std::string_view compiler();

/// Widest vector instructions the library was compiled for, as "AVX-512 (native)".
std::string_view instruction_set();

}  // namespace windtunnel
