#pragma once

#include <map>
#include <string>
#include <vector>

#include "windtunnel/report/report.hpp"

/// Results as JSON: the same bytes on every machine, and what `merge` and resumed runs read back.
namespace windtunnel {

/// Version of the result file's own layout.
inline constexpr int kResultVersion = 1;

/// Version of the law: raised whenever the same scenario, seed and replication would draw other numbers or
/// tally them otherwise. Tallies of different laws cannot be added.
inline constexpr int kLawVersion = 2;

/// The result of a run: resolved scenario, hash, versions, replications done, tallies as integers, measures.
///   throws  std::logic_error when parts do not fit together
std::string result_json(const Report& report, const Progress& progress);

/// What a result file holds, as far as replaying can go on from it.
struct StoredResult {
  std::string file;      ///< where it was read from
  std::string name;      ///< of the scenario
  std::string scenario;  ///< Scenario::written: reads as this very scenario, with `name` as stem
  std::string hash;
  Progress progress;
  std::map<std::string, std::string> files{};  ///< Scenario::files
};

/// The files of the stored scenario.
FileSource files_of(const StoredResult& stored);

/// Reads a result file; measures and expectations in it are not looked at, they follow from the tallies.
///   file    kept for the messages of merge_results
///   throws  InputError (without the file's name) when it is no result, of another version, cut off or
///           contradicts itself
StoredResult read_result(const std::string& text, const std::string& file);

/// Adds results of one scenario, whatever their order: what is not added stays that of the first
/// replications.
///   results  at least one
///   throws   InputError naming files and ranges: other hashes, other shapes, replications counted twice
StoredResult merge_results(std::vector<StoredResult> results);

/// The stored progress, checked against the scenario it is to go on with.
///   throws  InputError (without the file's name) when it belongs to another scenario
Progress progress_of(const StoredResult& stored, const Scenario& scenario, const Study& study);

}  // namespace windtunnel
