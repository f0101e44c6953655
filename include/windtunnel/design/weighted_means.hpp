#pragma once

#include <algorithm>
#include <memory>
#include <vector>

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

  /// Weighs the difference of every treatment's mean and control's.
  ///   binary  outcomes of 0 and 1
  ///   seen    tells how many users there are
  void compare(bool binary, const Observed& seen, Evidence& evidence) const {
    const i32 least = binary ? 1 : 2;
    for (int h = 0; h < evidence.hypotheses; ++h) {
      double *excess = evidence.excess.row(h), *variance = evidence.variance.row(h);
      const i32 *control = seen.users.row(0), *treatment = seen.users.row(h + 1);
      const double margin = evidence.margin[static_cast<std::size_t>(h)];
      for (int l = 0; l < evidence.lanes; ++l) {
        const i32 fewest = std::min(control[l], treatment[l]);
        excess[l] = variance[l] = 0;
        if (fewest == 0) continue;
        excess[l] = evidence.direction * (mean(h + 1, l) - mean(0, l) - margin);
        if (fewest >= least) variance[l] = variance_of_mean(0, l) + variance_of_mean(h + 1, l);
      }
    }
  }
};

/// Weight of a user who got its arm with a chance.
template <class Weight>
double weight_of(double chance) {
  constexpr double kLeast = 1e-12;  // an integral's chance may come out as 0
  return Weight::of(std::max(kLeast, chance));
}

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
    for (int arm = 0; arm < arms_; ++arm) {
      const double* chance = chances.row(arm);
      for (int l = 0; l < seen.lanes; ++l) {
        const ArmTotals more = newcomers_.at(seen, arm, l);
        if (more.users > 0) totals_.add(arm, l, weight_of<Weight>(chance[l]), more);
      }
    }
    newcomers_.restart(seen);
  }

  void weigh(const Observed& seen, Evidence& evidence) const override {
    totals_.compare(binary_, seen, evidence);
  }

 private:
  bool binary_;
  int arms_;
  Newcomers newcomers_;
  WeightedTotals totals_;
};

/// The same of users who are listed with the steps in which they came.
template <class Weight>
class ListedWeightedEvaluator final : public Evaluator {
 public:
  explicit ListedWeightedEvaluator(bool binary) : binary_(binary) {}

  std::unique_ptr<Evaluator> of_block(int) const override {
    return std::make_unique<ListedWeightedEvaluator>(binary_);
  }

  bool follows_totals() const override { return false; }

  void follow(const Step&, const Table<double>& chances, const Observed&) override {
    Table<double>& weights = weights_.emplace_back(chances.rows(), chances.lanes());
    for (int arm = 0; arm < chances.rows(); ++arm)
      for (int l = 0; l < chances.lanes(); ++l) weights.row(arm)[l] = weight_of<Weight>(chances.row(arm)[l]);
  }

  void weigh(const Observed& seen, Evidence& evidence) const override {
    WeightedTotals totals;
    totals.begin(seen.arms, seen.lanes);
    for (int arm = 0; arm < seen.arms; ++arm)
      for (int l = 0; l < seen.lanes; ++l) {
        const std::vector<double>&values = seen.values.at(arm, l), &steps = seen.exposures.at(arm, l);
        for (std::size_t user = 0; user < values.size(); ++user)
          totals.add(arm, l, weights_[static_cast<std::size_t>(steps[user])].row(arm)[l],
                     {1, values[user], 0});
      }
    totals.compare(binary_, seen, evidence);
  }

 private:
  bool binary_;
  std::vector<Table<double>> weights_;  // [step] of its users, [arm][lane]
};

/// The evaluator for the columns of followed_channels.
template <class Weight>
std::unique_ptr<const Evaluator> open_weighted(const Setting& setting) {
  if (setting.offers.has(Channel::exposures))
    return std::make_unique<ListedWeightedEvaluator<Weight>>(setting.binary());
  return std::make_unique<WeightedEvaluator<Weight>>(setting.binary(), setting.arms, 0);
}

}  // namespace windtunnel
