#include "windtunnel/design/interval.hpp"

#include <array>
#include <cmath>

#include "support/catch.hpp"
#include "support/design_lab.hpp"

namespace windtunnel {
namespace {

constexpr double kZ95 = 1.959963984540054;

/// [value, low, high] of lane 0.
std::array<double, 3> interval(Channels offers, const Observed& observed, const Evidence& evidence) {
  const int ended[] = {0};
  const i32 hypothesis[] = {0};
  Table<double> estimates(3, 1);
  DefaultInterval(0.05, offers).report(evidence, observed, EndedLanes(ended), hypothesis, estimates);
  return {estimates.row(0)[0], estimates.row(1)[0], estimates.row(2)[0]};
}

Evidence evidence_of(double excess, double variance, double direction = 1, double margin = 0) {
  Evidence evidence =
      make_evidence(make_setting(2, kBinaryChannels, {1}, direction, margin), Evidence::Law::normal, 1);
  evidence.excess.row(0)[0] = excess;
  evidence.variance.row(0)[0] = variance;
  return evidence;
}

TEST_CASE("default interval: counts give the unpooled error whatever the test's own variance is",
          "[design]") {
  Observed observed;
  observed.begin(2, 1, kBinaryChannels);
  observed.users.row(0)[0] = 100;
  observed.users.row(1)[0] = 50;
  observed.successes.row(0)[0] = 10;
  observed.successes.row(1)[0] = 10;
  const double half = kZ95 * std::sqrt(0.1 * 0.9 / 100 + 0.2 * 0.8 / 50);
  const auto [value, low, high] = interval(kBinaryChannels, observed, evidence_of(-0.12, 5, -1, -0.02));
  CHECK(value == Approx(0.1).epsilon(1e-13));  // direction * excess + margin
  CHECK(low == Approx(0.1 - half).epsilon(1e-13));
  CHECK(high == Approx(0.1 + half).epsilon(1e-13));
}

TEST_CASE("default interval: deviations give the unpooled error where the strategy may read them",
          "[design]") {
  Observed observed;
  observed.begin(2, 1, kContinuousChannels);
  observed.users.row(0)[0] = 10;
  observed.users.row(1)[0] = 5;
  observed.deviations.row(0)[0] = 18;
  observed.deviations.row(1)[0] = 12;
  const auto [value, low, high] = interval(kContinuousChannels, observed, evidence_of(3, 7));
  CHECK(high - value == Approx(kZ95 * std::sqrt(2.0 / 10 + 3.0 / 5)).epsilon(1e-13));
  CHECK(value - low == Approx(high - value).epsilon(1e-13));
  // A strategy that did not ask for them must not depend on somebody else of its stream who did.
  const auto [same, own_low, own_high] =
      interval({Channel::users, Channel::sum}, observed, evidence_of(3, 7));
  CHECK(same == value);
  CHECK(own_high - same == Approx(kZ95 * std::sqrt(7.0)).epsilon(1e-13));
  CHECK(same - own_low == Approx(own_high - same).epsilon(1e-13));
}

TEST_CASE("default interval: there is none without evidence", "[design]") {
  Observed observed;
  observed.begin(2, 1, kBinaryChannels);
  const auto [value, low, high] = interval(kBinaryChannels, observed, evidence_of(0, 0));
  CHECK(value == 0);
  CHECK(low > high);
}

}  // namespace
}  // namespace windtunnel
