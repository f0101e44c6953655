#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenario_input.hpp"
#include "windtunnel/report/output.hpp"
#include "windtunnel/report/table.hpp"

namespace windtunnel {

/// What a call of `run` asks for, beside its scenarios.
struct RunRequest {
  struct Shard {
    int index = 1, shards = 1;
  };

  std::vector<std::string> command_line;
  std::optional<Output> output;
  std::optional<Shard> shard;
  int threads = 0;               ///< 0 = as many as the machine has
  std::optional<Format> format;  ///< of standard output, when it was asked for
  TableOptions table;
  bool quiet = false;

  Format printed_format() const { return format.value_or(Format::table); }
  /// Data that was asked for is printed even when nothing else is said.
  bool prints() const { return !quiet || format.has_value(); }
};

/// Reads the options of `run`.
///   throws  UsageError, InputError
RunRequest run_request(const Arguments& arguments);

/// Makes sure that no file a command reads is one it is going to write.
///   name    of the scenario
///   throws  UsageError
void check_spares(const std::vector<std::string>& inputs, const Output& output, const std::string& name);

/// Makes sure that the scenarios and the request go together, and that results can be written: all that can
/// go wrong before anything is simulated.
///   throws  UsageError, RefusedInput, OutputError
void check_request(const RunRequest& request, const std::vector<LoadedScenario>& scenarios);

}  // namespace windtunnel
