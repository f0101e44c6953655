#include <algorithm>
#include <cmath>
#include <vector>

#include "requests.hpp"

namespace windtunnel {

namespace {

/// The mean of a user's M requests is normal with the variance sd^2 (icc + (1 - icc)/M): an outcome of the
/// model wrapped whose distance from the mean is made smaller. So is the covariance with what was drawn
/// together with it, whose correlations stay. The requests of n users are around the users' means by (1 -
/// icc) sd^2 chi-square(n (M - 1)), independent of all the rest.
class NormalRequests final : public OutcomeModel {
 public:
  NormalRequests(std::unique_ptr<const OutcomeModel> model, const RequestLaw& law, double sd, Channels wanted,
                 int metrics)
      : model_(std::move(model)),
        sizes_(law.sizes),
        icc_(law.icc),
        variance_within_((1 - law.icc) * sd * sd),
        channels_(wanted.without(Channel::segments).without(Channel::cohorts).without(Channel::known)),
        breadth_{0, metrics} {}

  std::string method() const override {
    if (channels_.has(Channel::values)) return "users one by one, request by request";
    return model_->method() + " of users' means" + (sizes_.is_fixed() ? "" : ", by number of requests") +
           ", and the squares of requests around them";
  }

  double draws(double users) const override {
    if (channels_.has(Channel::values)) return users * sizes_.mean();
    return std::min<double>(users, sizes_.largest() - sizes_.smallest()) + model_->draws(users);
  }

  void add_batch(const Batch& batch, BatchSource source, Observed& observed) const override {
    if (channels_.has(Channel::values)) return add_every_user(batch, source, observed);
    const auto lanes = static_cast<std::size_t>(observed.lanes);
    std::vector<i32> users(lanes);
    for (std::size_t l = 0; l < lanes; ++l) users[l] = batch.users.at(static_cast<int>(l));
    Observed all = empty(observed);
    const Random sizes = source.outcome.random->branch(kSizeBranch);
    sizes_.divide(
        {&sizes, source.outcome.first_replication}, source.address, users,
        [&](int size, std::span<const i32> of_size) {
          const BranchedSource own(source, kClassBranch + 4 * static_cast<u32>(size));
          add_size({batch.arm, batch.served, {0, of_size.data()}, batch.mean}, own.source(), size, all);
        });
    observed.merge(batch.arm, all);
  }

  void add_users(const Batch& batch, BatchSource source, Observed& observed) const override {
    for_each_user(batch, observed, [&](i32, const Batch& one, Observed& all) {
      add_user(one, source, all);
      ++source.address.time;
    });
  }

 private:
  /// Also in a batch, where somebody wants to see every request.
  void add_every_user(const Batch& batch, const BatchSource& source, Observed& observed) const {
    for_each_user(batch, observed, [&](i32 user, const Batch& one, Observed& all) {
      const BranchedSource own(source, kUserBranch + static_cast<u32>(user));
      add_user(one, own.source(), all);
    });
  }

  template <class AddUser>
  void for_each_user(const Batch& batch, Observed& observed, AddUser add_one) const {
    Observed all = empty(observed);
    const i32 most = most_users(batch, observed.lanes);
    std::vector<i32> present(static_cast<std::size_t>(observed.lanes));
    for (i32 user = 0; user < most; ++user) {
      mark_present(batch, user, present);
      add_one(user, {batch.arm, batch.served, {0, present.data()}, batch.mean}, all);
    }
    observed.merge(batch.arm, all);
  }

  Observed empty(const Observed& like) const {
    Observed more;
    more.begin(like.arms, like.lanes, channels_, breadth_);
    return more;
  }

  /// Adds users with `size` requests each.
  void add_size(const Batch& batch, const BatchSource& source, int size, Observed& all) const {
    Observed more = empty(all);
    model_->add_batch(batch, source, more);
    const auto lanes = static_cast<std::size_t>(all.lanes);
    std::vector<double> shape(lanes), within(lanes);
    for (std::size_t l = 0; l < lanes; ++l) shape[l] = 0.5 * batch.users.at(static_cast<int>(l)) * (size - 1);
    const Random random = source.spread.random->branch(kWithinBranch);
    sample_gamma({&random, source.spread.first_replication}, source.address, shape, within);
    for (double& squares : within) squares *= 2 * variance_within_;
    const std::vector<i32> sizes(lanes, size);
    unfold(batch, sizes, within, more);
    take(batch, more, all);
  }

