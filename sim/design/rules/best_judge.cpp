#include "best_judge.hpp"

#include <algorithm>
#include <cmath>

#include "windtunnel/core/math.hpp"
#include "windtunnel/design/interval.hpp"

namespace windtunnel {

namespace {

/// Whether every lane of a row has `planned` users.
bool all_equal(const i32* __restrict users, i32 planned, int lanes) {
  i32 difference = 0;
  for (int l = 0; l < lanes; ++l) difference |= users[l] ^ planned;
  return difference == 0;
}

/// Successes as the tables count them: where less is better, failures.
struct Counted {
  i32 offset, sign;

  i32 operator()(i32 successes) const { return offset + sign * successes; }
};

void look_up(const BetaThresholds& table, bool mirrored, i32 worse, const i32* __restrict control_successes,
             const i32* __restrict treatment_successes, const double* __restrict variance,
             i32* __restrict calls, int lanes) {
  const Counted control{mirrored ? table.control_users : 0, mirrored ? -1 : 1};
  const Counted treatment{mirrored ? table.treatment_users : 0, control.sign};
  const i32* __restrict better_from = table.better_from.data();
  const i32* __restrict worse_below = table.worse_below.data();
  for (int l = 0; l < lanes; ++l) {
    const i32 c = control(control_successes[l]), t = treatment(treatment_successes[l]);
    const i32 call_worse = t < worse_below[c] ? worse : i32{kGoOn};
    const i32 call = t >= better_from[c] ? i32{kReject} : call_worse;
    calls[l] = variance[l] > 0 ? call : i32{kGoOn};
  }
}

}  // namespace

NormalPosterior NormalBelief::posterior(const Observed& observed, int arm, int lane) const {
  const double n = observed.users.row(arm)[lane], squares = observed.deviations.row(arm)[lane];
  if (!(n >= 2 && squares > 0)) return {prior_mean, 0};
  const double mean = direction * observed.sum.row(arm)[lane] / n;
  const double from_data = n * (n - 1) / squares, from_prior = 1 / (prior_sd * prior_sd);
  const double precision = from_data + from_prior;
  return {(from_data * mean + from_prior * prior_mean) / precision, std::sqrt(1 / precision)};
}

template <class Belief>
BestJudge<Belief>::BestJudge(const Belief& belief, const BestCriterion& criterion,
                             std::span<const BetaThresholds> tables, int arms,
                             const DefaultInterval* interval)
    : belief_(belief),
      criterion_(criterion),
      tables_(tables),
      interval_(interval),
      posteriors_(static_cast<std::size_t>(arms)),
      probabilities_(posteriors_.size()),
      means_(posteriors_.size()),
      order_(posteriors_.size()) {}

template <class Belief>
void BestJudge<Belief>::look(int k, const Evidence& evidence, const Sight& sight, Calls& calls) {
  for (int panel = 0; panel < sight.panels(); ++panel) {
    const Observed& seen = sight.panel(panel);
    const int first = panel * evidence.treatments;
    if (is_tabulated(k, seen)) {
      const i32 worse = criterion_.alternative == Alternative::two_sided ? kRejectWorse : kGoOn;
      look_up(tables_[static_cast<std::size_t>(k)], evidence.direction < 0, worse, seen.successes.row(0),
              seen.successes.row(1), evidence.variance.row(first), calls.row(first), seen.lanes);
      continue;
    }
    for (int h = first; h < first + evidence.treatments; ++h) std::ranges::fill(calls.span(h), kGoOn);
    for (int lane = 0; lane < seen.lanes; ++lane) judge_lane(lane, first, evidence, seen, calls);
  }
}

/// Whether all lanes have the users that the look's table is made for.
template <class Belief>
bool BestJudge<Belief>::is_tabulated(int k, const Observed& seen) const {
  if (tables_.empty()) return false;
  const BetaThresholds& table = tables_[static_cast<std::size_t>(k)];
  return all_equal(seen.users.row(0), table.control_users, seen.lanes) &&
         all_equal(seen.users.row(1), table.treatment_users, seen.lanes);
}

/// Judges the treatments of one panel, whose hypotheses begin with `first`.
template <class Belief>
void BestJudge<Belief>::judge_lane(int lane, int first, const Evidence& evidence, const Observed& seen,
                                   Calls& calls) {
  const int end = first + evidence.treatments;
  bool evident = false;
  for (int h = first; h < end; ++h) evident = evident || evidence.variance.row(h)[lane] > 0;
  if (!evident) return;
  for (int a = 0; a < seen.arms; ++a) {
    const auto posterior = belief_.posterior(seen, a, lane);
    if (!Belief::is_known(posterior)) return;
    posteriors_[static_cast<std::size_t>(a)] = posterior;
  }
  const int best = best_arm();
  for (int h = first; h < end; ++h) {
    if (!(evidence.variance.row(h)[lane] > 0)) continue;
    if (best == evidence.arm(h)) calls.row(h)[lane] = kReject;
    if (best == 0 && criterion_.alternative == Alternative::two_sided) calls.row(h)[lane] = kRejectWorse;
  }
}

/// The arm whose probability of being the best exceeds the threshold; -1 if none does.
template <class Belief>
int BestJudge<Belief>::best_arm() {
  const double c = criterion_.threshold;
  if (posteriors_.size() == 2) {
    const double p = probability_better(posteriors_[1], posteriors_[0]);
    const int control_or_none = 1 - p > c ? 0 : -1;
    return p > c ? 1 : control_or_none;
  }
  if (const std::optional<int> settled = settle_by_comparisons()) return *settled;
  probability_best(posteriors_, probabilities_);
  const auto best = std::max_element(probabilities_.begin(), probabilities_.end());
  return *best > c ? static_cast<int>(best - probabilities_.begin()) : -1;
}

/// What comparing the leader with the others, two by two, settles at a fraction of the price of an integral.
///
/// No arm is best more probably than it beats the leader. A difference of independent log-concave variables
/// is log-concave, and such a variable exceeds its mean with probability 1 - 1/e = .632 at most (Grunbaum
/// 1960): above that threshold only the leader can be called. It is not called if one of the others is beaten
/// too rarely; it is if the probabilities of not beating the others add up to little enough (Boole).
template <class Belief>
std::optional<int> BestJudge<Belief>::settle_by_comparisons() {
  constexpr double kRounding = 1e-9;  // far above the error of a sum of comparisons
  const double c = criterion_.threshold;
  if (c < 0.633 || !std::all_of(posteriors_.begin(), posteriors_.end(), Belief::is_log_concave)) return {};
  for (std::size_t a = 0; a < posteriors_.size(); ++a) {
    order_[a] = a;
    means_[a] = Belief::moments(posteriors_[a]).mean;
  }
  std::sort(order_.begin(), order_.end(),
            [&](std::size_t a, std::size_t b) { return means_[a] > means_[b]; });
  double at_least = 1;  // P(leader is best)
  for (std::size_t i = 1; i < order_.size(); ++i) {
    const double beats = probability_better(posteriors_[order_[0]], posteriors_[order_[i]]);
    if (!(beats > c)) return -1;
    at_least -= 1 - beats;
  }
  if (at_least > c + kRounding) return static_cast<int>(order_[0]);
  return {};
}

template <class Belief>
void BestJudge<Belief>::report(int, const Evidence& evidence, const Sight& sight, const EndedLanes& ended,
                               const i32* hypothesis, Table<double>& estimates) const {
  if (interval_ != nullptr) return interval_->report(evidence, sight, ended, hypothesis, estimates);
  const double z = -math::normal_quantile(0.025);
  ended.one_by_one([&](int lane) {
    const int h = hypothesis[lane];
    const Observed& seen = sight.panel(evidence.panel(h));
    Estimate estimate = without_interval(evidence.estimate(h, lane));
    const auto control = belief_.posterior(seen, 0, lane),
               treatment = belief_.posterior(seen, evidence.arm(h), lane);
    if (evidence.variance.row(h)[lane] > 0 && Belief::is_known(control) && Belief::is_known(treatment)) {
      const BeliefMoments c = Belief::moments(control), t = Belief::moments(treatment);
      const double centre = evidence.direction * (t.mean - c.mean),
                   half = z * std::sqrt(c.variance + t.variance);
      estimate.low = centre - half;
      estimate.high = centre + half;
    }
    write_estimate(estimate, lane, estimates);
  });
}

template class BestJudge<BetaBelief>;
template class BestJudge<NormalBelief>;

}  // namespace windtunnel
