#pragma once

namespace windtunnel {

/// Keeps memory that blocks of replications have freed for the next block, which takes as much: given back to
/// the system, it would have to be faulted in anew, page by page. Elsewhere than with glibc nothing happens.
void keep_freed_memory();

}  // namespace windtunnel
