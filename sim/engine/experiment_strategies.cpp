#include <algorithm>

#include "windtunnel/core/error.hpp"
#include "windtunnel/design/planning.hpp"
#include "windtunnel/engine/experiment.hpp"

namespace windtunnel {

namespace {

/// Absolute margin of every hypothesis.
std::vector<double> margins(const Strategy& strategy, const std::vector<std::string>& arms) {
  std::vector<double> margin(arms.size() - 1, 0.0);
  if (!strategy.margin) return margin;
  const double unit = strategy.margin->scale == Lift::Scale::relative ? strategy.baseline.value() : 1;
  for (std::size_t h = 0; h < margin.size(); ++h)
    margin[h] = unit * strategy.margin->of(static_cast<int>(h) + 1, arms[h + 1]).value;
  return margin;
}

/// Refuses an analysis or rule that reads a column the strategy does not see.
void check_offer(Channels offered, Channels needed, const std::string& where) {
  if (!offered.has_all(needed)) throw InputError(where, "needs columns of the data that are not seen");
}

/// Refuses an analysis of rounds that can never hold users of two arms.
void check_rounds(const Strategy& strategy, const Timeline& timeline) {
  const i64 least = strategy.analysis->least_round(), largest = timeline.largest_round();
  if (strategy.policy->learning() == nullptr || largest >= least) return;
  throw InputError("/test", "compares the arms within every round of the policy, which takes " +
                                std::to_string(least) + " users or more, and no round has more than " +
                                std::to_string(largest) + " (give the policy longer \"rounds\")");
}

/// Columns that a strategy reads of what its lenses show; what they and it need of the world is added to
/// `wanted`.
Channels columns_read(const Strategy& strategy, Channels offers, Channels& wanted) {
  const Channels of_world = offers;
  for (const auto& lens : strategy.lenses) {
    wanted |= lens->needs(offers) & of_world;
    offers = lens->shows(offers);
  }
  check_offer(offers, strategy.analysis->needs(offers), "/test");
  check_offer(offers, strategy.rule->needs(offers), "/rule");
  const Channels needed = strategy.analysis->needs(offers) | strategy.rule->needs(offers);
  wanted |= needed & of_world;
  return needed;
}

/// What a strategy and its world say of a setting.
///   needed  columns it reads, not what others of the stream asked for: no strategy may depend on its company
Setting setting_of(const Strategy& strategy, Channels needed, const World& world,
                   const std::vector<std::string>& arm_names) {
  Setting setting;
  setting.arms = world.arms();
  setting.arm_names = arm_names;
  setting.offers = needed;
  setting.alpha = strategy.rule->alpha();
  setting.estimand = strategy.analysis->estimand();
  setting.weighs_variance = strategy.rule->weighs_variance();
  setting.prior = strategy.policy->prior_worth();
  setting.looks = world.calendar().positions(strategy.looks, static_cast<int>(strategy.days));
  for (const auto& lens : strategy.lenses) setting.panels *= lens->panels();
  for (int panel = 0; panel < setting.panels; ++panel)
    for (double margin : margins(strategy, arm_names)) setting.margin.push_back(margin);
  setting.least_alpha = least_level_of_one(setting.alpha, strategy.correction, setting.hypotheses());
  return setting;
}

}  // namespace

void Experiment::compile_strategy(const GridPoint& point, int index, u64 seed, std::vector<double> shares,
                                  StreamGroup& group) {
  const auto s = static_cast<std::size_t>(index);
  const Strategy& strategy = point.strategies[s];
  const Channels needed = columns_read(strategy, world_.offers(), group.wanted);
  Setting setting = setting_of(strategy, needed, world_, point.world.arms);
  setting.seed = seed;
  setting.direction = settings_[s].direction;
  setting.shares = std::move(shares);

  StrategyPlan& plan = strategies_[s];
  plan.name = strategy.name;
  plan.tests = strategy.rule->tests();
  plan.hypotheses = setting.hypotheses();
  plan.decided = setting.treatments();
  // Panels that must all agree come after those of which one is enough (see the order of features).
  for (const auto& lens : strategy.lenses) {
    if (!lens->all_panels()) plan.decided *= lens->panels();
    if (auto guard = lens->guard(setting.arms)) plan.guards.push_back(std::move(guard));
    if (auto veto = lens->veto(setting.direction)) plan.vetoes.push_back(std::move(veto));
  }
  plan.look_users = setting.looks;
  for (i64 users : setting.looks) {
    plan.look_steps.push_back(group.timeline.step_ending_at(users));
    plan.look_days.push_back(world_.calendar().days_begun(users));
  }
  plan.look_days.back() = static_cast<int>(strategy.days);  // also when nobody comes on the last days
  Problems problems;
  problems.gather("", [&] { plan.evidence = evidence_index(strategy, setting, group); });
  problems.gather(
      "", [&] { plan.rule = strategy.rule->plan(setting, strategy.correction, strategy.analysis->law()); });
  problems.tell();
  describe_strategy(strategy, plan, setting, settings_[s]);
}

int Experiment::evidence_index(const Strategy& strategy, const Setting& setting, StreamGroup& group) {
  const Analysis& analysis = *strategy.analysis;
  const std::string text = strategy.analysis_text + strategy.lens_text;
  const double alpha = analysis.intervals() == Evidence::Intervals::own ? setting.alpha : 0;
  check_rounds(strategy, group.timeline);
  auto evaluator = analysis.open(setting);  // also where another is there: it may refuse this setting
  for (std::size_t e = 0; e < group.evidence.size(); ++e)
    if (group.evidence[e].text == text && group.evidence[e].margin == setting.margin &&
        group.evidence[e].alpha == alpha && group.evidence[e].weighs_variance == setting.weighs_variance)
      return static_cast<int>(e);
  group.evidence.push_back({std::move(evaluator), text, analysis.law(), analysis.intervals(), alpha,
                            setting.weighs_variance, setting.margin, strategy.lenses, setting.panels});
  return static_cast<int>(group.evidence.size()) - 1;
}

void Experiment::describe_strategy(const Strategy& strategy, const StrategyPlan& plan, const Setting& setting,
                                   MeasureSetting& measures) const {
  measures.whose = "'" + strategy.name + "' in the cell " + cell_name(measures.cell);
  measures.alpha = strategy.rule->alpha();
  measures.tests = plan.tests;
  measures.guarded = !plan.guards.empty();
  measures.null_margin = {setting.margin.begin(), setting.margin.begin() + setting.treatments()};
  measures.margin = measures.null_margin;
  for (const auto& lens : strategy.lenses) {
    measures.segment = std::max(measures.segment, lens->segment());
    measures.reach *= lens->reach();
  }
  if (setting.estimand.kind != Estimand::Kind::means) {
    measures.margin.assign(measures.margin.size(), 0.0);
    measures.estimand = setting.estimand;
    const bool is_known =
        std::ranges::all_of(strategy.lenses, &Lens::keeps_outcomes) || world_.all_effects_zero();
    if (is_known) measures.true_values = world_.true_values(setting.estimand, measures.segment);
  }
  measures.looks = plan.look_users;
  measures.look_days = plan.look_days;
}

}  // namespace windtunnel
