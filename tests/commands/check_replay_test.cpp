#include <algorithm>
#include <sstream>

#include "commands/examples.hpp"
#include "commands/witness.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/rehearsal.hpp"

using namespace windtunnel;

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("check: tells the plan of every scenario with its path and time and memory", "[commands]") {
  for (const Example& example : examples()) {
    INFO(example.name);
    const Ended ended = windtunnel_program({"check", scenario_file(example.name)});
    CHECK(ended.status == 0);
    CHECK(ended.err.empty());
    CHECK(holds(ended.out, "is a good scenario: " + std::string(example.name)));
    CHECK(holds(ended.out, "increments: "));
    CHECK(holds(ended.out, "because "));
    CHECK(holds(ended.out, "  time  "));
    CHECK(holds(ended.out, "  memory  "));
  }
}

TEST_CASE("check: says why draws cannot be prepared for all replications", "[commands]") {
  const std::string file = scenario_file("daily-peeking");
  CHECK(holds(windtunnel_program({"check", file}).out, "users and means are the same in every replication"));
  CHECK(holds(windtunnel_program({"check", scenario_file("unequal-split")}).out,
              "arms get other numbers of users in every replication"));
  const Ended drawn = windtunnel_program(
      {"check", file, "--set",
       R"(world.effect={"relative": {"type": "normal", "mean": 0, "sd": 0.1, "min": -1, "max": 1}})", "--set",
       "expect=[]"});
  CHECK(drawn.status == 0);
  CHECK(holds(drawn.out, "means are drawn for every replication"));
}

TEST_CASE("replay: notes of single replications add up to the result of the run", "[commands]") {
  constexpr i64 kReplications = 700;  // more than one block of the run, which the notes know nothing of
  std::string text = file_text(scenario_file("daily-peeking"));
  const std::string before = "\"windtunnel\": 1,";
  text.replace(text.find(before), before.size(), before + " \"replications\": 700,");
  const Rehearsal rehearsal = rehearse(text);
  const Study::Cell& cell = rehearsal.study.cells.back();
  const Experiment& experiment = *rehearsal.study.experiments[static_cast<std::size_t>(cell.experiment)];
  const std::size_t strategies = experiment.strategies().size();
  std::vector<i64> rejected(strategies), shipped(strategies), users(strategies);
  Tally tally = experiment.empty_tally();
  for (i64 i = 0; i < kReplications; ++i) {
    Witness witness(experiment);
    experiment.run({i, 1}, tally, &witness);
    for (std::size_t s = 0; s < strategies; ++s) {
      const EndNote& ending = witness.ending(static_cast<int>(s));
      rejected[s] += ending.rejected;
      shipped[s] += ending.end == kShip ? 1 : 0;
      users[s] += static_cast<i64>(ending.users);
      const LookNote& last = witness.looks(static_cast<int>(s)).back();
      CHECK(last.look == ending.look);
      CHECK(last.users[0] + last.users[1] == static_cast<i64>(ending.users));
    }
  }
  for (std::size_t s = 0; s < strategies; ++s) {
    const std::string& name = experiment.strategies()[s].name;
    const auto value = [&](const char* measure) { return rehearsal.value("effect", name, measure).value; };
    CHECK(value("rejection_rate") == static_cast<double>(rejected[s]) / kReplications);
    CHECK(value("ship_rate") == static_cast<double>(shipped[s]) / kReplications);
    CHECK(value("mean_users") == Approx(static_cast<double>(users[s]) / kReplications).epsilon(1e-12));
  }
  CHECK(tally.slots == rehearsal.progress.tallies[static_cast<std::size_t>(cell.experiment)].slots);
}

TEST_CASE("replay: what is found is the first replication that ends so", "[commands]") {
  const std::string file = scenario_file("daily-peeking");
  const auto replay = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"replay", file, "-s", "daily peeking"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return windtunnel_program(arguments);
  };
  const Ended found = replay({"--find", "wrong_ship"});
  CHECK(found.status == 0);
  CHECK(holds(found.out, "null cell"));
  CHECK(holds(found.out, "a wrong ship"));
  const std::string words = "replication ";
  const int number = std::stoi(found.out.substr(found.out.find(words) + words.size()));
  for (int i = 0; i < number; ++i)
    CHECK_FALSE(holds(replay({"--replication", std::to_string(i), "-c", "null"}).out, "a wrong ship"));
  CHECK(replay({"--replication", std::to_string(number), "-c", "null"}).out == found.out);
  // Another search from the next replication on finds a later one.
  const Ended next = replay({"--find", "wrong_ship", "--replication", std::to_string(number + 1)});
  CHECK(std::stoi(next.out.substr(next.out.find(words) + words.size())) > number);
}

TEST_CASE("replay: a search without success exits 3 and a missing cell 2", "[commands]") {
  const Ended none =
      windtunnel_program({"replay", scenario_file("daily-peeking"), "-c", "effect", "--find", "wrong_ship"});
  CHECK(none.status == 3);
  CHECK(none.out.empty());
  CHECK(holds(none.err, "none of the replications"));
  CHECK(windtunnel_program({"replay", scenario_file("aa-test"), "-c", "effect"}).status == 2);
  CHECK(windtunnel_program({"replay", scenario_file("aa-test"), scenario_file("three-arms")}).status == 2);
}
