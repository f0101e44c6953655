#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "places.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/rehearsal.hpp"
#include "windtunnel/core/json_document.hpp"

using namespace windtunnel;

namespace {

const char* const kSmall = R"({
  "windtunnel": 1, "replications": 2000,
  "world": {"traffic": {"users_per_day": 200, "days": 4}, "outcome": {"type": "bernoulli", "rate": 0.2},
            "effect": {"absolute": 0.05}},
  "strategies": {"peek": {"rule": "naive_peeking", "looks": {"every_days": 1}}, "wait": {"rule": "fixed_horizon"}},
  "expect": [{"strategy": "wait", "cell": "null", "measure": "rejection_rate", "EXPECTED": 0.05, "within": 0.05}]
})";

/// The small scenario with an expectation of the given kind.
std::string small(const std::string& kind = "near") {
  std::string text = kSmall;
  return text.replace(text.find("EXPECTED"), 8, kind);
}

}  // namespace

TEST_CASE("run: a scenario from standard input is named stdin", "[commands]") {
  const Ended ended = windtunnel_program({"run", "-"}, small());
  CHECK(ended.status == 0);
  CHECK(ended.err.empty());
  CHECK(holds(ended.out, "stdin · conversion 20 %"));
  CHECK(holds(ended.out, "2,000 replications, seed 1"));
  CHECK(holds(ended.out, "peek"));
  CHECK(windtunnel_program({"run", "-", "-"}, small()).status == 2);
}

TEST_CASE("run: nothing is written without an output and nothing printed when quiet", "[commands]") {
  TemporaryFolder folder;
  const std::string command = std::string("cd ") + folder / "" + " && " WINDTUNNEL_PROGRAM " run - -q && ls";
  const Ended ended = Child({"/bin/sh", "-c", command}, small()).wait();
  CHECK(ended.status == 0);
  CHECK(ended.out.empty());
  CHECK(ended.err.empty());
}

TEST_CASE("run: quiet keeps the data that a format asks for", "[commands]") {
  for (const char* format : {"table", "markdown", "csv", "json"}) {
    INFO(format);
    const Ended quiet = windtunnel_program({"run", "-", "-q", "--format", format}, small());
    CHECK(quiet.err.empty());
    CHECK(quiet.out.size() > 100);
    CHECK(quiet.out == windtunnel_program({"run", "-", "--format", format}, small()).out);
  }
}

TEST_CASE("run: lints are told in the page or else on standard error", "[commands]") {
  const std::string finding = "dropped_looks: 1 look of 'peek' lies beyond its end";
  const auto run = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"run", "-", "--set", "/strategies/peek/looks={\"at_days\": [1, 9]}"});
    return windtunnel_program(more, small());
  };
  for (const char* format : {"table", "markdown"}) {
    INFO(format);
    const Ended page = run({"--format", format});
    CHECK(holds(page.out, finding));
    CHECK(page.err.empty());
  }
  for (const char* format : {"csv", "json"}) {
    INFO(format);
    const Ended data = run({"--format", format});
    CHECK(holds(data.err, "stdin: lint: " + finding));
    std::istringstream lines(data.err);
    for (std::string line; std::getline(lines, line);) CHECK(line.starts_with("stdin: lint: "));
    CHECK_FALSE(holds(data.out, finding));
    CHECK(run({"--format", format, "-q"}).err.empty());
  }
}

TEST_CASE("run: replications and seed and any key can be set from the command line", "[commands]") {
  const Ended ended = windtunnel_program({"run", "-", "-n", "1e3", "--seed", "7", "--set",
                                          "world.traffic.days=6", "--set", "/strategies/peek/alpha=0.01"},
                                         small());
  CHECK(holds(ended.out, "1,000 replications, seed 7"));
  CHECK(holds(ended.out, "6 days"));
  const auto hash = [](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"check", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const std::string out = windtunnel_program(arguments, small()).out;
    return out.substr(out.find("hash ") + 5, 32);
  };
  CHECK(hash({}) == hash({"-n", "1000"}));
  CHECK(hash({}) != hash({"--seed", "7"}));
  CHECK(hash({}) != hash({"--set", "world.traffic.days=6"}));
}

TEST_CASE("run: every format goes to standard output and equals what is written to a folder", "[commands]") {
  TemporaryFolder folder;
  const std::string results = folder / "results/";
  REQUIRE(windtunnel_program({"run", "-", "-q", "-o", results}, small()).status == 0);
  CHECK(windtunnel_program({"run", "-", "--format", "csv"}, small()).out == file_text(results + "stdin.csv"));
  CHECK(windtunnel_program({"run", "-", "--format", "json"}, small()).out ==
        file_text(results + "stdin.json"));
  CHECK(windtunnel_program({"run", "-", "--format", "markdown"}, small()).out ==
        file_text(results + "stdin.md"));
  CHECK(holds(file_text(results + "stdin.manifest.json"), "\"threads\""));
  for (const char* ending : {"csv", "json", "md"}) {
    const std::string file = folder / "one." + ending;
    REQUIRE(windtunnel_program({"run", "-", "-q", "-o", file}, small()).status == 0);
    CHECK(file_text(file) == file_text(results + "stdin." + ending));
  }
}

