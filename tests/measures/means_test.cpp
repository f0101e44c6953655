#include "measures/expected.hpp"
#include "measures/replications.hpp"
#include "windtunnel/measures/arm_mean_bias.hpp"
#include "windtunnel/measures/duration.hpp"
#include "windtunnel/measures/estimate_errors.hpp"
#include "windtunnel/measures/regret.hpp"

using namespace windtunnel;
using namespace windtunnel::measure_tests;

TEST_CASE("duration: users and days are plain means", "[measures]") {
  const Sample sample = draw({.count = 777});
  check_mean(value_of(make_mean_users(), sample),
             numbers(sample, everyone, [](const Replication& r) { return r.users; }), 30000);
  check_mean(value_of(make_mean_days(), sample),
             numbers(sample, everyone, [](const Replication& r) { return r.days; }), 14);
}

TEST_CASE("duration: a small spread on a large mean keeps all its digits", "[measures]") {
  Sample sample = draw({.count = 1000});
  // 10^12 users, every other replication one more: the variance of the mean is 1/4 / 999.
  for (std::size_t i = 0; i < sample.replications.size(); ++i)
    sample.replications[i].users = 1e12 + static_cast<double>(i % 2);
  const Value value = value_of(make_mean_users(), sample);
  CHECK(value.value == 1e12 + 0.5);
  CHECK(value.mcse == Approx(std::sqrt(0.25 / 999)).epsilon(1e-14));
}

TEST_CASE("duration: one replication has no error and therefore no value", "[measures]") {
  const Sample sample = draw({.count = 1});
  CHECK(value_of(make_mean_users(), sample).absent == "fewer than 2 replications");
  CHECK(value_of(make_mean_days(), draw({.count = 0})).absent == "fewer than 2 replications");
}

TEST_CASE("duration: what is not a number or beyond every bound is refused", "[measures]") {
  Sample sample = draw({.count = 100});
  sample.replications[77].users = std::nan("");
  CHECK_THROWS_AS(value_of(make_mean_users(), sample), OverflowError);
  sample.replications[77].users = 0x1p51;
  CHECK_THROWS_AS(value_of(make_mean_users(), sample), OverflowError);
}

TEST_CASE("regret: the mean, its curve and the share of best arms", "[measures]") {
  const Sample sample = draw({.count = 1200, .seed = 3});
  check_mean(value_of(make_regret(), sample),
             numbers(sample, everyone, [](const Replication& r) { return r.regret; }), 3000);
  check_mean(value_of(make_best_arm_share(), sample),
             numbers(sample, everyone, [](const Replication& r) { return r.best_users / 180000; }), 1);
  const std::vector<Value> curve = values_of(*make_regret_curve(), sample);
  REQUIRE(curve.size() == 3);
  for (std::size_t p = 0; p < 3; ++p) {
    CHECK(curve[p].at == std::to_string(sample.setting.curve_points[p]));
    check_mean(curve[p], numbers(sample, everyone, [p](const Replication& r) { return r.curve[p]; }), 3000);
  }
}

TEST_CASE("regret: exactly 0 where all means are equal and then no arm is best", "[measures]") {
  Sample sample = draw({.cell = MeasureSetting::Cell::null});
  sample.setting.all_means_equal = true;
  for (const auto make : {make_regret, make_regret_curve}) {
    for (const Value& value : values_of(*make(), sample)) {
      CHECK(value.absent.empty());
      CHECK(value.replications == 1000);
      CHECK(value.value == 0);
      CHECK(value.mcse == 0);
      CHECK(value.conf_high == 0);
    }
  }
  CHECK(value_of(make_best_arm_share(), sample).absent == "all arms are equally good at every moment");
}

TEST_CASE("arm means: bias against the truth of each arm's own users", "[measures]") {
  const Sample sample = draw({.arms = 3, .count = 900, .seed = 5});
  const std::vector<Value> values = values_of(*make_arm_mean_bias(), sample);
  REQUIRE(values.size() == 3);
  for (std::size_t arm = 0; arm < 3; ++arm) {
    CHECK(values[arm].at == std::to_string(arm));
    check_mean(values[arm],
               numbers(
                   sample, [arm](const Replication& r) { return r.arm_seen[arm]; },
                   [arm](const Replication& r) { return r.arm_mean[arm] - r.arm_truth[arm]; }),
               0.01);
  }
}

