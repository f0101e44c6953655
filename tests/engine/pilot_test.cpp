#include "engine/pilot.hpp"

#include <fmt/format.h>

#include "support/catch.hpp"
#include "windtunnel/engine/study.hpp"

using namespace windtunnel;

namespace {

/// A world of two arms and 1,000 users, 500 on each of two days.
Study study(const std::string& outcome, const std::string& strategy, const std::string& features = "",
            int users_per_day = 500) {
  const Scenario scenario = read_scenario(
      fmt::format(R"({{"windtunnel": 1, "world": {{"traffic": {{"users_per_day": {}, "days": 2}},
          "outcome": {{"type": {}}}, "features": {{{}}}}}, "strategies": {{"s": {{{}}}}}}})",
                  users_per_day, outcome, features, strategy),
      "test", registry());
  return compile(scenario, registry());
}

double work(const std::string& outcome, const std::string& strategy, const std::string& features = "",
            int users_per_day = 500) {
  return work_per_replication(*study(outcome, strategy, features, users_per_day).experiments.front());
}

/// Work along the first stream.
StreamWork work_along(const Study& study) {
  const Experiment& experiment = *study.experiments.front();
  return {experiment, experiment.streams().front()};
}

constexpr const char* kRate = R"("bernoulli", "rate": 0.1)";
constexpr const char* kNormal = R"("normal", "mean": 0, "sd": 1)";
constexpr const char* kHeavy = R"("lognormal", "log_mean": 0, "log_sd": 1)";
constexpr const char* kFixed = R"("rule": "fixed_horizon")";

}  // namespace

TEST_CASE("pilot: totals cost by step, and users where they are drawn or gone over", "[engine]") {
  // Two arms are drawn in every step and read at every look.
  CHECK(work(kRate, kFixed) == 2 + 2);
  CHECK(work(kRate, kFixed, "", 5'000'000) == 2 + 2);
  CHECK(work(kRate, R"("rule": "naive_peeking", "looks": {"every_days": 1})") == 2 * (2 + 2));
  CHECK(work(kHeavy, kFixed) == 2 + 2 + 1000);
  CHECK(work(R"("revenue", "payer_rate": 0.05, "log_mean": 0, "log_sd": 1)", kFixed) == 2 + 2 + 50);
  CHECK(work(kNormal, R"("rule": "fixed_horizon", "test": "mann_whitney")") == 2 + 1000 + 1000);
  // Counts of mean 4 have some 30 values, each a binomial's worth; few users are drawn by themselves.
  const char* counts = R"("poisson", "mean": 4)";
  CHECK(work(counts, kFixed, "", 5) == 2 + 2 + 4 * 10);
  const double many = work(counts, kFixed, "", 50'000);
  CHECK(many > 2 + 2 + 2 * 4 * 20);
  CHECK(many < 2 + 2 + 2 * 4 * 60);
  CHECK(work(counts, kFixed, "", 5'000'000) == many);
  // Users come one by one where a policy learns from each, in steps of their own, and it has an index for
  // each arm; where it learns daily it finds chances.
  CHECK(work(kRate, R"("rule": "fixed_horizon", "policy": "thompson")") == (1 + 10) * 2 * 1000 + 2);
  CHECK(work(kRate,
             R"("rule": "fixed_horizon", "policy": {"type": "thompson", "rounds": {"every_days": 1}})") ==
        2 * (1 + 350) * 2 + 2);
  CHECK(work(kRate, R"("rule": "probability_best", "threshold": 0.9)") == 2 + 2 + 2 * 150);
}

TEST_CASE("pilot: what is gone over many times is counted as often", "[engine]") {
  const char* again = R"("rule": "fixed_horizon", "test": {"type": "bootstrap", "resamples": 200})";
  CHECK(work(kRate, again) == 2 + 2 * 200);
  CHECK(work(kHeavy, again) == 2 + 1000 + 1000 * 200);
}

TEST_CASE("pilot: what happens to users later, or on the way, is counted", "[engine]") {
  // Days are steps, and each may bring outcomes of every day.
  CHECK(work(kRate, kFixed, R"("delay": {"days": 1})") == 2 * 2 * 2 + 2);
  // Users of two days come again on the second one.
  CHECK(work(kHeavy, kFixed, R"("returning_users": {"probability": 0.5})") == 2 * 2 * 2 + 2 + 2 * 1000);
  CHECK(work(kHeavy, kFixed, R"("sample_ratio_mismatch": {"arm": "control", "drop_rate": 0.1})") ==
        2 + 2 + 1000);
  // Every user has three requests, drawn one by one.
  CHECK(work(kHeavy, kFixed, R"("clusters": {"size": 3, "icc": 0.1})") == 2 + 2 + 3000);
  CHECK(work(kRate, kFixed, R"("clusters": {"size": 3, "icc": 0.1})") == 2 + 2 + 2 * 4 * 9);
  CHECK(work(kNormal, kFixed, R"("metrics": {"count": 4})") == 2 * 5 + 2);
}

TEST_CASE("pilot: work comes in steps, and a look at all values is as dear as there are users", "[engine]") {
  const Study ranks =
      study(kNormal, R"("rule": "naive_peeking", "looks": {"every_days": 1}, "test": "mann_whitney")");
  const StreamWork daily = work_along(ranks);
  const double drawn = 2 + 500;
  CHECK(daily.step_after(0) == drawn + 500);
  CHECK(daily.step_after(500) == drawn + 1000);
  CHECK(daily.step_after(1000) == 0);
  CHECK(daily.until(499) == Approx(drawn * 499 / 500));
  CHECK(daily.until(500) == daily.step_after(0));
  CHECK(daily.total() == daily.step_after(0) + daily.step_after(500));
  CHECK(daily.total() == work_per_replication(*ranks.experiments.front()));
  // Where users are steps of their own, a look comes with the last one of them, if it does.
  const StreamWork single = work_along(study(kRate, R"("rule": "fixed_horizon", "policy": "thompson")"));
  CHECK(single.step_after(0) == (1 + 10) * 2 + 2);
  CHECK(single.until(999) == Approx((1 + 10) * 2 * 999));
}
