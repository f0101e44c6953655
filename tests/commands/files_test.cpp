#include <filesystem>
#include <fstream>

#include "support/catch.hpp"
#include "support/program.hpp"

/// Scenarios that name a file.
namespace windtunnel {
namespace {

/// A scenario beside its file, in a folder of its own.
class Resampled {
 public:
  Resampled() {
    std::ofstream(scenario()) << R"({"windtunnel": 1, "replications": 300,
      "world": {"traffic": {"users_per_day": 60, "days": 2}, "effect": {"relative": 0.2},
                "outcome": {"type": "empirical", "file": "data/ms.csv", "column": "ms"}},
      "strategies": {"peeking": {"rule": "naive_peeking", "looks": {"every_days": 1}}}})";
    std::filesystem::create_directory(folder_ / "data");
    write("ms\n120\n80\n310\n95.5\n");
  }

  void write(const std::string& text) const { std::ofstream(folder_ / "data/ms.csv") << text; }
  std::string scenario() const { return folder_ / "pages.json"; }
  std::string operator/(const std::string& name) const { return folder_ / name; }

 private:
  TemporaryFolder folder_;
};

std::string result_of(std::vector<std::string> more, const std::string& scenario) {
  std::vector<std::string> arguments{"run", scenario, "-q", "--format", "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Ended ended = windtunnel_program(arguments);
  CHECK(ended.err == "");
  REQUIRE(ended.status == 0);
  return ended.out;
}

TEST_CASE("files: a result is the same bytes wherever the scenario is run from", "[commands]") {
  const Resampled pages;
  const std::string here = result_of({}, pages.scenario());
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(std::filesystem::path(pages.scenario()).parent_path());
  const std::string there = result_of({}, "pages.json");
  const Ended piped = windtunnel_program({"run", "-", "-q", "--format", "csv"}, file_text("pages.json"));
  std::filesystem::current_path(before);
  CHECK(there == here);
  CHECK(piped.status == 0);
  pages.write("ms\n120\n80\n310\n95\n");
  CHECK(result_of({}, pages.scenario()) != here);
}

TEST_CASE("files: results are merged without the files they came from", "[commands]") {
  const Resampled pages;
  const std::string whole = result_of({}, pages.scenario());
  for (const char* shard : {"1/2", "2/2"})
    REQUIRE(windtunnel_program({"run", pages.scenario(), "-q", "--shard", shard, "-o",
                                pages / (std::string("part-") + shard[0] + ".json")})
                .status == 0);
  std::filesystem::remove(pages / "data/ms.csv");
  const Ended merged = windtunnel_program(
      {"merge", pages / "part-1.json", pages / "part-2.json", "-o", pages / "merged.json"});
  CHECK(merged.err.find("wrote") != std::string::npos);
  CHECK(file_text(pages / "merged.json") == whole);
}

TEST_CASE("files: what is wrong with one is told with its line", "[commands]") {
  const Resampled pages;
  pages.write("ms\n120\nfast\n");
  const Ended bad = windtunnel_program({"check", pages.scenario()});
  CHECK(bad.status == 2);
  CHECK(bad.err == pages.scenario() + ": /world/outcome/file: data/ms.csv:3: 'fast' is not a number\n");
  std::filesystem::remove(pages / "data/ms.csv");
  const Ended missing = windtunnel_program({"check", pages.scenario()});
  CHECK(missing.status == 2);
  CHECK(missing.err ==
        pages.scenario() + ": /world/outcome/file: 'data/ms.csv' cannot be read: no such file\n");
}

}  // namespace
}  // namespace windtunnel
