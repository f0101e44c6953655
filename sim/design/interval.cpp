#include "windtunnel/design/interval.hpp"

#include <cmath>
#include <limits>

#include "windtunnel/core/math.hpp"

namespace windtunnel {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A column of one row per arm or hypothesis, read where the row differs between lanes.
template <class T>
struct Rows {
  const T* first;
  int stride;

  explicit Rows(const Table<T>& table) : first(table.row(0)), stride(static_cast<int>(table.stride())) {}

  T at(int row, int lane) const { return first[row * stride + lane]; }
};

/// Variance of an arm's mean, pq/n for counts; NaN without users.
struct CountedMean {
  static constexpr int kLeastUsers = 1;
  Rows<i32> users, successes;

  double variance(int arm, int lane) const {
    const double n = users.at(arm, lane), s = successes.at(arm, lane);
    return s * (n - s) / (n * n * n);
  }
};

/// Variance of an arm's mean, s^2/n; NaN or infinite below two users.
struct SummedMean {
  static constexpr int kLeastUsers = 2;
  Rows<i32> users;
  Rows<double> deviations;

  double variance(int arm, int lane) const {
    const double n = users.at(arm, lane);
    return deviations.at(arm, lane) / ((n - 1) * n);
  }
};

/// The analysis's own variance of the difference.
struct OwnVariance {
  Rows<double> own;

  double at(int hypothesis, int lane) const { return own.at(hypothesis, lane); }
};

/// The unpooled variance of the difference, where both arms have the users it takes; else the analysis's own.
/// Hypotheses are treatments here: hypothesis h compares arm h + 1 with control.
template <class Mean>
struct Unpooled {
  Mean mean;
  OwnVariance own;

  double at(int hypothesis, int lane) const {
    const int arm = hypothesis + 1;
    const double unpooled = mean.variance(0, lane) + mean.variance(arm, lane);
    const i32 control = mean.users.at(0, lane), treatment = mean.users.at(arm, lane);
    const i32 fewest = control < treatment ? control : treatment;
    const double otherwise = own.at(hypothesis, lane);
    return fewest >= Mean::kLeastUsers ? unpooled : otherwise;
  }
};

/// The hypothesis of a lane, and its margin.
struct OwnHypothesis {
  const i32* hypothesis;
  const double* margins;

  int at(int lane) const { return hypothesis[lane]; }
  double margin(int row) const { return margins[row]; }
};

/// The only one there is: vectors have to know.
struct OnlyHypothesis {
  double only_margin;

  int at(int) const { return 0; }
  double margin(int) const { return only_margin; }
};

template <class Variance, class Hypothesis>
void report_with(const Variance variance, const Hypothesis hypothesis, double z, const Evidence& evidence,
                 const EndedLanes& ended, Table<double>& estimates) {
  const Rows<double> excess(evidence.excess), own(evidence.variance);
  const double direction = evidence.direction;
  double *value = estimates.row(0), *low = estimates.row(1), *high = estimates.row(2);
  ended.each([=](int l, auto put) {
    const int h = hypothesis.at(l);
    const double estimate = direction * excess.at(h, l) + hypothesis.margin(h);
    const double half = z * std::sqrt(variance.at(h, l));
    const bool known = own.at(h, l) > 0;
    put(value[l], estimate);
    put(low[l], known ? estimate - half : kInfinity);
    put(high[l], known ? estimate + half : -kInfinity);
  });
}

/// Intervals of the analysis itself.
void report_own(const Evidence& evidence, const EndedLanes& ended, const i32* hypothesis,
                Table<double>& estimates) {
  ended.one_by_one([&](int lane) {
    const int h = hypothesis[lane];
    const bool known = evidence.variance.row(h)[lane] > 0;
    Estimate estimate = without_interval(evidence.estimate(h, lane));
    if (known) estimate = {estimate.value, evidence.low.row(h)[lane], evidence.high.row(h)[lane]};
    write_estimate(estimate, lane, estimates);
  });
}

}  // namespace

Estimate without_interval(double value) {
  return {value, kInfinity, -kInfinity};
}

DefaultInterval::DefaultInterval(double alpha, Channels offers)
    : z_(-math::normal_quantile(alpha / 2)), offers_(offers) {}

DefaultInterval::DefaultInterval(double alpha, const Setting& setting)
    : DefaultInterval(alpha, setting.estimand.kind == Estimand::Kind::means ? setting.offers : Channels{}) {}

void DefaultInterval::report(const Evidence& evidence, const Sight& sight, const EndedLanes& ended,
                             const i32* hypothesis, Table<double>& estimates) const {
  const Observed& observed = sight.panel(0);
  const OwnVariance own{Rows(evidence.variance)};
  const Rows<i32> users(observed.users);
  const auto with = [&](const auto variance) {
    if (evidence.hypotheses == 1)
      report_with(variance, OnlyHypothesis{evidence.margin.front()}, z_, evidence, ended, estimates);
    else
      report_with(variance, OwnHypothesis{hypothesis, evidence.margin.data()}, z_, evidence, ended,
                  estimates);
  };
  if (evidence.intervals == Evidence::Intervals::own)
    return report_own(evidence, ended, hypothesis, estimates);
  // An arm's totals belong to no one hypothesis of several panels, and are not all that an analysis of parts
  // or of single steps weighs.
  const bool in_parts = offers_.has(Channel::segments) || offers_.has(Channel::requests) ||
                        offers_.has(Channel::at_once) || offers_.has(Channel::exposures);
  if (evidence.panels() > 1 || in_parts)
    with(own);
  else if (offers_.has(Channel::successes))
    with(Unpooled<CountedMean>{{users, Rows(observed.successes)}, own});
  else if (offers_.has(Channel::deviations))
    with(Unpooled<SummedMean>{{users, Rows(observed.deviations)}, own});
  else
    with(own);
}

}  // namespace windtunnel
