#include "strategy_block.hpp"

#include <algorithm>
#include <utility>

#include "windtunnel/design/decision.hpp"

namespace windtunnel {

namespace {

/// Mean outcome of an arm's users, for lanes that have ended; 0 and not seen without users.
template <class Total>
void settle_mean(const EndedLanes& ended, const i32* users, const Total* total, double* mean, i32* seen) {
  ended.each([=](int l, auto put) {
    const double quotient = static_cast<double>(total[l]) / users[l];
    put(seen[l], users[l] > 0 ? 1 : 0);
    put(mean[l], users[l] > 0 ? quotient : 0.0);
  });
}

}  // namespace

StrategyBlock::StrategyBlock(const StrategyPlan& plan, int arms, int curve_points)
    : plan_(plan), arms_(arms), curve_points_(curve_points) {}

void StrategyBlock::begin(int lanes) {
  lanes_ = left_ = lanes;
  next_look_ = 0;
  judge_ = plan_.rule->open(lanes);
  calls_.assign(plan_.hypotheses, lanes);
  running_.fill(lanes);
  flags_.assign(3, lanes);
  ended_.resize(static_cast<std::size_t>(lanes));
  endings_.begin(arms_, curve_points_, lanes);
}

bool StrategyBlock::wants(int step_index) const {
  const auto k = static_cast<std::size_t>(next_look_);
  return left_ > 0 && plan_.look_steps[k] == step_index &&
         (plan_.rule->looks_at(next_look_) || !plan_.guards.empty() || k + 1 == plan_.look_steps.size());
}

void StrategyBlock::look(const Scene& scene, const Evidence& evidence, const Sight& sight, Ledger& ledger,
                         Recorder* recorder, int index) {
  if (has_ended() || plan_.look_steps[static_cast<std::size_t>(next_look_)] != scene.step.index) return;
  const int k = next_look_++;
  const bool is_last = next_look_ == static_cast<int>(plan_.look_steps.size());
  const bool guarded = !plan_.guards.empty();
  calls_.reshape(plan_.hypotheses, lanes_);
  if (plan_.rule->looks_at(k)) {
    judge_->look(k, evidence, sight, calls_);
  } else if (is_last || guarded) {
    calls_.assign(plan_.hypotheses, lanes_);
  } else {
    return;
  }
  if (!plan_.vetoes.empty()) hear_vetoes(scene.observed);
  if (recorder != nullptr)
    recorder->looked(index, k, sight.panels() > 1 ? scene.observed : sight.panel(0), evidence, calls_);
  if (plan_.decided < plan_.hypotheses) demand_all_panels(calls_, plan_.decided);
  const i32* stopped = find_stopped(scene);
  const int before = left_;
  const EndedLanes ended = find_ended(is_last ? nullptr : stopped);
  if (left_ < before) settle(k, scene, evidence, sight, ended, ledger);
}

/// A column that is not 0 where a criterion is met. The call of a single hypothesis is that already.
const i32* StrategyBlock::find_stopped(const Scene& scene) {
  const bool guarded = !plan_.guards.empty();
  if (calls_.rows() == 1 && !guarded) return calls_.row(0);
  i32* stopped = flags_.row(kStopped);
  mark_stopped(calls_, stopped);
  if (guarded) raise_alarms(scene, stopped);
  return stopped;
}

/// A guard stops a lane as a criterion does, before the rule is heard.
void StrategyBlock::raise_alarms(const Scene& scene, i32* stopped) {
  i32* alarmed = flags_.row(kAlarmed);
  std::fill_n(alarmed, lanes_, 0);
  scene.expected.tell(scene.observed, expected_);
  for (const auto& guard : plan_.guards) guard->raise_alarms(scene.observed, expected_, alarmed);
  for (int l = 0; l < lanes_; ++l) stopped[l] |= alarmed[l];
}

void StrategyBlock::hear_vetoes(const Observed& observed) {
  vetoed_.assign(arms_ - 1, lanes_);
  for (const auto& veto : plan_.vetoes) veto->forbid(observed, vetoed_);
  forbid_shipping(calls_, vetoed_);
}

/// Collects the lanes that end at this look.
///   stopped  a column that is not 0 where a criterion is met; nullptr: all that are left end
EndedLanes StrategyBlock::find_ended(const i32* stopped) {
  int count = left_;
  if (stopped != nullptr)
    count = running_.move_flagged(stopped, lanes_, ending_);
  else
    running_.move_all(ending_);
  left_ -= count;
  if (count == 0) return EndedLanes({});
  constexpr int kDense = 8;  // from one lane in eight on, vectors over all lanes are the cheaper way
  if (kDense * count >= lanes_) {
    ending_.spread(lanes_, flags_.row(kEnds));
    return {flags_.row(kEnds), lanes_};
  }
  int* next = ended_.data();
  ending_.each([&next](int lane) { *next++ = lane; });
  return EndedLanes({ended_.data(), next});
}

void StrategyBlock::settle(int k, const Scene& scene, const Evidence& evidence, const Sight& sight,
                           const EndedLanes& ended, Ledger& ledger) {
  decide(calls_, evidence, ended, endings_);
  settle_clock(k, ended);
  settle_alarms(ended);
  judge_->report(k, evidence, sight, ended, endings_.hypothesis.row(0), endings_.estimate);
  settle_means(scene.observed, ended);
  ledger.settle(scene.step, scene.observed.users, ended, endings_);
}

/// When it was; an end without any test meets no criterion.
void StrategyBlock::settle_clock(int k, const EndedLanes& ended) {
  const auto users = static_cast<double>(plan_.look_users[static_cast<std::size_t>(k)]);
  const double days = plan_.look_days[static_cast<std::size_t>(k)];
  const i32 tests = plan_.tests ? 1 : 0;
  i32 *look = endings_.look.row(0), *by_criterion = endings_.by_criterion.row(0);
  double *users_seen = endings_.users.row(0), *days_begun = endings_.days.row(0);
  ended.each([=](int l, auto put) {
    put(look[l], k);
    put(by_criterion[l], by_criterion[l] & tests);
    put(users_seen[l], users);
    put(days_begun[l], days);
  });
}

/// What a guard breaks off is undecided, whatever the rule would have said.
void StrategyBlock::settle_alarms(const EndedLanes& ended) {
  const i32* alarmed = flags_.row(kAlarmed);
  if (plan_.guards.empty()) return;  // then nobody reads `aborted`
  i32 *aborted = endings_.aborted.row(0), *end = endings_.end.row(0), *rejected = endings_.rejected.row(0);
  i32 *by_criterion = endings_.by_criterion.row(0), *served = endings_.served.row(0);
  ended.each([=](int l, auto put) {
    const i32 keep = 1 - alarmed[l];
    put(aborted[l], alarmed[l]);
    put(end[l], keep * end[l]);
    put(rejected[l], keep * rejected[l]);
    put(by_criterion[l], keep * by_criterion[l]);
    put(served[l], keep * served[l]);
  });
}

void StrategyBlock::settle_means(const Observed& observed, const EndedLanes& ended) {
  for (int arm = 0; arm < arms_; ++arm) {
    double* mean = endings_.arm_mean.row(arm);
    i32* seen = endings_.arm_seen.row(arm);
    if (observed.successes.rows() > 0)
      settle_mean(ended, observed.users.row(arm), observed.successes.row(arm), mean, seen);
    else
      settle_mean(ended, observed.users.row(arm), observed.sum.row(arm), mean, seen);
  }
}

}  // namespace windtunnel
