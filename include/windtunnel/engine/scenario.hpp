#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "windtunnel/core/reading.hpp"
#include "windtunnel/design/strategy.hpp"
#include "windtunnel/engine/registry.hpp"
#include "windtunnel/world/world.hpp"

namespace windtunnel {

/// Version of the grammar of scenarios.
inline constexpr int kGrammarVersion = 1;

/// Replications are numbered below 2^48, so that counters of random numbers hold them.
inline constexpr i64 kMostReplications = i64{1} << 48;
inline constexpr i64 kDefaultMaxReplications = 1'000'000'000;

/// "Go on until this measure is known this well in every cell and strategy."
struct Precision {
  std::string measure;
  double half_width = 0;
  i64 max_replications = kDefaultMaxReplications;
};

/// A known answer the scenario states, to be held against the result.
struct Expectation {
  enum class Kind { near, at_most, at_least };

  std::string pointer;  ///< where it stands, for messages
  std::string strategy, measure;
  std::string cell;  ///< "null", "effect" or "drawn"
  std::map<std::string, std::string>
      at;  ///< axis -> value as JSON text; axes left out stand for all their values
  Kind kind = Kind::near;
  double value = 0;
  std::string other;  ///< reference strategy instead of a value, or empty
  double within = 0;
};

/// One point of the sweep's grid, fully resolved.
struct GridPoint {
  std::vector<std::string> coordinates;  ///< [axis] value as JSON text
  WorldSpec world;
  std::vector<Strategy> strategies;
  /// Canonical text of everything that decides the numbers of this point's null twin (the world without its
  /// effect, the strategies): grid points with equal texts share one twin, which is run once.
  std::string null_text;
};

/// A scenario, read, checked and resolved.
struct Scenario {
  std::string name, description;
  u64 seed = 1;
  i64 replications = 100'000;
  std::optional<Precision> precision;  ///< then `replications` is its maximum
  bool null_twin = true;
  std::vector<std::string> allow;
  std::vector<std::string> axes;  ///< names
  std::vector<GridPoint> grid;    ///< one point without a sweep; the last axis varies fastest
  std::vector<Expectation> expectations;
  std::string
      written;  ///< as written, after overrides, with its name: JSON text that reads as this very scenario
  std::string resolved;  ///< every default written out, as JSON text; with a sweep, `grid` lists every point
  std::map<std::string, std::string> files;  ///< name -> text of all files it names
  std::string hash;                          ///< of what decides the numbers: 32 hexadecimal digits
};

/// Changes made from the command line before anything is read.
struct Overrides {
  std::optional<i64> replications;
  std::optional<u64> seed;
  std::optional<Precision> precision;
  std::vector<std::pair<std::string, std::string>>
      set;  ///< JSON Pointer (or dotted path) -> JSON, or a bare word
};

/// The option of the command line that gave the value at a JSON Pointer; empty when none did.
std::string option_of(const Overrides& overrides, const std::string& where);

/// Reads a scenario of grammar version 1.
///   text  JSON with // and /* */ comments
///   stem  name to use when the scenario has none; letters a name cannot have become hyphens
///   files   gives the files it names; none: a scenario that names one is refused
///   throws  InputError with every problem found
Scenario read_scenario(const std::string& text, const std::string& stem, const Registry& registry,
                       const Overrides& overrides = {}, FileSource files = {});

}  // namespace windtunnel
