#include "support/sound.hpp"
#include "support/trial.hpp"
#include "windtunnel/core/error.hpp"

/// Every feature with every outcome, rule, policy and test: each combination runs, or is refused with a
/// sentence for one of very few reasons.
namespace windtunnel {
namespace {

/// A feature that is felt, and the keys by which a strategy looks at it.
struct Sample {
  Json feature, keys = Json::object();
};

Sample sample_of(const std::string& name) {
  const std::map<std::string, Sample> samples = {
      {"novelty", {{{"relative", 0.3}, {"half_life_days", 1}}}},
      {"weekday", {{{"traffic", {1, 1, 1, 1, 1, 0.5, 0.5}}, {"rate", {1.1, 1, 0.9, 1, 1, 1, 1}}}}},
      {"segments",
       {{{"a", {{"share", 0.3}, {"rate_multiplier", 1.5}}}, {"b", {{"share", 0.7}}}},
        {{"any_segment", true}}}},
      {"carryover", {{{"relative", 0.2}, {"overlap", 0.5}, {"half_life_days", 2}}}},
      {"leakage", {{{"rate", 0.1}}}},
      {"delay", {{{"daily_probability", 0.4}}, {{"analyse", "matured"}, {"follow_up_days", 1}}}},
      {"returning_users", {{{"probability", 0.5}}}},
      {"clusters", {{{"size", 2}, {"icc", 0.2}}, {{"unit", "user"}}}},
      {"covariate", {{{"correlation", 0.6}}, {{"adjust", "cuped"}}}},
      {"metrics", {{{"count", 2}}, {{"decide", "any"}}}},
      {"sample_ratio_mismatch",
       {{{"arm", "control"}, {"drop_rate", 0.2}}, {{"guards", {{"sample_ratio", 0.01}}}}}}};
  REQUIRE(samples.contains(name));
  return samples.at(name);
}

/// What is combined.
struct Combination {
  const RegistryRow<Feature>& feature;
  const RegistryRow<Outcome>& outcome;
  const RegistryRow<Policy>& policy;
  const RegistryRow<Analysis>* test = nullptr;  // nullptr: the usual one
  int arms = 2;
  bool looks = false;  // at what the feature brings
};

/// Columns the world gives.
Channels offers(const Combination& c) {
  const Channels outcome = c.outcome.make()->offers() | Channels{Channel::at_once, Channel::exposures};
  return leaf_with(c.feature, sample_of(c.feature.name).feature)->offers(outcome);
}

/// What the strategies look through, or nullptr.
std::unique_ptr<Lens> lens_of(const Combination& c) {
  auto lens = leaf_with(c.feature, sample_of(c.feature.name).feature)->lens();
  if (!c.looks || lens == nullptr) return nullptr;
  Reading reading;
  const Json keys = sample_of(c.feature.name).keys;
  ObjectReader reader(keys, "", reading);
  lens->describe(reader);
  return lens->is_plain() ? nullptr : std::move(lens);
}

/// Columns strategies see.
Channels shown(const Combination& c) {
  const auto lens = lens_of(c);
  return lens == nullptr ? offers(c) : lens->shows(offers(c));
}

/// A trial of every rule.
Trial trial_of(const Combination& c) {
  const Sample sample = sample_of(c.feature.name);
  const Json pool = parameters(offers(c).has(Channel::successes));
  Trial trial;
  trial.replications = 40;
  trial.users = 16;
  trial.days = 3;
  trial.arms = c.arms;
  trial.looks = {{"every_users", 11}};
  trial.outcome = typed(c.outcome, pool, "type");
  trial.lift = c.outcome.make()->takes_absolute_lifts() ? "absolute" : "relative";
  trial.effect = {{trial.lift, 0.2}};
  trial.features[c.feature.name] = sample.feature;
  trial.policy = typed(c.policy, pool, "type");
  if (c.test != nullptr && c.test->make()->least_round() > 1 &&
      leaf_with(c.policy, trial.policy)->learning() != nullptr)
    trial.policy["rounds"] = {{"every_users", 4}};  // rounds are what it compares the arms in
  const Json seen = parameters(shown(c).has(Channel::successes));
  for (const auto& rule : registry().rules) {
    Json& strategy = trial.strategies[rule.name] = typed(rule, seen, "rule");
    if (c.test != nullptr) strategy["test"] = typed(*c.test, seen, "type");
    if (c.looks) strategy.update(sample.keys);
  }
  return trial;
}

/// Why a combination may be refused, in words of the refusal.
std::vector<std::string> reasons(const Combination& c, const Trial& trial) {
  std::vector<std::string> words;
  const auto outcome = leaf_with(c.outcome, trial.outcome);
  const auto policy = leaf_with(c.policy, trial.policy);
  if (c.feature.make()->needs_normal() && !outcome->normal_sd()) {
    words.push_back("which must be normal for that");
    if (const auto lens = lens_of(c); lens != nullptr && !offers(c).has_all(lens->needs(offers(c))))
      words.push_back("needs data that this outcome does not give");
  }
  if (c.feature.name == std::string("carryover") && c.arms > 2) words.push_back("two arms");
  if (const std::string objection = policy->objection(offers(c), outcome->values()); !objection.empty())
    words.push_back(std::string("policy ") + c.policy.name + " " + objection);
  if (c.test == nullptr) return words;
  const auto test = c.test->make();
  if (test->needs_chances() && !policy->gives_every_arm_a_chance())
    words.push_back("needs a chance for every arm, which this policy does not give");
  return words;
}

/// Runs a combination, or checks why not; returns whether it ran.
bool runs_or_is_refused(const Combination& c) {
  INFO(c.feature.name << ", " << c.outcome.name << ", " << c.policy.name << ", "
                      << (c.test != nullptr ? c.test->name : "the usual test") << ", " << c.arms << " arms");
  const Trial trial = trial_of(c);
  const std::vector<std::string> allowed = reasons(c, trial);
  try {
    compile(trial.scenario(), registry());
  } catch (const InputError& error) {
    for (const auto& problem : error.problems()) {
      INFO(problem.where << ": " << problem.message);
      CHECK(std::ranges::any_of(allowed, [&](const std::string& words) {
        return problem.message.find(words) != std::string::npos;
      }));
    }
    return false;
  }
  CHECK(allowed.empty());
  check_sound(trial.run());
  return true;
}

TEST_CASE("combinations: every feature with every outcome, rule and policy", "[engine]") {
  int refused = 0;
  for (const auto& feature : registry().features) {
    std::set<std::string> ran;
    for (const auto& outcome : registry().outcomes)
      for (const auto& policy : registry().policies) {
        if (!is_affordable(index_of(registry().outcomes, outcome), index_of(registry().policies, policy)))
          continue;
        const bool runs = runs_or_is_refused({feature, outcome, policy});
        if (runs) ran.insert({outcome.name, policy.name});
        refused += runs ? 0 : 1;
      }
    // Whatever is refused for one reason runs with something else.
    INFO(feature.name);
    for (const auto& outcome : registry().outcomes)
      CHECK((ran.contains(outcome.name) ||
             (feature.make()->needs_normal() && outcome.name != std::string("normal"))));
  }
  CHECK(refused > 0);
}

template <class Leaf>
const RegistryRow<Leaf>& row_of(std::span<const RegistryRow<Leaf>> rows, const std::string& name) {
  const auto found = std::ranges::find_if(rows, [&](const auto& row) { return row.name == name; });
  REQUIRE(found != rows.end());
  return *found;
}

TEST_CASE("combinations: three arms of every feature, looked at as it allows", "[engine]") {
  std::size_t turn = 0;
  for (const auto& feature : registry().features)
    for (const auto& outcome : registry().outcomes)
      for (const auto& policy : registry().policies)
        if (is_affordable(++turn, 0) && turn % 3 == 0)
          runs_or_is_refused({feature, outcome, policy, nullptr, 3, true});
}

TEST_CASE("combinations: every test with every feature, looked at as it allows", "[engine]") {
  const char* const outcomes[] = {"bernoulli", "normal", "revenue"};
  const char* const policies[] = {"fixed_split", "thompson", "ucb1"};
  std::set<std::string> ran;
  for (const auto& test : registry().analyses)
    for (const auto& feature : registry().features)
      for (std::size_t o = 0; o < std::size(outcomes); ++o) {
        const std::size_t t = index_of(registry().analyses, test), f = index_of(registry().features, feature);
        if (!is_affordable(t + f, o)) continue;
        // Every test meets every policy, and every number of arms.
        const auto& outcome = row_of(registry().outcomes, outcomes[o]);
        const auto& policy = row_of(registry().policies, policies[(t + f + o) % std::size(policies)]);
        const int arms = 2 + static_cast<int>((t + f / 2) % 2);
        if (runs_or_is_refused({feature, outcome, policy, &test, arms, true})) ran.insert(test.name);
      }
  for (const auto& test : registry().analyses) CHECK((kSanitized || ran.contains(test.name)));
}

}  // namespace
}  // namespace windtunnel
