#include <fmt/format.h>

#include <cmath>
#include <random>

#include "support/catch.hpp"
#include "support/references.hpp"
#include "support/rehearsal.hpp"
#include "support/same_law.hpp"
#include "support/trial.hpp"

/// Users with several requests, through the whole engine.
namespace windtunnel {
namespace {

TEST_CASE("known answers: requests counted as users", "[engine]") {
  for (const char* id : {"CLU-10-0.05", "CLU-5-0.3", "CLU-10-0.2"}) {
    const Reference known = reference(id);
    const int size = known.params["m"];
    const double icc = known.params["icc"], design_effect = known.value(0);
    for (const auto& [outcome, test, variance] :
         {std::tuple(R"("normal", "mean": 1, "sd": 2)", R"({"type": "z_known", "sd": 2})", 4.0),
          std::tuple(R"("bernoulli", "rate": 0.3)", R"("z_pooled")", 0.21)}) {
      const Rehearsal run = rehearse(fmt::format(
          R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": 8000, "days": 1}},
              "outcome": {{"type": {}}}, "features": {{"clusters": {{"size": {}, "icc": {}}}}}}},
              "defaults": {{"rule": "fixed_horizon"}},
              "strategies": {{"requests": {{"test": {}}},
                              "users": {{"unit": "user"}}, "users, z": {{"unit": "user", "test": "z_unpooled"}},
                              "ratio": {{"test": "ratio"}}}}}})",
          affordable(200'000), outcome, size, icc, test));
      CAPTURE(id, outcome);
      // Conversions of 4,000 users are normal enough: their lattice and skewness move a level by less than
      // 1e-3.
      CHECK(agrees(run.value("null", "requests", "rejection_rate"), known.value(1), known.tol(1) + 1e-3));
      const double error = std::sqrt(design_effect * variance * 2 / (4000.0 * size));
      for (const char* strategy : {"requests", "users", "ratio"}) {
        CHECK(agrees(run.value("null", strategy, "estimate_rmse"), error, known.tol(0)));
        CHECK(agrees(run.value("null", strategy, "estimate_bias"), 0, 1e-12, error / 10));
      }
      for (const char* strategy : {"users", "users, z", "ratio"}) {
        CHECK(agrees(run.value("null", strategy, "rejection_rate"), 0.05, 1e-3));
        CHECK(agrees(run.value("null", strategy, "coverage"), 0.95, 1e-3));
      }
      // One variance, found in two ways.
      CHECK(run.value("null", "ratio", "rejection_rate").value ==
            Approx(run.value("null", "users, z", "rejection_rate").value).epsilon(1e-3));
      CHECK(1 - run.value("null", "requests", "coverage").value ==
            Approx(run.value("null", "requests", "rejection_rate").value).epsilon(0.05));
    }
  }
}

TEST_CASE("clusters: users with one request leave every byte alone", "[engine]") {
  for (const char* outcome :
       {R"("bernoulli", "rate": 0.3)", R"("normal", "mean": 1, "sd": 0.8)", R"("poisson", "mean": 1)"}) {
    const auto tallies = [&](const std::string& features, const char* unit) {
      return rehearse(fmt::format(
                          R"({{"windtunnel": 1, "replications": 2000,
              "world": {{"traffic": {{"users_per_day": 50, "days": 4}}, "outcome": {{"type": {}}},
                         "effect": {{"relative": 0.3}}, "features": {{{}}}}},
              "strategies": {{"peeking": {{"rule": "naive_peeking", "looks": {{"every_days": 1}}{}}}}}}})",
                          outcome, features, unit))
          .progress.tallies;
    };
    const auto without = tallies("", "");
    CHECK(tallies(R"("clusters": {"size": 1, "icc": 0})", "") == without);
    CHECK(tallies(R"("clusters": {"size": 1, "icc": 0.7, "size_distribution": "one_plus_poisson"})",
                  R"(, "unit": "user")") == without);
  }
}

