#include "windtunnel/design/analyses/bootstrap.hpp"

#include <algorithm>
#include <cmath>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/core/number_text.hpp"
#include "windtunnel/core/samplers.hpp"
#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

constexpr int kTogether = 64;  // lanes: as many as one block of the generator fills at once
constexpr double kFewestResamples = 20, kMostResamples = 10'000;

/// Place of the draws of one resample of an arm: the count of outcomes other than 0 first, and from
/// kBinomialDraws on one word for each outcome drawn. Arms take ten bits of the row, resamples fourteen, and
/// where the draws of an address are used up the upper eight go on.
Address place_of(const Moment& moment, int arm, int resample) {
  return {static_cast<u32>(moment.step), static_cast<u32>(arm) | static_cast<u32>(resample) << 10, 0};
}

Address place_of_outcome(Address address, u32 index) {
  constexpr u32 kDraws = (1u << 18) - kBinomialDraws;
  return {address.time, address.row + (index / kDraws << 24), kBinomialDraws + index % kDraws};
}

/// Up to kTogether lanes of one arm.
struct Group {
  int lanes = 0;
  i32 users[kTogether] = {};
  double others[kTogether] = {};         // share of users whose outcome is not 0
  const double* values[kTogether] = {};  // those outcomes; of 0 and 1, nullptr
  u32 count[kTogether] = {};             // and how many there are
};

/// Users of both arms. The difference of means is taken over a common denominator, so that equal ones are
/// equal to the last bit, whatever they are made of.
struct Sizes {
  double control, treatment;

  double difference(double control_sum, double treatment_sum) const {
    return (treatment_sum * control - control_sum * treatment) / (control * treatment);
  }
};

constexpr double kNothing = 0;  // what a lane without values would draw

/// Sums of what is drawn again, `drawn[l]` of the values of each lane. An index is the upper half of the
/// product of a random word and the number of values: no index is favoured by more than that number 2^-32.
void add_drawn(const Group& group, LaneSource source, Address address, const i32* drawn, double* sum) {
  const i32 most = *std::max_element(drawn, drawn + group.lanes);
  u32 words[kTogether];
  for (i32 i = 0; i < most; ++i) {
    source.random->fill(source.first_replication, place_of_outcome(address, static_cast<u32>(i)),
                        {words, static_cast<std::size_t>(group.lanes)});
    for (int l = 0; l < group.lanes; ++l) {
      const u64 index = u64{words[l]} * group.count[l] >> 32;
      const double value = group.values[l][index];
      sum[l] += i < drawn[l] ? value : 0.0;
    }
  }
}

class BootstrapEvaluator final : public Evaluator {
 public:
  BootstrapEvaluator(i64 resamples, i64 outside, const Setting& setting)
      : random_(setting.seed, Purpose::resampling),
        resamples_(static_cast<int>(resamples)),
        outside_(outside),
        weighs_variance_(setting.weighs_variance),
        binary_(setting.binary()) {}

  double passes() const override { return resamples_; }

  void weigh(const Observed& observed, Evidence& evidence) const override {
    Table<double> control(resamples_, kTogether), treatment(resamples_, kTogether);  // sums [resample][lane]
    std::vector<double> differences(static_cast<std::size_t>(resamples_));
    for (int first = 0; first < evidence.lanes; first += kTogether) {
      const int lanes = std::min(kTogether, evidence.lanes - first);
      resample(group_of(observed, 0, first, lanes), 0, first, evidence.moment, control);
      for (int h = 0; h < evidence.hypotheses; ++h) {
        resample(group_of(observed, h + 1, first, lanes), h + 1, first, evidence.moment, treatment);
        for (int l = 0; l < lanes; ++l) {
          const Sizes users = sizes(observed, h, first + l);
          for (int b = 0; b < resamples_; ++b)
            differences[static_cast<std::size_t>(b)] =
                users.difference(control.row(b)[l], treatment.row(b)[l]);
          weigh_lane(observed, users, h, first + l, differences, evidence);
        }
      }
    }
  }

 private:
  Group group_of(const Observed& observed, int arm, int first, int lanes) const {
    Group group;
    group.lanes = lanes;
    for (int l = 0; l < lanes; ++l) {
      group.users[l] = observed.users.row(arm)[first + l];
      const std::size_t kept = binary_ ? 0 : observed.values.at(arm, first + l).size();
      group.count[l] = static_cast<u32>(kept);
      group.values[l] = kept > 0 ? observed.values.at(arm, first + l).data() : &kNothing;
      const double others = binary_ ? observed.successes.row(arm)[first + l] : static_cast<double>(kept);
      group.others[l] = group.users[l] > 0 ? others / group.users[l] : 0;
    }
    return group;
  }

