#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <sstream>

#include "commands/examples.hpp"
#include "commands/run_cost.hpp"
#include "commands/witness.hpp"
#include "places.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/rehearsal.hpp"
#include "support/trial.hpp"

using namespace windtunnel;

TEST_CASE("check: tells the plan of every scenario with its path and time and memory", "[commands]") {
  for (const Example& example : examples()) {
    if (holds(example.path, "/")) continue;  // the program tries each one's speed
    if (!is_affordable(static_cast<std::size_t>(&example - examples().data()), 0)) continue;
    INFO(example.name);
    const Ended ended =
        windtunnel_program({"check", std::string(WINDTUNNEL_SOURCE_DIR "/scenarios/") + example.path});
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

TEST_CASE("replay: z of a strategy with a margin is told to be that of the excess", "[commands]") {
  const std::string words = "z is that of the difference less the margin of ";
  CHECK(holds(windtunnel_program({"replay", scenario_file("non-inferiority")}).out, words + "-0.5\n"));
  CHECK_FALSE(holds(windtunnel_program({"replay", scenario_file("daily-peeking")}).out, words));
  const std::string file = scenario_file("three-arms"), margin = "defaults.margin.absolute=";
  const auto replay = [&](const char* value) {
    return windtunnel_program({"replay", file, "--set", "expect=[]", "--set", margin + value}).out;
  };
  CHECK(holds(replay("[0.01, 0.01]"), words + "+0.01\n"));
  CHECK(holds(replay("[0.01, 0]"), words + "its arm\n"));
}

TEST_CASE("replay: a search without success exits 3 and a missing cell 2", "[commands]") {
  const Ended none =
      windtunnel_program({"replay", scenario_file("daily-peeking"), "-c", "effect", "--find", "wrong_ship"});
  CHECK(none.status == 3);
  CHECK(none.out.empty());
  CHECK(holds(none.err, "none of the replications"));
  const Ended beyond = windtunnel_program(
      {"replay", scenario_file("daily-peeking"), "--find", "ship", "--replication", "999999"});
  CHECK(beyond.status == 2);
  CHECK(beyond.err ==
        "windtunnel: --replication: 999,999 is none of the replications 0 to 99,999, among which --find "
        "looks\n");
  CHECK(windtunnel_program({"replay", scenario_file("aa-test"), "-c", "effect"}).status == 2);
  CHECK(windtunnel_program({"replay", scenario_file("aa-test"), scenario_file("three-arms")}).status == 2);
}

namespace {

/// A scenario with so many strategies and with a sweep.
std::string large(int strategies, const std::string& sweep) {
  std::string text =
      R"({"windtunnel": 1, "sweep": )" + sweep + R"(, "world": {"traffic": {"users_per_day": 200, "days": 4},
    "outcome": {"type": "bernoulli", "rate": 0.2}, "effect": {"absolute": 0.05}}, "strategies": {)";
  for (int s = 0; s < strategies; ++s)
    text += (s > 0 ? ", \"s" : "\"s") + std::to_string(s) + R"(": {"rule": "fixed_horizon"})";
  return text + "}}";
}

/// An axis of whole numbers from 1.
std::string axis(const std::string& name, const std::string& pointer, int size) {
  std::string text = "\"" + name + "\": {\"" + pointer + "\": [1";
  for (int value = 2; value <= size; ++value) text += ", " + std::to_string(value);
  return text + "]}";
}

}  // namespace

TEST_CASE("check: planning that takes long is told beside the time", "[commands]") {
  // Boundaries of so many looks take a second or so, and never less than a tenth of one.
  const std::string text = fmt::format(R"({{"windtunnel": 1, "world": {{"traffic": {{"users_per_day": 4000,
    "days": 4}}, "outcome": {{"type": "bernoulli", "rate": 0.2}}}}, "strategies": {{"it":
    {{"rule": "group_sequential", "boundary": "pocock", "looks": {{"equally_spaced": {}}}}}}}}})",
                                       kSanitized ? 200 : 2000);
  CHECK(holds(windtunnel_program({"check", "-"}, text).out, " s of planning ("));
}

TEST_CASE("check: the memory of the result is part of the plan", "[commands]") {
  const auto megabytes = [](int strategies) {
    const std::string out = windtunnel_program({"check", "-"}, large(strategies, "{}")).out;
    const std::string line = "memory     about ";
    const std::size_t at = out.find(line);
    REQUIRE(at != std::string::npos);
    return std::stoi(out.substr(at + line.size()));
  };
  // 199 * 200 / 2 pairs in two cells, ten measures or more, more than a kilobyte each while JSON is made.
  CHECK(megabytes(200) > 398);
  CHECK(megabytes(2) < 100);
}

