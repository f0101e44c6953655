#include <algorithm>
#include <cmath>

#include "scenario_lenses.hpp"
#include "windtunnel/core/number_text.hpp"

namespace windtunnel {

namespace {

constexpr double kMostLooks = 1'000'000;

/// Looks a schedule asks for in an experiment of `days` days and `users` users.
double count_looks(const Schedule& schedule, double days, double users) {
  const auto periodic = [&schedule](double end) {
    return std::floor(std::max(0.0, end - schedule.from) / schedule.every) + 1;
  };
  switch (schedule.kind) {
    case Schedule::Kind::every_days:
      return periodic(days);
    case Schedule::Kind::every_hours:
      return periodic(24 * days);
    case Schedule::Kind::every_users:
      return periodic(users);
    case Schedule::Kind::equally_spaced:
      return schedule.count;
    default:
      return static_cast<double>(schedule.times.size());
  }
}

/// Reads one strategy, part by part.
class StrategyReader {
 public:
  StrategyReader(ObjectReader& reader, const WorldReading& world, const Registry& registry, Reading& reading)
      : reader_(reader),
        world_(world),
        registry_(registry),
        reading_(reading),
        lenses_(reader, writer_, world, reading) {}

  Strategy read(const std::string& name) {
    strategy_.name = name;
    read_rule();
    read_policy();
    read_times();
    if (rule_ == nullptr) return std::move(strategy_);
    lenses_.read(strategy_);
    read_test();
    read_correction();
    read_margin();
    reader_.finish("a strategy with rule " + strategy_.rule_name);
    return std::move(strategy_);
  }

  bool knows_rule() const { return rule_ != nullptr; }
  const Json& resolved() const { return writer_.object(); }

 private:
  void read_rule() {
    const auto [value, where] = reader_.take("rule");
    const Json name = value == nullptr ? Json(kDefaultRule) : *value;
    rule_ = find_row(registry_.rules, name, where, "rule", reading_);
    if (rule_ == nullptr) return;
    std::unique_ptr<StoppingRule> rule = rule_->make();
    const int before = reading_.complaints();
    rule->describe(reader_);
    rule_is_sound_ = reading_.complaints() == before;
    if (rule_is_sound_) has_own_test_ = keeps_own_test(*rule);
    writer_.set("rule", rule_->name);
    rule->describe(writer_);
    rule_text_ = writer_.object().dump();
    strategy_.rule_name = rule_->name;
    strategy_.guarantee = rule_->guarantee;
    strategy_.rule = std::move(rule);
    has_alpha_ = reader_.knows("alpha");
    if (has_alpha_ && !reader_.knows("alternative"))
      reader_.forbid("alternative", "rule " + strategy_.rule_name + " is two-sided only");
  }

  /// Whether the rule's own analysis decides: not where the strategy names a test that can take its place.
  bool keeps_own_test(StoppingRule& rule) {
    if (rule.own_analysis() == nullptr) return false;
    if (!reader_.gives("test")) return true;
    const std::string objection = rule.give_way_to_test();
    if (!objection.empty()) reader_.forbid("test", std::string("rule ") + rule_->name + " " + objection);
    return !objection.empty();
  }

  void read_policy() {
    const auto [value, where] = reader_.take("policy");
    const Json typed = value == nullptr ? Json(kDefaultPolicy) : *value;
    const int before = reading_.complaints();
    Member<Policy> policy =
        read_member(registry_.policies, typed, where, "policy", reading_, [](ObjectReader&) {});
    if (policy.leaf == nullptr || reading_.complaints() != before) return;
    const Json resolved = written(policy);
    writer_.set("policy", resolved);
    strategy_.policy_text = resolved.dump();
    check_shares(*policy.leaf, where);
    if (world_.spec.outcome) {
      const std::string objection = policy.leaf->objection(lenses_.offered(), world_.spec.values());
      if (!objection.empty())
        reading_.complain(where, std::string("policy ") + policy.row->name + " " + objection);
    }
    strategy_.policy = std::move(policy.leaf);
  }

  /// A policy learns only here how many arms there are.
  void check_shares(const Policy& policy, const std::string& where) {
    if (reading_.arms.empty()) return;
    try {
      policy.planned_shares(static_cast<int>(reading_.arms.size()));
    } catch (const InputError& error) {
      for (const Problem& problem : error.problems())
        reading_.complain(where + problem.where, problem.message);
    }
  }

  void read_times() {
    const bool known = world_.is_complete();
    const double most = known ? static_cast<double>(world_.spec.days) : kMostDays;
    strategy_.days = world_.spec.days;
    describe_length(reader_, strategy_.days, most);
    describe_length(writer_, strategy_.days, most);
    describe_looks(reader_, strategy_.looks);
    describe_looks(writer_, strategy_.looks);
    if (!known) return;
    const auto users = static_cast<double>(world_.calendar->users_after(static_cast<int>(strategy_.days)));
    if (users < 1)
      reader_.refuse("days", "nobody has come after " + spoken_number(static_cast<double>(strategy_.days)) +
                                 (strategy_.days == 1 ? " day" : " days"));
    const double looks = count_looks(strategy_.looks, static_cast<double>(strategy_.days), users);
    if (looks > kMostLooks)
      reader_.refuse("looks", "asks for " + spoken_number(looks) + " looks (needs at most 1000000)");
  }

