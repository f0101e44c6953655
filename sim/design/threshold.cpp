#include "windtunnel/design/threshold.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/lane_set.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/design/interval.hpp"
#include "windtunnel/design/multiplicity.hpp"
#include "windtunnel/design/student_curve.hpp"

namespace windtunnel {

namespace {

/// c |c|: grows with c even where a one-sided level above one half makes c negative.
inline double signed_square(double c) {
  return c * std::fabs(c);
}

/// Critical value in every lane: one for all, or by the lane's degrees of freedom.
struct SameBar {
  double square;

  double at(int) const { return square; }
};
struct StudentBar {
  const double* quantiles;  // [lane]

  double at(int lane) const { return signed_square(quantiles[lane]); }
};

template <class Bar>
void call_lanes(const Bar bar, i32 worse, const double* __restrict excess, const double* __restrict variance,
                i32* __restrict calls, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const double needed = bar.at(l) * variance[l];
    const double square = signed_square(excess[l]);
    const i32 call_worse = -square >= needed ? worse : i32{kGoOn};
    const i32 call = square >= needed ? i32{kReject} : call_worse;
    calls[l] = variance[l] > 0 ? call : i32{kGoOn};
  }
}

void count_calls(const i32* __restrict calls, i32* __restrict count, int lanes) {
  for (int l = 0; l < lanes; ++l) count[l] += calls[l] != kGoOn ? 1 : 0;
}

/// Lets the lanes go on that have more rejections than `step`; returns whether there are any.
i32 keep_going(const i32* __restrict count, i32 step, i32* __restrict going, int lanes) {
  i32 any = 0;
  for (int l = 0; l < lanes; ++l) {
    going[l] &= count[l] > step ? 1 : 0;
    any |= going[l];
  }
  return any;
}

/// Lets the lanes settle that can have at most `rung` rejections and have as many; others of them can have no
/// more than they have now.
///   most     [lane] rejections there can be at most; 0 once settled
///   settled  [lane] 1: settled now
///   returns  the largest `most`
i32 settle(const i32* __restrict count, i32 rung, i32* __restrict most, i32* __restrict settled, int lanes) {
  i32 largest = 0;
  for (int l = 0; l < lanes; ++l) {
    const i32 asked = most[l] == rung ? 1 : 0, met = count[l] == rung ? 1 : 0;
    settled[l] = asked & met;
    const i32 left = met != 0 ? 0 : count[l];
    most[l] = asked != 0 ? left : most[l];
    largest = most[l] > largest ? most[l] : largest;
  }
  return largest;
}

void replace_where(const i32* __restrict going, const i32* __restrict found, i32* __restrict calls,
                   int lanes) {
  for (int l = 0; l < lanes; ++l) calls[l] = going[l] != 0 ? found[l] : calls[l];
}

/// One critical value; under Student's law the curve of the t quantiles it stands for.
struct Rung {
  double critical;
  std::optional<StudentCurve> curve;
};

Rung make_rung(double critical, Evidence::Law law) {
  constexpr double kSeenNever = 1e-15;  // no simulation meets such a tail, and its curve would cost seconds
  const double tail = math::normal_upper(critical);
  if (law == Evidence::Law::normal) return {critical, {}};
  if (tail < kSeenNever) return {std::numeric_limits<double>::infinity(), {}};
  return {critical, StudentCurve(tail)};
}

struct Climb {
  std::vector<Rung> rungs;
  Ladder::Steps steps;
};

struct ThresholdDesign {
  std::vector<Climb> ladders;
  std::vector<int> ladder_of_look;
  i32 worse;  // the call of a significantly worse treatment
  DefaultInterval interval;
};

class ThresholdJudge final : public Judge {
 public:
  ThresholdJudge(const ThresholdDesign& design, int lanes)
      : design_(design), few_(4, lanes), few_calls_(1, lanes) {}

