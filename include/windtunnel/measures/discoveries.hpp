#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// What a decision is worth when effects are drawn per replication, so that a share of the ideas is truly
/// good. Absent in all other cells. D is the lasting effect of the shipped arm; better means in the good
/// direction.

/// Share of ships with D not better than control.
std::unique_ptr<Measure> make_false_discovery_rate();

/// Share of ships with D better than control.
std::unique_ptr<Measure> make_true_winner_share();

/// Mean D among ships, natural scale.
std::unique_ptr<Measure> make_mean_effect_shipped();

/// Of the replications stopped by the criterion, to ship or to keep, the share in which the arm chosen is not
/// strictly better than every other.
std::unique_ptr<Measure> make_wrong_given_decision();

}  // namespace windtunnel
