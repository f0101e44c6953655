#include <algorithm>
#include <cmath>

#include "support/chi_square.hpp"
#include "world/outcome_cases.hpp"

/// Users' values, kept one by one beside the totals.
namespace windtunnel {
namespace {

/// Totals and values of one arm after the steps.
Observed draw(const Outcome& outcome, Channels wanted, const std::vector<double>& means,
              const std::vector<i32>& steps, Path path, u64 first_replication = 0) {
  const Random values(5, Purpose::outcome), spread(5, Purpose::spread);
  const auto model = outcome.plan({}, wanted);
  const int lanes = static_cast<int>(means.size());
  Observed observed;
  observed.begin(2, lanes, wanted);
  u32 time = 0;
  for (const i32 users : steps) {
    const Batch batch{1, 1, {users, nullptr}, {0, means.data()}};
    const BatchSource source{{&values, first_replication},
                             {&spread, first_replication},
                             {&spread, first_replication},
                             {time, 1, 0}};
    if (path == Path::increments)
      model->add_batch(batch, source, observed);
    else
      model->add_users(batch, source, observed);
    time += static_cast<u32>(path == Path::increments ? 1 : users);
    for (int l = 0; l < lanes; ++l) observed.users.row(1)[l] += users;
  }
  return observed;
}

std::vector<Case> cases_with_normal() {
  std::vector<Case> all = cases();
  all.push_back({"normal", "normal", {{"mean", 0.5}, {"sd", 2}}, {}});
  return all;
}

TEST_CASE("values: they are the users of the totals, on both paths", "[world]") {
  for (const Case& c : cases_with_normal())
    for (const Path path : {Path::increments, Path::users}) {
      INFO(c.name << (path == Path::users ? ", users one by one" : ", increments"));
      const auto outcome = make_outcome(c.type, c.parameters);
      std::vector<double> means;
      for (int l = 0; l < 100; ++l) means.push_back(outcome->levels()[0].value * (1 + 0.002 * l));
      const Observed seen = draw(*outcome, outcome->offers(), means, {50, 1, 70}, path);
      for (int l = 0; l < 100; ++l) {
        const std::vector<double>& values = seen.values.at(1, l);
        CHECK(seen.values.at(0, l).empty());
        CHECK(values.size() <= 121);
        CHECK(std::count(values.begin(), values.end(), 0.0) == 0);
        double sum = 0, squares = 0;
        for (const double value : values) sum += value;
        for (const double value : values) squares += (value - sum / 121) * (value - sum / 121);
        squares += static_cast<double>(121 - values.size()) * (sum / 121) * (sum / 121);
        CHECK(seen.sum.row(1)[l] == Approx(sum).epsilon(1e-12).margin(1e-12));
        CHECK(seen.deviations.row(1)[l] == Approx(squares).epsilon(1e-11).margin(1e-10));
      }
    }
}

TEST_CASE("values: keeping them changes no total that is not drawn in another way for it", "[world]") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const auto outcome = make_outcome(c.type, c.parameters);
    const std::vector<double> means(90, outcome->levels()[0].value);
    for (const Path path : {Path::increments, Path::users}) {
      const Observed with = draw(*outcome, outcome->offers(), means, {40, 30}, path);
      const Observed without =
          draw(*outcome, outcome->offers().without(Channel::values), means, {40, 30}, path);
      CHECK(std::ranges::equal(with.sum.span(1), without.sum.span(1)));
      CHECK(std::ranges::equal(with.deviations.span(1), without.deviations.span(1)));
      CHECK(without.values.rows() == 0);
    }
  }
}

TEST_CASE("values: a replication keeps the same ones in every block", "[world]") {
  for (const Case& c : cases_with_normal())
    for (const Path path : {Path::increments, Path::users}) {
      INFO(c.name);
      const auto outcome = make_outcome(c.type, c.parameters);
      std::vector<double> means;
      for (int l = 0; l < 150; ++l) means.push_back(outcome->levels()[0].value * (0.6 + 0.004 * l));
      const Observed whole = draw(*outcome, outcome->offers(), means, {70, 3}, path, 64);
      const std::vector<double> tail(means.begin() + 83, means.end());
      const Observed part = draw(*outcome, outcome->offers(), tail, {70, 3}, path, 64 + 83);
      for (int l = 0; l < 67; ++l) CHECK(part.values.at(1, l) == whole.values.at(1, 83 + l));
    }
}

TEST_CASE("values: every one has the law of a user", "[world]") {
  const int lanes = static_cast<int>(test_draws(10'000));
  for (const Case& c : cases_with_normal()) {
    INFO(c.name);
    const auto outcome = make_outcome(c.type, c.parameters);
    const double mean = outcome->levels()[0].value;
    const std::vector<double> means(static_cast<std::size_t>(lanes), mean);
    const Observed seen = draw(*outcome, outcome->offers(), means, {20}, Path::increments);
    const auto distribution = outcome->distribution(mean);
    std::vector<double> bounds, chances;
    for (double bound = -8; bound < 12; bound += 0.25) bounds.push_back(bound * (1 + std::fabs(mean)) / 2);
    std::vector<i64> counts(bounds.size());
    i64 kept = 0;
    for (int l = 0; l < lanes; ++l)
      for (const double value : seen.values.at(1, l)) {
        const auto at = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
        if (at < static_cast<std::ptrdiff_t>(counts.size())) ++counts[static_cast<std::size_t>(at)];
        ++kept;
      }
    double below = 0;
    for (std::size_t b = 0; b < bounds.size(); ++b) {
      const double upto = distribution(bounds[b]);
      chances.push_back(upto - below);
      if (bounds[b] == 0) counts[b] += 20 * lanes - kept;  // zeros are not kept
      below = upto;
    }
    CHECK(std::fabs(chi_square(counts, chances, 20 * lanes).standardised()) < 4);
  }
}

TEST_CASE("values: only what has a law of its sums is drawn in another way for them", "[world]") {
  for (const Case& c : cases_with_normal()) {
    const auto outcome = make_outcome(c.type, c.parameters);
    const std::string with = outcome->plan({}, outcome->offers())->method();
    const std::string without = outcome->plan({}, outcome->offers().without(Channel::values))->method();
    CHECK((with == without) == (c.type != "normal"));
    if (c.type == "normal") CHECK(with == "users one by one, because their values are kept");
  }
}

}  // namespace
}  // namespace windtunnel
