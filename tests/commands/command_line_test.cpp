#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "commands/command.hpp"
#include "commands/examples.hpp"
#include "engine/scenario_reading.hpp"
#include "places.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/references.hpp"
#include "windtunnel/report/reference.hpp"

using namespace windtunnel;

TEST_CASE("command line: without arguments a dozen lines of help and status 2", "[commands]") {
  const Ended ended = windtunnel_program({});
  CHECK(ended.status == 2);
  CHECK(ended.out.empty());
  const auto lines = std::count(ended.err.begin(), ended.err.end(), '\n');
  CHECK(lines >= 10);
  CHECK(lines <= 14);
  for (const Command& command : commands()) CHECK(holds(ended.err, command.name));
}

TEST_CASE("command line: every command explains itself with all its options and an example", "[commands]") {
  for (const Command& command : commands()) {
    const Ended ended = windtunnel_program({command.name, "--help"});
    INFO(command.name);
    CHECK(ended.status == 0);
    CHECK(ended.err.empty());
    CHECK(holds(ended.out, std::string("Example: ") + command.example));
    for (const Option& option : command.options) CHECK(holds(ended.out, std::string("--") + option.name));
    CHECK(windtunnel_program({"help", command.name}).out == ended.out);
  }
}

TEST_CASE("command line: the version names revision and compiler and instruction set", "[commands]") {
  const Ended ended = windtunnel_program({"--version"});
  CHECK(ended.status == 0);
  CHECK(holds(ended.out, "windtunnel 0."));
  CHECK(std::count(ended.out.begin(), ended.out.end(), ',') == 2);
}

TEST_CASE("command line: what is mistyped gets a hint and status 2", "[commands]") {
  struct Case {
    std::vector<std::string> arguments;
    std::string expected;
  };
  const std::string file = scenario_file("aa-test");
  const std::vector<Case> cases{
      {{"rnu", file}, "windtunnel: unknown command 'rnu'; did you mean 'run'?\n"},
      {{"--verison"}, "windtunnel: unknown command '--verison'; did you mean '--version'?\n"},
      {{"run", file, "--thread", "2"}, "windtunnel: unknown option '--thread'; did you mean '--threads'?\n"},
      {{"list", "rule"}, "windtunnel: no family 'rule'; did you mean 'rules'?\n"},
      {{"explain", "mspr"}, "windtunnel: nothing is called 'mspr'; did you mean 'msprt'?\n"},
      {{"replay", file, "-s", "look onse"},
       "windtunnel: --strategy: there is no 'look onse' (there are look once, look every day, Pocock); "
       "did you mean 'look once'?\n"},
      {{file}, "windtunnel: '" + file + "' is a file; did you mean `windtunnel run " + file + "`?\n"},
      {{"run", file, "--format", "xml"},
       "windtunnel: --format: 'xml' is not one of table csv json markdown\n"},
      {{"run", file, "--format", "jsn"},
       "windtunnel: --format: 'jsn' is not one of table csv json markdown; did you mean 'json'?\n"},
      {{"replay", file, "--find=wrong_shp"},
       "windtunnel: --find: 'wrong_shp' is not one of ship reject wrong_ship; did you mean 'wrong_ship'?\n"},
      {{"run", file, "--formt=csv"}, "windtunnel: unknown option '--formt'; did you mean '--format'?\n"},
      {{"run", file, "-n"}, "windtunnel: --replications needs a value: --replications N\n"},
      {{"run", file, "--set"}, "windtunnel: --set needs a value: --set PATH=VALUE\n"},
      {{"run", ""},
       "windtunnel: an empty name is no file (needs a scenario's file, or - for standard input)\n"},
      {{"run", "--", "--wide"}, "--wide: no such file\n"},
      {{"run", file, "-o", "x.jsn"},
       "windtunnel: the output x.jsn has no ending that names a format (needs .txt, .csv, .json, .md, or a "
       "'/' at its end for a folder with all of them); did you mean \".json\"?\n"},
      {{"explain", "a\033[31mb\302\233"}, "windtunnel: nothing is called 'a\\u001b[31mb\\u009b'\n"},
      {{"run", file, "-n", "0"},
       "windtunnel: --replications: '0' is not a whole number from 1 to 281474976710656\n"},
      {{"run", file, "-n", "many"},
       "windtunnel: --replications: 'many' is not a whole number from 1 to 281474976710656\n"},
      {{"run", file, "--seed", "9007199254740992"},
       "windtunnel: --seed: '9007199254740992' is not a whole number from 0 to 9007199254740991\n"},
      {{"run", file, "--set", "replications"},
       "windtunnel: --set: 'replications' (needs PATH=VALUE, such as world.traffic.days=28)\n"},
      {{"run", file, "--set", "world.traffic.dayz=3"},
       file + ": --set world.traffic.dayz=3: /world/traffic/dayz: unknown key; did you mean \"days\"? "
              "(traffic takes users_per_day, days, "
              "rollout_days)\n"},
      {{"run", file, "--set", "strategies.look onse.alpha=.1"},
       file + ": --set strategies.look onse.alpha: there is no strategy \"look onse\"; did you mean \"look "
              "once\"?\n"},
      {{"run", file, "--set", "strategies.nope.rule=sprt"},
       file + ": --set strategies.nope.rule: there is no strategy \"nope\"\n"},
      {{"run", file, "--precision", "rejection_rat=0.1"},
       file + ": --precision: /precision/measure: unknown measure \"rejection_rat\" (needs MEASURES); did "
              "you mean "
              "\"rejection_rate\"?\n"},
      {{"run", "aa-test.json"},
       "aa-test.json: no such file; `windtunnel example aa-test > aa-test.json` writes one\n"},
      {{"run", WINDTUNNEL_SOURCE_DIR}, WINDTUNNEL_SOURCE_DIR ": is a folder (needs a file)\n"},
  };
  for (const Case& wrong : cases) {
    const Ended ended = windtunnel_program(wrong.arguments);
    CHECK(ended.status == 2);
    CHECK(ended.out.empty());
    std::string expected = wrong.expected;
    if (const std::size_t at = expected.find("MEASURES"); at != std::string::npos)
      expected.replace(at, 8, listed(names_of(registry().measures)));
    CHECK(ended.err == expected);
  }
}

