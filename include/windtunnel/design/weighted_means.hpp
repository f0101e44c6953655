#pragma once

#include <algorithm>

#include "windtunnel/design/newcomers.hpp"

/// The one loop behind every analysis that weighs users by the chance they had to get their arm: a leaf adds
/// its formula for the weight.
namespace windtunnel {

/// Totals of an arm's users, of weights w and outcomes Y.
struct WeightedTotals {
  Table<double> weights;     ///< [arm][lane] sum of w
  Table<double> sum;         ///< [arm][lane] sum of w Y
  Table<double> squares;     ///< [arm][lane] sum of w^2
  Table<double> square_sum;  ///< [arm][lane] sum of w^2 Y
  Table<double> deviations;  ///< [arm][lane] sum of w^2 (Y - square_sum/squares)^2

  void begin(int arms, int lanes) {
    for (auto table : {&WeightedTotals::weights, &WeightedTotals::sum, &WeightedTotals::squares,
                       &WeightedTotals::square_sum, &WeightedTotals::deviations})
      (this->*table).assign(arms, lanes);
  }

  void add(int arm, int lane, double weight, const ArmTotals& more) {
    const double square = weight * weight;
    double &n = squares.row(arm)[lane], &total = square_sum.row(arm)[lane];
    double& so_far = deviations.row(arm)[lane];
    so_far =
        merged_deviations(n, total, so_far, square * more.users, square * more.total, square * more.squares);
    n += square * more.users;
    total += square * more.total;
    weights.row(arm)[lane] += weight * more.users;
    sum.row(arm)[lane] += weight * more.total;
  }

  double mean(int arm, int lane) const { return sum.row(arm)[lane] / weights.row(arm)[lane]; }

  /// Estimated variance of the mean: sum of w^2 (Y - mean)^2 / (sum of w)^2.
  double variance_of_mean(int arm, int lane) const {
    const double all = weights.row(arm)[lane], n = squares.row(arm)[lane];
    const double off = square_sum.row(arm)[lane] / n - mean(arm, lane);
    return (deviations.row(arm)[lane] + n * off * off) / (all * all);
  }
};

/// Compares means sum(w Y)/sum(w) of the users of two arms; w = Weight::of(chance that the user gets the
/// arm).
template <class Weight>
class WeightedEvaluator final : public Evaluator {
 public:
  WeightedEvaluator(bool binary, int arms, int lanes)
      : binary_(binary), arms_(arms), newcomers_(binary, arms, lanes) {
    totals_.begin(arms, lanes);
  }

  std::unique_ptr<Evaluator> of_block(int lanes) const override {
    return std::make_unique<WeightedEvaluator>(binary_, arms_, lanes);
  }

  void follow(const Step&, const Table<double>& chances, const Observed& seen) override {
    constexpr double kLeast = 1e-12;  // an integral's chance may come out as 0
    for (int arm = 0; arm < arms_; ++arm) {
      const double* chance = chances.row(arm);
      for (int l = 0; l < seen.lanes; ++l) {
        const ArmTotals more = newcomers_.at(seen, arm, l);
        if (more.users > 0) totals_.add(arm, l, Weight::of(std::max(kLeast, chance[l])), more);
      }
    }
    newcomers_.restart(seen);
  }

  void weigh(const Observed& seen, Evidence& evidence) const override {
    const i32 least = binary_ ? 1 : 2;
    for (int h = 0; h < evidence.hypotheses; ++h) {
      double *excess = evidence.excess.row(h), *variance = evidence.variance.row(h);
      const i32 *control = seen.users.row(0), *treatment = seen.users.row(h + 1);
      const double margin = evidence.margin[static_cast<std::size_t>(h)];
      for (int l = 0; l < evidence.lanes; ++l) {
        const i32 fewest = std::min(control[l], treatment[l]);
        excess[l] = variance[l] = 0;
        if (fewest == 0) continue;
        excess[l] = evidence.direction * (totals_.mean(h + 1, l) - totals_.mean(0, l) - margin);
        if (fewest >= least)
          variance[l] = totals_.variance_of_mean(0, l) + totals_.variance_of_mean(h + 1, l);
      }
    }
  }

 private:
  bool binary_;
  int arms_;
  Newcomers newcomers_;
  WeightedTotals totals_;
};

/// Columns for such a comparison.
inline Channels weighted_channels(Channels offered) {
  return two_sample_channels(offered) | Channels{Channel::at_once};
}

}  // namespace windtunnel
