#include "windtunnel/world/company.hpp"

#include <algorithm>
#include <utility>

namespace windtunnel {

CompanyModel::CompanyModel(std::unique_ptr<const OutcomeModel> outcome, Channels wanted, Breadth breadth)
    : outcome_(std::move(outcome)),
      channels_(wanted.without(Channel::segments)
                    .without(Channel::cohorts)
                    .without(Channel::known)
                    .without(Channel::requests)),
      breadth_(breadth) {}

Observed CompanyModel::empty(const Observed& like) const {
  Observed more;
  more.begin(like.arms, like.lanes, channels_, breadth_);
  return more;
}

void CompanyModel::add_batch(const Batch& batch, BatchSource source, Observed& observed) const {
  Observed more = empty(observed);
  outcome_->add_batch(batch, source, more);
  for (int l = 0; l < more.lanes; ++l) more.users.row(batch.arm)[l] = batch.users.at(l);
  accompany(batch, source.company, source.address, more);
  observed.merge(batch.arm, more);
}

void CompanyModel::add_users(const Batch& batch, BatchSource source, Observed& observed) const {
  Observed all = empty(observed);
  const i32 most = most_users(batch, observed.lanes);
  std::vector<i32> present(static_cast<std::size_t>(observed.lanes));
  for (i32 user = 0; user < most; ++user, ++source.address.time) {
    for (int l = 0; l < observed.lanes; ++l)
      present[static_cast<std::size_t>(l)] = user < batch.users.at(l) ? 1 : 0;
    const Batch one{batch.arm, {0, present.data()}, batch.mean};
    Observed more = empty(observed);
    outcome_->add_users(one, source, more);
    std::ranges::copy(present, more.users.row(batch.arm));
    accompany(one, source.company, source.address, more);
    all.merge(batch.arm, more);
    for (int l = 0; l < all.lanes; ++l) all.users.row(batch.arm)[l] += more.users.row(batch.arm)[l];
  }
  observed.merge(batch.arm, all);
}

}  // namespace windtunnel
