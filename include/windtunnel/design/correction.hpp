#pragma once

#include <span>

namespace windtunnel {

/// How the level is shared among several treatments.
enum class Correction { none, bonferroni, dunnett, holm };

inline constexpr const char* kCorrectionNames[] = {"none", "bonferroni", "dunnett", "holm"};

/// What `list` and `explain` tell of a correction.
struct CorrectionRow {
  const char* name;     ///< as scenarios write it
  const char* summary;  ///< one line
  const char* formula;  ///< what it computes, in words and symbols
  const char* source;   ///< paper
};

/// Every correction, in the order of the enum.
std::span<const CorrectionRow> corrections();

}  // namespace windtunnel
