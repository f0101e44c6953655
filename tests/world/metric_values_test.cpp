#include <cmath>
#include <numeric>

#include "windtunnel/core/reader.hpp"
#include "windtunnel/world/features/metrics.hpp"
#include "windtunnel/world/winsorising.hpp"
#include "world/outcome_lab.hpp"

/// Values of further metrics, user by user.
namespace windtunnel {
namespace {

const Channels kWanted{Channel::users, Channel::sum, Channel::deviations, Channel::values, Channel::metrics};

/// Sixty users of arm 1 in each of fifty lanes.
Observed draw(const Metrics& metrics, Path path) {
  const auto outcome = make_outcome("normal", {{"mean", 2}, {"sd", 1.5}});
  const Random values(3, Purpose::outcome), spread(3, Purpose::spread), company(3, Purpose::company);
  LiftTerm none;
  none.law.assign(2, Distribution::point(0));
  Climate climate({"a", "b"}, 1, none);
  metrics.shape(climate);
  const auto model = metrics.together(outcome->plan({}, kWanted), climate, 1.5, kWanted, 1);
  Observed observed;
  observed.begin(2, 50, kWanted, {0, 2, 0});
  const Batch batch{1, 1, {60, nullptr}, {2, nullptr}};
  const BatchSource source{{&values, 0}, {&spread, 0}, {&company, 0}, {0, 1, 0}};
  if (path == Path::users)
    model->add_users(batch, source, observed);
  else
    model->add_batch(batch, source, observed);
  for (int l = 0; l < 50; ++l) observed.users.row(1)[l] = 60;
  return observed;
}

TEST_CASE("metrics: values kept are those of the totals, and go together user by user", "[world]") {
  Metrics metrics;
  read_keys(metrics, {{"count", 2}, {"correlation", 0.5}, {"effects", {0.4, 0}}});
  for (const Path path : {Path::increments, Path::users}) {
    const Observed observed = draw(metrics, path);
    double with_outcome = 0, with_other = 0;
    for (int l = 0; l < 50; ++l) {
      const auto &y = observed.values.at(1, l), &first = observed.metrics[0].values.at(1, l),
                 &second = observed.metrics[1].values.at(1, l);
      for (const auto* values : {&first, &second}) {
        const Observed& metric = observed.metrics[values == &first ? 0 : 1];
        REQUIRE(values->size() == 60);
        const double sum = std::accumulate(values->begin(), values->end(), 0.0);
        double squares = 0;
        for (const double value : *values) squares += (value - sum / 60) * (value - sum / 60);
        CHECK(metric.sum.row(1)[l] == Approx(sum).margin(1e-11));
        CHECK(metric.deviations.row(1)[l] == Approx(squares).margin(1e-10));
      }
      for (std::size_t u = 0; u < 60; ++u) {
        with_outcome += (y[u] - 2) / 1.5 * (first[u] - 0.4) / 3000;
        with_other += second[u] * (first[u] - 0.4) / 3000;
      }
    }
    // Of 3,000 products of correlated normal numbers, each of the variance 1 + 0.5^2.
    CHECK(std::fabs(with_outcome - 0.5) <= 4 * std::sqrt(1.25 / 3000));
    CHECK(std::fabs(with_other - 0.5) <= 4 * std::sqrt(1.25 / 3000));
  }
}

TEST_CASE("metrics: a cap is one of the outcome and leaves them alone", "[world]") {
  Metrics metrics;
  read_keys(metrics, {{"count", 2}});
  const auto lens = metrics.lens();
  const auto cap = make_cap_lens();
  read_keys(*lens, {{"decide", "any"}});
  read_keys(*cap, {{"cap", 0.5}});
  const Observed observed = draw(metrics, Path::increments);
  Observed of_metrics, capped;
  const Observed& outcome = cap->see(lens->see(observed, {}, 0, of_metrics), {}, 0, capped);
  for (const double value : outcome.values.at(1, 0)) CHECK(value <= 0.5);
  for (int panel : {1, 2}) {
    const Observed& seen = cap->see(lens->see(observed, {}, panel, of_metrics), {}, 0, capped);
    CHECK(seen.values.at(1, 7) == observed.metrics[static_cast<std::size_t>(panel - 1)].values.at(1, 7));
    CHECK(seen.sum.row(1)[7] == observed.metrics[static_cast<std::size_t>(panel - 1)].sum.row(1)[7]);
  }
}

}  // namespace
}  // namespace windtunnel