TEST_CASE("clusters: increments and users one by one share every measure", "[engine]") {
  constexpr const char* kStrata =
      R"("segments": {"a": {"share": 0.4, "rate_multiplier": 0.5}, "b": {"share": 0.6, "effect_multiplier": 2}},
         "novelty": {"relative": 0.5, "half_life_days": 1.5}, "leakage": {"rate": 0.1})";
  constexpr const char* kPlain =
      R"("request": {}, "user": {"unit": "user"}, "ratio": {"test": "ratio"},
         "leader": {"rule": "ship_leader", "unit": "user"},
         "greedy": {"policy": {"type": "epsilon_greedy", "epsilon": 0.3, "rounds": {"every_users": 10}}})";
  constexpr const char* kParts =
      R"("request": {}, "b": {"unit": "user", "segment": "b"}, "strata": {"test": "stratified"},
         "strata of users": {"unit": "user", "test": "stratified"})";
  constexpr const char* kCompany =
      R"("cuped": {"adjust": "cuped"}, "cuped users": {"unit": "user", "adjust": "cuped"},
         "any": {"unit": "user", "decide": "any", "correction": "holm"},
         "strata": {"adjust": "cuped", "unit": "user", "test": "stratified"})";
  struct Case {
    const char *outcome, *clusters;
    std::string features;
    const char* strategies;
  };
  const char *fixed = R"("size": 3, "icc": 0.3)",
             *random = R"("size": 2.5, "size_distribution": "one_plus_poisson", "icc": 0.4)";
  for (
      const Case& c :
      {Case{R"("bernoulli", "rate": 0.3)", fixed, "", kPlain},
       Case{R"("bernoulli", "rate": 0.2)", random, std::string(", ") + kStrata, kParts},
       Case{R"("normal", "mean": 1, "sd": 0.8)", random, "", kPlain},
       Case{R"("normal", "mean": 1, "sd": 0.8)", fixed, std::string(", ") + kStrata, kParts},
       Case{
           R"("normal", "mean": 1, "sd": 0.8)", random,
           R"(, "covariate": {"correlation": 0.7, "treatment_shift": 0.2}, "metrics": {"count": 2, "correlation": 0.5},
                "segments": {"a": {"share": 0.4}, "b": {"share": 0.6}})",
           kCompany},
       Case{R"("poisson", "mean": 1)", random, "", kPlain}}) {
    CAPTURE(c.outcome, c.clusters, c.features);
    const auto text = fmt::format(
        R"({{"windtunnel": 1, "replications": {},
            "world": {{"traffic": {{"users_per_day": 40, "days": 2}}, "outcome": {{"type": {}}},
                       "effect": {{"relative": 0.3}}, "features": {{"clusters": {{{}}}{}}}}},
            "defaults": {{"looks": {{"every_days": 1}}, "rule": "naive_peeking"}}, "strategies": {{{}}}}})",
        comparable(6000), c.outcome, c.clusters, c.features, c.strategies);
    const Rehearsal increments = rehearse(text, {.path = Path::increments});
    const Rehearsal users = rehearse(text, {.path = Path::users});
    CHECK_FALSE(increments.progress.tallies == users.progress.tallies);
    check_same_law(increments.result, users.result);
  }
}

/// What a plain program makes of one experiment: rejections at 1.96 by requests and by users, and the
/// estimate.
struct Plain {
  double by_request, by_user, estimate;
};

/// The variance by users in the words of the brief textbook formula: residuals of the regression of sums on
/// numbers of requests through the origin. The first half of the users may come again
/// the next day, as somebody else would: visits are independent.
Plain plain_experiment(std::mt19937_64& engine, bool binary, int users, double returning, double size,
                       double icc, double m0, double m1, double sd) {
  double mean[2], naive[2], robust[2];
  for (int arm : {0, 1}) {
    const double m = arm == 0 ? m0 : m1, nu = 1 / icc - 1;
    std::vector<double> sums, counts;
    double n = 0, total = 0, squares = 0;
    for (int u = 0; u < users; ++u) {
      const bool comes_again = u < users / 2 && std::bernoulli_distribution(returning)(engine);
      double sum = 0;
      int count = 0;
      for (int visit = 0; visit < (comes_again ? 2 : 1); ++visit) {
        const double x = std::gamma_distribution<double>(m * nu)(engine),
                     y = std::gamma_distribution<double>((1 - m) * nu)(engine);
        const double intercept = std::normal_distribution<double>(m, sd * std::sqrt(icc))(engine);
        for (int j = std::poisson_distribution<int>(size - 1)(engine); j >= 0; --j) {
          const double request =
              binary ? (std::bernoulli_distribution(x / (x + y))(engine) ? 1.0 : 0.0)
                     : std::normal_distribution<double>(intercept, sd * std::sqrt(1 - icc))(engine);
          ++count;
          sum += request;
          squares += request * request;
        }
      }
      sums.push_back(sum);
      counts.push_back(count);
      n += count;
      total += sum;
    }
    mean[arm] = total / n;
    naive[arm] = (squares / n - mean[arm] * mean[arm]) / n;
    double residuals = 0;
    for (std::size_t u = 0; u < sums.size(); ++u)
      residuals += (sums[u] - mean[arm] * counts[u]) * (sums[u] - mean[arm] * counts[u]);
    robust[arm] = users / (users - 1.0) * residuals / (n * n);
  }
  const double d = mean[1] - mean[0];
  const auto rejects = [d](double variance) { return d * d >= 1.959964 * 1.959964 * variance ? 1.0 : 0.0; };
  return {rejects(naive[0] + naive[1]), rejects(robust[0] + robust[1]), d};
}

