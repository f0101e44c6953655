#include "windtunnel/design/analyses/quantile.hpp"

#include <cmath>

#include "windtunnel/core/order_statistics.hpp"
#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

constexpr double kZ = 1.959964;  // of the interval whose width tells the standard error

/// A sample quantile and the variance of it; 0 where that is not known.
struct SampleQuantile {
  double value, variance;
};

/// Ranks of a quantile and of its interval among n users.
struct Ranks {
  i64 low, middle, high;
  double deviation;  ///< sqrt(n p (1 - p)), of the number of users below the quantile

  Ranks(double p, i64 users) : middle(quantile_rank(p, users)) {
    const double below = static_cast<double>(users) * p;
    deviation = std::sqrt(below * (1 - p));
    low = static_cast<i64>(std::ceil(below - kZ * deviation));
    high = static_cast<i64>(std::ceil(below + kZ * deviation));
  }
};

/// The quantile of an arm by its order statistics.
///   at  k -> the k-th smallest outcome
template <class At>
SampleQuantile quantile_of(double p, i64 users, At at) {
  const Ranks ranks(p, users);
  const double value = at(ranks.middle);
  if (ranks.low < 1 || ranks.high > users) return {value, 0};
  const double error =
      (at(ranks.high) - at(ranks.low)) * ranks.deviation / static_cast<double>(ranks.high - ranks.low);
  return {value, error * error};
}

class QuantileEvaluator final : public Evaluator {
 public:
  QuantileEvaluator(double p, bool binary) : p_(p), binary_(binary) {}

  void weigh(const Observed& observed, Evidence& evidence) const override {
    std::vector<double> values;  // of one arm and lane
    for (int l = 0; l < evidence.lanes; ++l) {
      const SampleQuantile control = of_arm(observed, 0, l, values);
      for (int h = 0; h < evidence.hypotheses; ++h) {
        const SampleQuantile treatment = of_arm(observed, h + 1, l, values);
        const bool has_users = observed.users.row(0)[l] > 0 && observed.users.row(h + 1)[l] > 0;
        const double difference =
            treatment.value - control.value - evidence.margin[static_cast<std::size_t>(h)];
        const bool is_known = control.variance > 0 && treatment.variance > 0;
        evidence.excess.row(h)[l] = has_users ? evidence.direction * difference : 0;
        evidence.variance.row(h)[l] = is_known ? control.variance + treatment.variance : 0;
      }
    }
  }

 private:
  SampleQuantile of_arm(const Observed& observed, int arm, int lane, std::vector<double>& values) const {
    const i64 users = observed.users.row(arm)[lane];
    if (users == 0) return {0, 0};
    if (binary_) {
      const i64 failures = users - observed.successes.row(arm)[lane];
      return quantile_of(p_, users, [failures](i64 k) { return k > failures ? 1.0 : 0.0; });
    }
    const std::vector<double>& kept = observed.values.at(arm, lane);
    values.assign(kept.begin(), kept.end());
    const i64 zeros = users - static_cast<i64>(kept.size());
    return quantile_of(p_, users, [&](i64 k) { return order_statistic(values, zeros, k); });
  }

  double p_;
  bool binary_;
};

}  // namespace

void Quantile::describe(Fields& fields) {
  fields.number("p", p_, kOpenProbability, {"which quantile is compared; .5 is the median"});
}

Channels Quantile::needs(Channels offered) const {
  return {Channel::users, offered.has(Channel::successes) ? Channel::successes : Channel::values};
}

std::unique_ptr<const Evaluator> Quantile::open(const Setting& setting) const {
  return std::make_unique<QuantileEvaluator>(p_, setting.binary());
}

}  // namespace windtunnel
