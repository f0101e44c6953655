#include "windtunnel/world/outcomes/empirical.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "drawn_users.hpp"

namespace windtunnel {

namespace {

constexpr double kLargestValue = 1e15;  // beyond, the tallies' grid has no digits left for the others

/// Inversion of the sample's distribution function: a guide finds a value near, a few steps the right one.
class EmpiricalLaw {
 public:
  static constexpr u32 kDraws = 2;

  explicit EmpiricalLaw(const SampleFile& sample) : values_(sample.values), mean_(sample.mean()) {
    double total = 0;
    for (const i64 count : sample.counts) upper_.push_back(total += static_cast<double>(count));
    for (double& upper : upper_) upper /= total;
    const std::size_t cells = upper_.size();
    for (std::size_t cell = 0, at = 0; cell < cells; ++cell) {
      while (upper_[at] <= static_cast<double>(cell) / static_cast<double>(cells)) ++at;
      guide_.push_back(at);
    }
    nearest_ = *std::min_element(values_.begin(), values_.end(), [&](double a, double b) {
      return std::fabs(a - mean_) < std::fabs(b - mean_);
    });
  }

  std::string method() const { return "users one by one, resampled from the file"; }

  /// A value of the sample itself: where all are equal no deviation is left, not even of rounding.
  double centre(double mean) const { return mean / mean_ * nearest_; }

  void draw(LaneSource source, Address address, const double* mean, std::span<double> values) const {
    sample_uniform(source, address, values);
    for (std::size_t l = 0; l < values.size(); ++l) values[l] = mean[l] / mean_ * value_at(values[l]);
  }

 private:
  /// The smallest value whose distribution function lies above the uniform.
  double value_at(double uniform) const {
    const auto cells = static_cast<double>(guide_.size());
    std::size_t at = guide_[std::min(guide_.size() - 1, static_cast<std::size_t>(uniform * cells))];
    while (at + 1 < values_.size() && upper_[at] <= uniform) ++at;
    return values_[at];
  }

  std::vector<double> values_, upper_;  // [value] distribution function
  std::vector<std::size_t> guide_;      // [cell] first value that a uniform of the cell can mean
  double mean_, nearest_;
};

}  // namespace

void Empirical::describe(Fields& fields) {
  fields.sample(
      "file", "column", sample_,
      {"CSV file beside the scenario; its first line names the columns", "", About::Need::required});
  if (sample_.values.empty()) return;
  const double mean = sample_.mean();
  if (std::max(std::fabs(sample_.values.front()), std::fabs(sample_.values.back())) > kLargestValue)
    fields.refuse("file", "holds values beyond 1e15");
  else if (mean == 0)
    fields.refuse("file", "has the mean 0, which no lift can change: lifts multiply the values");
  mean_ = {Distribution::point(mean)};
}

Range Empirical::legal_means() const {
  if (sample_.mean() > 0) return kNotNegative;
  return {-std::numeric_limits<double>::infinity(), 0};
}

Range Empirical::summable_means() const {
  const double most = std::fabs(sample_.mean()) * (kLargestValue / largest(sample_.mean()));
  return {-most, most};
}

double Empirical::largest(double mean) const {
  const double most = std::max(std::fabs(sample_.values.front()), std::fabs(sample_.values.back()));
  return std::fabs(mean / sample_.mean()) * most;
}

std::function<double(double)> Empirical::distribution(double mean) const {
  std::vector<double> upper;  // [value] distribution function
  double total = 0;
  for (const i64 count : sample_.counts) upper.push_back(total += static_cast<double>(count));
  return [factor = mean / sample_.mean(), values = sample_.values, upper](double x) {
    const auto above =
        std::partition_point(values.begin(), values.end(), [&](double value) { return factor * value <= x; });
    const auto at = above - values.begin();
    return at > 0 ? upper[static_cast<std::size_t>(at - 1)] / upper.back() : 0.0;
  };
}

/// Of the file: no lift turns the values' order, so it is that at every mean.
double Empirical::variance(double mean) const {
  const double factor = mean / sample_.mean();
  return factor * factor * sample_.central_moment(2);
}

double Empirical::skewness(double mean) const {
  const double variance = sample_.central_moment(2);
  return mean != 0 && variance > 0 ? sample_.central_moment(3) / (variance * std::sqrt(variance)) : 0;
}

std::unique_ptr<const OutcomeModel> Empirical::plan(const std::vector<SharedBatch>&, Channels) const {
  return std::make_unique<EveryUserModel<EmpiricalLaw>>(EmpiricalLaw(sample_));
}

}  // namespace windtunnel
