#include <cmath>

#include "measures/expected.hpp"
#include "measures/replications.hpp"
#include "windtunnel/measures/arm_share.hpp"
#include "windtunnel/measures/regret_quantile.hpp"
#include "windtunnel/measures/simple_regret.hpp"
#include "windtunnel/measures/total_value.hpp"

using namespace windtunnel;
using namespace windtunnel::measure_tests;

TEST_CASE("regret quantile: order statistics, to the width of a cell", "[measures]") {
  Sample sample = draw({.count = 1000, .seed = 41});
  std::vector<double> regret = numbers(sample, everyone, [](const Replication& r) { return r.regret; });
  std::sort(regret.begin(), regret.end());
  const std::vector<Value> values = values_of(*make_regret_quantile(), sample);
  REQUIRE(values.size() == 4);
  const double levels[] = {0.1, 0.5, 0.9, 0.99};
  for (std::size_t q = 0; q < 4; ++q) {
    const double exact = regret[static_cast<std::size_t>(1000 * levels[q]) - 1];
    CAPTURE(q, exact, values[q].value);
    CHECK(std::fabs(values[q].value - exact) <= exact / 32);
    CHECK(values[q].conf_low <= values[q].value);
    CHECK(values[q].conf_high >= values[q].value);
  }
  // Ranks 500 -+ 1.96 sqrt(250), and a cell on either side.
  CHECK(values[1].conf_low <= regret[468]);
  CHECK(values[1].conf_high >= regret[530]);
  CHECK(std::fabs(values[1].conf_low - regret[468]) <= regret[468] / 16);
  CHECK(std::fabs(values[1].conf_high - regret[530]) <= regret[530] / 16);
}

TEST_CASE("regret quantile: replications that are all alike lie in the interval", "[measures]") {
  Sample sample = draw({.count = 1000, .seed = 44});
  for (Replication& replication : sample.replications) replication.regret = 5;
  for (const Value& value : values_of(*make_regret_quantile(), sample)) {
    CHECK(value.conf_low <= 5);
    CHECK(value.conf_high >= 5);
    CHECK(value.conf_high - value.conf_low <= 5. / 16);
  }
}

TEST_CASE("regret quantile: replications that lose nothing", "[measures]") {
  Sample sample = draw({.count = 100, .seed = 42});
  for (std::size_t r = 0; r < 60; ++r) sample.replications[r].regret = 0;
  const std::vector<Value> values = values_of(*make_regret_quantile(), sample);
  CHECK(values[0].value == 0);
  CHECK(values[1].value == 0);
  CHECK(values[2].value > 0);
  sample.setting.all_means_equal = true;
  CHECK_FALSE(value_of(make_regret_quantile(), sample).absent.empty());
}

TEST_CASE("simple regret: how far the arm served falls short", "[measures]") {
  for (const double direction : {1.0, -1.0}) {
    const Sample sample = draw({.arms = 4, .count = 500, .direction = direction, .seed = 43});
    check_mean(value_of(make_simple_regret(), sample),
               numbers(sample, everyone,
                       [&](const Replication& r) {
                         double best = -1;
                         for (double lasting : r.lasting) best = std::max(best, direction * lasting);
                         return best - direction * r.lasting[static_cast<std::size_t>(r.served)];
                       }),
               0.1);
  }
  CHECK_FALSE(
      value_of(make_simple_regret(), draw({.cell = MeasureSetting::Cell::null, .count = 10})).absent.empty());
}

TEST_CASE("arm share: absent where the shares are fixed", "[measures]") {
  CHECK_FALSE(value_of(make_arm_share(), draw({.count = 10})).absent.empty());
}
