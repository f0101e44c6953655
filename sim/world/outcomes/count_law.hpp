#pragma once

#include <map>
#include <memory>
#include <optional>

#include "drawn_users.hpp"

namespace windtunnel {

/// Largest mean of a count: the probability of 0 must be a normal number, and its values few enough.
inline constexpr double kLargestCountMean = 500;

/// Probabilities of the values 0, 1, 2, ... of a count, up to where less than 2^-60 is left.
///   error  relative, of every probability: below 1e-12
struct CountTable {
  std::vector<double> mass;   ///< [value]
  std::vector<double> lower;  ///< [value] P(Y < value); one more than values
  std::vector<double> upper;  ///< [value] P(Y >= value); one more than values, the last is 0

  ///   mean        0 ... kLargestCountMean
  ///   dispersion  d of the negative binomial law, variance mean + mean^2/d; without: Poisson
  CountTable(double mean, std::optional<double> dispersion);

  int values() const { return static_cast<int>(mass.size()); }
};

/// x -> P(Y <= x) of a count.
std::function<double(double)> count_distribution(double mean, std::optional<double> dispersion);

/// Users who all have a count. The users of a step are divided among the values 0, 1, 2, ... by a chain of
/// binomials, which gives sum and squares their joint law; the few in either tail, and steps with fewer users
/// than values, are drawn one by one by inversion of one uniform.
///   error   of the joint law: that of sample_binomial, relative 1e-9
///   source  Davis (1993), Comput. Statist. Data Anal. 16:205 (multinomials by conditional binomials)
class CountModel final : public OutcomeModel {
 public:
  ///   batches  whose tables are made once, as far as they are not too many
  CountModel(std::optional<double> dispersion, const std::vector<Outcome::SharedBatch>& batches);

  std::string method() const override {
    return "how many users have the value 0, 1, 2, ... by a chain of binomials per arm and step";
  }

  /// By value or by user, whichever are fewer; by user where no table was made.
  double draws(double users) const override;
  void add_batch(const Batch& batch, BatchSource source, Observed& observed) const override;
  void add_users(const Batch& batch, BatchSource source, Observed& observed) const override;

  /// The probabilities of users of a mean: made beforehand, or now.
  std::shared_ptr<const CountTable> table_of(double mean) const;

 private:
  std::optional<double> dispersion_;
  std::map<double, std::shared_ptr<const CountTable>> tables_;  // by mean
};

}  // namespace windtunnel
