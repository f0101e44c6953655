#include <algorithm>
#include <cmath>
#include <numeric>

#include "windtunnel/core/writer.hpp"
#include "windtunnel/world/features/clusters.hpp"
#include "world/outcome_lab.hpp"

/// One value of every user who makes several requests, against the users written out one by one.
namespace windtunnel {
namespace {

constexpr int kLanes = 40;

/// Users of both arms in several steps, with their values.
Observed draw(const Outcome& outcome, const Clusters& clusters, Path path) {
  const Random values(3, Purpose::outcome), spread(3, Purpose::spread), company(3, Purpose::company);
  const bool is_binary = outcome.offers().has(Channel::successes);
  const Channels totals =
      is_binary ? Channels{Channel::successes} : Channels{Channel::sum, Channel::deviations};
  const Channels wanted = totals | Channels{Channel::users, Channel::requests, Channel::values};
  LiftTerm none;
  none.law.assign(2, Distribution::point(0));
  const Climate climate({"a", "b"}, 1, none);
  const auto model = clusters.unfold(outcome.plan({}, wanted), climate, outcome, wanted);
  Observed observed;
  observed.begin(2, kLanes, wanted);
  u32 time = 0;
  for (const i32 users : {1, 30, 12})
    for (int arm : {0, 1}) {
      const Batch batch{arm, arm, {users + arm, nullptr}, {outcome.levels()[0].expectation(), nullptr}};
      const BatchSource source{{&values, 0}, {&spread, 0}, {&company, 0}, {time, static_cast<u32>(arm), 0}};
      if (path == Path::increments)
        model->add_batch(batch, source, observed);
      else
        model->add_users(batch, source, observed);
      time += 100;
      for (int l = 0; l < kLanes; ++l) observed.users.row(arm)[l] += users + arm;
    }
  return observed;
}

double total(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0);
}

double products(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// The users kept are those of the totals.
void check_owners(const Observed& observed, int arm, int lane) {
  const Observed& requests = observed.requests.front();
  const auto &sizes = requests.owner_sizes.at(arm, lane), &sums = requests.owner_sums.at(arm, lane);
  REQUIRE(static_cast<i32>(sizes.size()) == observed.users.row(arm)[lane]);
  REQUIRE(sums.size() == sizes.size());
  CHECK(total(sizes) == requests.users.row(arm)[lane]);
  CHECK(total(sums) == Approx(total(requests.values.at(arm, lane))).margin(1e-9));
  CHECK(products(sizes, sizes) == requests.owner_squares.row(arm)[lane]);
  CHECK(products(sizes, sums) == Approx(requests.owner_products.row(arm)[lane]).margin(1e-9));
}

/// Users have the values R + (S - M R)/(mean of M), R and the mean of M those of both arms; totals are those
/// of each arm's own R and mean of M.
void check_values(const Observed& observed, const Observed& seen, int lane) {
  const Observed& requests = observed.requests.front();
  double all_sums = 0, all_sizes = 0, all_users = 0;
  for (int arm : {0, 1}) {
    all_sums += total(requests.owner_sums.at(arm, lane));
    all_sizes += total(requests.owner_sizes.at(arm, lane));
    all_users += static_cast<double>(requests.owner_sizes.at(arm, lane).size());
  }
  const double ratio = all_sums / all_sizes, mean_size = all_sizes / all_users;
  for (int arm : {0, 1}) {
    const auto &sizes = requests.owner_sizes.at(arm, lane), &sums = requests.owner_sums.at(arm, lane);
    const double users = static_cast<double>(sizes.size()), own = total(sums) / total(sizes);
    std::vector<double> expected;
    double squares = 0;
    for (std::size_t u = 0; u < sizes.size(); ++u) {
      const double value = ratio + (sums[u] - sizes[u] * ratio) / mean_size;
      if (value != 0) expected.push_back(value);
      squares += std::pow((sums[u] - sizes[u] * own) / (total(sizes) / users), 2);
    }
    const std::vector<double>& values = seen.values.at(arm, lane);
    REQUIRE(values.size() == expected.size());
    for (std::size_t u = 0; u < values.size(); ++u) CHECK(values[u] == Approx(expected[u]).margin(1e-12));
    CHECK(seen.sum.row(arm)[lane] == Approx(users * own).margin(1e-12));
    CHECK(seen.deviations.row(arm)[lane] == Approx(squares).epsilon(1e-9).margin(1e-9));
    // How far an arm's mean of values is from R is how far its own R is, times its share of requests a user.
    CHECK(total(values) / users - ratio ==
          Approx(total(sizes) / users / mean_size * (own - ratio)).margin(1e-10));
  }
}

TEST_CASE("clusters: every user has one value, linear in what its requests are and sum to", "[world]") {
  for (const auto& [type, keys] : {std::pair<std::string, Json>{"bernoulli", {{"rate", 0.3}}},
                                   {"normal", {{"mean", 2}, {"sd", 1.5}}},
                                   {"poisson", {{"mean", 0.7}}}})
    for (const char* sizes : {"fixed", "one_plus_poisson"})
      for (const Path path : {Path::increments, Path::users}) {
        CAPTURE(type, sizes, path == Path::users);
        Clusters clusters;
        read_keys(clusters, {{"size", 3}, {"size_distribution", sizes}, {"icc", 0.3}});
        const auto lens = clusters.lens();
        read_keys(*lens, {{"unit", "user"}});
        const Observed observed = draw(*make_outcome(type, keys), clusters, path);
        Observed scratch;
        const Observed& seen = lens->see(observed, {}, 0, scratch);
        for (int l = 0; l < kLanes; ++l) {
          for (int arm : {0, 1}) check_owners(observed, arm, l);
          check_values(observed, seen, l);
        }
      }
}

}  // namespace
}  // namespace windtunnel
