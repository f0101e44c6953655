#include "world/value_pulls.hpp"

#include <cmath>
#include <random>
#include <vector>

#include "support/catch.hpp"
#include "world/outcome_cases.hpp"

/// Outcomes by pull of every law but that of 0 and 1 against their definition: a batch of one user at the
/// place of the pull.
namespace windtunnel {
namespace {

constexpr u64 kHigh = u64{5} << 32;
const Channels kWanted = kContinuousOutcomes;

std::vector<Case> all_cases() {
  std::vector<Case> all = cases();
  all.push_back({"normal", "normal", {{"mean", 2}, {"sd", 1.5}}, {}});
  return all;
}

class ValueArms {
 public:
  ValueArms(const Outcome& outcome, int arms, int lanes, u64 first)
      : first_(first),
        model_(outcome.plan({}, kWanted)),
        pulls_(*model_, {nullptr, &random_[0], &random_[1], &random_[2], first}),
        pulled_(1, lanes),
        one_() {
    observed.begin(arms, lanes, kWanted);
    plain.begin(arms, lanes, kWanted);
    one_.begin(1, 1, {Channel::users, Channel::sum});
  }

  /// One user in every lane, on the tapes and by the definition.
  void add(std::mt19937& dice, const Pulls::ArmMeans& means) {
    for (int l = 0; l < observed.lanes; ++l)
      pulled_.row(0)[l] = static_cast<i32>(dice() % static_cast<unsigned>(observed.arms));
    pulls_.add(pulled_.row(0), means, observed);
    for (int l = 0; l < observed.lanes; ++l) {
      const i32 arm = pulled_.row(0)[l];
      const double mean = means.arm[static_cast<std::size_t>(arm)][l * means.stride];
      i32& users = plain.users.row(arm)[l];
      const double value = outcome_of(l, arm, users, mean);
      plain.add(arm, l, users, 1, value, 0);
      plain.keep(arm, l, value);
      ++users;
      REQUIRE(observed.last_users.row(0)[l] == users);
      REQUIRE(observed.last_sums.row(0)[l] == plain.sum.row(arm)[l]);
    }
  }

  void check() const {
    for (int a = 0; a < observed.arms; ++a)
      for (int l = 0; l < observed.lanes; ++l) {
        REQUIRE(observed.users.row(a)[l] == plain.users.row(a)[l]);
        REQUIRE(observed.sum.row(a)[l] == plain.sum.row(a)[l]);
        REQUIRE(observed.deviations.row(a)[l] == plain.deviations.row(a)[l]);
        REQUIRE(observed.values.at(a, l) == plain.values.at(a, l));
      }
  }

  void interrupt() { pulls_.interrupt(); }

  Observed observed, plain;

 private:
  double outcome_of(int lane, i32 arm, i32 pull, double mean) {
    const u64 replication = first_ + static_cast<u64>(lane);
    const u64 at = replication / (u64{1} << 32) * (u64{1} << 32) + static_cast<u64>(pull);
    one_.clear(0);
    model_->add_batch({0, 0, {1, nullptr}, {mean, nullptr}},
                      {{&random_[0], at},
                       {&random_[1], at},
                       {&random_[2], at},
                       {static_cast<u32>(replication), static_cast<u32>(arm), 0}},
                      one_);
    return one_.sum.row(0)[0];
  }

