#pragma once

namespace windtunnel {

/// How many whole days after exposure a user's outcome becomes known: P(lag <= days + k) = 1 - (1 - q)^(k +
/// 1) with q = daily_probability.
struct Lag {
  double daily_probability = 1;  ///< q, in (0, 1]
  int days = 0;

  /// Whether any outcome is known later than at once.
  bool is_felt() const { return daily_probability < 1 || days > 0; }

  /// Whether what is left to wait for does not depend on how long one has waited.
  bool is_memoryless() const { return days == 0; }

  /// P(lag > age), `age` in days; 1 before exposure.
  double survival(int age) const;

  /// P(lag <= now | lag > before), ages in days, before < now.
  double chance(int before, int now) const;
};

}  // namespace windtunnel