  /// Adds one user in the lanes where there is one, request by request around its mean.
  void add_user(const Batch& one, const BatchSource& source, Observed& all) const {
    Observed more = empty(all);
    model_->add_users(one, source, more);
    const auto lanes = static_cast<std::size_t>(all.lanes);
    std::vector<i32> sizes(lanes);
    const Random of_sizes = source.outcome.random->branch(kSizeBranch);
    sizes_.sample({&of_sizes, source.outcome.first_replication}, source.address, sizes);
    const i32 most = *std::ranges::max_element(sizes);
    Table<double> e(most, all.lanes);
    std::vector<double> sum(lanes), squares(lanes);
    for (i32 request = 0; request < most; ++request) {
      const Random random = source.spread.random->branch(kRequestBranch + static_cast<u32>(request));
      sample_normal({&random, source.spread.first_replication}, source.address, e.span(request));
      for (std::size_t l = 0; l < lanes; ++l) {
        if (request >= sizes[l]) continue;
        sum[l] += e.row(request)[l];
        squares[l] += e.row(request)[l] * e.row(request)[l];
      }
    }
    for (std::size_t l = 0; l < lanes; ++l)
      squares[l] = std::max(0.0, variance_within_ * (squares[l] - sum[l] * sum[l] / sizes[l]));
    unfold(one, sizes, squares, more);
    if (more.values.rows() > 0) keep_values(one, sizes, e, sum, more);
    take(one, more, all);
  }

  /// Keeps the requests of one user, in the place of the outcome that made their mean.
  ///   e    [request][lane] standard normal
  ///   sum  [lane] of those of the user's requests
  void keep_values(const Batch& one, std::span<const i32> sizes, const Table<double>& e,
                   std::span<const double> sum, Observed& more) const {
    const double sd = std::sqrt(variance_within_);
    for (int l = 0; l < more.lanes; ++l) {
      more.values.at(one.arm, l).clear();
      if (one.users.at(l) == 0) continue;
      const auto lane = static_cast<std::size_t>(l);
      const double mean = more.sum.row(one.arm)[l], m = sizes[lane];
      for (i32 request = 0; request < sizes[lane]; ++request)
        more.requests.front().keep(one.arm, l, mean + sd * (e.row(request)[l] - sum[lane] / m));
      more.requests.front().keep_owners(one.arm, l, m, m * mean);
      if (more.covariates.rows() > 0)
        more.requests.front().covariates.push(one.arm, l, more.covariate_sum.row(one.arm)[l],
                                              static_cast<std::size_t>(sizes[lane]));
    }
  }

  /// Makes the outcomes in `more` means of requests, and counts the requests.
  ///   sizes   [lane] requests of each of the users
  ///   within  [lane] squared deviations of the requests from their users' means
  void unfold(const Batch& batch, std::span<const i32> sizes, std::span<const double> within,
              Observed& more) const {
    const int arm = batch.arm;
    Observed& requests = more.requests.front();
    const bool has_covariate = more.covariate_sum.rows() > 0;
    for (int l = 0; l < more.lanes; ++l) {
      const i32 users = batch.users.at(l);
      if (users == 0) continue;
      const double n = users, size = sizes[static_cast<std::size_t>(l)];
      const double factor = std::sqrt(icc_ + (1 - icc_) / size);
      double &sum = more.sum.row(arm)[l], &deviations = more.deviations.row(arm)[l];
      const double expected = n * batch.mean.at(l);
      sum = expected + (sum - expected) * factor;
      deviations *= factor * factor;
      requests.users.row(arm)[l] = users * sizes[static_cast<std::size_t>(l)];
      requests.sum.row(arm)[l] = size * sum;
      requests.deviations.row(arm)[l] = size * deviations + within[static_cast<std::size_t>(l)];
      requests.add_owners(arm, l, users, n * (size * size), size * size * sum, size * size * deviations);
      if (!has_covariate) continue;
      more.cross_deviations.row(arm)[l] *= factor;
      requests.covariate_sum.row(arm)[l] = size * more.covariate_sum.row(arm)[l];
      requests.covariate_deviations.row(arm)[l] = size * more.covariate_deviations.row(arm)[l];
      requests.cross_deviations.row(arm)[l] = size * more.cross_deviations.row(arm)[l];
    }
  }

  static void take(const Batch& batch, Observed& more, Observed& all) {
    for (int l = 0; l < all.lanes; ++l) more.users.row(batch.arm)[l] = batch.users.at(l);
    all.merge(batch.arm, more);
    for (int l = 0; l < all.lanes; ++l) all.users.row(batch.arm)[l] += batch.users.at(l);
  }

  std::unique_ptr<const OutcomeModel> model_;
  RequestSizes sizes_;
  double icc_, variance_within_;
  Channels channels_;
  Breadth breadth_;
};

}  // namespace

std::unique_ptr<const OutcomeModel> normal_requests(std::unique_ptr<const OutcomeModel> model,
                                                    const RequestLaw& law, double sd, Channels wanted,
                                                    int metrics) {
  return std::make_unique<NormalRequests>(std::move(model), law, sd, wanted, metrics);
}

}  // namespace windtunnel
