#pragma once

namespace windtunnel {

/// What a conjugate prior of an arm's mean is worth in observations: with n users whose outcomes sum to s the
/// posterior mean is (s + sum) / (n + users). No prior is worth nothing, and leaves the mean observed.
///   source  Diaconis & Ylvisaker (1979), Ann. Stat. 7:269, theorem 2
struct PriorWorth {
  double users = 0, sum = 0;

  double mean(double n, double s) const { return (s + sum) / (n + users); }
};

/// That of Beta(1, 1).
inline constexpr PriorWorth kUniformWorth{2, 1};

}  // namespace windtunnel
