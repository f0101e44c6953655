#include "windtunnel/engine/lint.hpp"

#include "support/catch.hpp"
#include "windtunnel/core/error.hpp"

using namespace windtunnel;

namespace {

/// Lints of a scenario of 3 days with 40 users a day.
std::vector<std::string> lints(const std::string& strategies, const std::string& allow = "[]") {
  const std::string text = R"({"windtunnel": 1, "allow": )" + allow + R"(,
    "world": {"traffic": {"users_per_day": 40, "days": 3}, "outcome": {"type": "normal", "mean": 0, "sd": 1}},
    "strategies": {)" + strategies +
                           "}}";
  const Scenario scenario = read_scenario(text, "test", registry());
  return lint(scenario, compile(scenario, registry()));
}

}  // namespace

TEST_CASE("lint: looks beyond the end are told once", "[engine]") {
  const std::string peek = R"("peek": {"rule": "naive_peeking", "looks": {"at_days": [1, 2, 4, 5]}})";
  CHECK(lints(peek) ==
        std::vector<std::string>{
            "dropped_looks: 2 looks of 'peek' lie beyond its end after 3 days and are left out"});
  CHECK(lints(peek, R"(["dropped_looks"])").empty());
  CHECK(lints(R"("peek": {"rule": "naive_peeking", "looks": {"at_days": [1, 3]}})").empty());
}

TEST_CASE("lint: looks that begin beyond the end are told", "[engine]") {
  const auto peek = [](const std::string& looks) {
    return lints(R"("peek": {"rule": "naive_peeking", "looks": )" + looks + "}");
  };
  const std::vector<std::string> told{
      "dropped_looks: the looks of 'peek' begin beyond its end after 3 days; it looks then only"};
  // 3 days, 72 hours, 120 users
  for (const char* beyond : {R"({"every_days": 99})", R"({"every_days": 1, "from": 4})",
                             R"({"every_hours": 73})", R"({"every_users": 121})"})
    CHECK(peek(beyond) == told);
  for (const char* inside : {R"({"every_days": 3})", R"({"every_hours": 72})", R"({"every_users": 120})"})
    CHECK(peek(inside).empty());
}

TEST_CASE("lint: only ids that there are can be allowed", "[engine]") {
  const std::string peek = R"("peek": {"rule": "naive_peeking"})";
  for (const LintRow& row : lint_rows()) CHECK_NOTHROW(lints(peek, std::string("[\"") + row.id + "\"]"));
  try {
    lints(peek, R"(["dropped_look"])");
    FAIL("an unknown id was allowed");
  } catch (const InputError& error) {
    CHECK(error.problems().front().where == "/allow/0");
    CHECK(error.problems().front().message.ends_with("; did you mean \"dropped_looks\"?"));
  }
}

TEST_CASE("lint: a promise that rests on an early estimate of the variance is told", "[engine]") {
  const auto pocock = [](const std::string& more) {
    return R"("p": {"rule": "group_sequential", "boundary": "pocock", )" + more + "}";
  };
  // 40 users a day are 20 per arm after the first day and 60 after the third.
  const std::vector<std::string> found = lints(pocock(R"("looks": {"every_days": 1})"));
  REQUIRE(found.size() == 1);
  CHECK(found.front().starts_with("early_plug_in: 'p' first looks at 20 users in an arm"));
  CHECK(lints(pocock(R"("looks": {"at_days": [3]})")).empty());
  CHECK(lints(pocock(R"("looks": {"every_days": 1}, "test": {"type": "z_known", "sd": 1})")).empty());
  CHECK(lints(R"("n": {"rule": "naive_peeking", "looks": {"every_days": 1}})").empty());  // promises nothing
}
