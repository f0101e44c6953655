#include <random>
#include <vector>

#include "support/catch.hpp"
#include "support/chi_square.hpp"
#include "world/outcomes/bernoulli_pulls.hpp"

/// Outcomes by pull against their definition: the word of the pull, compared with the mean.
namespace windtunnel {
namespace {

constexpr u64 kFirst = 1000;

struct Arms {
  Arms(int arms, int lanes)
      : random(7, Purpose::pull), pulls({&random, nullptr, nullptr, nullptr, kFirst}), pulled(1, lanes) {
    observed.begin(arms, lanes, {Channel::users, Channel::successes});
    plain.begin(arms, lanes, {Channel::users, Channel::successes});
  }

  /// One user in every lane, on the tapes and by the definition.
  void add(std::mt19937& dice, const Pulls::ArmMeans& means) {
    for (int l = 0; l < observed.lanes; ++l)
      pulled.row(0)[l] = static_cast<i32>(dice() % static_cast<unsigned>(observed.arms));
    pulls.add(pulled.row(0), means, observed);
    for (int l = 0; l < observed.lanes; ++l) {
      const i32 arm = pulled.row(0)[l];
      const double mean = means.arm[static_cast<std::size_t>(arm)][l * means.stride];
      const u32 word = random.word(kFirst + static_cast<u64>(l), static_cast<u32>(arm),
                                   static_cast<u32>(plain.users.row(arm)[l]), 0);
      plain.successes.row(arm)[l] += word < mean * 0x1p32 ? 1 : 0;  // ties come once in 2^32 words
      ++plain.users.row(arm)[l];
    }
  }

  void check() const {
    for (int a = 0; a < observed.arms; ++a)
      for (int l = 0; l < observed.lanes; ++l) {
        REQUIRE(observed.users.row(a)[l] == plain.users.row(a)[l]);
        REQUIRE(observed.successes.row(a)[l] == plain.successes.row(a)[l]);
      }
  }

  PullRandom random;
  BernoulliPulls pulls;
  Table<i32> pulled;
  Observed observed, plain;
};

TEST_CASE("pulls: a tape gives the outcome of every pull, whoever pulls", "[world]") {
  for (const int arms : {2, 3, 40}) {
    const int lanes = 77;
    Arms world(arms, lanes);
    std::mt19937 dice(3);
    std::vector<double> mean(static_cast<std::size_t>(arms));
    for (std::size_t a = 0; a < mean.size(); ++a)
      mean[a] = static_cast<double>(a) / static_cast<double>(arms - 1);
    Pulls::ArmMeans means{{}, 0, 0};
    for (const double& m : mean) means.arm.push_back(&m);
    for (int user = 0; user < 300; ++user) world.add(dice, means);
    world.check();
  }
}

TEST_CASE("pulls: new means change the outcomes and not the words, and users of other steps are counted",
          "[world]") {
  Arms world(3, 50);
  std::mt19937 dice(5);
  Table<double> mean(3, 50);
  for (int epoch = 0; epoch < 4; ++epoch) {
    for (int a = 0; a < 3; ++a)
      for (int l = 0; l < 50; ++l) mean.row(a)[l] = 0.1 * (a + epoch) + 0.005 * l;
    const Pulls::ArmMeans means{{mean.row(0), mean.row(1), mean.row(2)}, 1, epoch};
    for (int user = 0; user < 45; ++user) world.add(dice, means);
    for (int l = 0; l < 50; ++l) {
      world.observed.users.row(1)[l] += 10 * l;
      world.plain.users.row(1)[l] += 10 * l;
    }
    world.pulls.interrupt();
    for (int user = 0; user < 45; ++user) world.add(dice, means);
    world.check();
  }
}

TEST_CASE("pulls: certain and impossible outcomes", "[world]") {
  Arms world(2, 64);
  std::mt19937 dice(1);
  const double never = 0, always = 1;
  const Pulls::ArmMeans means{{&never, &always}, 0, 0};
  for (int user = 0; user < 200; ++user) world.add(dice, means);
  for (int l = 0; l < 64; ++l) {
    CHECK(world.observed.successes.row(0)[l] == 0);
    CHECK(world.observed.successes.row(1)[l] == world.observed.users.row(1)[l]);
  }
}

}  // namespace
}  // namespace windtunnel
