#pragma once

#include <memory>

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

/// What branches of a batch's generators are for.
enum Branch : u32 {
  kSizeBranch = 0,            ///< numbers of requests; and the next
  kWithinBranch = 2,          ///< requests around the user's mean
  kRateBranch = 3,            ///< rates of users
  kCoinBranch = 4,            ///< which requests repeat the user's draw
  kRequestBranch = 1u << 12,  ///< one for each request of a user
  kClassBranch = 1u << 13,    ///< four for each number of requests
  kUserBranch = 1u << 31,     ///< one for each user of a batch
};

/// One branch of all generators of a batch.
class BranchedSource {
 public:
  BranchedSource(const BatchSource& from, u32 index)
      : outcome_(from.outcome.random->branch(index)),
        spread_(from.spread.random->branch(index)),
        company_(from.company.random->branch(index)),
        from_(from) {}

  /// Valid as long as this object.
  BatchSource source() const {
    return {{&outcome_, from_.outcome.first_replication},
            {&spread_, from_.spread.first_replication},
            {&company_, from_.company.first_replication},
            from_.address};
  }

 private:
  Random outcome_, spread_, company_;
  BatchSource from_;
};

/// Marks the lanes of a batch that have more than `user` users, as 0 and 1.
inline void mark_present(const Batch& batch, i32 user, std::span<i32> present) {
  for (std::size_t l = 0; l < present.size(); ++l)
    present[l] = user < batch.users.at(static_cast<int>(l)) ? 1 : 0;
}

}  // namespace windtunnel
