#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

const char* cell_name(MeasureSetting::Cell kind) {
  switch (kind) {
    case MeasureSetting::Cell::null:
      return "null";
    case MeasureSetting::Cell::effect:
      return "effect";
    case MeasureSetting::Cell::drawn:
      return "drawn";
  }
  return "";
}

void Scratch::begin(int strategy_count, int lanes) {
  values.reshape(kColumns + 1, lanes);
  masks.reshape(kColumns, lanes);
  effect.reshape(strategy_count, lanes);
  estimand.reshape(strategy_count, lanes);
  estimated.reshape(strategy_count, lanes);
  paired.begin(strategy_count, lanes);
}

namespace {

void keep_effect_of_arm(const double* __restrict lasting, const i32* __restrict arm, i32 wanted, int lanes,
                        double* __restrict effect) {
  for (int l = 0; l < lanes; ++l) effect[l] = arm[l] == wanted ? lasting[l] : effect[l];
}

void mark_intervals(const double* __restrict low, const double* __restrict high, int lanes,
                    i32* __restrict estimated) {
  for (int l = 0; l < lanes; ++l) estimated[l] = low[l] <= high[l] ? 1 : 0;
}

}  // namespace

Judged judge(const Endings& endings, const Truth& truth, const MeasureSetting& setting, int strategy,
             Scratch& scratch) {
  const int lanes = endings.lanes;
  double* effect = scratch.effect.row(strategy);
  i32* estimated = scratch.estimated.row(strategy);
  for (int arm = 0; arm < setting.arms; ++arm)
    keep_effect_of_arm(truth.lasting.row(truth.lasting_row(setting.segment, arm)), endings.arm.row(0), arm,
                       lanes, effect);
  mark_intervals(endings.estimate.row(1), endings.estimate.row(2), lanes, estimated);
  if (!setting.true_values) return {endings, truth, setting, effect, effect, estimated};
  double* estimand = scratch.estimand.row(strategy);
  for (int l = 0; l < lanes; ++l)
    estimand[l] = (*setting.true_values)[static_cast<std::size_t>(endings.arm.row(0)[l])];
  return {endings, truth, setting, effect, estimand, estimated};
}

}  // namespace windtunnel
