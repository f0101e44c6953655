#include <cmath>
#include <memory>

#include "support/catch.hpp"
#include "support/design_lab.hpp"
#include "windtunnel/design/analyses/student_t.hpp"
#include "windtunnel/design/analyses/welch_t.hpp"
#include "windtunnel/design/analyses/z_known.hpp"
#include "windtunnel/design/analyses/z_pooled.hpp"
#include "windtunnel/design/analyses/z_unpooled.hpp"
#include "windtunnel/design/pair_difference.hpp"

namespace windtunnel {
namespace {

constexpr int kLanes = 4096;

/// One arm, written out.
struct Sample {
  double n, mean, variance_n, variance;  // divisor n; divisor n - 1 (0/0 is not a number)
};

Sample sample_of(const Observed& observed, int arm, int lane) {
  const double n = observed.users.row(arm)[lane];
  const bool binary = observed.successes.rows() > 0;
  const double total = binary ? observed.successes.row(arm)[lane] : observed.sum.row(arm)[lane];
  const double squares = binary ? total - total * total / n : observed.deviations.row(arm)[lane];
  return {n, total / n, squares / n, squares / (n - 1)};
}

/// What scenario.md section 4 says of one hypothesis in one lane: NaN or 0 variance is no evidence.
struct Reference {
  double least_users;
  double (*variance)(const Sample&, const Sample&, bool binary);
  double (*freedom)(const Sample&, const Sample&);
};

double z_known(const Sample& c, const Sample& t, bool) {
  return 9 * (1 / c.n + 1 / t.n);
}

double pooled(const Sample& c, const Sample& t, bool) {
  const double squares = c.variance_n * c.n + t.variance_n * t.n;
  return squares / (c.n + t.n - 2) * (1 / c.n + 1 / t.n);
}

double z_pooled(const Sample& c, const Sample& t, bool binary) {
  if (!binary) return pooled(c, t, binary);
  const double p = (c.mean * c.n + t.mean * t.n) / (c.n + t.n);
  return p * (1 - p) * (1 / c.n + 1 / t.n);
}

double z_unpooled(const Sample& c, const Sample& t, bool binary) {
  if (binary) return c.mean * (1 - c.mean) / c.n + t.mean * (1 - t.mean) / t.n;
  return c.variance / c.n + t.variance / t.n;
}

double welch(const Sample& c, const Sample& t, bool) {
  return c.variance / c.n + t.variance / t.n;
}

double plugged_in_pair(const Sample& c, const Sample& t, bool binary) {
  const double v = binary ? c.mean * (1 - c.mean) + t.mean * (1 - t.mean) : c.variance + t.variance;
  return v / 2 * (1 / c.n + 1 / t.n);
}

double student_freedom(const Sample& c, const Sample& t) {
  return c.n + t.n - 2;
}

double welch_freedom(const Sample& c, const Sample& t) {
  const double wc = c.variance / c.n, wt = t.variance / t.n;
  return (wc + wt) * (wc + wt) / (wc * wc / (c.n - 1) + wt * wt / (t.n - 1));
}

// A handful of roundings: 1e-13 relative is a thousand of them. Counts that are 0 or all have no spread, and
// the reference's own p(1-p) misses 0 by a rounding of 1: absolute 1e-15.
bool close(double a, double b) {
  return std::fabs(a - b) <= 1e-15 + 1e-13 * std::fabs(b);
}

/// Lanes in which the analysis says something else than the reference, of `kLanes`.
int disagreements(const Analysis& analysis, const Reference& reference, const Setting& setting,
                  unsigned seed) {
  const Observed observed = random_totals(setting, kLanes, 400, seed);
  Evidence evidence = make_evidence(setting, analysis.law(), kLanes);
  analysis.open(setting)->weigh(observed, evidence);
  int wrong = 0, with_evidence = 0, without = 0;
  for (int h = 0; h < setting.hypotheses(); ++h)
    for (int l = 0; l < kLanes; ++l) {
      const Sample c = sample_of(observed, 0, l), t = sample_of(observed, h + 1, l);
      const double least = std::fmin(c.n, t.n);
      const double found = reference.variance(c, t, setting.binary());
      const double variance = least >= reference.least_users && found > 1e-12 ? found : 0;
      const double excess =
          least > 0 ? setting.direction * (t.mean - c.mean - setting.margin[static_cast<std::size_t>(h)]) : 0;
      // The difference of two means of size 10 is known to 1e-14.
      const bool same = std::fabs(evidence.excess.row(h)[l] - excess) < 1e-12 &&
                        close(evidence.variance.row(h)[l], variance) &&
                        (variance == 0 || reference.freedom == nullptr ||
                         close(evidence.freedom.row(h)[l], reference.freedom(c, t)));
      wrong += same ? 0 : 1;
      (variance > 0 ? with_evidence : without) += 1;
    }
  REQUIRE(with_evidence > kLanes / 2);
  REQUIRE(without > kLanes / 100);
  return wrong;
}

void check_everywhere(const Analysis& analysis, const Reference& binary, const Reference& continuous) {
  unsigned seed = 1;
  for (int arms : {2, 4})
    for (double direction : {1.0, -1.0})
      for (double margin : {0.0, 0.3}) {
        CHECK(disagreements(analysis, binary, make_setting(arms, kBinaryChannels, {1000}, direction, margin),
                            ++seed) == 0);
        CHECK(disagreements(analysis, continuous,
                            make_setting(arms, kContinuousChannels, {1000}, direction, margin), ++seed) == 0);
      }
}

TEST_CASE("z_known: weighs as its formula says", "[analyses]") {
  check_everywhere(ZKnown(3), {1, z_known, nullptr}, {1, z_known, nullptr});
}

TEST_CASE("z_pooled: weighs as its formula says", "[analyses]") {
  check_everywhere(ZPooled(), {1, z_pooled, nullptr}, {1, z_pooled, nullptr});
}

TEST_CASE("z_unpooled: weighs as its formula says", "[analyses]") {
  check_everywhere(ZUnpooled(), {1, z_unpooled, nullptr}, {2, z_unpooled, nullptr});
}

TEST_CASE("student_t: weighs as its formula says", "[analyses]") {
  check_everywhere(StudentT(), {2, pooled, student_freedom}, {2, pooled, student_freedom});
}

TEST_CASE("welch_t: weighs as its formula says", "[analyses]") {
  check_everywhere(WelchT(), {2, welch, welch_freedom}, {2, welch, welch_freedom});
}

TEST_CASE("pair difference: the plugged-in variance is half the sum of the arms' variances", "[analyses]") {
  check_everywhere(PairDifference(std::nullopt, PairDifference::PlugIn::pairs), {1, plugged_in_pair, nullptr},
                   {2, plugged_in_pair, nullptr});
}

TEST_CASE("pair difference: the plugged-in variance of the arms is the unpooled one", "[analyses]") {
  check_everywhere(PairDifference(std::nullopt, PairDifference::PlugIn::arms), {1, z_unpooled, nullptr},
                   {2, z_unpooled, nullptr});
}

TEST_CASE("pair difference: a given variance is that of one pair", "[analyses]") {
  check_everywhere(PairDifference(18.0, PairDifference::PlugIn::pairs), {1, z_known, nullptr},
                   {1, z_known, nullptr});
}

TEST_CASE("pair difference: the planned variance is half-way to a better rate", "[analyses]") {
  const PlannedEffect effect{Lift{Lift::Scale::absolute, {Distribution::point(-0.01)}, {}}, 0.05};
  const PairDifference analysis(0.0, PairDifference::PlugIn::pairs, effect);
  for (double direction : {1.0, -1.0}) {
    const Setting setting = make_setting(2, kBinaryChannels, {200}, direction);
    Observed observed;
    observed.begin(2, 1, kBinaryChannels);
    observed.users.row(0)[0] = observed.users.row(1)[0] = 100;
    Evidence evidence = make_evidence(setting, analysis.law(), 1);
    analysis.open(setting)->weigh(observed, evidence);
    const double p = 0.05 + direction * 0.005;
    CHECK(evidence.variance.row(0)[0] == Approx(2 * p * (1 - p) / 100).epsilon(1e-14));
  }
  CHECK_THROWS_AS(analysis.open(make_setting(2, kContinuousChannels, {200})), InputError);
}

TEST_CASE("pair difference: every treatment has the variance planned for its own effect", "[analyses]") {
  const Lift sizes{
      Lift::Scale::relative, {}, {{"arm 1", Distribution::point(0.2)}, {"arm 2", Distribution::point(-4)}}};
  const PairDifference analysis(0.0, PairDifference::PlugIn::pairs, {sizes, 0.05});
  const Setting setting = make_setting(3, kBinaryChannels, {300});
  Observed observed;
  observed.begin(3, 1, kBinaryChannels);
  for (int arm = 0; arm < 3; ++arm) observed.users.row(arm)[0] = 100;
  Evidence evidence = make_evidence(setting, analysis.law(), 1);
  analysis.open(setting)->weigh(observed, evidence);
  CHECK(evidence.variance.row(0)[0] == Approx(2 * 0.055 * 0.945 / 100).epsilon(1e-14));
  CHECK(evidence.variance.row(1)[0] == Approx(2 * 0.15 * 0.85 / 100).epsilon(1e-14));
}

TEST_CASE("two samples: equal rates in arms of different sizes are a difference of exactly zero",
          "[analyses]") {
  const Setting setting = make_setting(2, kBinaryChannels, {1000});
  Observed observed;
  observed.begin(2, 300, kBinaryChannels);
  for (int l = 0; l < 300; ++l) {
    observed.users.row(0)[l] = 3 * (l + 1);
    observed.successes.row(0)[l] = l + 1;
    observed.users.row(1)[l] = 21 * (l + 2);
    observed.successes.row(1)[l] = 7 * (l + 2);
  }
  Evidence evidence = make_evidence(setting, Evidence::Law::normal, 300);
  ZPooled().open(setting)->weigh(observed, evidence);
  for (int l = 0; l < 300; ++l) CHECK(evidence.excess.row(0)[l] == 0);
}

TEST_CASE("analyses: ask for successes where there are any and for deviations where they use them",
          "[analyses]") {
  const Channels difference{Channel::users, Channel::sum};
  CHECK(ZKnown().needs(kContinuousChannels) == difference);
  CHECK(PairDifference(1.0, PairDifference::PlugIn::pairs).needs(kContinuousChannels) == difference);
  CHECK(PairDifference(std::nullopt, PairDifference::PlugIn::pairs).needs(kContinuousChannels) ==
        kContinuousChannels);
  CHECK(ZPooled().needs(kContinuousChannels) == kContinuousChannels);
  CHECK(ZUnpooled().needs(kContinuousChannels) == kContinuousChannels);
  CHECK(StudentT().needs(kContinuousChannels) == kContinuousChannels);
  CHECK(WelchT().needs(kContinuousChannels) == kContinuousChannels);
  CHECK(ZKnown().needs(kBinaryChannels) == kBinaryChannels);
  CHECK(WelchT().needs(kBinaryChannels) == kBinaryChannels);
}

}  // namespace
}  // namespace windtunnel
