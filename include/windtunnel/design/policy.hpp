#pragma once

#include <memory>
#include <string>
#include <vector>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/data/allocation.hpp"
#include "windtunnel/data/observed.hpp"
#include "windtunnel/data/timeline.hpp"
#include "windtunnel/design/learning.hpp"
#include "windtunnel/design/prior_worth.hpp"

namespace windtunnel {

/// A policy at work on one block; private state, used by one thread.
class Allocator {
 public:
  virtual ~Allocator() = default;

  /// Decides which arms the users of `step` get, from what is observed before it.
  virtual void allocate(const Step& step, const Observed& observed, Allocation& allocation) = 0;
};

/// What a policy is prepared for.
struct PolicySetting {
  u64 seed = 0;
  int arms = 2;
  double direction = 1;        ///< +1 higher is better, -1 lower is better
  i64 planned_users = 0;       ///< of the whole experiment
  Channels offers;             ///< columns it asked for: all it may read
  bool is_served = true;       ///< every user is observed once, in the arm allocated
  bool tells_chances = false;  ///< allocations tell the arms' chances

  bool binary() const { return offers.has(Channel::successes); }
};

/// A policy prepared for one timeline: immutable, shared by all blocks.
class PolicyPlan {
 public:
  virtual ~PolicyPlan() = default;

  virtual std::unique_ptr<Allocator> open(u64 first_replication, int lanes) const = 0;

  /// Memory that a lane of a block takes beside a few columns by arm, about, at most.
  virtual double bytes_per_lane() const { return 0; }

  /// The first users, over all arms, who get the arms in turn whatever is observed.
  virtual i64 users_in_turn() const { return 0; }

  /// [step][arm] users when every lane is split alike; nullptr when not known beforehand.
  virtual const std::vector<std::vector<i64>>* shared_users() const { return nullptr; }
};

/// Decides which arm the next users get. Leaves live in design/policies.
class Policy {
 public:
  virtual ~Policy() = default;

  virtual void describe(Fields& fields) = 0;

  /// Shares the team plans with, [arm], sum 1.
  ///   throws  InputError, places relative to the policy, when it does not go with so many arms
  virtual std::vector<double> planned_shares(int arms) const = 0;

  /// How it learns; nullptr: whatever is observed leaves it as it is.
  virtual const Learning* learning() const { return nullptr; }

  /// Whether a user whose arm it draws may get every arm, whatever has been observed.
  virtual bool draws_all_arms() const { return false; }

  /// The same where a floor helps. The first users, who get the arms in turn, are never drawn.
  bool gives_every_arm_a_chance() const {
    return draws_all_arms() || (learning() != nullptr && learning()->floor > 0);
  }

  /// Whether what it does in a round depends on the totals at its beginning alone, not on how they came
  /// about.
  virtual bool forgets_order() const { return true; }

  /// Whether what it does depends on the users the experiment is planned for.
  virtual bool depends_on_plan() const { return false; }

  /// The prior it has of every arm's mean; nothing: it judges by what is observed alone.
  virtual PriorWorth prior_worth() const { return {}; }

  /// Columns it reads, of those that are offered.
  virtual Channels needs(Channels /*offered*/) const { return {}; }

  /// Why it cannot work with outcomes of such columns and such a range, as the end of a sentence about it;
  /// empty: it can.
  virtual std::string objection(Channels /*offered*/, Range /*values*/) const { return {}; }

  virtual std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                                 const PolicySetting& setting) const = 0;
};

}  // namespace windtunnel
