#include "windtunnel/world/outcomes/poisson.hpp"

#include <cmath>

#include "count_law.hpp"

namespace windtunnel {

void Poisson::describe(Fields& fields) {
  fields.levels("mean", mean_, legal_means(),
                {"mean of an arm without a lasting effect", "", About::Need::required});
}

Range Poisson::legal_means() const {
  return {0, kLargestCountMean};
}

double Poisson::largest(double mean) const {
  return CountTable(mean, std::nullopt).values();
}

std::function<double(double)> Poisson::distribution(double mean) const {
  return count_distribution(mean, std::nullopt);
}

double Poisson::variance(double mean) const {
  return mean;
}

double Poisson::skewness(double mean) const {
  return mean > 0 ? 1 / std::sqrt(mean) : 0;
}

std::unique_ptr<const OutcomeModel> Poisson::plan(const std::vector<SharedBatch>& batches, Channels) const {
  return std::make_unique<CountModel>(std::nullopt, batches);
}

}  // namespace windtunnel