TEST_CASE("clusters: a plain program of users with an intercept or a rate agrees", "[engine]") {
  constexpr int kUsers = 30;  // of an arm
  const i64 replications = affordable(4000);
  for (const auto& [binary, returning] : {std::pair(true, 0.0), {false, 0.0}, {true, 0.6}, {false, 0.6}}) {
    const double size = 3.5, icc = 0.35, m0 = 0.3, m1 = 0.42, sd = 0.5;
    const Rehearsal run = rehearse(fmt::format(
        R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": {}, "days": 2}},
            "outcome": {{"type": {}}}, "effect": {{"absolute": {}}},
            "features": {{"clusters": {{"size": {}, "size_distribution": "one_plus_poisson", "icc": {}}}{}}}}},
            "defaults": {{"rule": "fixed_horizon", "test": "z_unpooled"}},
            "strategies": {{"request": {{}}, "user": {{"unit": "user"}}, "ratio": {{"test": "ratio"}}}}}})",
        affordable(20'000), kUsers,
        binary ? R"("bernoulli", "rate": 0.3)" : R"("normal", "mean": 0.3, "sd": 0.5)", m1 - m0, size, icc,
        returning > 0 ? fmt::format(R"(, "returning_users": {{"probability": {}}})", returning) : ""));
    std::mt19937_64 engine(5);
    double by_request = 0, by_user = 0, error = 0;
    for (i64 r = 0; r < replications; ++r) {
      const Plain one = plain_experiment(engine, binary, kUsers, returning, size, icc, m0, m1, sd);
      by_request += one.by_request;
      by_user += one.by_user;
      error += (one.estimate - (m1 - m0)) * (one.estimate - (m1 - m0));
    }
    const auto n = static_cast<double>(replications);
    CAPTURE(binary, returning);
    // 4 errors of a proportion near one half; the variance by requests has the divisor N - 1 of 200 here.
    const double tol = 4 * 0.5 / std::sqrt(n) + 2e-3;
    CHECK(std::fabs(run.value("effect", "request", "rejection_rate").value - by_request / n) <= tol);
    CHECK(std::fabs(run.value("effect", "user", "rejection_rate").value - by_user / n) <= tol);
    CHECK(std::fabs(run.value("effect", "ratio", "rejection_rate").value - by_user / n) <= tol);
    // A mean of n squares of normal errors has the relative error sqrt(2/n).
    CHECK(run.value("effect", "user", "estimate_rmse").value ==
          Approx(std::sqrt(error / n)).epsilon(4 * std::sqrt(0.5 / n)));
  }
}

/// Runs a scenario of users with requests on both paths.
void check_both_paths(const std::string& outcome, const std::string& features, const std::string& strategies,
                      i64 replications) {
  CAPTURE(outcome, features);
  const auto text = fmt::format(
      R"({{"windtunnel": 1, "replications": {},
          "world": {{"traffic": {{"users_per_day": 18, "days": 3}}, "outcome": {{"type": {}}},
                     "effect": {{"relative": 0.5}},
                     "features": {{"clusters": {{"size": 2.5, "size_distribution": "one_plus_poisson", "icc": 0.4}}{}}}}},
          "defaults": {{"looks": {{"every_days": 1}}, "rule": "naive_peeking"}}, "strategies": {{{}}}}})",
      comparable(replications), outcome, features, strategies);
  const Rehearsal increments = rehearse(text, {.path = Path::increments});
  const Rehearsal users = rehearse(text, {.path = Path::users});
  CHECK_FALSE(increments.progress.tallies == users.progress.tallies);
  check_same_law(increments.result, users.result);
}

