#include "windtunnel/design/analyses/mann_whitney.hpp"

#include <algorithm>
#include <numeric>

#include "design/analyses/values_lab.hpp"
#include "support/catch.hpp"

namespace windtunnel {
namespace {

/// P(Y1 > Y0) + P(Y1 = Y0)/2 - 1/2 over all pairs, pair by pair.
double superiority(const std::vector<double>& control, const std::vector<double>& treatment) {
  double twice = 0;
  for (const double y0 : control)
    for (const double y1 : treatment) twice += y1 > y0 ? 2 : y1 == y0 ? 1 : 0;
  const double pairs = static_cast<double>(control.size()) * static_cast<double>(treatment.size());
  return twice / (2 * pairs) - 0.5;
}

double tied_variance(std::vector<double> all, double n0, double n1) {
  std::sort(all.begin(), all.end());
  const auto n = static_cast<double>(all.size());
  double ties = 0;
  for (std::size_t i = 0; i < all.size();) {
    const auto t = static_cast<double>(std::count(all.begin(), all.end(), all[i]));
    ties += t * t * t - t;
    i += static_cast<std::size_t>(t);
  }
  return n > 1 ? (n + 1 - ties / (n * (n - 1))) / (12 * n0 * n1) : 0;
}

std::vector<double> together(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> all = a;
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

TEST_CASE("mann_whitney: weighs as all pairs do, with ties, zeros and empty arms", "[analyses]") {
  unsigned seed = 0;
  for (const auto draw : {lumpy, smooth, zero_or_one})
    for (const int arms : {2, 4})
      for (const double direction : {1.0, -1.0}) {
        const Setting setting = make_setting(arms, kAllChannels, {1000}, direction);
        const std::vector<Values> lanes = made_up(300, arms, 25, ++seed, draw);
        const Evidence evidence = weighed(MannWhitney(), setting, observed_of(lanes));
        int with_evidence = 0;
        for (int l = 0; l < 300; ++l)
          for (int h = 0; h < arms - 1; ++h) {
            const auto& control = lanes[static_cast<std::size_t>(l)][0];
            const auto& treatment = lanes[static_cast<std::size_t>(l)][static_cast<std::size_t>(h + 1)];
            const bool has_users = !control.empty() && !treatment.empty();
            const double excess = has_users ? direction * superiority(control, treatment) : 0;
            const double variance =
                has_users ? tied_variance(together(control, treatment), static_cast<double>(control.size()),
                                          static_cast<double>(treatment.size()))
                          : 0;
            CHECK(evidence.excess.row(h)[l] == Approx(excess).margin(1e-14));
            CHECK(evidence.variance.row(h)[l] == Approx(variance).epsilon(1e-12).margin(1e-15));
            with_evidence += variance > 0 ? 1 : 0;
          }
        CHECK(with_evidence > 200);
      }
}

TEST_CASE("mann_whitney: its mean and variance are exact over all assignments of the same users",
          "[analyses]") {
  // Under the null every split of the users is equally likely: enumerating them gives the law itself.
  for (const std::vector<double>& users : {std::vector<double>{-3, 0.5, 1, 2, 4, 7, 9, 11},
                                           {0, 0, 0, 1, 1, 2, 5, 5},
                                           {-1, 0, 0, 0, 0, 0, 0, 3}}) {
    std::vector<Values> lanes;
    std::vector<int> split{0, 0, 0, 1, 1, 1, 1, 1};
    do {
      Values arms(2);
      for (std::size_t i = 0; i < users.size(); ++i)
        arms[static_cast<std::size_t>(split[i])].push_back(users[i]);
      lanes.push_back(arms);
    } while (std::next_permutation(split.begin(), split.end()));
    REQUIRE(lanes.size() == 56);
    const Evidence evidence = weighed(MannWhitney(), make_setting(2, kAllChannels, {8}), observed_of(lanes));
    double mean = 0, variance = 0;
    for (int l = 0; l < 56; ++l) mean += evidence.excess.row(0)[l] / 56;
    for (int l = 0; l < 56; ++l) variance += evidence.excess.row(0)[l] * evidence.excess.row(0)[l] / 56;
    CHECK(mean == Approx(0).margin(1e-15));
    for (int l = 0; l < 56; ++l) CHECK(evidence.variance.row(0)[l] == Approx(variance).epsilon(1e-13));
  }
}

TEST_CASE("mann_whitney: counts of 0 and 1 say what the users themselves say", "[analyses]") {
  const std::vector<Values> lanes = made_up(400, 3, 30, 9, zero_or_one);
  const Evidence one_by_one = weighed(MannWhitney(), make_setting(3, kAllChannels, {90}), observed_of(lanes));
  const Evidence counts = weighed(MannWhitney(), make_setting(3, kBinaryChannels, {90}), counted(lanes));
  for (int h = 0; h < 2; ++h)
    for (int l = 0; l < 400; ++l) {
      CHECK(counts.excess.row(h)[l] == Approx(one_by_one.excess.row(h)[l]).margin(1e-14));
      CHECK(counts.variance.row(h)[l] == Approx(one_by_one.variance.row(h)[l]).epsilon(1e-12).margin(1e-15));
    }
}

TEST_CASE("mann_whitney: users who are all alike are no evidence, however many", "[analyses]") {
  for (const double value : {0.0, 0.1, -7.3})
    for (const std::size_t users : {std::size_t{1}, std::size_t{2}, std::size_t{300'001}}) {
      const Values alike{std::vector<double>(users, value), std::vector<double>(users + 2, value)};
      const Evidence evidence =
          weighed(MannWhitney(), make_setting(2, kAllChannels, {8}), observed_of({alike}));
      CHECK(evidence.excess.row(0)[0] == 0);
      CHECK(evidence.variance.row(0)[0] == 0);
    }
}

TEST_CASE("mann_whitney: asks for counts where there are any, else for every value", "[analyses]") {
  CHECK(MannWhitney().needs(kAllChannels) == Channels{Channel::users, Channel::values});
  CHECK(MannWhitney().needs(kBinaryChannels) == kBinaryChannels);
}

}  // namespace
}  // namespace windtunnel