  /// Sums of all resamples of an arm.
  void resample(const Group& group, int arm, int first, const Moment& moment, Table<double>& sums) const {
    const LaneSource source{&random_, moment.first_replication + static_cast<u64>(first)};
    const auto size = static_cast<std::size_t>(group.lanes);
    i32 drawn[kTogether];
    for (int b = 0; b < resamples_; ++b) {
      const Address address = place_of(moment, arm, b);
      sample_binomial(source, address, {group.users, size}, {group.others, size}, {drawn, size});
      double* sum = sums.row(b);
      std::fill_n(sum, group.lanes, 0.0);
      if (binary_)
        std::copy_n(drawn, group.lanes, sum);
      else
        add_drawn(group, source, address, drawn, sum);
    }
  }

  static Sizes sizes(const Observed& observed, int h, int lane) {
    const double control = observed.users.row(0)[lane], treatment = observed.users.row(h + 1)[lane];
    return {control, treatment};
  }

  double total(const Observed& observed, int arm, int lane) const {
    return binary_ ? observed.successes.row(arm)[lane] : observed.sum.row(arm)[lane];
  }

  void weigh_lane(const Observed& observed, const Sizes& users, int h, int lane,
                  std::vector<double>& differences, Evidence& evidence) const {
    double& excess = evidence.excess.row(h)[lane];
    double& variance = evidence.variance.row(h)[lane];
    excess = variance = 0;
    if (users.control == 0 || users.treatment == 0) return;
    const double margin = evidence.margin[static_cast<std::size_t>(h)];
    const double estimate = users.difference(total(observed, 0, lane), total(observed, h + 1, lane));
    excess = evidence.direction * (estimate - margin);
    variance = weighs_variance_ ? spread(differences) : variance_for(estimate - margin, margin, differences);
    const auto low = differences.begin() + (outside_ - 1), high = differences.end() - outside_;
    std::nth_element(differences.begin(), low, differences.end());
    evidence.low.row(h)[lane] = *low;
    std::nth_element(differences.begin(), high, differences.end());
    evidence.high.row(h)[lane] = *high;
  }

  /// The variance of the differences.
  ///   source  Efron (1979), Ann. Statist. 7:1
  static double spread(const std::vector<double>& differences) {
    const double count = static_cast<double>(differences.size());
    const double first = differences.front();  // equal differences have none, to the last bit
    double sum = 0, squares = 0;
    for (const double difference : differences) sum += difference - first;
    const double mean = first + sum / count;
    for (const double difference : differences) squares += (difference - mean) * (difference - mean);
    return squares / (count - 1);
  }

  /// The variance that makes a z of the share of differences on the far side of the margin. Where most lie
  /// there the z is 0 but for the sign that rules see.
  double variance_for(double excess, double margin, const std::vector<double>& differences) const {
    constexpr double kNoEvidence = 1e-6;
    constexpr double kRounding = 1e-9;  // a share of exactly a rule's level reaches its critical value
    const auto [least, most] = std::minmax_element(differences.begin(), differences.end());
    if (*least == *most) return 0;  // nothing to resample
    const auto beyond = std::count_if(differences.begin(), differences.end(), [&](double difference) {
      return excess > 0 ? difference <= margin : difference >= margin;
    });
    const double share = static_cast<double>(1 + beyond) / (resamples_ + 1) * (1 - kRounding);
    const double z = std::max(-math::normal_quantile(share), kNoEvidence);
    const double error = std::max(std::fabs(excess), kNoEvidence * (*most - *least)) / z;
    return error * error;
  }

  Random random_;
  int resamples_;
  i64 outside_;  // k: the interval ends at the k-th difference from either side
  bool weighs_variance_;
  bool binary_;
};

}  // namespace

void Bootstrap::describe(Fields& fields) {
  fields.integer("resamples", resamples_, {kFewestResamples, kMostResamples},
                 {"how often the users are drawn again", "resamples"});
}

Channels Bootstrap::needs(Channels offered) const {
  if (offered.has(Channel::successes)) return difference_channels(offered);
  return difference_channels(offered) | Channels{Channel::values};
}

std::unique_ptr<const Evaluator> Bootstrap::open(const Setting& setting) const {
  const double alpha = std::min(setting.alpha, setting.least_alpha);
  if (std::floor((static_cast<double>(resamples_) + 1) * (alpha / 2) + 1e-9) < 1)
    throw InputError("/test/resamples", std::to_string(resamples_) +
                                            " resamples do not reach the ends of an interval of level " +
                                            number_text(1 - alpha) + " (needs at least " +
                                            number_text(std::ceil(2 / alpha - 1 - 1e-9)) + ")");
  const double outside = std::floor((static_cast<double>(resamples_) + 1) * (setting.alpha / 2) + 1e-9);
  return std::make_unique<BootstrapEvaluator>(resamples_, static_cast<i64>(outside), setting);
}

}  // namespace windtunnel
