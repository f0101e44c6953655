#include "windtunnel/design/analyses/bootstrap.hpp"

#include <algorithm>
#include <cmath>

#include "design/analyses/values_lab.hpp"
#include "support/catch.hpp"
#include "support/chi_square.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {
namespace {

double mean_of(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v / static_cast<double>(x.size());
  return sum;
}

/// What a bootstrap says, user by user with a generator of the standard library: ends of the interval, and z.
struct SlowBootstrap {
  double low, high, z;
};

SlowBootstrap slow_bootstrap(const Values& arms, int resamples, double alpha, double margin,
                             std::mt19937_64& engine) {
  std::vector<double> differences;
  for (int b = 0; b < resamples; ++b) {
    double sums[2] = {0, 0};  // equal means must be equal to the last bit
    for (std::size_t arm = 0; arm < 2; ++arm)
      for (std::size_t i = 0; i < arms[arm].size(); ++i) sums[arm] += arms[arm][engine() % arms[arm].size()];
    const auto n0 = static_cast<double>(arms[0].size()), n1 = static_cast<double>(arms[1].size());
    differences.push_back((sums[1] * n0 - sums[0] * n1) / (n0 * n1));
  }
  std::sort(differences.begin(), differences.end());
  const auto k = static_cast<std::size_t>((resamples + 1) * alpha / 2);
  double below = 0;
  for (const double d : differences) below += d <= margin ? 1 : 0;
  return {differences[k - 1], differences[differences.size() - k],
          -math::normal_quantile((1 + below) / (resamples + 1))};
}

/// Mean with its error.
struct Average {
  double sum = 0, squares = 0, n = 0;