TEST_CASE("arm means: an arm without users has no value and the others keep theirs", "[measures]") {
  Sample sample = draw({.arms = 3, .count = 100});
  for (Replication& r : sample.replications) r.arm_seen[2] = false;
  const std::vector<Value> values = values_of(*make_arm_mean_bias(), sample);
  CHECK(values[1].absent.empty());
  CHECK(values[2].absent == "the arm had users in fewer than 2 replications");
  CHECK(values[2].at == "2");
}

TEST_CASE("estimates: bias and root mean square error of those that exist", "[measures]") {
  const Sample sample = draw({.cell = MeasureSetting::Cell::drawn, .arms = 3, .count = 1500, .seed = 7});
  const auto estimated = [](const Replication& r) { return r.estimated; };
  const auto error = [](const Replication& r) { return r.estimate - r.effect(); };
  check_mean(value_of(make_estimate_bias(), sample), numbers(sample, estimated, error), 0.1);

  // Root of the mean square m; its error is that of m over 2 sqrt(m).
  const auto square = [&](const Replication& r) { return error(r) * error(r); };
  const MeanAndError squares = mean_and_error(numbers(sample, estimated, square));
  const Value rmse = value_of(make_estimate_rmse(), sample);
  CHECK(rmse.value == Approx(std::sqrt(squares.mean)).epsilon(1e-11));
  CHECK(rmse.mcse == Approx(squares.error / (2 * std::sqrt(squares.mean))).epsilon(1e-9));
  CHECK(rmse.conf_low == Approx(rmse.value - kZ * rmse.mcse).epsilon(1e-12));
  CHECK(rmse.conf_high == Approx(rmse.value + kZ * rmse.mcse).epsilon(1e-12));
}

TEST_CASE("estimates: errors far below the cell's magnitude keep their error of the error", "[measures]") {
  Sample sample = draw({.count = 2000, .seed = 8});
  sample.setting.magnitude = 1e9;  // heavy tails: a bound far above what is usual
  for (Replication& r : sample.replications) r.estimate = r.effect() + 10 * (r.estimate - r.effect());
  const auto square = [](const Replication& r) {
    return (r.estimate - r.effect()) * (r.estimate - r.effect());
  };
  const MeanAndError squares = mean_and_error(numbers(
      sample, [](const Replication& r) { return r.estimated; }, square));
  const Value rmse = value_of(make_estimate_rmse(), sample);
  // The grid's unit u is 2^-18, the error about .145. Rounding moves the root by u / sqrt(12 n) at one
  // standard error; five of them are 1.3e-7, 9e-7 of the root. A fourth power is off by about 2 u / .145,
  // 5e-5.
  CHECK(rmse.value == Approx(std::sqrt(squares.mean)).epsilon(9e-7));
  CHECK(rmse.mcse == Approx(squares.error / (2 * std::sqrt(squares.mean))).epsilon(1e-4));
}

TEST_CASE("estimates: equal errors have no spread", "[measures]") {
  Sample sample = draw({.count = 300});
  for (Replication& r : sample.replications) r.estimate = r.effect() + 0.125;
  const Value rmse = value_of(make_estimate_rmse(), sample);
  CHECK(rmse.value == Approx(0.125).epsilon(1e-12));
  CHECK(rmse.mcse < 1e-9);
  CHECK(value_of(make_estimate_bias(), sample).mcse < 1e-14);
}

TEST_CASE("estimates: given ship they are those of the shipped treatment", "[measures]") {
  Sample sample = draw({.arms = 3, .count = 500, .seed = 9});
  check_mean(value_of(make_estimate_given_ship(), sample),
             numbers(
                 sample, [](const Replication& r) { return r.end == kShip && r.estimated; },
                 [](const Replication& r) { return r.estimate; }),
             0.1);
  for (Replication& r : sample.replications) r.end = kKeep;
  sample.replications[3].end = kShip;
  CHECK(value_of(make_estimate_given_ship(), sample).absent ==
        "fewer than 2 replications shipped a treatment");
}

TEST_CASE("estimates: without evidence there is none", "[measures]") {
  Sample sample = draw({.count = 50});
  for (Replication& r : sample.replications) r.estimated = false;
  for (const auto make : {make_estimate_bias, make_estimate_rmse})
    CHECK(value_of(make(), sample).absent == "fewer than 2 replications gave an estimate");
}
