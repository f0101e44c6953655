#pragma once

#include <memory>

#include "branches.hpp"
#include "request_sizes.hpp"
#include "windtunnel/world/outcome.hpp"

/// Users with several requests, made of a model of users with one outcome: what the feature `clusters` means.
/// One file for each kind of outcome, and what they share. Random numbers lie at the addresses of the batch
/// in branches of its generators, so that models wrapped may use all draws there.
namespace windtunnel {

/// How many requests users have, and how alike they are.
struct RequestLaw {
  RequestSizes sizes;
  double icc = 0;  ///< correlation of two requests of one user
};

/// Outcomes of 0 and 1.
std::unique_ptr<const OutcomeModel> bernoulli_requests(std::unique_ptr<const OutcomeModel> model,
                                                       const RequestLaw& law);

/// Outcomes that are normal around their means, alone or with company.
///   sd       of one request
///   wanted   columns of the whole stream
///   metrics  further metrics of a user
std::unique_ptr<const OutcomeModel> normal_requests(std::unique_ptr<const OutcomeModel> model,
                                                    const RequestLaw& law, double sd, Channels wanted,
                                                    int metrics);

/// Any other outcomes.
std::unique_ptr<const OutcomeModel> repeated_requests(std::unique_ptr<const OutcomeModel> model,
                                                      const RequestLaw& law);

}  // namespace windtunnel
