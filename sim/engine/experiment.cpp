#include "windtunnel/engine/experiment.hpp"

#include <algorithm>
#include <map>

#include "block_size.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_document.hpp"

namespace windtunnel {

namespace {

using Cell = MeasureSetting::Cell;

/// Strategies by policy, in the order in which the policies first appear. Some are others when they are
/// planned for other users.
std::vector<std::vector<int>> by_policy(const std::vector<Strategy>& strategies) {
  std::vector<std::vector<int>> groups;
  std::map<std::string, std::size_t> found;
  for (std::size_t s = 0; s < strategies.size(); ++s) {
    std::string key = strategies[s].policy_text;
    if (strategies[s].policy->depends_on_plan()) key += std::to_string(strategies[s].days);
    const auto [place, is_new] = found.try_emplace(std::move(key), groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(static_cast<int>(s));
  }
  return groups;
}

}  // namespace

Experiment::Experiment(const GridPoint& point, u64 seed, Cell cell, const Registry& registry,
                       EngineOptions options)
    : options_(options),
      world_(point.world, seed, cell == Cell::null ? World::Twin::null : World::Twin::none),
      horizon_(world_.epoch_starts(), world_.calendar().users_after(world_.calendar().total_days()),
               world_.returns()) {
  options_.block_size = lanes_for(options_.block_size, static_cast<int>(point.strategies.size()));
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
  const Channels read = policy.needs(world_.offers());
  group.wanted = world_.kept(group.wanted | read);
  const bool is_guarded = std::ranges::any_of(
      members, [&](int s) { return !strategies_[static_cast<std::size_t>(s)].guards.empty(); });
  if (is_guarded && policy.learning() == nullptr) group.shares = policy.planned_shares(world_.arms());
  group.follows_chances = is_guarded && policy.learning() != nullptr;
  const bool tells_chances = group.follows_chances || std::ranges::any_of(members, [&](int s) {
                               return point.strategies[static_cast<std::size_t>(s)].analysis->needs_chances();
                             });
  plan_users(policy,
             {.seed = seed,
              .arms = world_.arms(),
              .direction = direction(),
              .planned_users = group.timeline.end(),
              .offers = read,
              .is_served = !world_.changes_counts() && world_.returns().probability() == 0,
              .tells_chances = tells_chances},
             group);
  streams_.push_back(std::move(group));
}

/// How users are allocated and drawn, and what a lane of that takes.
void Experiment::plan_users(const Policy& policy, const PolicySetting& setting, StreamGroup& group) {
  group.policy = policy.plan(group.timeline, setting);
  const auto* shared = world_.changes_counts() ? nullptr : group.policy->shared_users();
  const bool single = setting.is_served && policy.learning() != nullptr;
  if (single) options_.block_size = std::min(options_.block_size, kMostLearning);
  group.allocation = shared != nullptr ? Allocation::Kind::shared
                     : single          ? Allocation::Kind::arm
                                       : Allocation::Kind::counts;
  for (int s : group.strategies)
    settings_[static_cast<std::size_t>(s)].shares_vary =
        group.allocation == Allocation::Kind::arm && world_.arms() <= Ledger::kMostSharers;
  group.stream = world_.plan(group.timeline, group.wanted, options_.path, shared,
                             single && group.timeline.has_single_users());
  bytes_per_lane_ += group.stream->bytes_per_lane();
  // Who follows listed users keeps the chances of every step.
  if (setting.tells_chances && group.wanted.has(Channel::exposures))
    bytes_per_lane_ += static_cast<double>(group.timeline.steps().size()) * world_.arms() * sizeof(double);
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

Tally Experiment::empty_tally() const {
  Tally tally;
  tally.slots.assign(static_cast<std::size_t>(layout_->slots()), 0);
  return tally;
}

}  // namespace windtunnel
