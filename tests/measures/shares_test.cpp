#include "measures/expected.hpp"
#include "measures/replications.hpp"
#include "windtunnel/measures/coverage.hpp"
#include "windtunnel/measures/decision_rates.hpp"
#include "windtunnel/measures/discoveries.hpp"
#include "windtunnel/measures/overstatement.hpp"
#include "windtunnel/measures/rejection_rate.hpp"
#include "windtunnel/measures/wrong_decisions.hpp"

using namespace windtunnel;
using namespace windtunnel::measure_tests;

using Cell = MeasureSetting::Cell;

namespace {

double best_benefit(const Replication& r, double direction, int except = -1) {
  double best = -1e300;
  for (int arm = 0; arm < static_cast<int>(r.lasting.size()); ++arm)
    if (arm != except) best = std::max(best, direction * r.lasting[static_cast<std::size_t>(arm)]);
  return best;
}

double benefit_served(const Replication& r, double direction) {
  return direction * r.lasting[static_cast<std::size_t>(r.served)];
}

bool is_some_worth_shipping(const Replication& r, double direction, double margin) {
  bool any = false;
  for (std::size_t arm = 1; arm < r.lasting.size(); ++arm) any |= direction * (r.lasting[arm] - margin) > 0;
  return any;
}

bool is_held_against_an_effect(const Replication& r) {
  return r.rejected && r.estimated && r.effect() != 0;
}

}  // namespace

TEST_CASE("decisions: rejections and the three ends are shares that add to 1", "[measures]") {
  const Sample sample = draw({.arms = 3, .count = 1111});
  check_share(value_of(make_rejection_rate(), sample),
              numbers(sample, everyone, [](const Replication& r) { return r.rejected; }));
  const auto of_end = [&](End end) {
    return numbers(sample, everyone, [end](const Replication& r) { return r.end == end; });
  };
  check_share(value_of(make_ship_rate(), sample), of_end(kShip));
  check_share(value_of(make_keep_rate(), sample), of_end(kKeep));
  check_share(value_of(make_undecided_rate(), sample), of_end(kUndecided));
  CHECK(value_of(make_ship_rate(), sample).value + value_of(make_keep_rate(), sample).value +
            value_of(make_undecided_rate(), sample).value ==
        Approx(1).epsilon(1e-15));
}

TEST_CASE("decisions: a rule that does not test rejects nothing and is not asked", "[measures]") {
  Sample sample = draw({.cell = Cell::drawn});
  sample.setting.tests = false;
  for (const auto make : {make_rejection_rate, make_exaggeration, make_sign_error, make_wrong_given_decision})
    CHECK(value_of(make(), sample).absent == "the rule does not test");
  CHECK(value_of(make_ship_rate(), sample).absent.empty());
}

TEST_CASE("decisions: without replications there is no share", "[measures]") {
  const Sample sample = draw({.count = 0});
  for (const auto make : {make_rejection_rate, make_ship_rate, make_correct_rate, make_missed_rate})
    CHECK(value_of(make(), sample).absent == "no replications");
}

TEST_CASE("wrong decisions: shipped and missed by the lasting effect beyond the margin", "[measures]") {
  const double direction = GENERATE(1.0, -1.0);
  const double margin = GENERATE(0.0, 0.01, -0.01);
  const int arms = GENERATE(2, 3, 5);
  const Cell cell = GENERATE(Cell::drawn, Cell::effect);
  const Sample sample =
      draw({.cell = cell, .arms = arms, .direction = direction, .margin = margin, .seed = 11});
  const auto wrong = numbers(sample, everyone, [&](const Replication& r) {
    return r.end == kShip && direction * (r.effect() - margin) <= 0;
  });
  const auto missed = numbers(sample, everyone, [&](const Replication& r) {
    return r.end != kShip && is_some_worth_shipping(r, direction, margin);
  });
  const auto correct = numbers(sample, everyone, [&](const Replication& r) {
    return benefit_served(r, direction) >= best_benefit(r, direction);
  });
  // Where no replication made the mistake the interval touches 0, which the general check leaves out.
  const Value wrong_value = value_of(make_wrong_ship_rate(), sample);
  if (mean_and_error(wrong).mean > 0) {
    check_share(wrong_value, wrong);
  } else {
    CHECK(wrong_value.absent == "every treatment is worth shipping");
  }
  check_share(value_of(make_missed_rate(), sample), missed);
  check_share(value_of(make_correct_rate(), sample), correct);
}

TEST_CASE("wrong decisions: mistakes nobody could make have no rate", "[measures]") {
  const Sample null = draw({.cell = Cell::null, .arms = 3});
  CHECK(value_of(make_missed_rate(), null).absent == "no treatment is worth shipping");
  CHECK(value_of(make_correct_rate(), null).absent == "all arms are equally good");
  check_share(value_of(make_wrong_ship_rate(), null),
              numbers(null, everyone, [](const Replication& r) { return r.end == kShip; }));

  const Sample good = draw({.cell = Cell::effect, .arms = 2});
  CHECK(value_of(make_wrong_ship_rate(), good).absent == "every treatment is worth shipping");
}

TEST_CASE("wrong decisions: not inferior by the margin is worth shipping when nothing is lost",
          "[measures]") {
  const Sample sample = draw({.cell = Cell::null, .margin = -0.005});
  CHECK(value_of(make_wrong_ship_rate(), sample).absent == "every treatment is worth shipping");
  check_share(value_of(make_missed_rate(), sample),
              numbers(sample, everyone, [](const Replication& r) { return r.end != kShip; }));
}

