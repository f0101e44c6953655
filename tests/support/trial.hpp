#pragma once

#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"
#include "support/sample_files.hpp"
#include "windtunnel/core/field_list.hpp"
#include "windtunnel/core/reader.hpp"

/// Scenarios of every outcome with every policy, rule and test there is: combinations come from the registry,
/// so that a new leaf is tested without a line here.
namespace windtunnel {

/// Parameters that suit any leaf, every length times `scale`; a leaf takes those it knows.
inline Json parameters(bool binary, double scale = 1) {
  Json pool = {{"rate", 0.3},
               {"mean", 0.4 * scale},
               {"sd", 1.5 * scale},
               {"payer_rate", 0.4},
               {"log_mean", -0.5},
               {"log_sd", 0.5},
               {"whales", {{"share_of_payers", 0.1}, {"multiplier", 3}}},
               {"dispersion", 2},
               {"concentration", 4},
               {"file", "sample.csv"},
               {"column", "value"},
               {"boundary", "pocock"},
               {"resamples", 39},
               {"mde", {{"absolute", 0.4 * scale}}},
               {"variance", "plug_in"},
               {"scale", 2 * scale},
               {"m", 2},
               {"c", 1},
               {"d", 0.5},
               {"temperature", 0.2 * scale},
               {"gamma", 0.2},
               {"discount", 0.9},
               {"window", 20}};
  const Json model = {
      {"type", "normal"}, {"observation_sd", scale}, {"prior_mean", 0.5 * scale}, {"prior_sd", scale}};
  if (!binary) pool["model"] = model;
  if (!binary) pool["prior"] = {{"type", "normal"}, {"mean", scale}, {"sd", 2 * scale}};
  return pool;
}

/// The keys of the pool that a leaf knows.
template <class Leaf>
Json typed(const RegistryRow<Leaf>& row, const Json& pool, const char* type_key) {
  Json object = {{type_key, row.name}};
  const auto leaf = row.make();
  for (const FieldInfo& field : fields_of(*leaf))
    if (pool.contains(field.key)) object[field.key] = pool[field.key];
  return object;
}

inline bool is_binary(const RegistryRow<Outcome>& row) {
  return row.make()->offers().has(Channel::successes);
}

/// Every rule with every test, by "rule test", and with the analysis of its own that it may have, by "rule".
inline Json all_strategies(const Json& pool, const Json& more) {
  Json strategies = Json::object();
  for (const auto& rule : registry().rules) {
    Json strategy = typed(rule, pool, "rule");
    strategy.update(more);
    if (rule.make()->own_analysis() != nullptr) strategies[rule.name] = strategy;
    for (const auto& test : registry().analyses) {
      strategy["test"] = typed(test, pool, "type");
      strategies[fmt::format("{} {}", rule.name, test.name)] = strategy;
      if (!rule.make()->tests()) break;  // one is as good as another
    }
  }
  return strategies;
}

/// Those strategies whose names do not end with that of a test.
inline Json without_test(const Json& strategies, const std::string& test) {
  Json others = Json::object();
  for (const auto& [name, strategy] : strategies.items())
    if (!name.ends_with(" " + test)) others[name] = strategy;
  return others;
}

/// Those strategies in which every rule and every test is found, but not every rule with every test.
inline Json every_leaf_once(const Json& strategies) {
  const std::string test = std::string(" ") + registry().analyses[0].name;
  Json some = Json::object();
  for (const auto& [name, strategy] : strategies.items())
    if (name.starts_with("naive_peeking ") || name.ends_with(test) || name.find(' ') == std::string::npos)
      some[name] = strategy;
  return some;
}

/// Whether a test goes through the combination of two leaves: through all of them, but under sanitizers,
/// where memory errors are looked for, through an eighth, in which every leaf is found.
inline bool is_affordable(std::size_t first, std::size_t second) {
  return !kSanitized || (first + second) % 8 == 0;
}

struct Trial {
  Json outcome, policy, effect, looks = {{"every_users", 15}};
  Json strategies, features = Json::object();
  const char* lift = "absolute";  ///< scale of a lift that the outcome takes
  int arms = 2, days = 1;
  double users = 60;
  i64 replications = 600;

