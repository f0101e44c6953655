#include "grammar_keys.hpp"

namespace windtunnel {

namespace {

constexpr auto kRequired = About::Need::required;
constexpr auto kOptional = About::Need::optional;

FieldInfo key(const char* path, const char* type, const char* allowed, const char* fallback, const char* unit,
              const char* summary, About::Need need = kOptional) {
  return {path, type, allowed, fallback, unit, summary, need, {}};
}

void add_scenario_keys(std::vector<FieldInfo>& keys) {
  keys.push_back(key("windtunnel", "whole number", "1", "", "", "version of the grammar", kRequired));
  keys.push_back(key("$schema", "text", "", "", "", "for editors"));
  keys.push_back(key("description", "text", "", "", "", "a sentence for people"));
  keys.push_back(key("name", "text", "a-z, 0-9 and -", "file stem", "", "name in every output"));
  keys.push_back(key("seed", "whole number", "0 … 2^53 − 1", "1", "", "seed of all random numbers"));
  keys.push_back(key("replications", "whole number", "1 … 2^48", "100000", "replications", "per cell"));
  keys.push_back(key("precision.measure", "name", "see Measures", "", "",
                     "instead of replications: go on until this is known well in every cell and strategy"));
  keys.push_back(key("precision.half_width", "number", "half_width > 0", "", "of the measure",
                     "half-width of the interval to reach; required with a precision"));
  keys.push_back(key("precision.max_replications", "whole number", "1 … 2^48", "1000000000", "replications",
                     "where to give up"));
  keys.push_back(
      key("null_twin", "true or false", "", "true", "", "also run the world without lasting effects"));
  keys.push_back(key("allow", "list of lint ids", "", "[]", "", "lints to silence"));
}

void add_world_keys(std::vector<FieldInfo>& keys) {
  keys.push_back(key("world.arms", "names, or a count", "2 … 1000", "[\"control\", \"treatment\"]", "arms",
                     "the first is control"));
  keys.push_back(key("world.traffic.users_per_day", "number", "users_per_day > 0", "", "users",
                     "over all arms; fractions carry over", kRequired));
  keys.push_back(
      key("world.traffic.days", "whole number", "days >= 1", "", "days", "longest experiment", kRequired));
  keys.push_back(key("world.traffic.rollout_days", "whole number", "rollout_days >= 0", "0", "days",
                     "how long what was decided goes on; counts in regret"));
  keys.push_back(key("world.outcome", "Typed", "see Outcomes", "", "", "law of a user's outcome", kRequired));
  keys.push_back(
      key("world.outcome.better", "`higher`, `lower`", "", "higher", "", "which outcomes are better"));
  keys.push_back(
      key("world.effect", "Lift", "", "none", "", "lasting effect of the treatments; none is an A/A test"));
  keys.push_back(key("world.features", "object", "", "{}", "", "what real traffic adds, by name"));
}

void add_strategy_keys(std::vector<FieldInfo>& keys) {
  keys.push_back(key("defaults", "object", "", "{}", "", "strategy keys for every strategy that takes them"));
  keys.push_back(key("strategies", "object by name", "", "", "",
                     "what is compared, in the order of the table", kRequired));
  keys.push_back(
      key("strategies.*.rule", "name", "see Rules", "ship_leader", "", "when to stop and what to say"));
  keys.push_back(
      key("strategies.*.policy", "Typed", "see Policies", "fixed_split", "", "which arm a user gets"));
  keys.push_back(key("strategies.*.days", "whole number", "1 … world.traffic.days", "the world's", "days",
                     "length of this strategy's experiment"));
  keys.push_back(key("strategies.*.looks", "Schedule", "", "the end only", "",
                     "when the rule looks; the end is always its last look"));
  keys.push_back(key("strategies.*.test", "Typed", "see Tests", "by outcome: z_pooled, else welch_t", "",
                     "how an effect is estimated; only for rules that take it"));
  keys.push_back(key("strategies.*.correction", "`none`, `bonferroni`, `dunnett`, `holm`", "", "none", "",
                     "how several treatments share the level"));
  keys.push_back(
      key("strategies.*.margin", "Lift", "", "0", "", "null hypothesis: lasting effect <= margin"));
  keys.push_back(key("strategies.*.baseline", "number", "", "", "",
                     "the mean the team believes in; relative values are times it"));
}

void add_other_keys(std::vector<FieldInfo>& keys) {
  keys.push_back(key("sweep", "object: axis -> {pointer: list}", "lists of one axis equally long", "{}", "",
                     "runs the grid of all axes"));
  keys.push_back(key("expect[]", "list of objects", "", "[]", "",
                     "known answers: strategy, measure, cell, at, one of near / at_most / at_least, within"));
}

}  // namespace

std::vector<FieldInfo> grammar_keys() {
  std::vector<FieldInfo> keys;
  add_scenario_keys(keys);
  add_world_keys(keys);
  add_strategy_keys(keys);
  add_other_keys(keys);
  return keys;
}

}  // namespace windtunnel
