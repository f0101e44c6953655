#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/core/samplers.hpp"
#include "windtunnel/data/lens.hpp"
#include "windtunnel/data/observed.hpp"
#include "windtunnel/world/pulls.hpp"

namespace windtunnel {

/// A quantity that is the same in every lane, or one per lane.
template <class T>
struct PerLane {
  T shared{};                ///< used when `lanes` is null
  const T* lanes = nullptr;  ///< [lane]

  T at(int lane) const { return lanes != nullptr ? lanes[lane] : shared; }
  bool is_shared() const { return lanes == nullptr; }
};

/// Users of one arm in one step, and the mean their outcomes have.
struct Batch {
  int arm = 0;     ///< they are assigned to
  int served = 0;  ///< arm whose version they get
  PerLane<i32> users;
  PerLane<double> mean;
};

/// Most users that a lane of the batch has.
inline i32 most_users(const Batch& batch, int lanes) {
  return batch.users.is_shared() ? batch.users.shared
                                 : *std::max_element(batch.users.lanes, batch.users.lanes + lanes);
}

/// Where the random numbers of a batch lie: `outcome` for the outcomes, `spread` for their squares or
/// amounts, `company` for what is drawn together with them.
struct BatchSource {
  LaneSource outcome, spread, company;
  Address address;  ///< time = step (or user), row = arm
};

/// Columns of outcomes that are not of 0 and 1.
inline const Channels kContinuousOutcomes{Channel::users, Channel::sum, Channel::deviations, Channel::values};

/// Values whose drawing takes as long as that of one binomial, or of one value by search in a table: about.
inline constexpr double kWorthOfBinomial = 4;

/// The law of one user's outcome, ready to be drawn: immutable, made once per cell, shared by all blocks.
class OutcomeModel {
 public:
  virtual ~OutcomeModel() = default;

  /// Adds a step's users of one arm at once: draws the sufficient statistics, not the users.
  /// `observed.users` still holds the users before the step.
  virtual void add_batch(const Batch& batch, BatchSource source, Observed& observed) const = 0;

  /// Adds the same users one by one, each at its own time (address.time + u for the u-th): the slow, plain
  /// path.
  virtual void add_users(const Batch& batch, BatchSource source, Observed& observed) const = 0;

  /// Draws single users by pull in a way of its own; nullptr: it has none, and batches do (see ValuePulls).
  virtual std::unique_ptr<Pulls> open_pulls(PullSource /*source*/) const { return nullptr; }

  /// Values that `add_batch` draws for so many users, about, beside their totals; 0: totals are drawn at
  /// once.
  virtual double draws(double /*users*/) const { return 0; }

  /// How `add_batch` draws, in words: what `check` tells.
  virtual std::string method() const = 0;
};

/// A family of outcomes: its parameters, and what can be said of them. Leaves live in world/outcomes.
class Outcome {
 public:
  virtual ~Outcome() = default;

  virtual void describe(Fields& fields) = 0;

  /// Keys of its own that stand beside the lift in `world.effect`.
  virtual void describe_effect(Fields&) {}

  /// Whether a lift can be absolute, a number added to the mean; where it cannot, lifts multiply every value.
  virtual bool takes_absolute_lifts() const { return true; }

  /// Columns it can give.
  virtual Channels offers() const = 0;

  /// Baseline mean: one law for all arms, or one per arm (then the scenario has no `effect`).
  virtual const std::vector<Distribution>& levels() const = 0;

  /// Means a user may have.
  virtual Range legal_means() const = 0;

  /// Means at which sums of doubles still hold what users differ by.
  virtual Range summable_means() const { return {}; }

  /// Range that every user's outcome lies in.
  virtual Range values() const { return legal_means().low < 0 ? Range{} : kNotNegative; }

  /// Bound on the magnitude of one user's outcome at a given mean, as it can be drawn.
  virtual double largest(double mean) const = 0;

  /// x -> P(Y <= x) of one user's outcome Y at a given mean.
  virtual std::function<double(double)> distribution(double mean) const = 0;

  /// E (Y - mean)^2 of one user's outcome Y at a given mean.
  virtual double variance(double mean) const = 0;

  /// E (Y - mean)^3 / sd^3 of one user's outcome Y at a given mean; 0 where outcomes do not differ.
  virtual double skewness(double mean) const = 0;

  /// The keys strategies get with it, or nullptr: `cap` where every user's value can be given.
  virtual std::unique_ptr<Lens> lens() const;

  /// (users, mean) of a step's arm that is known to come alike in every lane.
  using SharedBatch = std::pair<i64, double>;

  /// Standard deviation of outcomes that are normal around their mean; none where they are not. What is
  /// normal together with the outcome (covariates, further metrics) needs it.
  virtual std::optional<double> normal_sd() const { return std::nullopt; }

  /// Whether users of several means, mixed, have the very law of users who all have the mean of those means.
  virtual bool mixes() const { return false; }

  /// Prepares to draw. Tables can be made once for the batches listed; others are drawn without.
  virtual std::unique_ptr<const OutcomeModel> plan(const std::vector<SharedBatch>& batches,
                                                   Channels wanted) const = 0;
};

}  // namespace windtunnel
