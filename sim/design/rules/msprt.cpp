#include "windtunnel/design/rules/msprt.hpp"

#include <cmath>

#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/design/interval.hpp"
#include "windtunnel/design/pair_difference.hpp"

namespace windtunnel {

namespace {

/// Lambda >= 1/alpha solved for d^2:
///   d^2 >= s^2 (s^2 + tau^2) / tau^2 * (ln((s^2 + tau^2)/s^2) - 2 ln alpha)
struct Mixture {
  double variance;        // tau^2
  double twice_evidence;  // -2 ln alpha

  double boundary(double s2) const {
    const double together = s2 + variance;
    return s2 * together / variance * (lane_log(together / s2) + twice_evidence);
  }
};

Mixture mixture_of(double mixing_sd, double alpha) {
  return {mixing_sd * mixing_sd, -2 * math::log(alpha)};
}

void judge_lanes(const Mixture mixture, const double* __restrict excess, const double* __restrict variance,
                 i32* __restrict calls, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const i32 side = excess[l] > 0 ? i32{kReject} : i32{kRejectWorse};
    const double square = variance[l] > 0 ? excess[l] * excess[l] : -1;
    calls[l] = square >= mixture.boundary(variance[l]) ? side : i32{kGoOn};
  }
}

/// What a hypothesis is judged by: the mixture at its own level, and at alpha for its interval.
struct Mixtures {
  Mixture test, interval;
};

class MsprtJudge final : public Judge {
 public:
  explicit MsprtJudge(const std::vector<Mixtures>& mixtures) : mixtures_(mixtures) {}

  void look(int, const Evidence& evidence, const Sight&, Calls& calls) override {
    for (int h = 0; h < evidence.hypotheses; ++h)
      judge_lanes(of(h).test, evidence.excess.row(h), evidence.variance.row(h), calls.row(h), evidence.lanes);
  }

  void report(int, const Evidence& evidence, const Sight&, const EndedLanes& ended, const i32* hypothesis,
              Table<double>& estimates) const override {
    ended.one_by_one([&](int lane) {
      const int h = hypothesis[lane];
      const double value = evidence.estimate(h, lane), variance = evidence.variance.row(h)[lane];
      const double half = variance > 0 ? std::sqrt(of(h).interval.boundary(variance)) : 0;
      write_estimate(variance > 0 ? Estimate{value, value - half, value + half} : without_interval(value),
                     lane, estimates);
    });
  }

 private:
  const Mixtures& of(int hypothesis) const { return mixtures_[static_cast<std::size_t>(hypothesis)]; }

  const std::vector<Mixtures>& mixtures_;  // [hypothesis]
};

class MsprtPlan final : public RulePlan {
 public:
  explicit MsprtPlan(std::vector<Mixtures> mixtures) : mixtures_(std::move(mixtures)) {}

  std::unique_ptr<Judge> open(int) const override { return std::make_unique<MsprtJudge>(mixtures_); }
  bool looks_at(int) const override { return true; }

 private:
  std::vector<Mixtures> mixtures_;  // [hypothesis]
};

}  // namespace

double Msprt::half_width(double variance, double mixing_sd, double alpha) {
  return std::sqrt(mixture_of(mixing_sd, alpha).boundary(variance));
}

void Msprt::describe(Fields& fields) {
  fields.lift("mixing_sd", mixing_sd_, {},
              {"standard deviation tau of the mixture; absent = the mde", "outcome"});
  fields.lift("mde", effect_.mde, {}, {"effect the team cares about; only its size counts", "outcome"});
  effect_.describe_baseline(fields);
  fields.number("alpha", alpha_, kOpenProbability, {"probability of ever rejecting when there is no effect"});
  fields.number_or(
      "variance", "plug_in", variance_, kPositive,
      {"variance of one pair's difference, if known; plug_in estimates it at each look, as a test does"});
  effect_.check(fields, "mixing_sd", mixing_sd_);
  if (mixing_sd_) return;
  effect_.check(fields, "mde", effect_.mde);
  if (!effect_.mde)
    fields.refuse("mixing_sd", "required but missing: give mixing_sd, or mde to take its place");
}

std::shared_ptr<const Analysis> Msprt::own_analysis() const {
  return std::make_shared<PairDifference>(variance_, PairDifference::PlugIn::arms);
}

std::string Msprt::give_way_to_test() {
  return refuse_given_variance(variance_);
}

std::unique_ptr<const RulePlan> Msprt::plan(const Setting& setting, Correction correction,
                                            Evidence::Law) const {
  allow_none_or_bonferroni(correction, "msprt");
  const double level = level_of_one(alpha_, correction, setting.hypotheses());
  const std::vector<double> sizes = mixing_sd_ ? effect_.sizes("mixing_sd", *mixing_sd_, setting)
                                               : effect_.sizes("mde", effect_.mde.value(), setting);
  std::vector<Mixtures> mixtures;
  for (int panel = 0; panel < setting.panels; ++panel)
    for (double mixing_sd : sizes)
      mixtures.push_back({mixture_of(mixing_sd, level), mixture_of(mixing_sd, alpha_)});
  return std::make_unique<MsprtPlan>(std::move(mixtures));
}

}  // namespace windtunnel
