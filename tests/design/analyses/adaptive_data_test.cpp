#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/design_lab.hpp"
#include "windtunnel/design/analyses/adaptively_weighted.hpp"
#include "windtunnel/design/analyses/batch_z.hpp"
#include "windtunnel/design/analyses/ipw.hpp"
#include "windtunnel/design/analyses/z_pooled.hpp"
#include "windtunnel/design/analyses/z_unpooled.hpp"

/// Analyses that follow a policy, against the same formulas over a list of users.
namespace windtunnel {
namespace {

constexpr int kArms = 3, kLanes = 40;

struct User {
  int arm;
  double outcome, chance;
  int round;
};

using Users = std::vector<User>;

/// A block of made-up users: steps of none to several, some of which begin rounds.
struct Block {
  Block(bool binary, unsigned seed) : users(kLanes), dice(seed), binary_(binary) {
    seen.begin(
        kArms, kLanes,
        (binary ? kBinaryChannels : kContinuousChannels) | Channels{Channel::values, Channel::exposures});
    chances.assign(kArms, kLanes);
  }

  void step() {
    now.users_before = now.users_after;
    now.users_after += 5;
    now.begins_round = now.users_before == 0 || dice.below(3) == 0;
    round += now.begins_round ? 1 : 0;
    now.index = steps++;
    for (int l = 0; l < kLanes; ++l) {
      const double first = 0.05 + 0.6 * dice.uniform(), second = (1 - first) * (0.1 + 0.8 * dice.uniform());
      const double told[] = {first, second, 1 - first - second};
      for (int arm = 0; arm < kArms; ++arm) {
        chances.row(arm)[l] = told[arm];
        for (int more = dice.below(4); more > 0; --more) add(arm, l);
      }
    }
    for (int arm = 0; arm < kArms; ++arm) seen.keep_exposures(arm, now.index);
  }

  void add(int arm, int lane) {
    const double outcome = binary_ ? dice.below(2) : 100 + 3 * dice.normal();
    users[static_cast<std::size_t>(lane)].push_back({arm, outcome, chances.row(arm)[lane], round});
    if (binary_)
      seen.successes.row(arm)[lane] += outcome > 0 ? 1 : 0;
    else
      seen.add(arm, lane, seen.users.row(arm)[lane], 1, outcome, 0);
    ++seen.users.row(arm)[lane];
    seen.keep(arm, lane, outcome);
  }

  std::vector<Users> users;  // [lane]
  Dice dice;
  Observed seen;
  Table<double> chances;
  Step now;
  int round = -1, steps = 0;

