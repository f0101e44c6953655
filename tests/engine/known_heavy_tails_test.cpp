#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/references.hpp"
#include "support/rehearsal.hpp"

/// What heavy tails do to tests, replayed through the whole engine: 5 % of users pay a lognormal(3, s)
/// amount.
namespace windtunnel {
namespace {

/// A test after n0 users of control and n1 of the treatment, both alike.
Rehearsal heavy(double log_sd, i64 n0, i64 n1, i64 replications) {
  return rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {},
          "world": {{"traffic": {{"users_per_day": {}, "days": 1}},
                     "outcome": {{"type": "revenue", "payer_rate": 0.05, "log_mean": 3, "log_sd": {}}}}},
          "defaults": {{"test": "z_unpooled", "policy": {{"type": "fixed_split", "shares": [{}, {}]}}}},
          "strategies": {{"test": {{"rule": "fixed_horizon"}},
                          "up": {{"rule": "fixed_horizon", "alpha": 0.025, "alternative": "one_sided"}}}}}})",
      affordable(replications), n0 + n1, log_sd, n0, n1));
}

TEST_CASE("known answers: size of the unpooled z test on heavy tails", "[engine]") {
  const auto [id, replications] = GENERATE(
      table<const char*, i64>({{"HT-size-a", 1'000'000}, {"HT-size-b", 1'000'000}, {"HT-size-e", 500'000}}));
  const Reference known = reference(id);
  const i64 users = known.params["n"].get<i64>();
  const Rehearsal run = heavy(known.params["s"].get<double>(), users, users, replications);
  const Value seen = run.value("null", "test", "rejection_rate");
  CAPTURE(id, seen.value);
  CHECK(agrees(seen, known.value(), known.tol()));
}

TEST_CASE("known answers: unequal arms on heavy tails err to one side", "[engine]") {
  const Reference known = reference("HT-unbal");
  const Rehearsal run = heavy(known.params["s"].get<double>(), known.params["nA"].get<i64>(),
                              known.params["nB"].get<i64>(), 800'000);
  const Value size = run.value("null", "test", "rejection_rate"), up = run.value("null", "up", "ship_rate");
  CAPTURE(size.value, up.value);
  CHECK(agrees(size, known.value(0), known.tol(0)));
  CHECK(agrees(up, known.value(1), known.tol(1)));
  // Both run on the same users, so what remains are the rejections downwards.
  Value down = size;
  down.value = size.value - up.value;
  CHECK(agrees(down, known.value(2), known.tol(2)));
}

TEST_CASE("known answers: winsorising brings back the power that whales take", "[engine]") {
  const Reference known = reference("HT-winsor");
  const Rehearsal run = rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "null_twin": false,
          "world": {{"traffic": {{"users_per_day": {}, "days": 1}},
                     "outcome": {{"type": "revenue", "payer_rate": 0.05, "log_mean": 3, "log_sd": {},
                                  "whales": {{"share_of_payers": {}, "multiplier": {}}}}},
                     "effect": {{"relative": 0.2, "on": "amount"}}}},
          "defaults": {{"test": "z_unpooled"}},
          "strategies": {{"plain": {{"rule": "fixed_horizon"}},
                          "capped": {{"rule": "fixed_horizon", "cap": {}}}}}}})",
      affordable(60'000), 2 * known.params["n"].get<i64>(), known.params["s"].get<double>(),
      known.params["w"].get<double>(), known.params["M"].get<double>(),
      known.params["cap"][1].get<double>()));
  CHECK(agrees(run.value("effect", "plain", "rejection_rate"), known.value(0), known.tol(0)));
  CHECK(agrees(run.value("effect", "capped", "rejection_rate"), known.value(1), known.tol(1)));
}

TEST_CASE("known answers: ranks of normal outcomes lose 4.5 % of the users", "[engine]") {
  const Reference known = reference("HT-mw");
  const Rehearsal run = rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "null_twin": false,
          "world": {{"traffic": {{"users_per_day": {}, "days": 1}},
                     "outcome": {{"type": "normal", "mean": 0, "sd": 1}}, "effect": {{"absolute": {}}}}},
          "strategies": {{"t": {{"rule": "fixed_horizon", "test": "student_t"}},
                          "ranks": {{"rule": "fixed_horizon", "test": "mann_whitney"}}}}}})",
      affordable(200'000), 2 * known.params["n"].get<i64>(), known.params["d"].get<double>()));
  CHECK(agrees(run.value("effect", "t", "rejection_rate"), known.value(0), known.tol(0)));
  CHECK(agrees(run.value("effect", "ranks", "rejection_rate"), known.value(1), known.tol(1)));
}

}  // namespace
}  // namespace windtunnel