TEST_CASE("list: every family is listed and every member is explained", "[commands]") {
  const Ended all = windtunnel_program({"list"});
  CHECK(all.status == 0);
  for (const std::string& family : family_names()) {
    const Ended one = windtunnel_program({"list", family});
    CHECK(one.status == 0);
    CHECK(holds(all.out, one.out));
  }
  for (const std::string& name : member_names(registry())) {
    INFO(name);
    CHECK(holds(all.out, "  " + name + " "));
    const Ended explained = windtunnel_program({"explain", name});
    CHECK(explained.status == 0);
    CHECK((holds(explained.out, "formula") || holds(explained.out, name + " (lints)")));
    CHECK(holds(explained.out, "source"));
  }
  CHECK(holds(windtunnel_program({"explain", "tutorial_greedy"}).out, "where less is better"));
  CHECK(holds(windtunnel_program({"explain", "holm"}).out, "Holm (1979), Scand. J. Statist. 6:65"));
}

TEST_CASE("example: every scenario of the folder is built in and passes check", "[commands]") {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(WINDTUNNEL_SOURCE_DIR "/scenarios")) {
    if (entry.path().extension() != ".json") continue;
    ++files;
    const std::string name = entry.path().stem().string();
    INFO(name);
    const Ended printed = windtunnel_program({"example", name});
    CHECK(printed.status == 0);
    CHECK(printed.out == file_text(entry.path().string()));
  }
  CHECK(files == examples().size());
  CHECK(windtunnel_program({"example"}).out == file_text(scenario_file("daily-peeking")));
}

