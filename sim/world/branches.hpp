#pragma once

#include <span>

#include "windtunnel/world/outcome.hpp"

/// Generators of their own for what is drawn user by user beneath the address of a whole batch.
namespace windtunnel {

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