TEST_CASE("run: the number of threads never changes a byte", "[commands]") {
  const std::vector<std::string> arguments{"run", scenario_file("daily-peeking"), "--format", "json", "-n",
                                           "5000"};
  const auto with = [&](const char* threads) {
    std::vector<std::string> all = arguments;
    all.insert(all.end(), {"-j", threads});
    return windtunnel_program(all).out;
  };
  const std::string one = with("1");
  CHECK(one.size() > 1000);
  for (const char* threads : {"2", "3", "8"}) CHECK(with(threads) == one);
}

TEST_CASE("run: expectations decide the exit status", "[commands]") {
  CHECK(windtunnel_program({"run", "-"}, small()).status == 0);
  // About .05 is certainly not at least .05 + .05 + 4 errors away upwards: at_least .5 fails.
  std::string failing = small("at_least");
  failing.replace(failing.find("0.05, \"within\""), 4, "0.50");
  const Ended failed = windtunnel_program({"run", "-", "-q"}, failing);
  CHECK(failed.status == 3);
  CHECK(holds(failed.err, "stdin: expect fails: rejection_rate of 'wait'"));
  // Ten replications cannot tell .05 +- .05.
  CHECK(windtunnel_program({"run", "-", "-n", "10"}, small()).status == 3);
}

TEST_CASE("run: a precision that is not reached exits 3 and one that is reached 0", "[commands]") {
  std::string text = small();
  text.erase(text.find("\"expect\""), text.rfind("]") + 1 - text.find("\"expect\""));
  text.erase(text.rfind(","), 1);
  const Ended reached = windtunnel_program({"run", "-", "--precision", "rejection_rate=0.02"}, text);
  CHECK(reached.status == 0);
  CHECK(holds(reached.out, "10,000 replications"));
  const Ended missed = windtunnel_program(
      {"run", "-", "-q", "--precision", "rejection_rate=0.001", "--set", "/precision/max_replications=12000"},
      text);
  CHECK(missed.status == 3);
  CHECK(holds(missed.err, "after 12,000 replications"));
  CHECK(windtunnel_program({"run", "-", "-n", "5", "--precision", "rejection_rate=0.02"}, text).status == 2);
}

TEST_CASE("run: all files are read before any is run and all problems told", "[commands]") {
  TemporaryFolder folder;
  const Ended ended = windtunnel_program(
      {"run", scenario_file("aa-test"), "-", folder / "missing.json", "-o", folder / "results/"},
      "{\"windtunnel\": 2}");
  CHECK(ended.status == 2);
  CHECK(ended.out.empty());
  CHECK(holds(ended.err, "stdin: /windtunnel: 2 "));
  CHECK(holds(ended.err, "stdin: /world: required"));
  CHECK(holds(ended.err, "missing.json: no such file\n"));
  CHECK_FALSE(std::filesystem::exists(folder / "results"));
}

TEST_CASE("run: several scenarios need a folder and different names", "[commands]") {
  TemporaryFolder folder;
  const std::string first = scenario_file("aa-test"), second = scenario_file("three-arms");
  CHECK(windtunnel_program({"run", first, second, "-o", folder / "x.json"}).status == 2);
  CHECK(windtunnel_program({"run", first, first, "-o", folder / "x/"}).status == 2);
  const Ended both = windtunnel_program({"run", first, second, "-q", "-n", "1000", "-o", folder / "x/"});
  CHECK((both.status == 0 || both.status == 3));
  CHECK(std::filesystem::exists(folder / "x/aa-test.json"));
  CHECK(std::filesystem::exists(folder / "x/three-arms.csv"));
}

TEST_CASE("run: several scenarios print one list or one table", "[commands]") {
  const std::string first = scenario_file("aa-test"), second = scenario_file("three-arms");
  const auto run = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"run", "-n", "1000"});
    return windtunnel_program(more);
  };
  const Json list = Json::parse(run({first, second, "--format", "json"}).out);
  REQUIRE(list.size() == 2);
  CHECK(list[0] == Json::parse(run({first, "--format", "json"}).out));
  CHECK(list[1] == Json::parse(run({second, "--format", "json"}).out));
  const std::string csv = run({second, "--format", "csv"}).out;
  CHECK(run({first, second, "--format", "csv"}).out ==
        run({first, "--format", "csv"}).out + csv.substr(csv.find('\n') + 1));
  const Ended swept = run({first, scenario_file("sweep-effects"), "--format", "csv"});
  CHECK(swept.status == 2);
  CHECK(holds(swept.err, "-o FOLDER/"));
}

