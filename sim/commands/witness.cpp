#include "witness.hpp"

#include <cmath>

namespace windtunnel {

namespace {

EndNote note(const Endings& endings, const Truth& truth, const MeasureSetting& setting, int lane) {
  EndNote ending;
  ending.look = endings.look.row(0)[lane];
  ending.end = endings.end.row(0)[lane];
  ending.rejected = endings.rejected.row(0)[lane];
  ending.by_criterion = endings.by_criterion.row(0)[lane];
  ending.arm = endings.arm.row(0)[lane];
  ending.users = endings.users.row(0)[lane];
  ending.days = endings.days.row(0)[lane];
  ending.regret = endings.regret.row(0)[lane];
  ending.estimate = endings.estimate.row(0)[lane];
  ending.low = endings.estimate.row(1)[lane];
  ending.high = endings.estimate.row(2)[lane];
  ending.effect = truth.lasting.row(ending.arm)[lane];
  ending.estimand =
      setting.true_values ? (*setting.true_values)[static_cast<std::size_t>(ending.arm)] : ending.effect;
  ending.is_known = setting.why_no_estimand() == nullptr;
  if (ending.end == kShip && ending.arm > 0) {
    const double margin = setting.margin[static_cast<std::size_t>(ending.arm - 1)];
    ending.wrong_ship = setting.direction * (ending.effect - margin) <= 0;
  }
  return ending;
}

}  // namespace

Witness::Witness(const Experiment& experiment)
    : experiment_(experiment), looks_(experiment.strategies().size()), endings_(looks_.size()) {}

void Witness::looked(int strategy, int k, const Observed& observed, const Evidence& evidence,
                     const Calls& calls) {
  using Outcomes = LookNote::Outcomes;
  LookNote note;
  note.look = k;
  note.outcomes = observed.successes.rows() > 0 ? Outcomes::binary
                  : observed.sum.rows() > 0     ? Outcomes::other
                                                : Outcomes::unseen;
  for (int arm = 0; arm < observed.arms; ++arm) {
    note.users.push_back(observed.users.row(arm)[0]);
    note.total.push_back(note.outcomes == Outcomes::binary  ? observed.successes.row(arm)[0]
                         : note.outcomes == Outcomes::other ? observed.sum.row(arm)[0]
                                                            : 0);
  }
  for (int h = 0; h < evidence.hypotheses; ++h) {
    const double variance = evidence.variance.row(h)[0];
    note.estimate.push_back(evidence.estimate(h, 0));
    note.margin.push_back(evidence.margin[static_cast<std::size_t>(h)]);
    note.variance.push_back(variance);
    note.z.push_back(variance > 0 ? evidence.excess.row(h)[0] / std::sqrt(variance) : 0);
    note.calls.push_back(calls.row(h)[0]);
  }
  looks_[static_cast<std::size_t>(strategy)].push_back(std::move(note));
}

void Witness::ended(i64, std::span<const Endings* const> by_strategy, const Truth& truth) {
  for (std::size_t s = 0; s < by_strategy.size(); ++s)
    endings_[s] = note(*by_strategy[s], truth, experiment_.settings()[s], 0);
  means_.clear();
  for (int arm = 0; arm < truth.arms; ++arm) means_.push_back(truth.mean.row(truth.row(0, arm))[0]);
}

void Search::ended(i64 first_replication, std::span<const Endings* const> by_strategy, const Truth& truth) {
  const auto s = static_cast<std::size_t>(strategy_);
  for (int lane = 0; lane < by_strategy[s]->lanes && !found_; ++lane) {
    const EndNote ending = note(*by_strategy[s], truth, experiment_.settings()[s], lane);
    const bool hit = wanted_ == Wanted::ship     ? ending.end == kShip
                     : wanted_ == Wanted::reject ? ending.rejected != 0
                                                 : ending.wrong_ship;
    if (hit) found_ = first_replication + lane;
  }
}

}  // namespace windtunnel
