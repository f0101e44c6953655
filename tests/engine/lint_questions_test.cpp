#include "support/catch.hpp"
#include "windtunnel/engine/lint.hpp"

using namespace windtunnel;

namespace {

/// Lints of normal outcomes of sd 1, two days of 1,000 users.
std::vector<std::string> normal_lints(const std::string& effect, const std::string& features,
                                      const std::string& strategy) {
  const std::string text = R"({"windtunnel": 1, "world": {"traffic": {"users_per_day": 1000, "days": 2},
    "outcome": {"type": "normal", "mean": 0, "sd": 1}, "effect": {"absolute": )" +
                           effect + R"(}, "features": {)" + features + R"(}}, "strategies": {"s": {)" +
                           strategy + "}}}";
  const Scenario scenario = read_scenario(text, "test", registry());
  return lint(scenario, compile(scenario, registry()));
}

}  // namespace

TEST_CASE("lint: power is that of the question asked", "[engine]") {
  // The standard error of a difference of 1,000 users each is .0447: .08 of it are 1.79 of them.
  const std::string one_sided = R"("rule": "fixed_horizon", "alternative": "one_sided")";
  CHECK(normal_lints("0.08", "", R"("rule": "fixed_horizon")").size() == 1);
  CHECK(normal_lints("0.08", "", one_sided).empty());
  CHECK(normal_lints("-0.5", "", one_sided).size() == 1);
  CHECK(normal_lints("0.01", "", one_sided + R"(, "margin": {"absolute": -0.2})").empty());
  CHECK(normal_lints("-0.2", "", one_sided + R"(, "margin": {"absolute": -0.2})").empty());
  // A tenth of the users: .14 of standard error.
  const std::string segments = R"("segments": {"a": {"share": 0.1}, "b": {"share": 0.9}})";
  CHECK(normal_lints("0.2", segments, R"("rule": "fixed_horizon")").empty());
  CHECK(normal_lints("0.2", segments, R"("rule": "fixed_horizon", "segment": "a")").size() == 1);
}

TEST_CASE("lint: arms that are alike within segments keep promises made there", "[engine]") {
  const std::string simpson =
      R"("segments": {"a": {"share": 0.5, "rate_multiplier": 2, "shares": [1, 3]}, "b": {"share": 0.5}})";
  const auto of = [&](const char* strategy) {
    const std::string text =
        R"({"windtunnel": 1, "world": {"traffic": {"users_per_day": 1000, "days": 2},
            "outcome": {"type": "bernoulli", "rate": 0.2}, "features": {)" +
        simpson + R"(}}, "strategies": {"s": {"rule": "fixed_horizon", )" + strategy + "}}}";
    const Scenario scenario = read_scenario(text, "test", registry());
    return lint(scenario, compile(scenario, registry())).size();
  };
  CHECK(of(R"("test": "z_pooled")") == 1);
  CHECK(of(R"("test": "stratified")") == 0);
  CHECK(of(R"("segment": "a")") == 0);
}

TEST_CASE("lint: sums over visits vary more than one visit's given variance", "[engine]") {
  const std::string returning = R"("returning_users": {"probability": 0.5})";
  CHECK(normal_lints("0.5", returning, R"("rule": "fixed_horizon")").empty());
  CHECK(normal_lints("0.5", returning, R"("rule": "fixed_horizon", "test": {"type": "z_known", "sd": 1})")
            .size() == 1);
}
