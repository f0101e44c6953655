#pragma once

#include <memory>
#include <string>

#include "windtunnel/data/allocation.hpp"
#include "windtunnel/data/observed.hpp"
#include "windtunnel/data/timeline.hpp"
#include "windtunnel/data/truth.hpp"

namespace windtunnel {

/// How outcomes are drawn: sufficient statistics of a step, or user by user (same law, other numbers).
enum class Path { increments, users };

/// Outcomes of one block of replications under one policy; private state, used by one thread.
class Stream {
 public:
  virtual ~Stream() = default;

  /// Adds what has become known of users exposed before, ahead of the allocation of `step`.
  virtual void begin(const Step& /*step*/, Observed& /*observed*/) {}

  /// Adds the users of `step`, allocated as told, to the totals.
  virtual void advance(const Step& step, const Allocation& allocation, Observed& observed) = 0;

  /// What becomes of an allocation on its way to the users, before `advance`.
  virtual void assign(const Step& /*step*/, Allocation& /*allocation*/) {}
};

/// A world prepared for one timeline: immutable, shared by all blocks.
class StreamPlan {
 public:
  virtual ~StreamPlan() = default;

  /// A stream for the replications from `first_replication` on; `truth` must outlive it.
  virtual std::unique_ptr<Stream> open(u64 first_replication, const Truth& truth) const = 0;

  /// Memory that a lane of a block takes beside its columns, about, at the end of the timeline. Plans that
  /// wrap another one add to what that says.
  virtual double bytes_per_lane() const { return 0; }

  /// Values drawn for so many users of an arm and step, about, beside their totals. Plans that wrap another
  /// one say what that says.
  virtual double draws(double /*users*/) const { return 0; }

  /// The path it takes, in words: what `check` tells.
  virtual std::string method() const = 0;
};

}  // namespace windtunnel