  void read_test() {
    // A rule with wrong parameters cannot say what test it needs.
    if (!rule_is_sound_) {
      reader_.take("test");
      return;
    }
    if (has_own_test_) {
      if (!reader_.gives("test")) reader_.take("test");  // it is a key of the strategy's
      strategy_.analysis = strategy_.rule->own_analysis();
      strategy_.analysis_text = rule_text_;  // its parameters are the rule's
      lenses_.check_offer(*strategy_.analysis, reader_.place("rule"), "rule " + strategy_.rule_name);
      return;
    }
    const auto [value, where] = reader_.take("test");
    const char* usual = lenses_.offered().has(Channel::successes) ? "z_pooled" : "welch_t";
    const int before = reading_.complaints();
    Member<Analysis> test = read_member(registry_.analyses, value != nullptr ? *value : Json(usual), where,
                                        "test", reading_, [](ObjectReader&) {});
    if (test.leaf == nullptr || reading_.complaints() != before) return;
    const Json resolved = written(test);
    writer_.set("test", resolved);
    strategy_.analysis_text = resolved.dump();
    lenses_.check_offer(*test.leaf, where, std::string("test ") + test.row->name);
    lenses_.check_offer(*strategy_.rule, reader_.place("rule"), "rule " + strategy_.rule_name);
    if (test.leaf->needs_chances() && strategy_.policy && !strategy_.policy->gives_every_arm_a_chance())
      reading_.complain(where,
                        std::string("test ") + test.row->name +
                            " needs a chance for every arm, which this policy does not give (give it " +
                            "a \"floor\")");
    strategy_.analysis = std::move(test.leaf);
  }

  void read_correction() {
    if (!has_alpha_)
      return reader_.forbid("correction",
                            "rule " + strategy_.rule_name + " has no alpha that could be corrected",
                            kCorrectionNames[static_cast<int>(Correction::none)]);
    describe_correction(reader_, strategy_.correction);
    describe_correction(writer_, strategy_.correction);
    if (needs_fresh_tests(strategy_.correction) && !strategy_.rule->takes_stepwise_corrections())
      reader_.refuse("correction", shown(kCorrectionNames[static_cast<int>(strategy_.correction)]) +
                                       " does not go with rule " + strategy_.rule_name +
                                       " (needs none or bonferroni)");
  }

  void read_margin() {
    describe_margin(reader_, strategy_.margin);
    if (strategy_.margin && !strategy_.margin->is_known())
      reader_.refuse("margin", "must be a number: a margin is not drawn");
    if (strategy_.margin && strategy_.analysis) {
      const std::string objection = margin_objection(*strategy_.margin, strategy_.analysis->estimand());
      if (!objection.empty()) reader_.refuse("margin", objection);
    }
    if (strategy_.margin) writer_.set("margin", written(*strategy_.margin));
    if (strategy_.margin && strategy_.margin->scale == Lift::Scale::relative) {
      if (!reader_.gives("baseline"))
        reader_.refuse("margin", "a relative margin is times \"baseline\", which is missing");
      reader_.take("baseline");
    }
    if (!reader_.knows("baseline"))
      return reader_.forbid("baseline", "is not used: rule " + strategy_.rule_name +
                                            " does not plan with it, and there is no relative margin");
    describe_baseline(reader_, strategy_.baseline);
    describe_baseline(writer_, strategy_.baseline);
  }

  ObjectReader& reader_;
  const WorldReading& world_;
  const Registry& registry_;
  Reading& reading_;
  ObjectWriter writer_;
  LensReader lenses_;
  Strategy strategy_;
  const RegistryRow<StoppingRule>* rule_ = nullptr;
  std::string rule_text_;
  bool rule_is_sound_ = false;
  bool has_own_test_ = false;
  bool has_alpha_ = false;
};

}  // namespace

StrategiesReading read_strategies(const Json& document, const WorldReading& world, const Registry& registry,
                                  DefaultsUse& use, Reading& reading) {
  StrategiesReading result;
  const auto found = document.find("strategies");
  if (found == document.end() || !is_object(*found, "/strategies", "a set of strategies by name", reading))
    return result;
  if (found->empty())
    reading.complain("/strategies", "has no strategy (needs at least one: \"name\": {\"rule\": ...})");
  if (found->size() > kMostStrategies) {
    reading.complain("/strategies", "has " + std::to_string(found->size()) + " strategies (needs at most " +
                                        std::to_string(kMostStrategies) +
                                        ": every pair of them is compared); write several scenarios");
    return result;
  }
  const auto defaults = document.find("defaults");
  const bool has_defaults = defaults != document.end() && defaults->is_object();
  const Json none = Json::object();
  Defaults shared(has_defaults ? *defaults : none, "/defaults");
  for (const auto& [name, object] : found->items()) {
    const std::string where = child("/strategies", name);
    if (!is_object(object, where, "a strategy", reading)) continue;
    if (!is_printable(name)) reading.complain(where, "a strategy's name must be printable text");
    ObjectReader keys(object, where, reading, &shared);
    StrategyReader reader(keys, world, registry, reading);
    result.strategies.push_back(reader.read(name));
    result.resolved[name] = reader.resolved();
    use.certain = use.certain && reader.knows_rule();
    use.takeable.insert(keys.keys().begin(), keys.keys().end());
  }
  use.taken.insert(shared.taken().begin(), shared.taken().end());
  return result;
}

}  // namespace windtunnel
