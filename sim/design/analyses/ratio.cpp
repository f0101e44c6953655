#include "windtunnel/design/analyses/ratio.hpp"

#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

/// A mean per request, and its variance; no evidence without requests, or with fewer than two users.
struct Mean {
  double value, variance;
  bool is_seen, is_known;
};

class RatioEvaluator final : public Evaluator {
 public:
  explicit RatioEvaluator(const Setting& setting)
      : binary_(setting.binary()), of_users_(UnpooledVariance{}, setting) {}

  void weigh(const Observed& observed, Evidence& evidence) const override {
    if (observed.owners.rows() == 0) return of_users_.weigh(observed, evidence);
    for (int h = 0; h < evidence.hypotheses; ++h) {
      double *excess = evidence.excess.row(h), *variance = evidence.variance.row(h);
      const double margin = evidence.margin[static_cast<std::size_t>(h)];
      for (int l = 0; l < evidence.lanes; ++l) {
        const Mean control = mean_of(observed, 0, l), treatment = mean_of(observed, h + 1, l);
        const bool is_seen = control.is_seen && treatment.is_seen;
        excess[l] = is_seen ? evidence.direction * (treatment.value - control.value - margin) : 0;
        variance[l] = control.is_known && treatment.is_known ? control.variance + treatment.variance : 0;
      }
    }
  }

 private:
  Mean mean_of(const Observed& requests, int arm, int lane) const {
    const double count = requests.users.row(arm)[lane], users = requests.owners.row(arm)[lane];
    const double total = binary_ ? requests.successes.row(arm)[lane] : requests.sum.row(arm)[lane];
    const double ratio = count > 0 ? total / count : 0;
    const double spread = requests.owner_spread(arm, lane, ratio);
    const bool is_known = users >= 2;
    return {ratio, is_known ? users / (users - 1) * (spread / (count * count)) : 0, count > 0, is_known};
  }

  bool binary_;
  TwoSampleEvaluator<UnpooledVariance> of_users_;
};

}  // namespace

Channels Ratio::needs(Channels offered) const {
  const Channels totals = two_sample_channels(offered);
  return offered.has(Channel::requests) ? totals | Channels{Channel::requests} : totals;
}

std::unique_ptr<const Evaluator> Ratio::open(const Setting& setting) const {
  return std::make_unique<RatioEvaluator>(setting);
}

}  // namespace windtunnel
