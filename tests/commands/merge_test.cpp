#include <algorithm>
#include <filesystem>
#include <fstream>

#include "places.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "windtunnel/core/json_document.hpp"

using namespace windtunnel;

namespace {

/// What is run again and again: something quickly planned where sanitizers are slow.
const char* const kScenario = kSanitized ? "aa-test" : "daily-peeking";

/// Runs a scenario quietly into a file, without the pilots of lints; a few replications leave expectations
/// undecided, which is no failure here.
void run(const std::string& scenario, const std::string& output, std::vector<std::string> more) {
  std::vector<std::string> arguments{"run",   scenario_file(scenario), "-q", "-o", output,
                                     "--set", R"(allow=["low_power"])"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const int status = windtunnel_program(arguments).status;
  REQUIRE((status == 0 || status == 3));
}

std::vector<std::string> run_shards(const TemporaryFolder& folder, int shards,
                                    const std::string& replications) {
  std::vector<std::string> files;
  for (int i = 1; i <= shards; ++i) {
    files.push_back(folder / ("part-" + std::to_string(i) + ".json"));
    run(kScenario, files.back(),
        {"-n", replications, "--shard", std::to_string(i) + "/" + std::to_string(shards)});
  }
  return files;
}

Ended merge(const std::vector<std::string>& files, const std::string& output) {
  std::vector<std::string> arguments{"merge", "-o", output};
  arguments.insert(arguments.end(), files.begin(), files.end());
  return windtunnel_program(arguments);
}

}  // namespace

TEST_CASE("merge: seven shards in any order give the bytes of one run", "[commands]") {
  TemporaryFolder folder;
  // Not a multiple of seven nor of a block: shards of unequal sizes whose blocks differ from those of one
  // run.
  const std::string replications = kSanitized ? "257" : "3001";
  run(kScenario, folder / "whole.json", {"-n", replications});
  run(kScenario, folder / "whole.csv", {"-n", replications});
  const std::vector<std::string> files = run_shards(folder, 7, replications);
  const int orders[][7] = {{0, 1, 2, 3, 4, 5, 6}, {3, 6, 1, 0, 5, 2, 4}, {6, 5, 4, 3, 2, 1, 0}};
  for (const auto& order : orders) {
    std::vector<std::string> shuffled;
    for (int i : order) shuffled.push_back(files[static_cast<std::size_t>(i)]);
    const Ended merged = merge(shuffled, folder / "merged.json");
    CHECK((merged.status == 0 || merged.status == 3));
    CHECK(file_text(folder / "merged.json") == file_text(folder / "whole.json"));
  }
  merge(files, folder / "merged.csv");
  CHECK(file_text(folder / "merged.csv") == file_text(folder / "whole.csv"));

  // Merged step by step.
  merge({files[5], files[0], files[2]}, folder / "some.json");
  merge({files[3], files[6]}, folder / "others.json");
  merge({folder / "some.json", files[1], folder / "others.json", files[4]}, folder / "merged.json");
  CHECK(file_text(folder / "merged.json") == file_text(folder / "whole.json"));

  // A part that is missing is told; so few replications leave expectations undecided, a part leaves them to
  // the whole.
  const Ended six = merge({files[0], files[1], files[2], files[3], files[4], files[6]}, folder / "six.json");
  CHECK(holds(six.err, kSanitized ? "of 257 replications" : "of 3,001 replications"));
  CHECK(holds(six.err, "are still missing"));
  CHECK(six.status == 0);

  const Ended twice = merge({files[0], files[1], files[0]}, folder / "twice.json");
  CHECK(twice.status == 2);
  CHECK(holds(twice.err, "part-1.json"));
  CHECK_FALSE(std::filesystem::exists(folder / "twice.json"));
}

TEST_CASE("merge: shards share a folder", "[commands]") {
  TemporaryFolder folder;
  for (const char* shard : {"1/2", "2/2"})
    run("daily-peeking", folder / "shards/", {"-n", "1001", "--shard", shard});
  run("daily-peeking", folder / "whole.json", {"-n", "1001"});
  for (const char* file : {"daily-peeking.1-of-2.csv", "daily-peeking.2-of-2.md"})
    CHECK(std::filesystem::exists(folder / "shards/" + file));
  const std::string all = WINDTUNNEL_PROGRAM " merge " + (folder / "shards/") + "*.json -o ";
  const Ended merged = Child({"/bin/sh", "-c", all + folder / "merged.json"}).wait();
  CHECK((merged.status == 0 || merged.status == 3));
  CHECK(file_text(folder / "merged.json") == file_text(folder / "whole.json"));
}

TEST_CASE("merge: no result that is read is overwritten", "[commands]") {
  TemporaryFolder folder;
  const std::vector<std::string> files = run_shards(folder, 2, "1000");
  const std::string before = file_text(files[0]);
  const Ended merged = merge(files, files[0]);
  CHECK(merged.status == 2);
  CHECK(holds(merged.err, "would overwrite " + files[0]));
  CHECK(file_text(files[0]) == before);
}

TEST_CASE("merge: results that do not belong together are refused with a sentence", "[commands]") {
  TemporaryFolder folder;
  const std::string first = folder / "first.json", other = folder / "other.json";
  run("daily-peeking", first, {"-n", "100", "--shard", "1/2"});

  SECTION("another seed") {
    run("daily-peeking", other, {"-n", "100", "--shard", "2/2", "--seed", "2"});
    const Ended merged = merge({first, other}, folder / "merged.json");
    CHECK(merged.status == 2);
    CHECK(holds(merged.err, "other.json"));
  }
  SECTION("another law") {
    std::string text = file_text(first);
    const std::size_t law = text.find("\"law\": 2");
    REQUIRE(law != std::string::npos);
    text.replace(law, 8, "\"law\": 1");
    const Ended merged = Child({"/bin/sh", "-c",
                                "cat > " + other + " && " WINDTUNNEL_PROGRAM " merge " + first + " " + other +
                                    " -o " + folder / "merged.json"},
                               text)
                             .wait();
    CHECK(merged.status == 2);
    CHECK(holds(merged.err, "other.json"));
    CHECK(holds(merged.err, "2"));
  }
  SECTION("a tally that was edited") {
    std::string text = file_text(first);
    const std::size_t tally = text.find("[", text.find("\"tallies\": [") + 12);
    REQUIRE(tally != std::string::npos);
    text.replace(tally, 1, "[7, ");
    std::ofstream(other) << text;
    run("daily-peeking", folder / "second.json", {"-n", "100", "--shard", "2/2"});
    const Ended merged = merge({folder / "second.json", other}, folder / "merged.json");
    CHECK(merged.status == 2);
    CHECK(merged.err == other + ": contradicts itself: its tallies are not those of its replications\n");
  }
  SECTION("a count that no replications have") {
    Json result = Json::parse(file_text(first));
    for (Json& slot : result["tallies"][0]) slot = slot == 50 ? Json(50) : Json(1'000'000'000);
    std::ofstream(other) << result.dump();
    const Ended merged = merge({other}, folder / "merged.json");
    CHECK(merged.status == 2);
    CHECK(holds(merged.err, other + ": contradicts itself: 1000000000 of 50 is no proportion"));
  }
  SECTION("no result at all") {
    const Ended merged =
        merge({first, scenario_file("aa-test"), folder / "none.json"}, folder / "merged.json");
    CHECK(merged.status == 2);
    CHECK(holds(merged.err, "aa-test.json: "));
    CHECK(holds(merged.err, "none.json"));
  }
  SECTION("no output") {
    CHECK(windtunnel_program({"merge", first}).status == 2);
  }
}

TEST_CASE("run: shards go with neither a precision nor more parts than replications", "[commands]") {
  const std::string file = scenario_file("aa-test");
  CHECK(windtunnel_program({"run", file, "--shard", "1/2", "--precision", "rejection_rate=0.1"}).status == 2);
  CHECK(windtunnel_program({"run", file, "--shard", "1/8", "-n", "7"}).status == 2);
  for (const char* wrong : {"0/7", "8/7", "1", "1/", "/7", "a/b", "1/7x"})
    CHECK(windtunnel_program({"run", file, "--shard", wrong}).status == 2);
}
