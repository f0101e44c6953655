#include "windtunnel/engine/experiment.hpp"

#include <algorithm>
#include <map>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_document.hpp"
#include "windtunnel/core/philox_blocks.hpp"
#include "windtunnel/design/planning.hpp"

namespace windtunnel {

namespace {

using Cell = MeasureSetting::Cell;

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
void check_rounds(const Strategy& strategy, const Timeline& timeline, Channels offered) {
  const i64 least = strategy.analysis->least_round(offered), largest = timeline.largest_round();
  if (strategy.policy->learning() == nullptr || largest >= least) return;
  throw InputError("/test", "compares the arms within every round of the policy, which takes " +
                                std::to_string(least) + " users or more, and no round has more than " +
                                std::to_string(largest) + " (give the policy longer \"rounds\")");
}

/// Strategies by policy, in the order in which the policies first appear.
std::vector<std::vector<int>> by_policy(const std::vector<Strategy>& strategies) {
  std::vector<std::vector<int>> groups;
  std::map<std::string, std::size_t> found;
  for (std::size_t s = 0; s < strategies.size(); ++s) {
    const auto [place, is_new] = found.try_emplace(strategies[s].policy_text, groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(static_cast<int>(s));
  }
  return groups;
}

/// Lanes of a block whose lanes take so much memory beside their columns: fewer than `most` only where much
/// of it is kept, and below a block of the generator only where nothing else would fit.
int lanes_within(int most, double bytes_per_lane) {
  constexpr double kComfortable = 32e6, kMost = 256e6;
  const auto fit = [&](double bytes) {
    return std::max(1, static_cast<int>(std::min<double>(most, bytes / std::max(bytes_per_lane, 1.0))));
  };
  const int whole_blocks = std::max(kBlockWords, fit(kComfortable) / kBlockWords * kBlockWords);
  return fit(kComfortable) == most ? most : std::min({most, whole_blocks, fit(kMost)});
}

/// Lanes of a block whose arms are all passed over with every user: their columns should stay in the first
/// cache, but what is done once per step should not weigh either.
int lanes_passed_over(int arms) {
  constexpr int kCache = 40'000, kBytesPerArm = 20, kLeast = 192;
  return std::max(kLeast, kCache / (kBytesPerArm * arms) / kBlockWords * kBlockWords);
}

}  // namespace

Experiment::Experiment(const GridPoint& point, u64 seed, Cell cell, const Registry& registry,
                       EngineOptions options)
    : options_(options),
      world_(point.world, seed, cell == Cell::null ? World::Twin::null : World::Twin::none),
      horizon_(world_.epoch_starts(), world_.calendar().users_after(world_.calendar().total_days()),
               world_.returns()) {
  strategies_.resize(point.strategies.size());
  settings_.assign(point.strategies.size(), world_setting(cell));
  Problems problems;
  for (const std::vector<int>& members : by_policy(point.strategies))
    compile_stream(point, members, seed, problems);
  problems.tell();
  double of_policy = 0;  // one is at work at a time
  for (const StreamGroup& group : streams_) of_policy = std::max(of_policy, group.policy->bytes_per_lane());
  bytes_per_lane_ += of_policy;
  options_.block_size = lanes_within(options_.block_size, bytes_per_lane_);
  layout_ = std::make_unique<CellTally>(registry.measures, settings_);
}

void Experiment::compile_stream(const GridPoint& point, const std::vector<int>& members, u64 seed,
                                Problems& problems) {
  StreamGroup group;
  group.timeline = timeline_of(point, members);
  group.strategies = members;
  const bool binary = world_.offers().has(Channel::successes);
  group.wanted = {Channel::users,
                  binary ? Channel::successes : Channel::sum};  // every arm's mean is measured
  group.breadth = world_.breadth();
  const Policy& policy = *point.strategies[static_cast<std::size_t>(members.front())].policy;
  for (int s : members)
    problems.gather(child("/strategies", point.strategies[static_cast<std::size_t>(s)].name),
                    [&] { compile_strategy(point, s, seed, policy.planned_shares(world_.arms()), group); });
  const bool is_served = !world_.changes_counts();
  const bool comes_once = is_served && world_.returns().probability() == 0;
  const Channels read = policy.needs(world_.offers());
  const bool is_guarded = std::ranges::any_of(
      members, [&](int s) { return !strategies_[static_cast<std::size_t>(s)].guards.empty(); });
  if (is_guarded && policy.learning() == nullptr) group.shares = policy.planned_shares(world_.arms());
  group.follows_chances = is_guarded && policy.learning() != nullptr;
  const bool tells_chances = group.follows_chances || std::ranges::any_of(members, [&](int s) {
                               return point.strategies[static_cast<std::size_t>(s)].analysis->needs_chances();
                             });
  group.wanted = world_.kept(group.wanted | read);
  group.policy = policy.plan(group.timeline, {.seed = seed,
                                              .arms = world_.arms(),
                                              .direction = direction(),
                                              .planned_users = group.timeline.end(),
                                              .offers = read,
                                              .is_served = comes_once,
                                              .tells_chances = tells_chances});
  const auto* shared = is_served ? group.policy->shared_users() : nullptr;
  const bool single = comes_once && policy.learning() != nullptr;
  if (single) options_.block_size = std::min(options_.block_size, lanes_passed_over(world_.arms()));
  group.allocation = shared != nullptr ? Allocation::Kind::shared
                     : single          ? Allocation::Kind::arm
                                       : Allocation::Kind::counts;
  for (int s : members)
    settings_[static_cast<std::size_t>(s)].shares_vary =
        group.allocation == Allocation::Kind::arm && world_.arms() <= Ledger::kMostSharers;
  group.stream = world_.plan(group.timeline, group.wanted, options_.path, shared,
                             single && group.timeline.has_single_users());
  bytes_per_lane_ += group.stream->bytes_per_lane();
  // Who follows listed users keeps the chances of every step.
  if (tells_chances && group.wanted.has(Channel::exposures))
    bytes_per_lane_ += static_cast<double>(group.timeline.steps().size()) * world_.arms() * sizeof(double);
  streams_.push_back(std::move(group));
}

/// Looks of all members, rounds of the policy and changes of the means. Ends of days on which nobody looks
/// and nothing changes are not cut: what no decision can see is not simulated. Where days of exposure matter
/// all are cut.
Timeline Experiment::timeline_of(const GridPoint& point, const std::vector<int>& members) const {
  std::vector<i64> cuts;
  bool by_day = world_.is_day_by_day();
  for (int s : members) {
    const Strategy& strategy = point.strategies[static_cast<std::size_t>(s)];
    const auto looks = world_.calendar().positions(strategy.looks, static_cast<int>(strategy.days));
    cuts.insert(cuts.end(), looks.begin(), looks.end());
    for (const auto& lens : strategy.lenses) by_day |= lens->needs(world_.offers()).has(Channel::cohorts);
  }
  const i64 end = *std::max_element(cuts.begin(), cuts.end());
  for (int day = 1; by_day && day < world_.calendar().experiment_days(); ++day)
    cuts.push_back(world_.calendar().users_after(day));
  const Policy& policy = *point.strategies[static_cast<std::size_t>(members.front())].policy;
  return Timeline(std::move(cuts), world_.epoch_starts(), end, &world_.calendar(), rounds_of(policy, end));
}

/// When a policy learns: periods of users are left to the timeline, which does not store them.
Rounds Experiment::rounds_of(const Policy& policy, i64 end) const {
  if (policy.learning() == nullptr) return {};
  const Schedule& schedule = policy.learning()->rounds;
  if (schedule.kind == Schedule::Kind::every_users)
    return {{},
            static_cast<i64>(schedule.from > 0 ? schedule.from : schedule.every),
            static_cast<i64>(schedule.every)};
  return {world_.calendar().positions(schedule, world_.calendar().days_begun(end)), 0, 0};
}

void Experiment::compile_strategy(const GridPoint& point, int index, u64 seed, std::vector<double> shares,
                                  StreamGroup& group) {
  const auto s = static_cast<std::size_t>(index);
  const Strategy& strategy = point.strategies[s];
  Channels offers = world_.offers();
  for (const auto& lens : strategy.lenses) {
    group.wanted |= lens->needs(offers) & world_.offers();
    offers = lens->shows(offers);
  }
  check_offer(offers, strategy.analysis->needs(offers), "/test");
  check_offer(offers, strategy.rule->needs(offers), "/rule");
  const Channels needed = strategy.analysis->needs(offers) | strategy.rule->needs(offers);
  group.wanted |= needed & world_.offers();

  Setting setting;
  setting.seed = seed;
  setting.arms = world_.arms();
  setting.arm_names = point.world.arms;
  setting.offers = needed;  // not what others of the stream asked for: no strategy may depend on its company
  setting.alpha = strategy.rule->alpha();
  setting.estimand = strategy.analysis->estimand();
  setting.weighs_variance = strategy.rule->weighs_variance();
  setting.direction = settings_[s].direction;
  setting.looks = world_.calendar().positions(strategy.looks, static_cast<int>(strategy.days));
  setting.shares = std::move(shares);
  StrategyPlan& plan = strategies_[s];
  // Panels that must all agree come after those of which one is enough (see the order of features).
  int decided_panels = 1;
  for (const auto& lens : strategy.lenses) {
    setting.panels *= lens->panels();
    if (!lens->all_panels()) decided_panels *= lens->panels();
    if (auto guard = lens->guard(setting.arms)) plan.guards.push_back(std::move(guard));
    if (auto veto = lens->veto(setting.direction)) plan.vetoes.push_back(std::move(veto));
  }
  for (int panel = 0; panel < setting.panels; ++panel)
    for (double margin : margins(strategy, point.world.arms)) setting.margin.push_back(margin);

  setting.least_alpha = least_level_of_one(setting.alpha, strategy.correction, setting.hypotheses());

  plan.name = strategy.name;
  plan.tests = strategy.rule->tests();
  plan.hypotheses = setting.hypotheses();
  plan.decided = setting.treatments() * decided_panels;
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
  check_rounds(strategy, group.timeline, setting.offers);
  auto evaluator = analysis.open(setting);  // also where another is there: it may refuse this setting
  for (std::size_t e = 0; e < group.evidence.size(); ++e)
    if (group.evidence[e].text == text && group.evidence[e].margin == setting.margin &&
        group.evidence[e].alpha == alpha && group.evidence[e].weighs_variance == setting.weighs_variance)
      return static_cast<int>(e);
  group.evidence.push_back({std::move(evaluator), text, analysis.law(), analysis.intervals(), alpha,
                            setting.weighs_variance, setting.margin, strategy.lenses, setting.panels});
  return static_cast<int>(group.evidence.size()) - 1;
}

MeasureSetting Experiment::world_setting(Cell cell) const {
  MeasureSetting measures;
  measures.cell = cell;
  measures.arms = world_.arms();
  measures.direction = direction();
  measures.all_means_equal = world_.all_means_equal();
  measures.effects_surround_zero = world_.effects_surround_zero();
  measures.curve_points = horizon_.curve_points;
  measures.horizon_users = horizon_.users;
  for (std::size_t e = 0; e < horizon_.epoch_starts.size(); ++e)
    measures.epoch_visits.push_back(horizon_.returns.visits(horizon_.epoch_end(static_cast<int>(e))) -
                                    horizon_.returns.visits(horizon_.epoch_starts[e]));
  measures.magnitude = world_.magnitude();
  return measures;
}

void Experiment::describe_strategy(const Strategy& strategy, const StrategyPlan& plan, const Setting& setting,
                                   MeasureSetting& measures) const {
  measures.alpha = strategy.rule->alpha();
  measures.tests = plan.tests;
  measures.guarded = !plan.guards.empty();
  measures.null_margin = {setting.margin.begin(), setting.margin.begin() + setting.treatments()};
  measures.margin = measures.null_margin;
  for (const auto& lens : strategy.lenses) measures.segment = std::max(measures.segment, lens->segment());
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

Tally Experiment::empty_tally() const {
  Tally tally;
  tally.slots.assign(static_cast<std::size_t>(layout_->slots()), 0);
  return tally;
}

}  // namespace windtunnel
