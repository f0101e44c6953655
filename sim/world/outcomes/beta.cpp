#include "windtunnel/world/outcomes/beta.hpp"

#include <algorithm>
#include <cmath>

#include "drawn_users.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {

namespace {

struct BetaLaw {
  static constexpr u32 kDraws = 2 * kShortGammaDraws;

  double concentration;

  std::string method() const { return "users one by one: sums of scores have no law of their own"; }
  double centre(double mean) const { return mean; }

  void draw(LaneSource source, Address address, const double* mean, std::span<double> values) const {
    double a[kGroupLanes], b[kGroupLanes];
    for (std::size_t l = 0; l < values.size(); ++l) {
      a[l] = mean[l] * concentration;
      b[l] = (1.0 - mean[l]) * concentration;
    }
    sample_beta(source, address, {a, values.size()}, {b, values.size()}, values);
  }
};

}  // namespace

void Beta::describe(Fields& fields) {
  fields.levels("mean", mean_, kOpenProbability,
                {"mean of an arm without a lasting effect", "", About::Need::required});
  fields.number("concentration", concentration_, {0.01, 1e9},
                {"how closely scores lie around the mean: variance mean (1 - mean) / (concentration + 1)", "",
                 About::Need::required});
}

std::function<double(double)> Beta::distribution(double mean) const {
  return [a = mean * concentration_, b = (1 - mean) * concentration_](double x) {
    return x > 0 ? math::incomplete_beta(a, b, std::min(1.0, x)) : 0.0;
  };
}

/// 2 (b - a) sqrt(a + b + 1) / ((a + b + 2) sqrt(a b)).
double Beta::variance(double mean) const {
  return mean * (1 - mean) / (1 + concentration_);
}

double Beta::skewness(double mean) const {
  const double c = concentration_;
  return 2 * (1 - 2 * mean) * std::sqrt(c + 1) / ((c + 2) * std::sqrt(mean * (1 - mean)));
}

std::unique_ptr<const OutcomeModel> Beta::plan(const std::vector<SharedBatch>&, Channels) const {
  return std::make_unique<EveryUserModel<BetaLaw>>(BetaLaw{concentration_});
}

}  // namespace windtunnel
