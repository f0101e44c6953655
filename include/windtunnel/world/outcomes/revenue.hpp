#pragma once

#include "windtunnel/world/outcome.hpp"

namespace windtunnel {

/// Revenue per user: 0 with probability 1 - payer_rate, else lognormal(log_mean, log_sd), times
/// `multiplier` for the share of payers who are whales. Mean payer_rate exp(log_mean + log_sd^2/2)
/// (1 + share (multiplier - 1)); an effect multiplies every amount, or the payer_rate (`on`).
///
/// A step of n users draws how many pay, Binomial(n, payer_rate), how many of those are whales,
/// Binomial(payers, share), and then the payers' amounts alone: the others only count.
///   source  Aitchison (1955), J. Am. Stat. Assoc. 50:901 (a positive variable with a discrete mass at 0)
class Revenue final : public Outcome {
 public:
  void describe(Fields& fields) override;
  void describe_effect(Fields& fields) override;
  bool takes_absolute_lifts() const override { return law_.on == On::conversion; }
  Channels offers() const override { return kContinuousOutcomes; }
  const std::vector<Distribution>& levels() const override { return mean_; }
  Range legal_means() const override;
  Range summable_means() const override;
  double largest(double mean) const override;
  std::function<double(double)> distribution(double mean) const override;
  double variance(double mean) const override;
  double skewness(double mean) const override;
  std::unique_ptr<const OutcomeModel> plan(const std::vector<SharedBatch>& batches,
                                           Channels wanted) const override;

  /// What a lift changes: the amounts, or how many pay.
  enum class On { amount, conversion };

  struct Law {
    double payer_rate = 0, log_mean = 0, log_sd = 1;
    double whale_share = 0, whale_multiplier = 1;  ///< whales among the payers
    On on = On::amount;
    double mean = 0;  ///< of a user without any lift

    /// Probability to pay, and the factor of all amounts, where a lift has moved the mean.
    double rate(double of_mean) const;
    double scale(double of_mean) const;
  };

 private:
  double raw_moment(double mean, double k) const;

  Law law_;
  std::vector<Distribution> mean_;
};

}  // namespace windtunnel