  Json document() const {
    Json world = {{"arms", arms},
                  {"traffic", {{"users_per_day", users}, {"days", days}, {"rollout_days", 1}}},
                  {"outcome", outcome},
                  {"features", features}};
    if (!effect.is_null()) world["effect"] = effect;
    return {{"windtunnel", 1},
            {"replications", replications},
            {"world", world},
            {"defaults", {{"policy", policy}, {"looks", looks}}},
            {"strategies", strategies}};
  }
  Scenario scenario() const { return read_scenario(document().dump(), "test", registry(), {}, sample_file); }
  Rehearsal run() const { return rehearse(document().dump()); }
};

/// A leaf with these keys.
template <class Leaf>
std::unique_ptr<Leaf> leaf_with(const RegistryRow<Leaf>& row, const Json& keys) {
  auto leaf = row.make();
  Reading reading;
  ObjectReader reader(keys, "", reading);
  leaf->describe(reader);
  return leaf;
}

/// Why a policy with these keys cannot work with an outcome; empty: it can.
inline std::string objection(const RegistryRow<Policy>& row, const Json& policy,
                             const RegistryRow<Outcome>& outcome) {
  const auto world = outcome.make();
  return leaf_with(row, policy)->objection(world->offers(), world->values());
}

/// Those strategies whose tests do not ask for chances of every arm.
inline Json without_chances(Json strategies) {
  for (const auto& test : registry().analyses)
    if (test.make()->needs_chances()) strategies = without_test(strategies, test.name);
  return strategies;
}

/// Those strategies whose tests do not ask for rounds of several users.
inline Json without_rounds(Json strategies) {
  for (const auto& test : registry().analyses)
    if (test.make()->least_round() > 1) strategies = without_test(strategies, test.name);
  return strategies;
}

template <class Leaf>
std::size_t index_of(std::span<const RegistryRow<Leaf>> rows, const RegistryRow<Leaf>& row) {
  return static_cast<std::size_t>(&row - rows.data());
}

/// Calls `check` with a trial of every outcome and every policy that goes with it, balanced and by coin:
/// every rule with every test where the split is balanced, every rule and every test elsewhere.
template <class Check>
void for_all_worlds(Check check) {
  for (const auto& outcome : registry().outcomes)
    for (const auto& policy : registry().policies)
      for (const char* assignment : {"balanced", "bernoulli"}) {
        if (!is_affordable(index_of(registry().outcomes, outcome), index_of(registry().policies, policy)))
          continue;
        const Json pool = parameters(is_binary(outcome));
        const bool is_coin = assignment == std::string("bernoulli");
        if (is_coin && policy.make()->learning() != nullptr) continue;
        if (!objection(policy, typed(policy, pool, "type"), outcome).empty()) continue;
        Json options = pool;
        options["assignment"] = assignment;
        Trial trial;
        trial.outcome = typed(outcome, pool, "type");
        trial.lift = outcome.make()->takes_absolute_lifts() ? "absolute" : "relative";
        trial.policy = typed(policy, options, "type");
        trial.strategies = all_strategies(pool, Json::object());
        // A bootstrap takes as long as all other tests together, and does not know who allocated.
        const bool learns = policy.make()->learning() != nullptr;
        if (learns) trial.strategies = without_rounds(without_test(trial.strategies, "bootstrap"));
        if (learns || is_coin || kSanitized) trial.strategies = every_leaf_once(trial.strategies);
        if (!leaf_with(policy, trial.policy)->gives_every_arm_a_chance())
          trial.strategies = without_chances(trial.strategies);
        INFO("outcome " << outcome.name << ", policy " << trial.policy.dump());
        check(trial);
      }
}

}  // namespace windtunnel
