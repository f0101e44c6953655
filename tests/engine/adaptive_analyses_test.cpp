#include <fmt/format.h>

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"
#include "windtunnel/core/error.hpp"

/// Analyses of adaptive data through the engine, against every course an experiment can take.
namespace windtunnel {
namespace {

constexpr int kUsers = 8;
constexpr double kEpsilon = 0.3, kRates[2] = {0.5, 0.7}, kQuantile = 1.9599639845400545;

/// How users come, and what happens to them afterwards.
struct Course {
  int per_round, per_day = kUsers;
  double report = 1;     // chance that a user reports, on every day from that of exposure on
  double returning = 0;  // chance that a user comes again on a later day

  int days() const { return kUsers / per_day; }
  bool is_binary() const { return returning == 0; }
};

/// A user as it is seen at the end, and by the next round, which then has to be the second of two days.
struct User {
  int arm, outcome, round;
  double chance;
  bool has_reported = true;  // else the outcome is 0
};

struct Found {
  double estimate = 0, variance = 0;
};

/// Every user counts chance^-power.
Found weighted(const std::vector<User>& users, double power, bool is_binary) {
  Found found;
  bool is_known = true;
  for (int arm : {0, 1}) {
    double weights = 0, sum = 0, squares = 0;
    int count = 0;
    for (const User& user : users)
      if (user.arm == arm) {
        ++count;
        const double weight = std::pow(user.chance, -power);
        weights += weight;
        sum += weight * user.outcome;
      }
    for (const User& user : users)
      if (user.arm == arm)
        squares += std::pow(std::pow(user.chance, -power) * (user.outcome - sum / weights), 2);
    found.estimate += (arm == 0 ? -1 : 1) * sum / weights;
    found.variance += squares / (weights * weights);
    is_known = is_known && (is_binary || count > 1);
  }
  return is_known ? found : Found{};
}

Found by_rounds(const std::vector<User>& users) {
  double z = 0, precision = 0, count = 0;
  for (int round = 0; round < kUsers; ++round) {
    double n[2] = {0, 0}, sum[2] = {0, 0}, squares = 0;
    for (const User& user : users)
      if (user.round == round) {
        ++n[user.arm];
        sum[user.arm] += user.outcome;
      }
    const double both = (sum[0] + sum[1]) / (n[0] + n[1]);
    for (const User& user : users)
      if (user.round == round) squares += std::pow(user.outcome - both, 2);
    const double divisor = n[0] + n[1] - 1;
    const double variance = divisor > 0 ? squares / divisor * (1 / n[0] + 1 / n[1]) : 0;
    if (n[0] == 0 || n[1] == 0 || variance < 1e-12) continue;
    z += (sum[1] / n[1] - sum[0] / n[0]) / std::sqrt(variance);
    precision += 1 / std::sqrt(variance);
    ++count;
  }
  if (count == 0) return {};
  return {z / precision, count / (precision * precision)};
}

/// Expectations over all courses of epsilon-greedy with rounds of some users.
struct Courses {
  Course course;
  // Of ipw, adaptively_weighted and batch_z: estimates where there is evidence, and how often there is.
  double estimate[3] = {0, 0, 0}, known[3] = {0, 0, 0}, rejected[3] = {0, 0, 0};

  void walk(std::vector<User>& users, double probability) {
    const int t = static_cast<int>(users.size());
    if (t == kUsers) return add(users, probability);
    const int later = course.days() - 1 - t / course.per_day;
    const double reports = 1 - std::pow(1 - course.report, later + 1);
    const double returns = later > 0 ? course.returning : 0;
    for (int arm : {0, 1}) {
      const double chance = chance_of(users, t, arm), p = kRates[arm];
      const auto go_on = [&](int outcome, bool has_reported, double law) {
        if (chance * law == 0) return;
        users.push_back({arm, outcome, t / course.per_round, told(chance, t), has_reported});
        walk(users, probability * chance * law);
        users.pop_back();
      };
      go_on(0, false, 1 - reports);
      go_on(0, true, reports * (1 - p) * (1 - returns * p));
      go_on(1, true, reports * (p * (1 - returns * p) + (1 - p) * returns * p));
      go_on(2, true, reports * p * returns * p);
    }
  }

