#pragma once

namespace windtunnel {

/// What an analysis estimates of a treatment against control.
struct Estimand {
  enum class Kind {
    means,      ///< difference of the means
    quantiles,  ///< difference of the p-quantiles
    ranks,      ///< P(Y1 > Y0) + P(Y1 = Y0)/2 - 1/2, of a user of either arm
  };

  static constexpr double kLargestShare = 0.5;  ///< of ranks, in either direction

  Kind kind = Kind::means;
  double p = 0.5;  ///< of the quantiles

  /// Whether it is a difference of outcomes, on their scale; else it is a share of pairs of users.
  bool is_of_outcomes() const { return kind != Kind::ranks; }

  bool operator==(const Estimand&) const = default;
};

}  // namespace windtunnel
