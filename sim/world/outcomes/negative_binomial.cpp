#include "windtunnel/world/outcomes/negative_binomial.hpp"

#include <algorithm>
#include <cmath>

#include "count_law.hpp"

namespace windtunnel {

void NegativeBinomial::describe(Fields& fields) {
  fields.levels("mean", mean_, {0, kLargestCountMean},
                {"mean of an arm without a lasting effect", "", About::Need::required});
  fields.number("dispersion", dispersion_, {0.001, 1e6},
                {"how alike users are: variance mean + mean^2/dispersion", "", About::Need::required});
}

Range NegativeBinomial::legal_means() const {
  constexpr double kLongestTail = 400;  // in dispersions: tables of 20,000 values
  return {0, std::min(kLargestCountMean, kLongestTail * dispersion_)};
}

double NegativeBinomial::largest(double mean) const {
  return CountTable(mean, dispersion_).values();
}

std::function<double(double)> NegativeBinomial::distribution(double mean) const {
  return count_distribution(mean, dispersion_);
}

/// (d + 2 m) / sqrt(d m (d + m)), d = dispersion.
double NegativeBinomial::variance(double mean) const {
  return mean + mean * mean / dispersion_;
}

double NegativeBinomial::skewness(double mean) const {
  const double d = dispersion_;
  return mean > 0 ? (d + 2 * mean) / std::sqrt(d * mean * (d + mean)) : 0;
}

std::unique_ptr<const OutcomeModel> NegativeBinomial::plan(const std::vector<SharedBatch>& batches,
                                                           Channels) const {
  return std::make_unique<CountModel>(dispersion_, batches);
}

}  // namespace windtunnel