 private:
  /// The first two users get the arms in turn; then those who have reported tell, ties are shared, and an arm
  /// that nobody has reported on leads.
  double chance_of(const std::vector<User>& users, int t, int arm) const {
    if (t < 2) return t == arm ? 1 : 0;
    int n[2] = {0, 0}, wins[2] = {0, 0};
    for (int i = 0; i < t / course.per_round * course.per_round; ++i) {
      const User& user = users[static_cast<std::size_t>(i)];
      n[user.arm] += user.has_reported ? 1 : 0;
      wins[user.arm] += user.outcome;
    }
    int lead = wins[arm] * n[1 - arm] - wins[1 - arm] * n[arm];
    if (n[0] == 0 || n[1] == 0) lead = n[1 - arm] - n[arm];
    const double own = lead > 0 ? 1 : lead == 0 ? 0.5 : 0;
    return (1 - kEpsilon) * own + kEpsilon / 2;
  }

  /// A round some of whose users get the arms in turn has the mean of their chances.
  double told(double chance, int t) const {
    return t < course.per_round && course.per_round > 1 ? 0.5 : chance;
  }

  void add(const std::vector<User>& users, double probability) {
    const bool is_binary = course.is_binary();
    const Found found[] = {weighted(users, 1, is_binary), weighted(users, 0.5, is_binary), by_rounds(users)};
    for (int i = 0; i < 3; ++i) {
      if (found[i].variance < 1e-12) continue;
      estimate[i] += probability * found[i].estimate;
      known[i] += probability;
      const double z = found[i].estimate / std::sqrt(found[i].variance);
      rejected[i] += std::fabs(z) >= kQuantile ? probability : 0;
    }
  }
};

/// Holds the engine against all courses.
///   features  that the course is made of
///   company   another strategy, which may cut rounds
void check_courses(const Course& course, const std::string& features = "", EngineOptions options = {},
                   const std::string& company = "") {
  const char* const tests[] = {"ipw", "adaptively_weighted", "batch_z"};
  Courses courses{course};
  std::vector<User> users;
  courses.walk(users, 1);
  std::string strategies;
  for (const char* test :
       std::span(tests).first(course.per_round == 1 ? 2 : 3))  // a round of one user has one arm
    strategies += fmt::format(R"({}"{}": {{"rule": "fixed_horizon", "test": "{}"}})",
                              strategies.empty() ? "" : ", ", test, test);
  strategies += company;
  const Rehearsal run = rehearse(fmt::format(
                                     R"({{"windtunnel": 1, "replications": {}, "null_twin": false,
            "world": {{"traffic": {{"users_per_day": {}, "days": {}}}, "features": {{{}}},
                       "outcome": {{"type": "bernoulli", "rate": [{}, {}]}}}},
            "defaults": {{"policy": {{"type": "epsilon_greedy", "epsilon": {}, "rounds": {{"every_users": {}}}}}}},
            "strategies": {{{}}}}})",
                                     affordable(400'000), course.per_day, course.days(), features, kRates[0],
                                     kRates[1], kEpsilon, course.per_round, strategies),
                                 options);
  // The lasting effect is that of all visits: users of day t have as many as days are left.
  const double visits = 1 + course.returning * (course.days() - 1) / 2;
  for (int i = 0; i < (course.per_round == 1 ? 2 : 3); ++i) {
    const double expected = courses.estimate[i] / courses.known[i];
    CAPTURE(tests[i], course.per_round, features, expected, courses.rejected[i]);
    CHECK(agrees(run.value("effect", tests[i], "estimate_bias"), expected - visits * (kRates[1] - kRates[0]),
                 1e-9, 0.05));
    CHECK(agrees(run.value("effect", tests[i], "rejection_rate"), courses.rejected[i], 1e-9, 0.05));
  }
}

TEST_CASE("adaptive analyses: every course of a short experiment", "[engine][bandits]") {
  check_courses({.per_round = 1});
  check_courses({.per_round = 4});
}

TEST_CASE("adaptive analyses: looks of others that cut a round change no law", "[engine][bandits]") {
  check_courses({.per_round = 4}, "", {},
                R"(, "others": {"rule": "naive_peeking", "looks": {"at_users": [1, 6]}})");
}

