#pragma once

namespace windtunnel {

/// Which differences a test looks for: `one_sided` means only towards the better side (upper z).
enum class Alternative { two_sided, one_sided };

}  // namespace windtunnel