TEST_CASE("run: a pipe that nobody reads is told and does not hang", "[commands]") {
  TemporaryFolder folder;
  const std::string pipe = folder / "pipe.csv";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const Ended alone = windtunnel_program({"run", "-", "-q", "-o", pipe}, small());
  CHECK(alone.status == 1);
  CHECK(holds(alone.err, "nobody reads from it"));
  const std::string command =
      "cat " + pipe + " & " WINDTUNNEL_PROGRAM " run - -q -n 20000 -o " + pipe + "; wait";
  const Ended read = Child({"/bin/sh", "-c", command}, small()).wait();
  CHECK(holds(read.out, "scenario,scenario_hash,cell"));
  CHECK(std::filesystem::is_fifo(pipe));
}

TEST_CASE("run: a precision is part of the result", "[commands]") {
  const Ended ended = windtunnel_program(
      {"run", scenario_file("aa-test"), "--precision", "rejection_rate=0.02", "--format", "json"});
  const Json precision = Json::parse(ended.out).at("precision");
  CHECK(precision.at("measure") == "rejection_rate");
  CHECK(precision.at("checkpoint") == 1);
  CHECK(precision.at("half_width").get<double>() <= 0.02);
  CHECK(precision.at("level").get<double>() > 0.95);
}

TEST_CASE("run: an output that cannot be written is found before anything is simulated", "[commands]") {
  TemporaryFolder folder;
  // A run of 10^12 replications would take days: whoever answers has not simulated.
  const auto output = [&](const std::string& path) {
    return windtunnel_program({"run", "-", "-n", "1e12", "-o", path}, small());
  };
  const Ended no_folder = output(folder / "none/x.json");
  CHECK(no_folder.status == 1);
  CHECK(holds(no_folder.err, "cannot write " + folder / "none/x.json"));
  const Ended no_format = output(folder / "x.xml");
  CHECK(no_format.status == 2);
  CHECK(holds(no_format.err, ".json"));
  std::filesystem::create_directory(folder / "folder.json");
  CHECK(output(folder / "folder.json").status == 1);
  CHECK(std::filesystem::is_empty(folder / "folder.json"));
}

TEST_CASE("run: a scenario that is read is never overwritten", "[commands]") {
  TemporaryFolder folder;
  const std::string mine = folder / "mine.json";
  std::ofstream(mine) << small();
  std::filesystem::create_symlink(mine, folder / "link.json");
  for (const std::string& output : {mine, folder / "", folder / "link.json", folder / "./mine.json"}) {
    INFO(output);
    const Ended ended = windtunnel_program({"run", mine, "-n", "1e12", "-o", output});
    CHECK(ended.status == 2);
    CHECK(holds(ended.err, "would overwrite " + mine));
    CHECK(file_text(mine) == small());
  }
}

TEST_CASE("run: a full disk is told and nothing half written stays", "[commands]") {
  const std::string to_full = WINDTUNNEL_PROGRAM " run - -n 100 --format csv > /dev/full";
  const Ended full = Child({"/bin/sh", "-c", to_full}, small()).wait();
  CHECK(full.status == 1);
  CHECK(holds(full.err, "standard output cannot be written: No space left on device"));
  TemporaryFolder folder;
  std::filesystem::create_symlink("/dev/full", folder / "x.csv");
  const Ended file = windtunnel_program({"run", "-", "-n", "100", "-o", folder / "x.csv"}, small());
  CHECK(file.status == 1);
  CHECK(holds(file.err, "the disk is full"));
  CHECK(holds(file.out, "100 replications"));  // what was computed is shown all the same
}

TEST_CASE("run: a limit on the sizes of files is told and nothing half written stays", "[commands]") {
  TemporaryFolder folder;
  const std::string limited =  // blocks of 512 bytes: room for less than a result
      "ulimit -f 2; exec " WINDTUNNEL_PROGRAM " run - -q -n 100 -o " + folder / "a.json";
  const Ended ended = Child({"/bin/sh", "-c", limited}, small()).wait();
  CHECK(ended.status == 1);
  CHECK(holds(ended.err, "a.json: it would be larger than files may be (see `ulimit -f`)"));
  CHECK(std::filesystem::is_empty(folder / ""));
}

TEST_CASE("run: a reader that goes away ends it quietly", "[commands]") {
  const std::string command =
      "for i in 1 2 3 4 5; do echo; done; " WINDTUNNEL_PROGRAM " run - -q --format csv | head -n 1";
  const Ended ended = Child({"/bin/sh", "-c", command}, small()).wait();
  CHECK(ended.status == 0);
  CHECK(holds(ended.out, "scenario,scenario_hash,cell"));
  CHECK(ended.err.empty());
}

TEST_CASE("run: colours and encoding follow the environment and the option", "[commands]") {
  const std::string escape = "\033[";
  CHECK_FALSE(holds(windtunnel_program({"run", "-"}, small()).out, escape));
  CHECK(holds(windtunnel_program({"run", "-", "--color", "always"}, small()).out, escape));
  CHECK_FALSE(holds(windtunnel_program({"run", "-", "--color", "never"}, small()).out, escape));
  const auto is_ascii = [](const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
  };
  CHECK(is_ascii(windtunnel_program({"run", "-"}, small(), {"LC_ALL=C"}).out));
  CHECK_FALSE(is_ascii(windtunnel_program({"run", "-"}, small(), {"LC_ALL=C.UTF-8"}).out));
}