  void add(double x) {
    sum += x;
    squares += x * x;
    n += 1;
  }
  double mean() const { return sum / n; }
  double error() const { return std::sqrt((squares / n - mean() * mean()) / n); }
};

void check_same(const char* what, const Average& a, const Average& b) {
  INFO(what << ": " << a.mean() << " and " << b.mean());
  CHECK(std::fabs(a.mean() - b.mean()) <= 4 * std::hypot(a.error(), b.error()));
}

TEST_CASE("bootstrap: intervals and z are those of drawing user after user", "[analyses]") {
  constexpr int kResamples = 199;
  const int lanes = static_cast<int>(test_draws(1500));
  std::mt19937_64 engine(3);
  for (const double margin : {0.0, 0.2}) {
    const Values arms{{0, 0, 0, 1.5, 0, 3, 0.5, 0, 0, 0, 2, 0}, {0, 4, 0, 0, 1, 2.5, 0, 3, 0}};
    Setting setting = make_setting(2, kAllChannels, {21}, 1, margin);
    setting.seed = 4;
    setting.alpha = 0.1;
    const Evidence evidence =
        weighed(Bootstrap(kResamples), setting,
                observed_of(std::vector<Values>(static_cast<std::size_t>(lanes), arms)));
    Average low, high, z, slow_low, slow_high, slow_z;
    for (int l = 0; l < lanes; ++l) {
      const double excess = evidence.excess.row(0)[l];
      CHECK(excess == Approx(mean_of(arms[1]) - mean_of(arms[0]) - margin).epsilon(1e-12));
      low.add(evidence.low.row(0)[l]);
      high.add(evidence.high.row(0)[l]);
      z.add(excess / std::sqrt(evidence.variance.row(0)[l]));
      const SlowBootstrap slow = slow_bootstrap(arms, kResamples, setting.alpha, margin, engine);
      slow_low.add(slow.low);
      slow_high.add(slow.high);
      slow_z.add(slow.z);
    }
    check_same("low", low, slow_low);
    check_same("high", high, slow_high);
    check_same("z", z, slow_z);
  }
}

TEST_CASE("bootstrap: a margin is rejected where it lies outside the interval, at the level asked for",
          "[analyses]") {
  const std::vector<Values> lanes = made_up(300, 3, 40, 11, smooth);
  const Observed observed = observed_of(lanes);
  for (const double alpha : {0.05, 0.2})
    for (const double direction : {1.0, -1.0})
      for (const double margin : {0.0, 0.4, -0.3}) {
        Setting setting = make_setting(3, kAllChannels, {21}, direction, margin);
        setting.alpha = alpha;
        const Evidence evidence = weighed(Bootstrap(199), setting, observed);
        const double critical = -math::normal_quantile(alpha / 2);
        int outside = 0;
        for (int h = 0; h < 2; ++h)
          for (int l = 0; l < 300; ++l) {
            const double variance = evidence.variance.row(h)[l], excess = evidence.excess.row(h)[l];
            if (variance == 0) continue;
            const bool is_above = evidence.low.row(h)[l] > margin,
                       is_below = evidence.high.row(h)[l] < margin;
            const bool is_better = direction > 0 ? is_above : is_below;
            const bool is_worse = direction > 0 ? is_below : is_above;
            CHECK((excess >= critical * std::sqrt(variance)) == (is_better && excess > 0));
            CHECK((-excess >= critical * std::sqrt(variance)) == (is_worse && excess < 0));
            outside += is_above || is_below ? 1 : 0;
          }
        CHECK(outside > 20);
        CHECK(outside < 400);
      }
}

TEST_CASE("bootstrap: its size is near the level on normal outcomes", "[analyses]") {
  // With 60 users per arm a percentile interval uses the variance with divisor n and a normal quantile:
  // P(|t_118| > 1.96 sqrt(59/60)) = .0545; k of 199 resamples adds what rounding does.
  const int count = static_cast<int>(test_draws(4000));
  std::mt19937_64 engine(5);
  std::vector<Values> lanes(static_cast<std::size_t>(count), Values(2, std::vector<double>(60)));
  for (Values& lane : lanes)
    for (auto& arm : lane)
      for (double& value : arm) value = smooth(engine);
  const Evidence evidence = weighed(Bootstrap(199), make_setting(2, kAllChannels, {120}), observed_of(lanes));
  double rejections = 0, covered = 0;
  for (int l = 0; l < count; ++l) {
    const double excess = evidence.excess.row(0)[l], variance = evidence.variance.row(0)[l];
    rejections += excess * excess >= 1.959963 * 1.959963 * variance ? 1.0 / count : 0;
    covered += evidence.low.row(0)[l] <= 0 && 0 <= evidence.high.row(0)[l] ? 1.0 / count : 0;
  }
  const double error = std::sqrt(0.05 * 0.95 / count);
  CHECK(std::fabs(rejections - 0.0545) <= 0.007 + 4 * error);
  CHECK(std::fabs(covered - 0.9455) <= 0.007 + 4 * error);
}

TEST_CASE("bootstrap: counts of 0 and 1 have the law of the users themselves", "[analyses]") {
  const int lanes = static_cast<int>(test_draws(2000));
  const Values arms{{0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0}, {1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1}};
  const std::vector<Values> all(static_cast<std::size_t>(lanes), arms);
  const Bootstrap analysis(99);
  const Evidence one_by_one = weighed(analysis, make_setting(2, kAllChannels, {25}), observed_of(all));
  const Evidence counts = weighed(analysis, make_setting(2, kBinaryChannels, {25}), counted(all));
  Average ends[2], others[2], error, other;
  for (int l = 0; l < lanes; ++l) {
    ends[0].add(one_by_one.low.row(0)[l]);
    ends[1].add(one_by_one.high.row(0)[l]);
    others[0].add(counts.low.row(0)[l]);
    others[1].add(counts.high.row(0)[l]);
    error.add(std::sqrt(one_by_one.variance.row(0)[l]));
    other.add(std::sqrt(counts.variance.row(0)[l]));
  }
  check_same("low", ends[0], others[0]);
  check_same("high", ends[1], others[1]);
  check_same("error", error, other);
}

TEST_CASE("bootstrap: a replication is resampled alike in every block, and anew at every step",
          "[analyses]") {
  std::vector<Values> lanes = made_up(150, 3, 20, 2, lumpy);
  const Setting setting = make_setting(3, kAllChannels, {21});
  const Evidence whole = weighed(Bootstrap(59), setting, observed_of(lanes), {64, 3, 0});
  const Evidence later_step = weighed(Bootstrap(59), setting, observed_of(lanes), {64, 4, 0});
  lanes.erase(lanes.begin(), lanes.begin() + 83);
  const Evidence part = weighed(Bootstrap(59), setting, observed_of(lanes), {64 + 83, 3, 0});
  int differences = 0;
  for (int h = 0; h < 2; ++h)
    for (int l = 0; l < 67; ++l) {
      CHECK(part.low.row(h)[l] == whole.low.row(h)[83 + l]);
      CHECK(part.variance.row(h)[l] == whole.variance.row(h)[83 + l]);
      differences += part.low.row(h)[l] != later_step.low.row(h)[83 + l] ? 1 : 0;
    }
  CHECK(differences > 67);
}

TEST_CASE("bootstrap: users who are all alike are no evidence", "[analyses]") {
  const Setting setting = make_setting(2, kAllChannels, {21});
  for (const Values& arms : {Values{{3, 3, 3}, {4, 4}}, Values{{0, 0}, {0}}, Values{{1, 2}, {}}}) {
    const Evidence evidence = weighed(Bootstrap(59), setting, observed_of({arms}));
    CHECK(evidence.variance.row(0)[0] == 0);
  }
}

TEST_CASE("bootstrap: too few resamples for a level are refused with the number it takes", "[analyses]") {
  Setting setting = make_setting(2, kAllChannels, {21});
  setting.alpha = 0.01;
  CHECK_NOTHROW(Bootstrap(199).open(setting));
  try {
    Bootstrap(198).open(setting);
    FAIL("198 resamples have no .005-quantile");
  } catch (const InputError& error) {
    CHECK(error.problems()[0].where == "/test/resamples");
    CHECK(error.problems()[0].message ==
          "198 resamples do not reach the ends of an interval of level 0.99 (needs at least 199)");
  }
  setting.least_alpha = 0.001;  // of one of ten hypotheses
  CHECK_THROWS_AS(Bootstrap(1998).open(setting), InputError);
  CHECK_NOTHROW(Bootstrap(1999).open(setting));
}

}  // namespace
}  // namespace windtunnel
