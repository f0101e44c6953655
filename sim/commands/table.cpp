#include "command.hpp"

namespace windtunnel {

namespace {

// Shared by the commands that read scenarios: what it says is part of the scenario and enters its hash.
constexpr Option kSet = {"set", "", "PATH=VALUE",
                         "change the scenario before it is read, such as world.traffic.days=28"};
constexpr Option kSeed = {"seed", "", "N", "seed of the random numbers"};
constexpr Option kReplications = {"replications", "n", "N", "replications per cell, such as 1e6"};

constexpr Option kRunOptions[] = {
    kReplications,
    {"precision", "", "MEASURE=HALF_WIDTH", "run until the measure is known this well everywhere"},
    kSeed,
    {"threads", "j", "N", "threads (default: all there are); never changes a result"},
    {"shard", "", "I/N", "do only the I-th of N parts; `merge` puts them together"},
    kSet,
    {"output", "o", "PATH", "write results: .json .csv .md .txt, or a folder/; resumes what was interrupted"},
    {"format", "", "FORMAT", "what to print", "table csv json markdown"},
    {"wide", "", "", "one block per cell, an error on every number"},
    {"quiet", "q", "", "print nothing but what --format asks for"},
    {"color", "", "WHEN", "colours of the table", "auto always never"},
};
constexpr Option kCheckOptions[] = {kReplications, kSeed, kSet};
constexpr Option kReplayOptions[] = {
    {"replication", "", "I", "which replication, counted from 0"},
    {"cell", "c", "CELL", "which cell", "null effect drawn"},
    {"strategy", "s", "NAME", "only this strategy"},
    {"find", "", "WHAT", "the first replication from --replication on that ends so",
     "ship reject wrong_ship"},
    kSeed,
    kSet,
};
constexpr Option kMergeOptions[] = {{"output", "o", "PATH", "where the merged result goes (.json)"}};

constexpr Command kCommands[] = {
    {"run", "FILE...", "replay a scenario and print what every strategy does",
     "windtunnel run scenarios/daily-peeking.json -n 1e6 -o results/", kRunOptions, "files", execute_run},
    {"check", "FILE...", "validate, and print the plan: cells, paths, estimated time and memory",
     "windtunnel check scenarios/daily-peeking.json", kCheckOptions, "files", execute_check},
    {"list",
     "[FAMILY]",
     "what there is: rules, policies, outcomes, tests, measures",
     "windtunnel list rules",
     {},
     "families",
     execute_list},
    {"explain",
     "NAME|FILE.json",
     "formula, guarantee, source and parameters of one of them; or what theory says of a scenario's arms",
     "windtunnel explain msprt",
     {},
     "names",
     execute_explain},
    {"schema",
     "",
     "the JSON Schema of scenarios, for editors",
     "windtunnel schema > scenario.schema.json",
     {},
     "",
     execute_schema},
    {"example",
     "[NAME]",
     "print a scenario to start from",
     "windtunnel example > mine.json",
     {},
     "examples",
     execute_example},
    {"replay", "FILE", "show one replication look by look",
     "windtunnel replay scenarios/daily-peeking.json --find wrong_ship", kReplayOptions, "files",
     execute_replay},
    {"merge", "RESULT... -o PATH", "put shards together",
     "windtunnel merge part-1.json part-2.json -o whole.json", kMergeOptions, "files", execute_merge},
    {"completions",
     "SHELL",
     "completions for bash or zsh",
     "windtunnel completions bash > windtunnel.bash",
     {},
     "shells",
     execute_completions},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

}  // namespace windtunnel
