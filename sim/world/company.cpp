#include "windtunnel/world/company.hpp"

#include <utility>
#include <vector>

#include "branches.hpp"

namespace windtunnel {

CompanyModel::CompanyModel(std::unique_ptr<const OutcomeModel> outcome, Channels wanted, Breadth breadth)
    : outcome_(std::move(outcome)),
      channels_(wanted.without(Channel::segments)
                    .without(Channel::cohorts)
                    .without(Channel::known)
                    .without(Channel::requests)),
      breadth_(breadth) {}

void CompanyModel::add_batch(const Batch& batch, BatchSource source, Observed& observed) const {
  // What is told of single users is drawn with them.
  if (channels_.has(Channel::values))
    return add_each(batch, observed, [&](i32 user, const Batch& one, Observed& more) {
      const BranchedSource own(source, kUserBranch + static_cast<u32>(user));
      outcome_->add_users(one, own.source(), more);
      accompany(one, own.source().company, source.address, count(one, more));
    });
  Observed more;
  more.begin(observed.arms, observed.lanes, channels_, breadth_);
  outcome_->add_batch(batch, source, more);
  accompany(batch, source.company, source.address, count(batch, more));
  observed.merge(batch.arm, more);
}

void CompanyModel::add_users(const Batch& batch, BatchSource source, Observed& observed) const {
  add_each(batch, observed, [&](i32, const Batch& one, Observed& more) {
    outcome_->add_users(one, source, more);
    accompany(one, source.company, source.address, count(one, more));
    ++source.address.time;
  });
}

template <class AddOne>
void CompanyModel::add_each(const Batch& batch, Observed& observed, AddOne add_one) const {
  Observed all, more;
  all.begin(observed.arms, observed.lanes, channels_, breadth_);
  const i32 most = most_users(batch, observed.lanes);
  std::vector<i32> present(static_cast<std::size_t>(observed.lanes));
  for (i32 user = 0; user < most; ++user) {
    mark_present(batch, user, present);
    more.begin(observed.arms, observed.lanes, channels_, breadth_);
    add_one(user, {batch.arm, batch.served, {0, present.data()}, batch.mean}, more);
    all.take(batch.arm, more);
  }
  observed.merge(batch.arm, all);
}

Observed& CompanyModel::count(const Batch& batch, Observed& more) {
  for (int l = 0; l < more.lanes; ++l) more.users.row(batch.arm)[l] = batch.users.at(l);
  return more;
}

}  // namespace windtunnel
