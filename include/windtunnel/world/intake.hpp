#pragma once

#include <memory>
#include <string>

#include "windtunnel/world/outcome.hpp"
#include "windtunnel/world/row_means.hpp"
#include "windtunnel/world/stream.hpp"

namespace windtunnel {

/// Where a stream hands over its users: it decides when their outcomes are drawn and become known. Private
/// state of one block.
class Intake {
 public:
  virtual ~Intake() = default;

  /// What the days since the last step have brought of users taken in before: outcomes that become known,
  /// visits of those who return.
  ///   returns  whether totals may have changed
  virtual bool begin(const Step& /*step*/, Observed& /*observed*/) { return false; }

  /// Takes in users of one arm and stratum who are exposed in `step`.
  virtual void add(const Step& step, int stratum, const Batch& batch, const BatchSource& source,
                   Observed& observed) = 0;

  /// Completes the totals once all users of `step` are taken in.
  virtual void end(const Step& /*step*/, Observed& /*observed*/) {}
};

/// What an intake has to know. Rows are arms, or strata * arms + arms where strata are drawn apart.
struct IntakeSetting {
  std::shared_ptr<const OutcomeModel> model;
  std::shared_ptr<const Means> means;
  bool apart = false;      ///< whether strata are drawn apart
  bool is_binary = false;  ///< whether the model counts successes
  Channels wanted;
  Breadth breadth;
  Path path = Path::increments;
  bool pulls = false;  ///< whether users may come one in every lane, each in an arm of its own
  u64 seed = 0;
  i64 users = 0;               ///< of the whole timeline
  int visits = 1;              ///< most of one user
  double bytes_of_values = 0;  ///< of a lane, where values are kept

  const Climate& climate() const { return means->climate(); }
  int arms() const { return means->arms(); }
  int strata() const { return apart ? static_cast<int>(climate().strata.size()) : 1; }
  int rows() const { return strata() * arms(); }
  int row(int stratum, int arm) const { return stratum * arms() + arm; }

  /// The segment of a stratum's users; -1 where segments are not told apart.
  int segment(int stratum) const {
    return wanted.has(Channel::segments) ? climate().strata[static_cast<std::size_t>(stratum)].segment : -1;
  }
};

/// An intake prepared for one timeline: immutable, shared by all blocks.
class IntakePlan {
 public:
  virtual ~IntakePlan() = default;

  ///   means  must outlive the intake
  virtual std::unique_ptr<Intake> open(u64 first_replication, RowMeans& means) const = 0;

  /// Draws single users by pull; nullptr where they are taken in as batches of one.
  virtual std::unique_ptr<Pulls> open_pulls(PullSource /*source*/) const { return nullptr; }

  /// How outcomes are drawn, in words.
  virtual std::string method() const = 0;

  /// Values drawn for a batch of so many users, about, beside their totals.
  virtual double draws(double users) const = 0;

  /// Whether every user of a batch is drawn for itself.
  virtual bool is_by_user() const { return false; }

  /// See StreamPlan.
  virtual double bytes_per_lane() const { return 0; }
};

/// The cheapest intake with the law of the climate: its lag and its returns.
std::unique_ptr<const IntakePlan> plan_intake(const IntakeSetting& setting);

}  // namespace windtunnel
