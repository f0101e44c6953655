#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"

/// Estimates adjusted by a covariate (CUPED) where a slope can hardly be told, or leads far away.
namespace windtunnel {
namespace {

/// Normal outcomes with a standard deviation of 1, adjusted and not, looked at once.
///   covariate  keys beside its correlation of .6
///   features   others, with a comma before each
///   keys       of both strategies, with a comma before each
Rehearsal run_users(int users, i64 replications, const std::string& covariate = "",
                    const std::string& features = "", const std::string& keys = "") {
  return rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {},
          "world": {{"traffic": {{"users_per_day": {}, "days": 1}},
                     "outcome": {{"type": "normal", "mean": 1, "sd": 1}}, "effect": {{"relative": 0.2}},
                     "features": {{"covariate": {{"correlation": 0.6{}}}{}}}}},
          "strategies": {{"plain": {{"rule": "fixed_horizon"{}}},
                          "cuped": {{"rule": "fixed_horizon", "adjust": "cuped"{}}}}}}})",
      affordable(replications), users, covariate, features, keys, keys));
}

/// Whether adjusting has changed nothing.
bool are_alike(const Rehearsal& run) {
  bool alike = true;
  for (const char* measure : {"rejection_rate", "estimate_rmse", "estimate_bias", "coverage"}) {
    const Value plain = run.value("effect", "plain", measure), cuped = run.value("effect", "cuped", measure);
    alike = alike && plain.value == cuped.value && plain.mcse == cuped.mcse;
  }
  return alike;
}

TEST_CASE("cuped: fewer than 16 degrees of freedom tell no slope", "[engine]") {
  for (const int users : {4, 5, 10, 17}) {
    CAPTURE(users);
    CHECK(are_alike(run_users(users, 100'000)));
  }
  CHECK_FALSE(are_alike(run_users(18, 1000)));
}

TEST_CASE("cuped: users are counted, not their requests", "[engine]") {
  const std::string clusters = R"(, "clusters": {"size": 3, "icc": 0.2})";
  for (const char* unit : {R"(, "unit": "request")", R"(, "unit": "user")"}) {
    CAPTURE(unit);
    CHECK(are_alike(run_users(17, 20'000, "", clusters, unit)));
    CHECK_FALSE(are_alike(run_users(18, 1000, "", clusters, unit)));
  }
}

TEST_CASE("cuped: a segment that is tiny by chance is not adjusted", "[engine]") {
  const std::string segments = R"(, "segments": {"rare": {"share": 0.1}, "often": {"share": 0.9}})";
  CHECK(are_alike(run_users(16, 100'000, "", segments, R"(, "segment": "rare")")));
  // Of 100 users 10 on average: more than 17 in one experiment of 100.
  CHECK_FALSE(are_alike(run_users(100, 20'000, "", segments, R"(, "segment": "rare")")));
}

TEST_CASE("cuped: a slope of 16 degrees of freedom costs one fourteenth of the variance", "[engine]") {
  // Given X the difference has the variance (1 - rho^2)(s^2 + D^2/SS), D the difference of the means of X, of
  // the variance s^2 = 4/18, and SS a chi-square of 16, whose inverse has the mean 1/14. What is wrong by the
  // slope's part, 3.5 % of the root, fails.
  const double expected = std::sqrt((1 - 0.36) * (4.0 / 18) * (1 + 1.0 / 14));
  const Rehearsal run = run_users(18, 400'000);
  CHECK(agrees(run.value("effect", "cuped", "estimate_rmse"), expected, 0, 0.015 * expected));
}

TEST_CASE("cuped: however far treatments shift the covariate, estimates are measured", "[engine]") {
  for (const double shift : {-1e6, 30.0, 1000.0}) {
    const Rehearsal run = run_users(200, 20'000, fmt::format(R"(, "treatment_shift": {})", shift));
    CAPTURE(shift);
    CHECK(agrees(run.value("effect", "cuped", "estimate_bias"), -0.6 * shift, 0));
  }
}

}  // namespace
}  // namespace windtunnel