  void look(int k, const Evidence& evidence, const Sight&, Calls& calls) override {
    const int ladder = design_.ladder_of_look[static_cast<std::size_t>(k)];
    const auto& [rungs, steps] = design_.ladders[static_cast<std::size_t>(ladder)];
    if (rungs.size() > 1)
      return steps == Ladder::Steps::up ? step_up(rungs, evidence, calls) : step_down(rungs, evidence, calls);
    for (int h = 0; h < evidence.hypotheses; ++h) call(rungs[0], evidence, h, calls.row(h));
  }

  void report(int, const Evidence& evidence, const Sight& sight, const EndedLanes& ended,
              const i32* hypothesis, Table<double>& estimates) const override {
    design_.interval.report(evidence, sight, ended, hypothesis, estimates);
  }

 private:
  void call(const Rung& rung, const Evidence& evidence, int h, i32* calls) {
    const double *excess = evidence.excess.row(h), *variance = evidence.variance.row(h);
    if (!rung.curve || rung.critical > 0)
      call_lanes(SameBar{signed_square(rung.critical)}, design_.worse, excess, variance, calls,
                 evidence.lanes);
    else
      std::fill_n(calls, evidence.lanes, i32{kReject});  // a level of one half or more: all are called again
    if (rung.curve) call_again(*rung.curve, evidence, h, calls);
  }

  /// Calls again, by their degrees of freedom, the lanes that are called: where the level is below one half
  /// no t quantile lies below the normal one, so that the others go on whatever theirs are.
  void call_again(const StudentCurve& curve, const Evidence& evidence, int h, i32* calls) {
    others_.fill(evidence.lanes);
    beyond_.resize(static_cast<std::size_t>(others_.move_flagged(calls, evidence.lanes, called_)));
    int* next = beyond_.data();
    called_.each([&next](int lane) { *next++ = lane; });
    const auto count = static_cast<int>(beyond_.size());
    double *excess = few_.row(0), *variance = few_.row(1), *freedom = few_.row(2), *quantile = few_.row(3);
    for (int i = 0; i < count; ++i) {
      const int lane = beyond_[static_cast<std::size_t>(i)];
      excess[i] = evidence.excess.row(h)[lane];
      variance[i] = evidence.variance.row(h)[lane];
      freedom[i] = evidence.freedom.row(h)[lane];
    }
    curve.evaluate(freedom, quantile, count);
    call_lanes(StudentBar{quantile}, design_.worse, excess, variance, few_calls_.row(0), count);
    for (int i = 0; i < count; ++i) calls[beyond_[static_cast<std::size_t>(i)]] = few_calls_.row(0)[i];
  }

  /// Holm: a lane climbs to rung r + 1 iff more than r hypotheses are significant at rung r, and makes the
  /// calls of the last rung it climbed past. Most lanes stay at the first, so most blocks end early.
  void step_down(const std::vector<Rung>& rungs, const Evidence& evidence, Calls& calls) {
    const int lanes = evidence.lanes;
    calls.assign(evidence.hypotheses, lanes, kGoOn);
    going_.assign(1, lanes, 1);
    found_.assign(1, lanes);
    for (std::size_t r = 0; r < rungs.size(); ++r) {
      count_.assign(1, lanes);
      for (int h = 0; h < evidence.hypotheses; ++h) {
        call(rungs[r], evidence, h, found_.row(0));
        count_calls(found_.row(0), count_.row(0), lanes);
      }
      if (keep_going(count_.row(0), static_cast<i32>(r), going_.row(0), lanes) == 0) return;
      for (int h = 0; h < evidence.hypotheses; ++h) {
        call(rungs[r], evidence, h, found_.row(0));
        replace_where(going_.row(0), found_.row(0), calls.row(h), lanes);
      }
    }
  }

