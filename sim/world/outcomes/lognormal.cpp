#include "windtunnel/world/outcomes/lognormal.hpp"

#include <cmath>

#include "drawn_users.hpp"
#include "lognormal_range.hpp"
#include "windtunnel/core/lane_math.hpp"

namespace windtunnel {

namespace {

/// mean exp(log_sd Z - log_sd^2/2): a lift of the mean multiplies the value.
struct LognormalLaw {
  static constexpr u32 kDraws = 2;

  double log_sd;

  std::string method() const { return "users one by one: lognormal sums have no law of their own"; }
  double centre(double mean) const { return mean; }

  void draw(LaneSource source, Address address, const double* mean, std::span<double> values) const {
    sample_normal(source, address, values);
    scale(values.data(), mean, static_cast<int>(values.size()));
  }

 private:
  void scale(double* __restrict values, const double* __restrict mean, int lanes) const {
    const double half_variance = 0.5 * log_sd * log_sd;
    for (int l = 0; l < lanes; ++l) values[l] = mean[l] * lane_exp(log_sd * values[l] - half_variance);
  }
};

}  // namespace

void Lognormal::describe(Fields& fields) {
  describe_lognormal(fields, log_mean_, log_sd_);
  mean_ = {Distribution::point(lognormal_mean(log_mean_, log_sd_))};
}

Range Lognormal::summable_means() const {
  return summable_lognormal_means(lognormal_mean(log_mean_, log_sd_), log_mean_);
}

double Lognormal::largest(double mean) const {
  return mean * largest_lognormal(-0.5 * log_sd_ * log_sd_, log_sd_);
}

std::function<double(double)> Lognormal::distribution(double mean) const {
  return [mean, log_sd = log_sd_](double x) {
    return lognormal_cdf(x, math::log(mean) - 0.5 * log_sd * log_sd, log_sd);
  };
}

/// (e^(s^2) + 2) sqrt(e^(s^2) - 1), s = log_sd.
double Lognormal::variance(double mean) const {
  return mean * mean * math::expm1(log_sd_ * log_sd_);
}

double Lognormal::skewness(double mean) const {
  const double less_one = math::expm1(log_sd_ * log_sd_);
  return mean > 0 ? (less_one + 3) * std::sqrt(less_one) : 0;
}

std::unique_ptr<const OutcomeModel> Lognormal::plan(const std::vector<SharedBatch>&, Channels) const {
  return std::make_unique<EveryUserModel<LognormalLaw>>(LognormalLaw{log_sd_});
}

}  // namespace windtunnel
