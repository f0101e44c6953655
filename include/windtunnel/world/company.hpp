#pragma once

#include "windtunnel/world/outcome.hpp"

namespace windtunnel {

/// Outcomes that are normal around their means, drawn together with something else. A leaf says how the rest
/// of a batch follows once its outcomes are known: from their sum and squared deviations alone, so that one
/// user is a batch, too.
class CompanyModel : public OutcomeModel {
 public:
  ///   wanted  columns of the whole stream
  CompanyModel(std::unique_ptr<const OutcomeModel> outcome, Channels wanted, Breadth breadth);

  void add_batch(const Batch& batch, BatchSource source, Observed& observed) const final;
  void add_users(const Batch& batch, BatchSource source, Observed& observed) const final;

 protected:
  const OutcomeModel& outcome() const { return *outcome_; }

  /// Draws what comes with the users of `more`, which holds nothing but them (users, sum, deviations).
  ///   source  of random numbers, for this class's use alone
  virtual void accompany(const Batch& batch, LaneSource source, Address address, Observed& more) const = 0;

 private:
  Observed empty(const Observed& like) const;

  std::unique_ptr<const OutcomeModel> outcome_;
  Channels channels_;
  Breadth breadth_;
};

}  // namespace windtunnel
