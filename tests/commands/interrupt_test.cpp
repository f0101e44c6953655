#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "places.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace windtunnel;

namespace {

std::vector<std::string> run_command(const std::string& replications, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"run", scenario_file("daily-peeking"), "-j", "2", "-n", replications};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

/// Interrupts a run after a while.
Ended interrupted(const std::vector<std::string>& arguments, int signal, std::chrono::milliseconds after) {
  std::vector<std::string> words = arguments;
  words.insert(words.begin(), WINDTUNNEL_PROGRAM);
  Child child(words);
  std::this_thread::sleep_for(after);
  child.send(signal);
  return child.wait();
}

/// Few replications may leave expectations undecided.
bool came_to_its_end(const Ended& ended) {
  return ended.status == 0 || ended.status == 3;
}

}  // namespace

TEST_CASE("interrupted: what is finished is kept and the same command ends with the same bytes",
          "[commands]") {
  TemporaryFolder folder;
  const std::string path = folder / "result.json", whole = folder / "whole.json";
  std::string replications;
  std::vector<std::string> command;
  Ended stopped;
  // Fast machines need more work, slow ones more time, for an interruption in the midst of it.
  std::chrono::milliseconds after(300);
  for (long n = 20'000;
       n < 100'000'000 && after.count() < 60'000 && !std::filesystem::exists(path + ".partial");) {
    replications = std::to_string(n);
    command = run_command(replications, {"-q", "-o", path});
    std::filesystem::remove(path);
    stopped = interrupted(command, SIGINT, after);
    if (stopped.status == 130)
      after *= 2;
    else
      n *= 4;
  }
  REQUIRE(stopped.status == 130);
  CHECK(holds(stopped.err, "interrupted after "));
  CHECK(holds(stopped.err, path + ".partial"));
  CHECK(std::filesystem::exists(path + ".partial"));
  CHECK_FALSE(std::filesystem::exists(path));

  SECTION("resumed") {
    const Ended resumed = windtunnel_program(command);
    CHECK(came_to_its_end(resumed));
    CHECK_FALSE(std::filesystem::exists(path + ".partial"));
    REQUIRE(came_to_its_end(windtunnel_program(run_command(replications, {"-q", "-o", whole}))));
    CHECK(file_text(path) == file_text(whole));
  }
  SECTION("another scenario does not go on from it") {
    const Ended other = windtunnel_program(run_command(replications, {"-q", "-o", path, "--seed", "2"}));
    CHECK(other.status == 2);
    CHECK(holds(other.err, path + ".partial"));
    CHECK(std::filesystem::exists(path + ".partial"));
  }
  SECTION("a command that asks for fewer replications does not go on from it") {
    const Ended other = windtunnel_program(run_command("64", {"-q", "-o", path}));
    CHECK(other.status == 2);
    CHECK(holds(other.err, "holds replications"));
  }
}

TEST_CASE("interrupted: without an output the table of what is finished is printed", "[commands]") {
  Ended stopped;
  for (std::chrono::milliseconds after(500); after.count() < 60'000 && stopped.out.empty(); after *= 2)
    stopped = interrupted(run_command("1e10", {}), SIGTERM, after);
  CHECK(stopped.status == 130);
  CHECK(holds(stopped.out, "PARTIAL: interrupted after "));
  CHECK(holds(stopped.out, "fixed horizon"));
  CHECK(holds(stopped.err, "nothing is kept without -o"));
}

TEST_CASE("interrupted: a terminal that closes stops it unless nohup does not want that", "[commands]") {
  Ended stopped;
  for (std::chrono::milliseconds after(500); after.count() < 60'000 && stopped.out.empty(); after *= 2)
    stopped = interrupted(run_command("1e10", {}), SIGHUP, after);
  CHECK(stopped.status == 130);
  CHECK(holds(stopped.out, "PARTIAL: interrupted after "));
  // A run of about a second that ignores the signal ends by itself.
  const std::string command = "trap '' HUP; " WINDTUNNEL_PROGRAM " run " + scenario_file("aa-test") +
                              " -q -n 3e5 & sleep 0.2; kill -HUP $!; wait $!";
  CHECK(came_to_its_end(Child({"/bin/sh", "-c", command}).wait()));
}

TEST_CASE("interrupted: a second signal ends what would go on for long", "[commands]") {
  TemporaryFolder folder;
  // Looks of one replication go over 10^12 values: what is being replayed does not end before the second one.
  const std::string path = folder / "dear.json";
  std::ofstream(path)
      << R"({"windtunnel": 1, "replications": 1, "strategies": {"it": {"rule": "naive_peeking",
      "looks": {"every_days": 1}, "test": {"type": "bootstrap", "resamples": 10000}}}, "world": {"traffic":
      {"users_per_day": 1000000, "days": 14}, "outcome": {"type": "lognormal", "log_mean": 0, "log_sd": 1}}})";
  const std::string command =  // one that neither of them ends is ended by the limit
      "ulimit -t 100; exec " WINDTUNNEL_PROGRAM " run " + path + " -q -j 1 -o " + (folder / "result.json");
  const auto status = [&](int first, int second) {
    // Where the first one comes before the program hears signals, it ends it.
    int ended = 128 + first;
    for (std::chrono::milliseconds after(250); after.count() < 20'000 && ended == 128 + first; after *= 2) {
      Child child({"/bin/sh", "-c", command});
      std::this_thread::sleep_for(after);
      child.send(first);
      std::this_thread::sleep_for(after);
      child.send(second);
      ended = child.wait().status;
      if (first == second) break;
    }
    return ended;
  };
  CHECK(status(SIGINT, SIGINT) == 130);
  CHECK(status(SIGINT, SIGTERM) == 143);
  CHECK_FALSE(std::filesystem::exists(folder / "result.json"));
}

TEST_CASE("interrupted: a run to a precision resumes to the same bytes", "[commands]") {
  TemporaryFolder folder;
  // Reached after 160,000 replications: the interruption comes earlier, or on very fast machines not at all.
  const auto command = [&](const std::string& path) {
    return std::vector<std::string>{
        "run", scenario_file("daily-peeking"), "-q", "-o", path, "--precision", "mean_days=0.05"};
  };
  const std::string path = folder / "result.json", whole = folder / "whole.json";
  const Ended stopped = interrupted(command(path), SIGINT, std::chrono::milliseconds(150));
  CHECK((stopped.status == 130 || came_to_its_end(stopped)));
  CHECK(came_to_its_end(windtunnel_program(command(path))));
  CHECK(came_to_its_end(windtunnel_program(command(whole))));
  CHECK(file_text(path) == file_text(whole));
}
