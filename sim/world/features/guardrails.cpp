#include "guardrails.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "windtunnel/core/math.hpp"
#include "windtunnel/core/number_text.hpp"

namespace windtunnel {

namespace {

constexpr double kUsualLevel = 0.05;

/// x |x|, which grows with x.
inline double signed_square(double x) {
  return x * std::fabs(x);
}

class GuardrailVeto final : public Veto {
 public:
  GuardrailVeto(const Guardrails& guardrails, double direction)
      : critical_(signed_square(-math::normal_quantile(*guardrails.alpha))),
        margin_(guardrails.margin),
        direction_(direction) {
    for (const double metric : guardrails.metrics) metrics_.push_back(static_cast<std::size_t>(metric) - 1);
  }

  void forbid(const Observed& observed, Table<i32>& vetoed) const override {
    for (const std::size_t metric : metrics_)
      for (int arm = 1; arm < observed.arms; ++arm)
        forbid_arm(observed.metrics[metric], arm, vetoed.row(arm - 1));
  }

 private:
  void forbid_arm(const Observed& metric, int arm, i32* __restrict vetoed) const {
    const i32 *n0 = metric.users.row(0), *n1 = metric.users.row(arm);
    const double *sum0 = metric.sum.row(0), *sum1 = metric.sum.row(arm);
    const double *squares0 = metric.deviations.row(0), *squares1 = metric.deviations.row(arm);
    for (int l = 0; l < metric.lanes; ++l) {
      const double control = n0[l], treatment = n1[l];
      const double effect = direction_ * (sum1[l] / treatment - sum0[l] / control);
      const double variance =
          squares0[l] / (control * (control - 1)) + squares1[l] / (treatment * (treatment - 1));
      const i32 evident = n0[l] >= 2 && n1[l] >= 2 && variance > 0 ? 1 : 0;
      const i32 worse = signed_square(-effect - margin_) >= critical_ * variance ? 1 : 0;
      vetoed[l] |= evident & worse;
    }
  }

  double critical_;  // signed square of the critical value
  double margin_, direction_;
  std::vector<std::size_t> metrics_;
};

}  // namespace

void Guardrails::describe(Fields& fields, int count) {
  const auto describe_keys = [this, count](Fields& keys) {
    keys.numbers(
        "metrics", metrics, {1, kMostMetrics},
        {"further metrics, counted from 1, that veto what would ship while they are worse; required"});
    keys.number("alpha", alpha, kOpenProbability,
                {"level of the one-sided test that a metric is worse (absent = 0.05)"});
    keys.number("margin", margin, kNotNegative, {"loss that is tolerated", "sd"});
    const auto is_whole = [](double x) { return x == std::floor(x); };
    if (!std::ranges::all_of(metrics, is_whole))
      keys.refuse("metrics", "are numbers of metrics, counted from 1 (needs whole numbers)");
    if (std::ranges::any_of(metrics, [count](double metric) { return metric > count; }))
      keys.refuse("metrics", "name a metric that is not there: there are " + std::to_string(count));
    for (auto metric = metrics.begin(); metric != metrics.end(); ++metric)
      if (std::find(metrics.begin(), metric, *metric) != metric)
        keys.refuse("metrics", number_text(*metric) + " is there twice");
    if (metrics.empty() && (alpha || margin > 0))
      keys.refuse("metrics", "required but missing: which of the further metrics veto");
    if (!metrics.empty() && !alpha) alpha = kUsualLevel;
  };
  fields.object("guardrails", describe_keys, {"metrics that are not tested, but veto"});
}

bool Guardrails::hold(int metric) const {
  return std::ranges::find(metrics, metric + 1.0) != metrics.end();
}

std::unique_ptr<const Veto> Guardrails::veto(double direction) const {
  return metrics.empty() ? nullptr : std::make_unique<GuardrailVeto>(*this, direction);
}

}  // namespace windtunnel
