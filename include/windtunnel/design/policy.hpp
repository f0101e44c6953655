#pragma once

#include <memory>
#include <vector>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/data/allocation.hpp"
#include "windtunnel/data/observed.hpp"
#include "windtunnel/data/timeline.hpp"

namespace windtunnel {

/// A policy at work on one block; private state, used by one thread.
class Allocator {
 public:
  virtual ~Allocator() = default;

  /// Decides which arms the users of `step` get, from what is observed before it.
  virtual void allocate(const Step& step, const Observed& observed, Allocation& allocation) = 0;
};

/// A policy prepared for one timeline: immutable, shared by all blocks.
class PolicyPlan {
 public:
  virtual ~PolicyPlan() = default;

  virtual std::unique_ptr<Allocator> open(u64 first_replication, int lanes) const = 0;

  /// [step][arm] users when every lane is split alike; nullptr when not known beforehand.
  virtual const std::vector<std::vector<i64>>* shared_users() const { return nullptr; }
};

/// Decides which arm the next users get. Leaves live in design/policies.
class Policy {
 public:
  virtual ~Policy() = default;

  virtual void describe(Fields& fields) = 0;

  /// Shares the team plans with, [arm], sum 1.
  virtual std::vector<double> planned_shares(int arms) const = 0;

  virtual std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline, int arms, u64 seed) const = 0;
};

}  // namespace windtunnel
