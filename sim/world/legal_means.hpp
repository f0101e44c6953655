#pragma once

#include <functional>
#include <memory>

#include "windtunnel/world/world.hpp"

namespace windtunnel {

/// Makes the means of a world that has some of the features.
using MakeMeans = std::function<std::unique_ptr<const Means>(const WorldSpec&)>;

/// Refuses means outside the outcome's legal range; a draw that could leave it must be truncated by its
/// author. Refuses means that can be drawn and are too large for sums, too.
///   throws  InputError at the outcome, the effect, or the feature without which (and those after it) all
///           means would be legal
void check_means(const WorldSpec& spec, const Means& means, const MakeMeans& make);

}  // namespace windtunnel
