#pragma once

#include <memory>

#include "windtunnel/data/lens.hpp"

namespace windtunnel {

/// The strategy key `cap`: outcomes above a cap count as the cap, which is a number, or a quantile of all
/// arms' outcomes so far, taken anew at each look (definition 1 of Hyndman & Fan 1996). Sums, deviations and
/// values are those of min(y, cap); further metrics have no cap.
///   source  Dixon (1960), Ann. Math. Statist. 31:385
std::unique_ptr<Lens> make_cap_lens();

}  // namespace windtunnel