  const Random random_[3] = {Random(7, Purpose::pulled_value, 0), Random(7, Purpose::pulled_value, 1),
                             Random(7, Purpose::pulled_value, 2)};
  u64 first_;
  std::unique_ptr<const OutcomeModel> model_;
  ValuePulls pulls_;
  Table<i32> pulled_;
  Observed one_;
};

TEST_CASE("value pulls: a tape gives the outcome of every pull, whoever pulls", "[world]") {
  for (const Case& c : all_cases()) {
    INFO(c.name);
    const auto outcome = make_outcome(c.type, c.parameters);
    const double mean = outcome->levels()[0].expectation();
    // Replications of two halves of 2^32, and users enough for a second tape.
    ValueArms world(*outcome, 3, 21, kHigh - 9);
    std::mt19937 dice(3);
    const Pulls::ArmMeans means{{&mean, &mean, &mean}, 0, 0};
    for (int user = 0; user < 260; ++user) world.add(dice, means);
    world.check();
  }
}

TEST_CASE(
    "value pulls: new means change the outcomes and not the words, and users of other steps are counted",
    "[world]") {
  for (const Case& c : all_cases()) {
    INFO(c.name);
    const auto outcome = make_outcome(c.type, c.parameters);
    const double level = outcome->levels()[0].expectation();
    constexpr int kLanes = 10;
    ValueArms world(*outcome, 3, kLanes, 1000);
    std::mt19937 dice(5);
    Table<double> mean(3, kLanes);
    for (int epoch = 0; epoch < 4; ++epoch) {
      for (int a = 0; a < 3; ++a)
        for (int l = 0; l < kLanes; ++l) mean.row(a)[l] = level * (1 + 0.1 * a + 0.05 * epoch + 0.005 * l);
      const Pulls::ArmMeans means{{mean.row(0), mean.row(1), mean.row(2)}, 1, epoch};
      for (int user = 0; user < 45; ++user) world.add(dice, means);
      for (int l = 0; l < kLanes; ++l) {
        world.observed.users.row(1)[l] += 10 * l;
        world.plain.users.row(1)[l] += 10 * l;
      }
      world.interrupt();
      for (int user = 0; user < 45; ++user) world.add(dice, means);
      world.check();
    }
  }
}

TEST_CASE("value pulls: outcomes of pulls, arms and replications are independent", "[world]") {
  // Correlations of n pairs of independent standard normal outcomes have the error 1/sqrt(n).
  const auto outcome = make_outcome("normal", {{"mean", 0}, {"sd", 1}});
  constexpr int kLanes = 300, kUsers = 130;
  const Random random[3] = {Random(7, Purpose::pulled_value, 0), Random(7, Purpose::pulled_value, 1),
                            Random(7, Purpose::pulled_value, 2)};
  const auto model = outcome->plan({}, kWanted);
  // Half of the lanes lie 2^32 replications after the other half.
  std::vector<Table<double>> value;  // [half][arm * kUsers + pull][lane]
  for (const u64 first : {u64{0}, kHigh}) {
    ValuePulls pulls(*model, {nullptr, &random[0], &random[1], &random[2], first});
    Observed observed;
    observed.begin(2, kLanes, {Channel::users, Channel::sum});
    const double mean = 0;
    Table<double>& table = value.emplace_back(2 * kUsers, kLanes);
    for (int arm = 0; arm < 2; ++arm)
      for (int user = 0; user < kUsers; ++user) {
        const std::vector<i32> all(kLanes, arm);
        const std::vector<double> before(observed.sum.row(arm), observed.sum.row(arm) + kLanes);
        pulls.add(all.data(), {{&mean, &mean}, 0, 0}, observed);
        for (int l = 0; l < kLanes; ++l)
          table.row(arm * kUsers + user)[l] = observed.sum.row(arm)[l] - before[static_cast<std::size_t>(l)];
      }
  }
  const auto check = [&](auto one, auto other) {
    double products = 0, squares = 0, n = 0;
    for (int u = 0; u + 1 < kUsers; ++u)
      for (int l = 0; l + 1 < kLanes; ++l, ++n) {
        products += one(u, l) * other(u, l);
        squares += one(u, l) * one(u, l);
      }
    CHECK(std::fabs(products / n) <= 4 / std::sqrt(n));
    CHECK(std::fabs(squares / n - 1) <= 4 * std::sqrt(2 / n));
  };
  const auto first = [&](int u, int l) { return value[0].row(u)[l]; };
  check(first, [&](int u, int l) { return value[0].row(u + 1)[l]; });
  check(first, [&](int u, int l) { return value[0].row(u)[l + 1]; });
  check(first, [&](int u, int l) { return value[0].row(kUsers + u)[l]; });
  check(first, [&](int u, int l) { return value[1].row(u)[l]; });
}

TEST_CASE("value pulls: tables made beforehand change no outcome", "[world]") {
  for (const Case& c : all_cases()) {
    INFO(c.name);
    const auto outcome = make_outcome(c.type, c.parameters);
    const double mean = outcome->levels()[0].expectation();
    const Random random(7, Purpose::pulled_value);
    const PullSource source{nullptr, &random, &random, &random, 0};
    const auto sums = [&](const std::vector<Outcome::SharedBatch>& batches) {
      const auto model = outcome->plan(batches, kWanted);
      ValuePulls pulls(*model, source);
      Observed observed;
      observed.begin(1, 20, {Channel::users, Channel::sum});
      const std::vector<i32> arm(20, 0);
      for (int user = 0; user < 70; ++user) pulls.add(arm.data(), {{&mean}, 0, 0}, observed);
      return std::vector<double>(observed.sum.row(0), observed.sum.row(0) + 20);
    };
    CHECK(sums({{1, mean}, {1, 2 * mean}}) == sums({}));
  }
}

}  // namespace
}  // namespace windtunnel
