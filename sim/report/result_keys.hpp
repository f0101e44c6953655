#pragma once

/// Keys of the result file that are read back.
namespace windtunnel::keys {

inline constexpr const char* kResult = "windtunnel_result";
inline constexpr const char* kLaw = "law";
inline constexpr const char* kGrammar = "grammar";
inline constexpr const char* kName = "name";
inline constexpr const char* kHash = "hash";
inline constexpr const char* kReplications = "replications";  // [[first, count], ...]
inline constexpr const char* kTallies = "tallies";            // [experiment][slot], beyond 2^53 as strings
inline constexpr const char* kWritten = "scenario";
inline constexpr const char* kFiles = "files";  // {name: text} that the scenario names, if any

}  // namespace windtunnel::keys
