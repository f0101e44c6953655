#include <cmath>

#include "measures/expected.hpp"
#include "measures/replications.hpp"
#include "windtunnel/measures/coverage.hpp"
#include "windtunnel/measures/estimate_errors.hpp"
#include "windtunnel/measures/overstatement.hpp"
#include "windtunnel/measures/wrong_decisions.hpp"

/// Measures of estimates where a test does not estimate the lasting effect.
namespace windtunnel::measure_tests {
namespace {

constexpr double kTrue[] = {0, 0.11, -0.04};  // [arm]

Sample ranked() {
  Sample sample = draw({.arms = 3, .count = 1500, .seed = 5});
  sample.setting.estimand.kind = Estimand::Kind::ranks;
  sample.setting.true_values = {kTrue[0], kTrue[1], kTrue[2]};
  for (Replication& r : sample.replications) r.estimate += 0.05;
  return sample;
}

double truth(const Replication& r) {
  return kTrue[r.arm];
}

bool is_estimated(const Replication& r) {
  return r.estimated;
}

bool is_rejected(const Replication& r) {
  return r.estimated && r.rejected;
}

TEST_CASE("estimands: errors, coverage and overstatement are against the true value of the arm",
          "[measures]") {
  const Sample sample = ranked();
  const auto error = [](const Replication& r) { return r.estimate - truth(r); };
  const auto square = [&](const Replication& r) { return error(r) * error(r); };
  check_mean(value_of(make_estimate_bias(), sample), numbers(sample, is_estimated, error), 0.1);
  CHECK(value_of(make_estimate_rmse(), sample).value ==
        Approx(std::sqrt(mean_and_error(numbers(sample, is_estimated, square)).mean)).epsilon(1e-11));
  check_share(value_of(make_coverage(), sample), numbers(sample, is_estimated, [](const Replication& r) {
                return r.low <= truth(r) && truth(r) <= r.high ? 1.0 : 0.0;
              }));
  check_mean(
      value_of(make_exaggeration(), sample),
      numbers(sample, is_rejected, [](const Replication& r) { return std::fabs(r.estimate / truth(r)); }),
      10);
  check_share(value_of(make_sign_error(), sample), numbers(sample, is_rejected, [](const Replication& r) {
                return r.estimate * truth(r) < 0 ? 1.0 : 0.0;
              }));
}

TEST_CASE("estimands: right and wrong speak of the lasting effect all the same", "[measures]") {
  Sample sample = ranked();
  const Value wrong = value_of(make_wrong_ship_rate(), sample);
  sample.setting.estimand = {};
  sample.setting.true_values.reset();
  CHECK(value_of(make_wrong_ship_rate(), sample).value == wrong.value);
}

TEST_CASE("estimands: ranks lie within one half whatever the outcomes' magnitude", "[measures]") {
  Sample sample = ranked();
  sample.setting.magnitude = 1e-9;
  for (Replication& r : sample.replications) r.estimate = 0.5;
  CHECK(value_of(make_estimate_given_ship(), sample).value == Approx(0.5));
  CHECK(value_of(make_estimate_bias(), sample).value > 0.3);
}

TEST_CASE("estimands: what is not known is said", "[measures]") {
  Sample sample = ranked();
  sample.setting.true_values.reset();
  for (const auto make :
       {make_estimate_bias, make_estimate_rmse, make_coverage, make_exaggeration, make_sign_error})
    CHECK(value_of(make(), sample).absent ==
          "what the test estimates is not known where means are drawn, users return or other values than "
          "outcomes "
          "are compared");
  CHECK(value_of(make_estimate_given_ship(), sample).absent.empty());
}

}  // namespace
}  // namespace windtunnel::measure_tests
