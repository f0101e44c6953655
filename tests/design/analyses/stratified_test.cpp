#include "windtunnel/design/analyses/stratified.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/design_lab.hpp"
#include "windtunnel/design/analyses/z_unpooled.hpp"

namespace windtunnel {
namespace {

constexpr int kLanes = 700;
const Channels kParts{Channel::segments};

struct Found {
  double difference = 0, variance = 0;
  bool is_seen = true, is_known = true;
};

double mean_of(const Observed& cell, int arm, int l, bool binary) {
  const double n = cell.users.row(arm)[l];
  return (binary ? cell.successes.row(arm)[l] : cell.sum.row(arm)[l]) / n;
}

double variance_of(const Observed& cell, int arm, int l, bool binary) {
  const double n = cell.users.row(arm)[l], p = binary ? mean_of(cell, arm, l, true) : 0;
  return binary ? p * (1 - p) : cell.deviations.row(arm)[l] / (n - 1);
}

/// As a textbook computes it, stratum after stratum.
Found slowly(const std::vector<Observed>& strata, int treatment, int l, bool binary) {
  double all = 0;
  for (const Observed& stratum : strata)
    for (int arm = 0; arm < stratum.arms; ++arm) all += stratum.users.row(arm)[l];
  Found found;
  for (const Observed& stratum : strata) {
    double users = 0;
    for (int arm = 0; arm < stratum.arms; ++arm) users += stratum.users.row(arm)[l];
    if (users == 0) continue;
    const double n0 = stratum.users.row(0)[l], n1 = stratum.users.row(treatment)[l], share = users / all;
    found.is_seen = found.is_seen && std::fmin(n0, n1) > 0;
    found.is_known = found.is_known && std::fmin(n0, n1) >= (binary ? 1 : 2);
    if (!found.is_known) continue;
    found.difference += share * (mean_of(stratum, treatment, l, binary) - mean_of(stratum, 0, l, binary));
    found.variance +=
        share * share *
        (variance_of(stratum, 0, l, binary) / n0 + variance_of(stratum, treatment, l, binary) / n1);
  }
  return found;
}

TEST_CASE("stratified: weighs as its formula says", "[analyses]") {
  unsigned seed = 40;
  for (const Channels& offers : {kBinaryChannels, kContinuousChannels})
    for (int arms : {2, 4}) {
      const Setting setting = make_setting(arms, offers | kParts, {1000}, -1, 0.3);
      Observed observed = random_totals(setting, kLanes, 90, ++seed);
      for (int g = 0; g < 3; ++g) observed.segments.push_back(random_totals(setting, kLanes, 90, ++seed));
      for (int l = 0; l < kLanes; l += 5)  // nobody at all in one of the segments
        for (int arm = 0; arm < arms; ++arm) observed.segments[1].users.row(arm)[l] = 0;
      const Stratified analysis;
      Evidence evidence = make_evidence(setting, analysis.law(), kLanes);
      analysis.open(setting)->weigh(observed, evidence);
      int wrong = 0, known = 0;
      for (int h = 0; h < setting.hypotheses(); ++h)
        for (int l = 0; l < kLanes; ++l) {
          const Found found = slowly(observed.segments, h + 1, l, setting.binary());
          const bool has_evidence = found.is_known && found.variance > 1e-12;
          known += has_evidence ? 1 : 0;
          const double variance = evidence.variance.row(h)[l], excess = evidence.excess.row(h)[l];
          if (has_evidence) {
            wrong += std::fabs(variance - found.variance) <= 1e-12 * found.variance ? 0 : 1;
            wrong += std::fabs(excess + found.difference - 0.3) < 1e-11 ? 0 : 1;
          } else {
            wrong += variance == 0 ? 0 : 1;
            if (!found.is_seen) wrong += excess == 0 ? 0 : 1;
          }
        }
      CHECK(wrong == 0);
      CHECK(known > kLanes / 10);
      CHECK(known < kLanes * setting.hypotheses());
    }
}

TEST_CASE("stratified: without segments it is z_unpooled, bit for bit", "[analyses]") {
  unsigned seed = 60;
  for (const Channels& offers : {kBinaryChannels, kContinuousChannels}) {
    const Setting setting = make_setting(3, offers, {1000}, 1, 0.1);
    const Observed observed = random_totals(setting, kLanes, 400, ++seed);
    Evidence one = make_evidence(setting, Evidence::Law::normal, kLanes);
    Evidence other = make_evidence(setting, Evidence::Law::normal, kLanes);
    Stratified().open(setting)->weigh(observed, one);
    ZUnpooled().open(setting)->weigh(observed, other);
    for (int h = 0; h < 2; ++h) {
      CHECK(std::equal(one.excess.row(h), one.excess.row(h) + kLanes, other.excess.row(h)));
      CHECK(std::equal(one.variance.row(h), one.variance.row(h) + kLanes, other.variance.row(h)));
    }
  }
}

TEST_CASE("stratified: asks for segments where there are any", "[analyses]") {
  CHECK(Stratified().needs(kBinaryChannels) == kBinaryChannels);
  CHECK(Stratified().needs(kContinuousChannels | kParts) == (kContinuousChannels | kParts));
}

}  // namespace
}  // namespace windtunnel
