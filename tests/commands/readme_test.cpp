#include "commands/examples.hpp"
#include "places.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/trial.hpp"

namespace windtunnel {
namespace {

/// The block of code after the comment that names the command which made it.
std::string block_after(const std::string& readme, const std::string& comment) {
  const std::size_t begin = readme.find("```text\n", readme.find(comment)) + 8;
  return readme.substr(begin, readme.find("```\n", begin) - begin);
}

TEST_CASE("readme: the table is what the command beside it prints", "[commands]") {
  const std::string readme = file_text(std::string(WINDTUNNEL_SOURCE_DIR) + "/README.md");
  const Ended seen = windtunnel_program({"run", scenario_file("daily-peeking")}, "", {"LANG=C.UTF-8"});
  REQUIRE(seen.status == 0);
  CHECK(seen.out == block_after(readme, "<!-- table: ./windtunnel run scenarios/daily-peeking.json -->"));
}

TEST_CASE("scenarios: every one runs and what it expects holds", "[commands]") {
  for (const Example& example : examples()) {
    if (!is_affordable(static_cast<std::size_t>(&example - examples().data()), 0)) continue;
    std::vector<std::string> arguments{"run", std::string(WINDTUNNEL_SOURCE_DIR "/scenarios/") + example.path,
                                       "-q", "--set", R"(allow=["low_power"])"};
    if (kSanitized) arguments.insert(arguments.end(), {"-n", "100"});
    const Ended seen = windtunnel_program(arguments);
    // So few replications leave expectations undecided.
    const bool is_good = seen.status == 0 || (kSanitized && seen.status == 3);
    CAPTURE(example.name, seen.err);
    CHECK(is_good);
  }
}

}  // namespace
}  // namespace windtunnel