TEST_CASE("scenarios: the folder's README ends with the list of all keys", "[commands]") {
  const std::string readme = file_text(WINDTUNNEL_SOURCE_DIR "/scenarios/README.md");
  const std::string keys = windtunnel_program({"list", "keys"}).out;
  REQUIRE(keys.size() > 1000);
  // To renew it: everything before "## The grammar", then the output of `windtunnel list keys`.
  CHECK(readme.ends_with(keys));
  for (const Example& example : examples()) CHECK(holds(readme, std::string("(") + example.path + ")"));
}

TEST_CASE("explain: what theory says of a scenario's arms", "[commands]") {
  const Ended small = windtunnel_program({"explain", scenario_file("bandits/small-gaps")});
  CHECK(small.status == 0);
  const Reference known = reference("LR-.05,.055");
  CHECK(holds(small.out, fmt::format("arms 0.05, 0.055: {:.4f}", known.value())));
  // Its means still hold 2^-28 of the novelty on the last day.
  CHECK(
      holds(windtunnel_program({"explain", scenario_file("bandits/novelty-trap")}).out, "arms 0.1, 0.09: "));
  const Ended drawn = windtunnel_program({"explain", scenario_file("worlds/cuped")});
  CHECK(drawn.status == 0);
  CHECK(holds(drawn.out, "where outcomes are 0 or 1"));
}

TEST_CASE("completions: bash completes commands and options and choices and names", "[commands]") {
  TemporaryFolder folder;
  const std::string script = folder / "completions.bash";
  const auto completed = [&](const std::string& words) {
    const std::string command =
        WINDTUNNEL_PROGRAM " completions bash > " + script + " && source " + script + " && COMP_WORDS=(" +
        words + ") && COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) && _windtunnel && echo \"${COMPREPLY[*]}\"";
    return Child({"/bin/bash", "-c", command}).wait();
  };
  CHECK(completed("windtunnel ru").out == "run\n");
  CHECK(completed("windtunnel run --thr").out == "--threads\n");
  CHECK(completed("windtunnel run --format j").out == "json\n");
  CHECK(completed("windtunnel run --format = c").out == "csv\n");
  CHECK(completed("windtunnel run --format =").out == "table csv json markdown\n");
  CHECK(completed("windtunnel run --seed ''").out == "\n");
  CHECK(completed("windtunnel explain mspr").out == "msprt\n");
  CHECK(completed("windtunnel list rul").out == "rules\n");
  CHECK(completed("windtunnel example daily-p").out == "daily-peeking\n");
  CHECK(completed("windtunnel run " WINDTUNNEL_SOURCE_DIR "/scenarios/daily-p").out ==
        scenario_file("daily-peeking") + "\n");
}

TEST_CASE("completions: a file name with spaces is one word of bash", "[commands]") {
  TemporaryFolder folder;
  std::ofstream(folder / "two words.json") << "{}";
  const std::string command = "cd " + (folder / "") +
                              " && source <(" WINDTUNNEL_PROGRAM
                              " completions bash) && COMP_WORDS=(windtunnel run tw) && COMP_CWORD=2 && "
                              "_windtunnel && printf '[%s]' \"${COMPREPLY[@]}\"";
  const Ended ended = Child({"/bin/bash", "-c", command}).wait();
  CHECK(ended.out == "[two words.json]");
  CHECK(ended.err.empty());
}

TEST_CASE("completions: zsh names every command and option", "[commands]") {
  const Ended ended = windtunnel_program({"completions", "zsh"});
  CHECK(ended.status == 0);
  CHECK(ended.out.starts_with("#compdef windtunnel\n"));
  CHECK(holds(ended.out, "else compdef _windtunnel windtunnel; fi"));
  CHECK(holds(ended.out, ":N: '"));  // a number is no file
  for (const Command& command : commands()) {
    CHECK(holds(ended.out, std::string("    ") + command.name + ") _arguments"));
    for (const Option& option : command.options)
      CHECK(holds(ended.out, std::string("--") + option.name + "["));
  }
}