 private:
  bool binary_;
};

struct Found {
  double estimate, variance;
};

/// Every user counts chance^-power.
Found weighted(const Users& users, int treatment, double power) {
  Found found{0, 0};
  for (int arm : {0, treatment}) {
    double weights = 0, sum = 0, squares = 0;
    for (const User& user : users)
      if (user.arm == arm) {
        weights += std::pow(user.chance, -power);
        sum += std::pow(user.chance, -power) * user.outcome;
      }
    for (const User& user : users)
      if (user.arm == arm)
        squares += std::pow((user.outcome - sum / weights) / std::pow(user.chance, power), 2);
    found.estimate += (arm == 0 ? -1 : 1) * sum / weights;
    found.variance += squares / (weights * weights);
  }
  return found;
}

Found by_rounds(const Users& users, int treatment) {
  double z = 0, precision = 0, count = 0;
  for (int round = 0; round <= users.back().round; ++round) {
    double n[2] = {0, 0}, sum[2] = {0, 0}, squares = 0;
    for (const User& user : users)
      if (user.round == round && (user.arm == 0 || user.arm == treatment)) {
        ++n[user.arm == 0 ? 0 : 1];
        sum[user.arm == 0 ? 0 : 1] += user.outcome;
      }
    const double both = (sum[0] + sum[1]) / (n[0] + n[1]);
    for (const User& user : users)
      if (user.round == round && (user.arm == 0 || user.arm == treatment)) {
        squares += std::pow(user.outcome - both, 2);
      }
    const double divisor = n[0] + n[1] - 1;
    const double variance = squares / divisor * (1 / n[0] + 1 / n[1]);
    if (n[0] == 0 || n[1] == 0 || divisor <= 0 || variance < 1e-12) continue;
    z += (sum[1] / n[1] - sum[0] / n[0]) / std::sqrt(variance);
    precision += 1 / std::sqrt(variance);
    ++count;
  }
  return {z / precision, count / (precision * precision)};
}

Evidence weigh(const Analysis& analysis, const Setting& setting, Channel told, Block& block, int steps) {
  Setting own = setting;
  own.offers = analysis.needs(setting.offers | Channels{told});
  Evidence evidence = make_evidence(own, analysis.law(), kLanes);
  const auto evaluator = analysis.open(own)->of_block(kLanes);
  for (int k = 0; k < steps; ++k) {
    block.step();
    evaluator->follow(block.now, block.chances, block.seen);
  }
  evaluator->weigh(block.seen, evidence);
  return evidence;
}

/// Compares what an analysis makes of data in which users are told apart by a channel with a list of users.
void check_against_list(Channel told) {
  for (const bool binary : {true, false}) {
    const Setting setting =
        make_setting(kArms, binary ? kBinaryChannels : kContinuousChannels, {1000}, -1, 0.02);
    const std::tuple<const char*, std::unique_ptr<Analysis>, double> cases[] = {
        {"ipw", std::make_unique<Ipw>(), 1.0},
        {"adaptively_weighted", std::make_unique<AdaptivelyWeighted>(), 0.5},
        {"batch_z", std::make_unique<BatchZ>(), 0.0}};
    for (const auto& [name, analysis, power] : cases) {
      Block block(binary, 7);
      const Evidence evidence = weigh(*analysis, setting, told, block, 30);
      for (int h = 0; h + 1 < kArms; ++h)
        for (int l = 0; l < kLanes; ++l) {
          const Users& users = block.users[static_cast<std::size_t>(l)];
          const Found found = power > 0 ? weighted(users, h + 1, power) : by_rounds(users, h + 1);
          CAPTURE(name, binary, h, l);
          // Sums of some 50 outcomes around 100, of which differences of about 1 are left.
          CHECK(evidence.estimate(h, l) == Approx(found.estimate).margin(1e-11));
          CHECK(evidence.variance.row(h)[l] == Approx(found.variance).epsilon(1e-10));
        }
    }
  }
}

TEST_CASE("adaptive data: totals of steps come to what a list of users comes to", "[design]") {
  check_against_list(Channel::at_once);
}

TEST_CASE("adaptive data: users told apart by their steps come to the same", "[design]") {
  check_against_list(Channel::exposures);
}

TEST_CASE("adaptive data: equal chances give the plain tests", "[design]") {
  const Setting setting = make_setting(2, kBinaryChannels, {1000});
  const std::pair<std::unique_ptr<Analysis>, std::unique_ptr<Analysis>> pairs[] = {
      {std::make_unique<Ipw>(), std::make_unique<ZUnpooled>()},
      {std::make_unique<AdaptivelyWeighted>(), std::make_unique<ZUnpooled>()},
      {std::make_unique<BatchZ>(), std::make_unique<ZPooled>()}};
  const Observed seen = random_totals(setting, kLanes, 400, 3);
  const Table<double> chances(2, kLanes, 0.5);
  for (const auto& [analysis, plain] : pairs) {
    Evidence followed = make_evidence(setting, analysis->law(), kLanes);
    Evidence weighed = make_evidence(setting, plain->law(), kLanes);
    const auto evaluator = analysis->open(setting)->of_block(kLanes);
    evaluator->follow({}, chances, seen);
    evaluator->weigh(seen, followed);
    plain->open(setting)->weigh(seen, weighed);
    const bool is_round = dynamic_cast<const BatchZ*>(analysis.get()) != nullptr;
    for (int l = 0; l < kLanes; ++l) {
      const double users = seen.users.row(0)[l] + seen.users.row(1)[l];
      const double factor = is_round && users > 1 ? users / (users - 1) : 1;
      CHECK(followed.variance.row(0)[l] == Approx(factor * weighed.variance.row(0)[l]).epsilon(1e-12));
      if (weighed.variance.row(0)[l] > 0)
        CHECK(followed.excess.row(0)[l] == Approx(weighed.excess.row(0)[l]).margin(1e-14));
    }
  }
}

}  // namespace
}  // namespace windtunnel
