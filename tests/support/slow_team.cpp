#include "support/slow_team.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace windtunnel {

namespace {

using Rule = SlowStrategy::Rule;
using Test = SlowStrategy::Test;
using Sides = SlowStrategy::Sides;
using Correction = SlowStrategy::Correction;
using End = SlowEnding::End;

double upper_tail(double z) {
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

/// z with P(Z >= z) = tail, by bisection; remembered, for there are few.
double upper_quantile(double tail) {
  static std::map<double, double> known;
  if (const auto found = known.find(tail); found != known.end()) return found->second;
  double low = -10, high = 10;
  for (int i = 0; i < 80; ++i) {
    const double middle = (low + high) / 2;
    (upper_tail(middle) > tail ? low : high) = middle;
  }
  return known[tail] = low;
}

/// Whether z is at or beyond the critical value of a tail probability; `freedom` 0: of the normal law.
bool is_beyond(double z, double freedom, double tail) {
  if (freedom == 0) return z >= upper_quantile(tail);
  using namespace boost::math;  // in doubles: nobody meets a tail to its last digits
  const students_t_distribution<double, policies::policy<policies::promote_double<false>>> law(freedom);
  return z > 0 && cdf(complement(law, z)) <= tail;
}

}  // namespace

SlowTeam::SlowTeam(const SlowStrategy& strategy, const SlowWorld& world, int arms)
    : s_(strategy),
      world_(world),
      treatments_(arms - 1),
      hypotheses_(treatments_ * (strategy.decide == SlowStrategy::Decide::primary ? 1 : 1 + world.metrics)),
      margin_(strategy.margin),
      final_(static_cast<std::size_t>(hypotheses_), Call::none),
      not_better_(final_.size(), 0),
      not_worse_(final_.size(), strategy.sides == Sides::one ? 1 : 0) {
  margin_.resize(final_.size(), 0);
}

void SlowTeam::see(i64 users, const Panels& panels, const Arms& all) {
  if (!looks_at(users)) return;
  ending_.arms = all;
  Findings findings;
  for (const Arms& arms : panels)
    for (std::size_t k = 1; k < arms.size(); ++k) findings.push_back(weigh(arms[0], arms[k]));
  const bool is_last = look_ + 1 == s_.looks.size();
  if (s_.rule == Rule::ship_leader) {
    if (is_last) end_with_leader(users, panels, findings);
  } else {
    Calls calls = judge(findings, is_last);
    if (s_.decide == SlowStrategy::Decide::all) calls = agreed(calls);
    findings.resize(calls.size());
    const auto count = [&](Call call) { return std::count(calls.begin(), calls.end(), call); };
    if (is_last || count(Call::better) > 0 || count(Call::none) == 0) end(users, panels, findings, calls);
  }
  ++look_;
}

double SlowTeam::variance_of_users(const SlowArm& arm) const {
  if (is_binary()) return arm.mean() * (1 - arm.mean());
  return arm.n > 1 ? arm.squares / (arm.n - 1) : 0;
}

double SlowTeam::unpooled(const SlowArm& control, const SlowArm& treatment) const {
  return variance_of_users(control) / control.n + variance_of_users(treatment) / treatment.n;
}

double SlowTeam::test_variance(const SlowArm& control, const SlowArm& treatment) const {
  const double both = 1 / control.n + 1 / treatment.n;
  const double within = (control.squares + treatment.squares) / (control.n + treatment.n - 2);
  const double p = (control.sum + treatment.sum) / (control.n + treatment.n);
  switch (s_.test) {
    case Test::z_known:
      return s_.known_sd * s_.known_sd * both;
    case Test::z_pooled:
      return is_binary() ? p * (1 - p) * both : within * both;
    case Test::z_unpooled:
      return unpooled(control, treatment);
    case Test::student_t:
      return within * both;
    case Test::welch_t:
      return control.squares / (control.n - 1) / control.n +
             treatment.squares / (treatment.n - 1) / treatment.n;
  }
  return 0;
}

double SlowTeam::test_freedom(const SlowArm& control, const SlowArm& treatment) const {
  if (s_.test == Test::student_t) return control.n + treatment.n - 2;
  const double w0 = control.squares / (control.n - 1) / control.n;
  const double w1 = treatment.squares / (treatment.n - 1) / treatment.n;
  return (w0 + w1) * (w0 + w1) / (w0 * w0 / (control.n - 1) + w1 * w1 / (treatment.n - 1));
}

double SlowTeam::variance(const SlowArm& control, const SlowArm& treatment) const {
  const double half = 0.5 * (1 / control.n + 1 / treatment.n);
  if (s_.rule == Rule::sprt)
    return half * s_.pair_variance.value_or(variance_of_users(control) + variance_of_users(treatment));
  if (s_.rule == Rule::msprt)
    return s_.pair_variance ? half * *s_.pair_variance : unpooled(control, treatment);
  return test_variance(control, treatment);
}

SlowTeam::Finding SlowTeam::weigh(const SlowArm& control, const SlowArm& treatment) const {
  const bool has_own_test = s_.rule == Rule::sprt || s_.rule == Rule::msprt;
  const bool is_t = !has_own_test && (s_.test == Test::student_t || s_.test == Test::welch_t);
  const double least = is_t ? 2 : 1;
  if (control.n < least || treatment.n < least) return {};
  Finding finding{treatment.sum / treatment.n - control.sum / control.n, variance(control, treatment), 0};
  if (!(finding.variance > 1e-14)) finding.variance = 0;  // rounding is no spread
  if (is_t && finding.variance > 0) finding.freedom = test_freedom(control, treatment);
  return finding;
}

double SlowTeam::better(const Finding& finding, std::size_t h) const {
  return world_.direction * (finding.estimate - margin_[h]);
}

double SlowTeam::level() const {
  return s_.correction == Correction::bonferroni ? s_.alpha / hypotheses_ : s_.alpha;
}

double SlowTeam::tail_of(double alpha) const {
  return s_.sides == Sides::two ? alpha / 2 : alpha;
}

SlowTeam::Call SlowTeam::test_one(const Finding& finding, std::size_t h, double tail) const {
  if (finding.variance == 0) return Call::none;
  const double z = better(finding, h) / std::sqrt(finding.variance);
  if (is_beyond(z, finding.freedom, tail)) return Call::better;
  if (s_.sides == Sides::two && is_beyond(-z, finding.freedom, tail)) return Call::worse;
  return Call::none;
}

SlowTeam::Calls SlowTeam::judge(const Findings& findings, bool is_last) {
  if (s_.rule == Rule::fixed_horizon && !is_last) return no_calls();
  if (s_.correction == Correction::holm) return holm(findings);
  if (s_.correction == Correction::benjamini_hochberg) return benjamini_hochberg(findings);
  Calls calls = no_calls();
  for (std::size_t h = 0; h < findings.size(); ++h) {
    if (s_.rule == Rule::sprt)
      calls[h] = sprt(findings[h], h);
    else if (s_.rule == Rule::msprt)
      calls[h] = msprt(findings[h], h);
    else if (s_.rule == Rule::group_sequential)
      calls[h] = test_one(findings[h], h, upper_tail(s_.critical[look_]));
    else
      calls[h] = test_one(findings[h], h, tail_of(level()));
  }
  return calls;
}

/// At level alpha / m some hypotheses fall, at alpha / (m - fallen) some more, until none does.
SlowTeam::Calls SlowTeam::holm(const Findings& findings) const {
  Calls calls = no_calls();
  for (int fallen = 0, before = -1; fallen > before && fallen < hypotheses_;) {
    before = fallen;
    for (std::size_t h = 0; h < findings.size(); ++h)
      if (calls[h] == Call::none)
        calls[h] = test_one(findings[h], h, tail_of(s_.alpha / (hypotheses_ - before)));
    fallen = hypotheses_ - static_cast<int>(std::count(calls.begin(), calls.end(), Call::none));
  }
  return calls;
}

/// The mildest level k alpha / m at which k hypotheses fall.
SlowTeam::Calls SlowTeam::benjamini_hochberg(const Findings& findings) const {
  for (int k = hypotheses_; k > 0; --k) {
    Calls calls;
    for (std::size_t h = 0; h < findings.size(); ++h)
      calls.push_back(test_one(findings[h], h, tail_of(k * s_.alpha / hypotheses_)));
    if (hypotheses_ - std::count(calls.begin(), calls.end(), Call::none) >= k) return calls;
  }
  return no_calls();
}

SlowTeam::Call SlowTeam::sprt(const Finding& finding, std::size_t h) {
  if (final_[h] != Call::none || finding.variance == 0) return final_[h];
  const double alpha = s_.sides == Sides::two ? level() / 2 : level(), beta = 1 - s_.power;
  const double up = std::log((1 - beta) / alpha), down = std::log(beta / (1 - alpha));
  const double d = better(finding, h);
  const double for_better = s_.delta * (d - s_.delta / 2) / finding.variance;
  const double for_worse = s_.delta * (-d - s_.delta / 2) / finding.variance;
  if (!not_better_[h] && for_better >= up) return final_[h] = Call::better;
  if (!not_worse_[h] && for_worse >= up) return final_[h] = Call::worse;
  if (for_better <= down) not_better_[h] = 1;
  if (for_worse <= down) not_worse_[h] = 1;
  if (not_better_[h] && not_worse_[h]) final_[h] = Call::nothing;
  return final_[h];
}

SlowTeam::Call SlowTeam::msprt(const Finding& finding, std::size_t h) const {
  if (finding.variance == 0) return Call::none;
  const double s2 = finding.variance, tau2 = s_.mixing_sd * s_.mixing_sd, d = better(finding, h);
  const double log_lambda = 0.5 * std::log(s2 / (s2 + tau2)) + tau2 * d * d / (2 * s2 * (s2 + tau2));
  if (log_lambda < -std::log(level())) return Call::none;
  return d > 0 ? Call::better : Call::worse;
}

/// A treatment's call where all panels make it.
SlowTeam::Calls SlowTeam::agreed(const Calls& calls) const {
  Calls all(calls.begin(), calls.begin() + treatments_);
  for (std::size_t h = 0; h < calls.size(); ++h) {
    Call& call = all[h % all.size()];
    if (calls[h] != call) call = Call::none;
  }
  return all;
}

/// The treatment with the largest estimate (towards better) among those `wanted`, one without evidence only
/// where no other has any; 0: there is none.
template <class Wanted>
int SlowTeam::leader(const Findings& findings, Wanted wanted) const {
  int best = 0;
  double most = 0;
  for (std::size_t h = 0; h < findings.size(); ++h) {
    const bool is_evidence = findings[h].variance > 0;
    const double estimate =
        is_evidence ? world_.direction * findings[h].estimate : -std::numeric_limits<double>::infinity();
    if (!wanted(h) || (best > 0 && estimate <= most)) continue;
    best = static_cast<int>(h) + 1;
    most = estimate;
  }
  return best;
}

void SlowTeam::end(i64 users, const Panels& panels, const Findings& findings, const Calls& calls) {
  const int shipped = leader(findings, [&](std::size_t h) { return calls[h] == Call::better; });
  const bool all_called = std::count(calls.begin(), calls.end(), Call::none) == 0;
  ending_.end = shipped > 0 ? End::ship : all_called ? End::keep : End::undecided;
  ending_.by_criterion = shipped > 0 || all_called;
  for (Call call : calls) ending_.rejected |= call == Call::better || call == Call::worse;
  close(users, panels, findings, shipped > 0 ? shipped : leader(findings, [](std::size_t) { return true; }));
}

void SlowTeam::end_with_leader(i64 users, const Panels& panels, const Findings& findings) {
  const Arms& arms = panels[0];
  int best = -1;
  for (int a = 0; a <= treatments_; ++a) {
    const SlowArm& arm = arms[static_cast<std::size_t>(a)];
    if (arm.n > 0 && (best < 0 || value(arm) > value(arms[static_cast<std::size_t>(best)]))) best = a;
  }
  ending_.end = best > 0 ? End::ship : End::keep;
  close(users, panels, findings, best > 0 ? best : leader(findings, [](std::size_t) { return true; }));
}

double SlowTeam::value(const SlowArm& arm) const {
  return world_.direction * arm.mean();
}

void SlowTeam::close(i64 users, const Panels& panels, const Findings& findings, int hypothesis) {
  const int h = hypothesis - 1, arm = h % treatments_ + 1;
  const Arms& arms = panels[static_cast<std::size_t>(h / treatments_)];
  ending_.is_over = true;
  ending_.look = static_cast<int>(look_);
  ending_.users = users;
  ending_.arm = arm;
  const Finding& finding = findings[static_cast<std::size_t>(h)];
  if (finding.variance == 0) return;
  const double half = half_width(finding, arms[0], arms[static_cast<std::size_t>(arm)]);
  ending_.has_estimate = true;
  ending_.estimate = finding.estimate;
  ending_.low = finding.estimate - half;
  ending_.high = finding.estimate + half;
}

double SlowTeam::half_width(const Finding& finding, const SlowArm& control, const SlowArm& treatment) const {
  if (s_.rule == Rule::msprt) {
    const double s2 = finding.variance, tau2 = s_.mixing_sd * s_.mixing_sd;
    return std::sqrt(2 * s2 * (s2 + tau2) / tau2 * std::log(std::sqrt((s2 + tau2) / s2) / s_.alpha));
  }
  // Tests that know the variance of normal outcomes keep no squares, so their intervals use it as well.
  const bool knows = s_.rule == Rule::sprt ? s_.pair_variance.has_value() : s_.test == Test::z_known;
  // And so do those that test several metrics.
  const bool is_own = (knows && !is_binary()) || hypotheses_ > treatments_;
  const double variance = is_own ? finding.variance : unpooled(control, treatment);
  return upper_quantile(s_.alpha / 2) * std::sqrt(variance);
}

}  // namespace windtunnel
