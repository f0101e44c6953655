#include "windtunnel/design/rules/sprt.hpp"

#include "windtunnel/core/math.hpp"
#include "windtunnel/core/number_text.hpp"
#include "windtunnel/design/interval.hpp"
#include "windtunnel/design/pair_difference.hpp"

namespace windtunnel {

namespace {

// What a lane's two tests have said so far, as bits.
enum Ruled : i32 { kNothing = 0, kNotBetter = 1, kNotWorse = 2, kNeither = 3 };

/// LLR >= upper is d >= middle + reject * s^2, LLR <= lower is d <= middle + accept * s^2.
struct Lines {
  double middle, reject, accept;
};

void judge_lanes(const Lines lines, const double* __restrict excess, const double* __restrict variance,
                 i32* __restrict ruled_out, i32* __restrict final_call, i32* __restrict calls, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const double d = excess[l];
    const double up = lines.middle + lines.reject * variance[l];
    const double down = lines.middle + lines.accept * variance[l];
    const i32 evident = variance[l] > 0 ? 1 : 0;
    const i32 before = ruled_out[l];
    const i32 better = evident & (d >= up ? 1 : 0) & ((before & kNotBetter) == 0 ? 1 : 0);
    const i32 worse = evident & (-d >= up ? 1 : 0) & ((before & kNotWorse) == 0 ? 1 : 0);
    const i32 ruled = before | (evident & (d <= down ? 1 : 0) ? kNotBetter : kNothing) |
                      (evident & (-d <= down ? 1 : 0) ? kNotWorse : kNothing);
    const i32 accepts = ruled == kNeither ? i32{kAccept} : i32{kGoOn};
    const i32 rejects_worse = worse != 0 ? i32{kRejectWorse} : accepts;
    const i32 call = better != 0 ? i32{kReject} : rejects_worse;
    ruled_out[l] = ruled;
    final_call[l] = final_call[l] != kGoOn ? final_call[l] : call;
    calls[l] = final_call[l];
  }
}

class SprtJudge final : public Judge {
 public:
  SprtJudge(const std::vector<Lines>& lines, Alternative alternative, const DefaultInterval& interval,
            int hypotheses, int lanes)
      : lines_(lines),
        interval_(interval),
        // A one-sided test is a two-sided one that has ruled out worse treatments from the start.
        ruled_out_(hypotheses, lanes, alternative == Alternative::one_sided ? kNotWorse : kNothing),
        final_(hypotheses, lanes) {}

  void look(int, const Evidence& evidence, const Sight&, Calls& calls) override {
    for (int h = 0; h < evidence.hypotheses; ++h)
      judge_lanes(lines_[static_cast<std::size_t>(h)], evidence.excess.row(h), evidence.variance.row(h),
                  ruled_out_.row(h), final_.row(h), calls.row(h), evidence.lanes);
  }

  void report(int, const Evidence& evidence, const Sight& sight, const EndedLanes& ended,
              const i32* hypothesis, Table<double>& estimates) const override {
    interval_.report(evidence, sight, ended, hypothesis, estimates);
  }

 private:
  const std::vector<Lines>& lines_;  // [hypothesis]
  const DefaultInterval& interval_;
  Table<i32> ruled_out_;  // [hypothesis][lane] Ruled
  Table<i32> final_;      // [hypothesis][lane] first call other than to go on
};

class SprtPlan final : public RulePlan {
 public:
  SprtPlan(std::vector<Lines> lines, Alternative alternative, DefaultInterval interval)
      : lines_(std::move(lines)), alternative_(alternative), interval_(interval) {}

  std::unique_ptr<Judge> open(int lanes) const override {
    return std::make_unique<SprtJudge>(lines_, alternative_, interval_, static_cast<int>(lines_.size()),
                                       lanes);
  }
  bool looks_at(int) const override { return true; }

 private:
  std::vector<Lines> lines_;  // [hypothesis]
  Alternative alternative_;
  DefaultInterval interval_;
};

}  // namespace

Sprt::Bounds Sprt::bounds(double alpha, double power) {
  const double beta = 1 - power;
  return {math::log(beta / (1 - alpha)), math::log(power / alpha)};
}

void Sprt::describe(Fields& fields) {
  fields.lift("mde", effect_.mde, {},
              {"effect delta tested against none; only its size counts", "outcome", About::Need::required});
  effect_.describe_baseline(fields);
  fields.number("alpha", alpha_, kOpenProbability, {"probability of calling an effect when there is none"});
  fields.number("power", power_, kOpenProbability, {"probability of calling an effect of delta"});
  fields.number_or(
      "variance", "plug_in", variance_, kNotNegative,
      {"variance of one pair's difference; 0 = 2p(1-p) at p = baseline + mde/2, 0-1 outcomes only; plug_in "
       "with a test, which estimates it"});
  describe_choice(fields, "alternative", alternative_, {"two_sided", "one_sided"},
                  {"one_sided: effects towards better only"});
  effect_.check(fields, "mde", effect_.mde);
  if (power_ <= alpha_)
    fields.refuse("power",
                  number_text(power_) + " is not larger than alpha, which is " + number_text(alpha_));
}

std::shared_ptr<const Analysis> Sprt::own_analysis() const {
  return std::make_shared<PairDifference>(variance_, PairDifference::PlugIn::pairs, effect_);
}

std::string Sprt::give_way_to_test() {
  if (variance_ == 0) variance_.reset();
  return refuse_given_variance(variance_);
}

std::unique_ptr<const RulePlan> Sprt::plan(const Setting& setting, Correction correction,
                                           Evidence::Law) const {
  allow_none_or_bonferroni(correction, "sprt");
  const double sides = alternative_ == Alternative::two_sided ? 2 : 1;
  const auto [lower, upper] = bounds(level_of_one(alpha_, correction, setting.hypotheses()) / sides, power_);
  std::vector<Lines> lines;
  for (int panel = 0; panel < setting.panels; ++panel)
    for (double delta : effect_.sizes("mde", *effect_.mde, setting))
      lines.push_back({delta / 2, upper / delta, lower / delta});
  return std::make_unique<SprtPlan>(std::move(lines), alternative_, DefaultInterval(alpha_, setting));
}

}  // namespace windtunnel
