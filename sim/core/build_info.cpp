#include "windtunnel/core/build_info.hpp"

#include "revision.hpp"

namespace windtunnel {

std::string_view version() {
  return WINDTUNNEL_VERSION;
}

std::string_view git_revision() {
  return WINDTUNNEL_REVISION;
}

std::string_view compiler() {
#if defined(__clang__)
#define WINDTUNNEL_TEXT(number) WINDTUNNEL_TEXT_OF(number)
#define WINDTUNNEL_TEXT_OF(number) #number
  return "clang++ " WINDTUNNEL_TEXT(__clang_major__) "." WINDTUNNEL_TEXT(__clang_minor__) "." WINDTUNNEL_TEXT(
      __clang_patchlevel__);
#else
  return "g++ " __VERSION__;
#endif
}

std::string_view instruction_set() {
#if defined(__AVX512F__)
  return "AVX-512 (" WINDTUNNEL_ARCH ")";
#elif defined(__AVX2__)
  return "AVX2 (" WINDTUNNEL_ARCH ")";
#elif defined(__SSE4_2__)
  return "SSE4.2 (" WINDTUNNEL_ARCH ")";
#else
  return "baseline (" WINDTUNNEL_ARCH ")";
#endif
}

}  // namespace windtunnel