TEST_CASE("check: what is too large is refused at once", "[commands]") {
  const auto told = [](const std::string& text) {
    const Ended ended = windtunnel_program({"check", "-"}, text);
    CHECK(ended.status == 2);
    return ended.err;
  };
  CHECK(told(large(201, "{}")) ==
        "stdin: /strategies: has 201 strategies (needs at most 200: every pair of them is compared); write "
        "several scenarios\n");
  const std::string points = "stdin: /sweep: the axes multiply to more than 10000 points\n";
  CHECK(told(large(1, "{" + axis("a", "/world/traffic/days", 20'000) + "}")) == points);
  // Beyond 2^64 points: the product must not wrap around.
  std::string axes;
  for (const char* name : {"a", "b", "c", "d"})
    axes += (axes.empty() ? "" : ", ") +
            axis(name, std::string("/strategies/s") + std::to_string(axes.size() % 7) + "/days", 65'536);
  CHECK(told(large(7, "{" + axes + "}")).find("more than 10000 points") != std::string::npos);
}

TEST_CASE("check: a sweep of many points is timed as a whole", "[commands]") {
  const auto start = std::chrono::steady_clock::now();
  const std::string sweep = "{" + axis("users", "/world/traffic/users_per_day", 400) + "}";
  CHECK(windtunnel_program({"check", "-"}, large(1, sweep)).status == 0);
  // 800 experiments at 30 ms each would take 24 s.
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(12));
}

TEST_CASE("check: a replication that takes long is timed in the company it will have", "[commands]") {
  const std::string text = R"({"windtunnel": 1, "strategies": {"it": {"policy": "thompson"}},
      "world": {"traffic": {"users_per_day": 1e8, "days": 1}, "outcome": {"type": "bernoulli", "rate": 0.1}}})";
  const Scenario scenario = read_scenario(text, "it", registry());
  const Study study = compile(scenario, registry());
  const auto start = std::chrono::steady_clock::now();
  const double alone = estimate_cost(study, 1, 1).seconds;
  const double together = estimate_cost(study, 100'000, 1).seconds;
  // A step of a user costs about as much for a hundred replications at once as for one.
  CHECK(together > 0);
  CHECK(4 * together < alone);
  // To its end one replication alone takes half a minute.
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(12));
}

TEST_CASE("check: what would take too long to try is estimated, and it says so", "[commands]") {
  const auto told = [](const std::string& users_per_day, const std::string& more) {
    const std::string text =
        R"({"windtunnel": 1, "strategies": {"it": {"test": {"type": "bootstrap", "resamples": 10000})" +
        more + R"(}}, "world": {"traffic": {"users_per_day": )" + users_per_day +
        R"(, "days": 14}, "outcome": {"type": "lognormal", "log_mean": 0, "log_sd": 1}}})";
    const Ended ended = windtunnel_program({"check", "-"}, text);
    CHECK(ended.status == 0);
    return ended.out;
  };
  // Looks at 14 days of 200,000 users each go over 2.8e10 values; twins of the null run once.
  const std::string fixed = told("200000", R"(, "rule": "fixed_horizon")");
  CHECK(holds(fixed, "  time       about "));
  CHECK(holds(fixed, "not tried"));
  const std::string daily = told("200000", R"(, "rule": "naive_peeking", "looks": {"every_days": 1})");
  CHECK(holds(daily, "not tried"));
  // Its first look is soon over, and its second one is not.
  CHECK(
      holds(told("50000", R"(, "rule": "naive_peeking", "looks": {"at_users": [10, 700000]})"), "not tried"));
  CHECK_FALSE(holds(told("2", R"(, "rule": "fixed_horizon")"), "not tried"));
}

TEST_CASE("check: an estimate without a trial grows with the work", "[commands]") {
  const auto seconds = [](int users_per_day) {
    const Scenario scenario =
        read_scenario(fmt::format(R"({{"windtunnel": 1, "strategies": {{"it": {{"rule": "fixed_horizon",
            "test": {{"type": "bootstrap", "resamples": 10000}}}}}}, "world": {{"traffic":
            {{"users_per_day": {}, "days": 1}}, "outcome": {{"type": "lognormal", "log_mean": 0, "log_sd": 1}}}}}})",
                                  users_per_day),
                      "it", registry());
    const RunCost cost = estimate_cost(compile(scenario, registry()), 1000, 2);
    CHECK_FALSE(cost.tried);
    return cost.seconds;
  };
  CHECK(seconds(1'000'000) == Approx(10 * seconds(100'000)).epsilon(1e-3));
}

TEST_CASE("check and replay: the encoding is that of the locale", "[commands]") {
  for (const char* command : {"check", "replay"}) {
    INFO(command);
    const auto is_ascii = [](const std::string& text) {
      return std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
    };
    const std::string file = scenario_file("daily-peeking");
    const std::string plain = windtunnel_program({command, file}, "", {"LC_ALL=C"}).out;
    CHECK(is_ascii(plain));
    CHECK(plain.find('?') == std::string::npos);
    CHECK_FALSE(is_ascii(windtunnel_program({command, file}, "", {"LC_ALL=C.UTF-8"}).out));
  }
}
