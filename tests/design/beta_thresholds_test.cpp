#include "windtunnel/design/beta_thresholds.hpp"

#include "support/catch.hpp"

namespace windtunnel {
namespace {

/// What the exact probability says: 1 treatment is best, -1 control, 0 neither.
int exactly(BetaPosterior prior, i32 control_users, i32 treatment_users, i32 control, i32 treatment,
            double c) {
  const double p =
      probability_better(BetaPosterior{prior.a + treatment, prior.b + (treatment_users - treatment)},
                         BetaPosterior{prior.a + control, prior.b + (control_users - control)});
  return p > c ? 1 : 1 - p > c ? -1 : 0;
}

int by_table(const BetaThresholds& table, i32 control, i32 treatment) {
  const auto c = static_cast<std::size_t>(control);
  return treatment >= table.better_from[c] ? 1 : treatment < table.worse_below[c] ? -1 : 0;
}

TEST_CASE("beta thresholds: agree with the exact probability on the whole lattice", "[design]") {
  const struct {
    BetaPosterior prior;
    i32 control_users, treatment_users;
    double threshold;
  } cases[] = {{{1, 1}, 40, 40, 0.95},  {{1, 1}, 30, 61, 0.95},    {{0.5, 0.5}, 37, 21, 0.9},
               {{5, 95}, 50, 50, 0.95}, {{2.5, 0.3}, 25, 25, 0.6}, {{1, 1}, 20, 20, 0.999},
               {{1, 1}, 1, 60, 0.95},   {{1, 1}, 0, 3, 0.7}};
  for (const auto& [prior, control_users, treatment_users, threshold] : cases) {
    const BetaThresholds table = solve_beta_thresholds(prior, control_users, treatment_users, threshold);
    REQUIRE(table.better_from.size() == static_cast<std::size_t>(control_users) + 1);
    int wrong = 0;
    for (i32 c = 0; c <= control_users; ++c)
      for (i32 t = 0; t <= treatment_users; ++t)
        wrong +=
            by_table(table, c, t) != exactly(prior, control_users, treatment_users, c, t, threshold) ? 1 : 0;
    CHECK(wrong == 0);
  }
}

// Beyond these points the probability is monotone, so that agreement on both sides of the boundary is
// agreement everywhere.
TEST_CASE("beta thresholds: agree with the exact probability on both sides of the boundary of large lattices",
          "[design]") {
  for (i32 users : {1000, 14000})
    for (double threshold : {0.95, 0.99}) {
      const i32 treatment_users = users + users / 10;
      const BetaThresholds table = solve_beta_thresholds({1, 1}, users, treatment_users, threshold);
      int wrong = 0;
      for (i32 c = 0; c <= users; c += 1 + users / 2000)
        for (i32 boundary :
             {table.better_from[static_cast<std::size_t>(c)], table.worse_below[static_cast<std::size_t>(c)]})
          for (i32 t : {boundary - 1, boundary})
            if (t >= 0 && t <= treatment_users)
              wrong +=
                  by_table(table, c, t) != exactly({1, 1}, users, treatment_users, c, t, threshold) ? 1 : 0;
      CHECK(wrong == 0);
    }
}

TEST_CASE("beta thresholds: mirrored arms have mirrored thresholds", "[design]") {
  const BetaThresholds table = solve_beta_thresholds({2, 3}, 300, 400, 0.9);
  const BetaThresholds swapped = solve_beta_thresholds({2, 3}, 400, 300, 0.9);
  for (i32 c = 0; c <= 300; ++c)
    for (i32 t = 0; t <= 400; ++t) CHECK(by_table(table, c, t) == -by_table(swapped, t, c));
}

}  // namespace
}  // namespace windtunnel
