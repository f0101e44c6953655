#pragma once

#include <atomic>

namespace windtunnel {

/// While one of these lives, SIGHUP, SIGINT and SIGTERM ask the program to stop instead of ending it at once.
/// A second signal, whichever of them, ends it at once. At most one lives at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Not 0 once a stop was asked for.
  const std::atomic<int>& flag() const;
  bool requested() const { return flag().load() != 0; }
};

/// SIGXFSZ ends nothing: writing beyond the limit on the sizes of files fails, and is told as any failure is.
void survive_full_files();

/// SIGPIPE ends the program without a word, even where whoever started it ignores the signal.
void die_quietly_of_broken_pipes();

}  // namespace windtunnel