TEST_CASE("adaptive analyses: rounds of any size keep the level of batch_z", "[engine][bandits]") {
  for (const char* outcome : {R"("bernoulli", "rate": 0.3)", R"("normal", "mean": 1, "sd": 2)"})
    for (int per_round : {2, 3, 5, 20}) {
      CAPTURE(outcome, per_round);
      const Rehearsal run = rehearse(fmt::format(
          R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": 600, "days": 1}},
              "outcome": {{"type": {}}}}},
              "strategies": {{"it": {{"rule": "fixed_horizon", "test": "batch_z",
                             "policy": {{"type": "thompson", "rounds": {{"every_users": {}}}{}}}}}}}}})",
          affordable(20'000), outcome, per_round,
          std::string_view(outcome).starts_with("\"n")
              ? R"(, "model": {"type": "normal", "observation_sd": 2, "prior_mean": 1, "prior_sd": 1}, "floor": 0.2)"
              : R"(, "floor": 0.2)"));
      // Sums of some 50 to 200 rounds, which take few values where rounds are small.
      CHECK(agrees(run.value("null", "it", "rejection_rate"), 0.05, 0.006, 0.0065));
    }
}

TEST_CASE("adaptive analyses: every course where users report late", "[engine][bandits]") {
  const char* const late = R"("delay": {"daily_probability": 0.6})";
  for (const Path path : {Path::increments, Path::users})
    check_courses({.per_round = 4, .per_day = 4, .report = 0.6}, late, {.path = path});
}

TEST_CASE("adaptive analyses: every course where users return", "[engine][bandits]") {
  check_courses({.per_round = 4, .per_day = 4, .returning = 0.4},
                R"("returning_users": {"probability": 0.4})");
}

TEST_CASE("adaptive analyses: rounds that can never hold both arms are refused", "[engine][bandits]") {
  const auto problem = [](const char* outcome, const char* policy) -> std::string {
    try {
      rehearse(fmt::format(
          R"({{"windtunnel": 1, "replications": 10, "world": {{"traffic": {{"users_per_day": 50, "days": 2}},
              "outcome": {{"type": {}}}}}, "strategies": {{"it": {{"test": "batch_z", "policy": {}}}}}}})",
          outcome, policy));
    } catch (const InputError& error) {
      return error.problems()[0].where + ": " + error.problems()[0].message;
    }
    return "";
  };
  const char *coin = R"("bernoulli", "rate": 0.5)", *normal = R"("normal", "mean": 0, "sd": 1)";
  const char* singles = R"("epsilon_greedy")";
  const char* pairs = R"({"type": "epsilon_greedy", "rounds": {"every_users": 2}})";
  CHECK(problem(coin, singles) ==
        "/strategies/it/test: compares the arms within every round of the policy, which takes 2 users or "
        "more, and no round has more than 1 (give the policy longer \"rounds\")");
  CHECK(problem(coin, pairs).empty());
  CHECK(problem(normal, pairs).empty());
  CHECK(problem(coin, R"({"type": "epsilon_greedy", "rounds": {"every_users": 1, "from": 10}})").empty());
  CHECK(problem(normal, R"("fixed_split")").empty());
}

TEST_CASE("adaptive analyses: all users of a policy that does not learn are one round", "[engine]") {
  const Rehearsal run = rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": 20, "days": 5}},
          "outcome": {{"type": "bernoulli", "rate": 0.3}}, "effect": {{"relative": 0.5}}}},
          "defaults": {{"rule": "naive_peeking", "looks": {{"every_days": 1}}}},
          "strategies": {{"rounds": {{"test": "batch_z"}}, "pooled": {{"test": "z_pooled"}}}}}})",
      affordable(5'000)));
  for (const char* cell : {"null", "effect"}) {
    // Users less one tell the spread: at the first look, of 20 users, z is smaller by 2.5 %.
    CHECK(run.value(cell, "rounds", "rejection_rate").value ==
          Approx(run.value(cell, "pooled", "rejection_rate").value).margin(0.02));
    CHECK(run.value(cell, "rounds", "estimate_bias").value ==
          Approx(run.value(cell, "pooled", "estimate_bias").value).epsilon(1e-9));
  }
}

}  // namespace
}  // namespace windtunnel
