#pragma once

#include <string>

#include "windtunnel/engine/result.hpp"

namespace windtunnel {

/// A scenario run from its text to its result, with the real registry.
struct Rehearsal {
  Scenario scenario;
  Study study;
  Progress progress;
  Result result;

  /// A measured value; throws std::logic_error when there is none or it is absent.
  ///   cell      "null", "effect" or "drawn"
  ///   strategy  its name
  Value value(const std::string& cell, const std::string& strategy, const std::string& measure,
              const std::string& at = "", int grid = 0) const;
};

Rehearsal rehearse(const std::string& scenario_text, EngineOptions engine = {}, RunnerOptions runner = {});

/// Whether a proportion or mean lies where the law puts it: |seen - expected| <= tol + 4 s, with s the error
/// at the expected value for proportions, else the Monte Carlo error. Too few replications to tell are a
/// failure: 4 s must not exceed `resolution`, or `tol` if that is larger, so that whatever is wrong by more
/// than tol + 2 resolution fails but once in 30,000 times (1 - Phi(4)).
///   resolution  0: a tenth of |expected|, so that nothing 20 % off passes
bool agrees(const Value& seen, double expected, double tol, double resolution = 0);

/// Replications a test may afford: fewer under sanitizers, where memory errors are looked for, not laws.
i64 affordable(i64 replications);

/// The same for runs that are compared value by value with another one: under sanitizers too few for that, so
/// that nothing is.
i64 comparable(i64 replications);

}  // namespace windtunnel
