#include "support/sound.hpp"
#include "support/trial.hpp"
#include "windtunnel/core/error.hpp"

/// Every feature with every outcome, rule and policy: each combination runs, or is refused with a sentence
/// for one of very few reasons.
namespace windtunnel {
namespace {

/// A feature that is felt.
Json sample_feature(const std::string& name) {
  const Json features = {
      {"novelty", {{"relative", 0.3}, {"half_life_days", 1}}},
      {"weekday", {{"traffic", {1, 1, 1, 1, 1, 0.5, 0.5}}, {"rate", {1.1, 1, 0.9, 1, 1, 1, 1}}}},
      {"segments", {{"a", {{"share", 0.3}, {"rate_multiplier", 1.5}}}, {"b", {{"share", 0.7}}}}},
      {"carryover", {{"relative", 0.2}, {"overlap", 0.5}, {"half_life_days", 2}}},
      {"leakage", {{"rate", 0.1}}},
      {"delay", {{"daily_probability", 0.4}}},
      {"returning_users", {{"probability", 0.5}}},
      {"clusters", {{"size", 2}, {"icc", 0.2}}},
      {"covariate", {{"correlation", 0.6}}},
      {"metrics", {{"count", 2}}},
      {"sample_ratio_mismatch", {{"arm", "treatment"}, {"drop_rate", 0.2}}}};
  REQUIRE(features.contains(name));
  return features[name];
}

bool has_normal_outcome(const Trial& trial) {
  return trial.outcome["type"] == "normal";
}

/// Why a combination may be refused, in the words of the refusal.
std::vector<std::string> reasons(const std::string& feature, const Trial& trial) {
  std::vector<std::string> words;
  if ((feature == "covariate" || feature == "metrics") && !has_normal_outcome(trial))
    words.push_back("which must be normal for that");
  if (feature == "carryover" && trial.arms > 2) words.push_back("two arms");
  if (trial.policy["type"] != "fixed_split") words.push_back("is made for");
  return words;
}

/// Runs a trial, or checks why not; returns whether it ran.
bool runs_or_is_refused(const Trial& trial, const std::vector<std::string>& allowed) {
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
        const Json pool = parameters(is_binary(outcome) && std::string(feature.name) != "returning_users");
        Trial trial;
        trial.replications = 40;
        trial.users = 16;
        trial.days = 3;
        trial.looks = {{"every_users", 11}};
        trial.outcome = typed(outcome, pool, "type");
        trial.lift = outcome.make()->takes_absolute_lifts() ? "absolute" : "relative";
        trial.effect = {{trial.lift, 0.2}};
        trial.features[feature.name] = sample_feature(feature.name);
        trial.policy = typed(policy, pool, "type");
        for (const auto& rule : registry().rules) trial.strategies[rule.name] = typed(rule, pool, "rule");
        INFO(feature.name << ", " << outcome.name << ", " << policy.name);
        if (runs_or_is_refused(trial, reasons(feature.name, trial))) {
          ran.insert(outcome.name);
          ran.insert(policy.name);
        } else {
          ++refused;
        }
      }
    // Whatever is refused for one reason runs with something else.
    const bool needs_normal =
        std::string(feature.name) == "covariate" || std::string(feature.name) == "metrics";
    INFO(feature.name);
    for (const auto& outcome : registry().outcomes)
      CHECK((ran.contains(outcome.name) || (needs_normal && outcome.name != std::string("normal"))));
  }
  CHECK(refused > 0);
}

}  // namespace
}  // namespace windtunnel
