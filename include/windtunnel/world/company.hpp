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

  double draws(double users) const final {
    return channels_.has(Channel::values) ? users * (1 + breadth_.metrics) : outcome_->draws(users);
  }

  void add_batch(const Batch& batch, BatchSource source, Observed& observed) const final;
  void add_users(const Batch& batch, BatchSource source, Observed& observed) const final;

 protected:
  const OutcomeModel& outcome() const { return *outcome_; }

  /// Draws what comes with the users of `more`, which holds nothing but them (users, sum, deviations).
  /// Where values are wanted it is a single user in every lane that has one, whose own part is kept, too.
  ///   source  of random numbers, for this class's use alone
  virtual void accompany(const Batch& batch, LaneSource source, Address address, Observed& more) const = 0;

 private:
  /// Adds the users of a batch one after the other.
  ///   add_one(user, one, more)  adds the `user`-th in the lanes that have it to `more`, which is empty
  template <class AddOne>
  void add_each(const Batch& batch, Observed& observed, AddOne add_one) const;

  /// Counts the users of a batch, who are all there are.
  static Observed& count(const Batch& batch, Observed& more);

  std::unique_ptr<const OutcomeModel> outcome_;
  Channels channels_;
  Breadth breadth_;
};

}  // namespace windtunnel
