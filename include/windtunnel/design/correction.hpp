#pragma once

namespace windtunnel {

/// How the level is shared among several treatments.
enum class Correction { none, bonferroni, dunnett, holm };

inline constexpr const char* kCorrectionNames[] = {"none", "bonferroni", "dunnett", "holm"};

}  // namespace windtunnel