TEST_CASE("wrong decisions: an effect equal to the margin is not worth shipping", "[measures]") {
  Sample sample = draw({.cell = Cell::effect, .margin = 0.02});
  CHECK(sample.replications.front().effect() == 0.02);
  CHECK(value_of(make_missed_rate(), sample).absent == "no treatment is worth shipping");
}

TEST_CASE("coverage: intervals hold the effect of the arm they speak of", "[measures]") {
  Sample sample = draw({.cell = Cell::drawn, .arms = 4, .count = 2000, .seed = 12});
  for (const int i : {0, 1}) {  // ends belong to the interval
    Replication& r = sample.replications[static_cast<std::size_t>(i)];
    r.low = r.effect() - 0.01 * i;
    r.high = r.effect() + 0.01 * (1 - i);
  }
  sample.replications[2].high = std::numeric_limits<double>::infinity();
  sample.replications[3].low = 0.5;  // an interval upside down says that there is none
  sample.replications[3].high = -0.5;
  check_share(value_of(make_coverage(), sample),
              numbers(
                  sample, [](const Replication& r) { return r.estimated && r.low <= r.high; },
                  [](const Replication& r) { return r.low <= r.effect() && r.effect() <= r.high; }));
  for (Replication& r : sample.replications) r.estimated = false;
  CHECK(value_of(make_coverage(), sample).absent == "no replication gave an interval");
}

TEST_CASE("overstatement: ratio and sign of estimates that rejected", "[measures]") {
  const double direction = GENERATE(1.0, -1.0);
  const Cell cell = GENERATE(Cell::drawn, Cell::effect);
  const Sample sample = draw({.cell = cell, .arms = 3, .count = 1500, .direction = direction, .seed = 13});
  check_mean(value_of(make_exaggeration(), sample),
             numbers(sample, is_held_against_an_effect,
                     [](const Replication& r) { return std::fabs(r.estimate) / std::fabs(r.effect()); }),
             10);
  check_share(value_of(make_sign_error(), sample),
              numbers(sample, is_held_against_an_effect,
                      [](const Replication& r) { return r.estimate * r.effect() < 0; }));
}

TEST_CASE("overstatement: nothing to overstate in a null cell", "[measures]") {
  const Sample sample = draw({.cell = Cell::null});
  for (const auto make : {make_exaggeration, make_sign_error})
    CHECK(value_of(make(), sample).absent == "the lasting effect is 0");
}

TEST_CASE("overstatement: fewer than two rejections tell nothing", "[measures]") {
  Sample sample = draw({.count = 100});
  for (Replication& r : sample.replications) r.rejected = false;
  sample.replications[50].rejected = sample.replications[50].estimated = true;
  for (const auto make : {make_exaggeration, make_sign_error})
    CHECK(value_of(make(), sample).absent ==
          "fewer than 2 replications rejected with a lasting effect other than 0");
  sample.replications[51].rejected = sample.replications[51].estimated = true;
  for (const auto make : {make_exaggeration, make_sign_error})
    CHECK(value_of(make(), sample).replications == 2);
}

TEST_CASE("overstatement: an effect next to 0 is told instead of averaged", "[measures]") {
  Sample sample = draw({.cell = Cell::drawn, .count = 100, .seed = 14});
  Replication& r = sample.replications[20];
  r.rejected = r.estimated = true;
  r.lasting[1] = 1e-9;
  r.estimate = 0.01;
  CHECK(value_of(make_exaggeration(), sample).absent == "an effect too close to 0 makes the ratio unbounded");
  CHECK(value_of(make_sign_error(), sample).absent.empty());
}

TEST_CASE("discoveries: what ships are worth when effects are drawn", "[measures]") {
  const double direction = GENERATE(1.0, -1.0);
  const int arms = GENERATE(2, 4);
  const Sample sample =
      draw({.cell = Cell::drawn, .arms = arms, .count = 1500, .direction = direction, .seed = 15});
  const auto ships = [](const Replication& r) { return r.end == kShip; };
  check_share(value_of(make_false_discovery_rate(), sample),
              numbers(sample, ships, [&](const Replication& r) { return direction * r.effect() <= 0; }));
  check_share(value_of(make_true_winner_share(), sample),
              numbers(sample, ships, [&](const Replication& r) { return direction * r.effect() > 0; }));
  check_mean(value_of(make_mean_effect_shipped(), sample),
             numbers(sample, ships, [](const Replication& r) { return r.effect(); }), 0.03);
  const auto decided = [](const Replication& r) { return r.by_criterion && r.end != kUndecided; };
  check_share(value_of(make_wrong_given_decision(), sample),
              numbers(sample, decided, [&](const Replication& r) {
                return benefit_served(r, direction) <= best_benefit(r, direction, r.served);
              }));
}

TEST_CASE("discoveries: speak only of effects drawn per replication and of decisions made", "[measures]") {
  const Sample fixed = draw({.cell = Cell::effect});
  Sample undecided = draw({.cell = Cell::drawn});
  for (Replication& r : undecided.replications) r.end = kUndecided;
  for (const auto make : {make_false_discovery_rate, make_true_winner_share, make_mean_effect_shipped,
                          make_wrong_given_decision})
    CHECK(value_of(make(), fixed).absent == "effects are not drawn per replication");
  CHECK(value_of(make_false_discovery_rate(), undecided).absent == "no replication shipped a treatment");
  CHECK(value_of(make_mean_effect_shipped(), undecided).absent ==
        "fewer than 2 replications shipped a treatment");
  CHECK(value_of(make_wrong_given_decision(), undecided).absent ==
        "no replication was stopped by the criterion");
}