  /// Benjamini-Hochberg: a lane makes the calls of the mildest rung r, counted from 1, at which r hypotheses
  /// are significant. A lane that has c at some rung has no more at any stricter one, so that it passes over
  /// the rungs between.
  void step_up(const std::vector<Rung>& rungs, const Evidence& evidence, Calls& calls) {
    const int lanes = evidence.lanes;
    calls.assign(evidence.hypotheses, lanes, kGoOn);
    most_.assign(1, lanes, evidence.hypotheses);
    going_.assign(1, lanes);
    found_.assign(1, lanes);
    for (i32 rung = evidence.hypotheses; rung > 0;) {
      const Rung& at = rungs[static_cast<std::size_t>(rung) - 1];
      count_.assign(1, lanes);
      for (int h = 0; h < evidence.hypotheses; ++h) {
        call(at, evidence, h, found_.row(0));
        count_calls(found_.row(0), count_.row(0), lanes);
      }
      const i32 next = settle(count_.row(0), rung, most_.row(0), going_.row(0), lanes);
      for (int h = 0; h < evidence.hypotheses; ++h) {
        call(at, evidence, h, found_.row(0));
        replace_where(going_.row(0), found_.row(0), calls.row(h), lanes);
      }
      rung = next;
    }
  }

  const ThresholdDesign& design_;
  LaneSet others_, called_;
  std::vector<int> beyond_;                  // lanes that are called at the normal quantile
  Table<double> few_;                        // [excess, variance, freedom, quantile][of beyond_]
  Table<i32> few_calls_;                     // [0][of beyond_]
  Table<i32> going_, found_, count_, most_;  // [0][lane]
};

class ThresholdPlan final : public RulePlan {
 public:
  explicit ThresholdPlan(ThresholdDesign design) : design_(std::move(design)) {}

  std::unique_ptr<Judge> open(int lanes) const override {
    return std::make_unique<ThresholdJudge>(design_, lanes);
  }

  bool looks_at(int k) const override {
    return design_.ladder_of_look[static_cast<std::size_t>(k)] != Thresholds::kAsleep;
  }

 private:
  ThresholdDesign design_;
};

}  // namespace

double critical_value(double alpha, Alternative alternative) {
  return -math::normal_quantile(alternative == Alternative::two_sided ? alpha / 2 : alpha);
}

Ladder afresh(double alpha, Alternative alternative, Correction correction, const Setting& setting) {
  const int m = setting.hypotheses();
  switch (correction) {
    case Correction::none:
      break;
    case Correction::bonferroni:
      return {{critical_value(alpha / m, alternative)}};
    case Correction::dunnett:
      if (setting.panels > 1)
        throw InputError("/correction",
                         "dunnett knows how treatments are correlated through their control, not "
                         "how segments or metrics are (needs none, bonferroni, holm or "
                         "benjamini_hochberg)");
      return {{dunnett_critical_value(setting.shares, alpha, alternative)}};
    case Correction::holm: {
      Ladder ladder;
      for (int in_play = m; in_play > 0; --in_play)
        ladder.rungs.push_back(critical_value(alpha / in_play, alternative));
      return ladder;
    }
    case Correction::benjamini_hochberg: {
      Ladder ladder{{}, Ladder::Steps::up};
      for (int rejections = 1; rejections <= m; ++rejections)
        ladder.rungs.push_back(critical_value(alpha * rejections / m, alternative));
      return ladder;
    }
  }
  return {{critical_value(alpha, alternative)}};
}

std::unique_ptr<const RulePlan> plan_thresholds(Thresholds thresholds, Evidence::Law law, double alpha,
                                                const Setting& setting) {
  const i32 worse = thresholds.alternative == Alternative::two_sided ? kRejectWorse : kGoOn;
  ThresholdDesign design{{}, std::move(thresholds.ladder_of_look), worse, DefaultInterval(alpha, setting)};
  for (const Ladder& ladder : thresholds.ladders) {
    Climb& climb = design.ladders.emplace_back();
    climb.steps = ladder.steps;
    for (double c : ladder.rungs) climb.rungs.push_back(make_rung(c, law));
  }
  return std::make_unique<ThresholdPlan>(std::move(design));
}

}  // namespace windtunnel