TEST_CASE("clusters: requests that come late have the same law on both paths", "[engine]") {
  const char *binary = R"("bernoulli", "rate": 0.3)", *normal = R"("normal", "mean": 1, "sd": 0.8)";
  const std::string late = R"(, "delay": {"daily_probability": 0.5})",
                    covariate = R"(, "covariate": {"correlation": 0.7})";
  const std::string plain = R"("request": {}, "user": {"unit": "user"}, "ratio": {"test": "ratio"},
                               "pooled": {"test": "z_pooled"})";
  const std::string matured =
      plain + R"(, "matured": {"unit": "user", "analyse": "matured", "follow_up_days": 1})";
  const std::string cuped =
      plain + R"(, "cuped": {"adjust": "cuped"}, "cuped users": {"adjust": "cuped", "unit": "user"})";
  for (const char* outcome : {binary, normal}) check_both_paths(outcome, late, matured, 6000);
  check_both_paths(normal, late + covariate, cuped, 6000);
}

TEST_CASE("clusters: tests that look at every value look at requests, on both paths", "[engine]") {
  const std::string strategies =
      R"("ranks": {"test": "mann_whitney"}, "p80": {"test": {"type": "quantile", "p": 0.8}},
         "bootstrap": {"rule": "fixed_horizon", "alpha": 0.1, "test": {"type": "bootstrap", "resamples": 59}},
         "capped": {"cap": 2}, "in a": {"segment": "a", "test": "mann_whitney"}, "strata": {"test": "stratified"})";
  for (const char* outcome : {R"("normal", "mean": 1, "sd": 1.5)", R"("poisson", "mean": 1.2)"})
    for (const char* features :
         {"", R"(, "returning_users": {"probability": 0.3})", R"(, "delay": {"daily_probability": 0.5})"})
      check_both_paths(outcome,
                       std::string(features) + R"(, "segments": {"a": {"share": 0.4}, "b": {"share": 0.6}})",
                       strategies, 1400);
}

TEST_CASE("clusters: users who return make more requests, whose mean they do not change", "[engine]") {
  const Rehearsal run = rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": {}, "days": 4}},
          "outcome": {{"type": "normal", "mean": 1, "sd": 2}}, "effect": {{"absolute": 0.3}},
          "features": {{"clusters": {{"size": 3, "icc": 0.5}}, "returning_users": {{"probability": 0.6}}}}}},
          "defaults": {{"rule": "fixed_horizon"}},
          "strategies": {{"user": {{"unit": "user"}}, "ratio": {{"test": "ratio"}}}}}})",
      affordable(4000), kSanitized ? 100 : 400));
  for (const char* strategy : {"user", "ratio"})
    for (const char* cell : {"null", "effect"}) {
      CHECK(agrees(run.value(cell, strategy, "estimate_bias"), 0, 1e-12, 0.01));
      CHECK(agrees(run.value(cell, strategy, "coverage"), 0.95, 0.002));
    }
}

TEST_CASE("clusters: every outcome with every rule and test, by requests and by users", "[engine]") {
  const Json clusters = {{"size", 2.5}, {"size_distribution", "one_plus_poisson"}, {"icc", 0.3}};
  const Json late = {{"daily_probability", 0.3}}, returning = {{"probability", 0.5}};
  for (const char* unit : {"request", "user"})
    for (const Json& more : {Json::object(), Json{{"delay", late}}, Json{{"returning_users", returning}}})
      for (const auto& outcome : registry().outcomes) {
        if (!is_affordable(index_of(registry().outcomes, outcome), 4 * more.size())) continue;
        const bool by_user = std::string(unit) == "user";
        const bool counts = is_binary(outcome) && !by_user && !more.contains("returning_users");
        Trial trial;
        trial.users = 12;
        trial.days = 2;
        trial.outcome = typed(outcome, parameters(is_binary(outcome)), "type");
        trial.effect = {{outcome.make()->takes_absolute_lifts() ? "absolute" : "relative", 0.3}};
        trial.policy = "fixed_split";
        trial.replications = 100;
        trial.strategies = all_strategies(parameters(counts), {{"unit", unit}});
        trial.features = more;
        trial.features["clusters"] = clusters;
        INFO(outcome.name << " by " << unit << ", " << more.dump());
        const Rehearsal run = trial.run();
        for (const MeasuredCell& cell : run.result.cells)
          for (std::size_t s = 0; s < cell.strategies.size(); ++s) {
            double endings = 0;
            for (const char* end : {"ship_rate", "keep_rate", "undecided_rate"})
              endings += find_value(cell, static_cast<int>(s), end)->value;
            CHECK(endings == Approx(1).epsilon(1e-12));
          }
      }
}

}  // namespace
}  // namespace windtunnel
