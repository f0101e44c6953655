#include "freed_memory.hpp"

#include <cstdlib>  // which says whether this is glibc

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace windtunnel {

void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kLargest = 32 << 20;  // more than blocks may take, and the most that glibc takes here
  mallopt(M_MMAP_THRESHOLD, kLargest);
  mallopt(M_TRIM_THRESHOLD, 2 * kLargest);
#endif
}

}  // namespace windtunnel
