#pragma once

#include <chrono>
#include <string>

#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// One line on standard error that says how far a run is, how fast, and how long it will take; nothing where
/// standard error is no terminal.
class ProgressLine {
 public:
  ///   done   replications that were there before
  ///   total  replications in the end
  ProgressLine(std::string name, i64 done, i64 total);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Replications since the work began, as RunnerOptions::on_progress counts: from 0 again for every piece of
  /// work.
  void update(i64 replications);

  /// Takes the line away.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  std::string name_;
  i64 before_, total_;
  i64 pieces_ = 0, piece_ = 0;  // replications of finished pieces and of the present one
  bool shown_ = false, enabled_;
  Clock::time_point start_ = Clock::now(), last_ = start_;
};

/// What the line says: the share done, the rate, the time left, and last, where there is room, the name. All
/// but the name fits into 60 columns.
///   rate  replications a second
std::string progress_text(const std::string& name, i64 done, i64 total, double rate);

/// A duration as people say it: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min".
std::string duration_text(double seconds);

}  // namespace windtunnel
