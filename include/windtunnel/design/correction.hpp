#pragma once

#include <span>

namespace windtunnel {

/// How the level is shared among several hypotheses.
enum class Correction { none, bonferroni, dunnett, holm, benjamini_hochberg };

inline constexpr const char* kCorrectionNames[] = {"none", "bonferroni", "dunnett", "holm",
                                                   "benjamini_hochberg"};

/// Whether it corrects tests that are made afresh at each look, and nothing else.
bool needs_fresh_tests(Correction correction);

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
