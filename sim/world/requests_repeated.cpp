#include <cmath>
#include <vector>

#include "requests.hpp"

namespace windtunnel {

namespace {

constexpr u32 kUniformDraws = 2;

/// The user's own draw comes from the model wrapped, and so does every request that does not repeat it: users
/// one by one, for sums of their requests have no law of their own.
class RepeatedRequests final : public OutcomeModel {
 public:
  RepeatedRequests(std::unique_ptr<const OutcomeModel> model, const RequestLaw& law)
      : model_(std::move(model)), sizes_(law.sizes), repeats_(std::sqrt(law.icc)) {}

  std::string method() const override { return "users one by one, request by request"; }
  double draws(double users) const override { return users * sizes_.mean(); }

  void add_batch(const Batch& batch, BatchSource source, Observed& observed) const override {
    add_all(batch, observed, [&](i32 user, const Batch& one) {
      const BranchedSource own(source, kUserBranch + static_cast<u32>(user));
      add_user(one, own.source(), user, observed);
    });
  }

  void add_users(const Batch& batch, BatchSource source, Observed& observed) const override {
    add_all(batch, observed, [&](i32 user, const Batch& one) {
      add_user(one, source, user, observed);
      ++source.address.time;
    });
  }

 private:
  template <class AddUser>
  static void add_all(const Batch& batch, const Observed& observed, AddUser add_one) {
    std::vector<i32> present(static_cast<std::size_t>(observed.lanes));
    const i32 most = most_users(batch, observed.lanes);
    for (i32 user = 0; user < most; ++user) {
      mark_present(batch, user, present);
      add_one(user, {batch.arm, batch.served, {0, present.data()}, batch.mean});
    }
  }

  /// One draw of the outcome in the lanes that want one; 0 in the others.
  void draw(std::span<const i32> wanted, PerLane<double> mean, const BatchSource& source, Observed& scratch,
            std::span<double> values) const {
    scratch.begin(1, static_cast<int>(values.size()), {Channel::sum});
    model_->add_users({0, 0, {0, wanted.data()}, mean}, source, scratch);
    std::ranges::copy(scratch.sum.span(0), values.begin());
  }

  /// Adds one user in the lanes where there is one.
  ///   user  its number among those of the batch
  void add_user(const Batch& one, const BatchSource& source, i32 user, Observed& observed) const {
    const auto lanes = static_cast<std::size_t>(observed.lanes);
    const u64 replication = source.outcome.first_replication;
    std::vector<double> own(lanes), fresh(lanes), coin(lanes), off(lanes), squares(lanes);
    std::vector<i32> sizes(lanes), wanted(lanes);
    Observed scratch, &requests = observed.requests.front();
    draw({one.users.lanes, lanes}, one.mean, source, scratch, own);
    const Random of_sizes = source.outcome.random->branch(kSizeBranch),
                 coins = source.outcome.random->branch(kCoinBranch);
    sizes_.sample({&of_sizes, replication}, source.address, sizes);
    const i32 most = *std::ranges::max_element(sizes);
    for (i32 request = 0; request < most; ++request) {
      const auto index = static_cast<u32>(request);
      sample_uniform({&coins, replication}, place_of(source.address, index, kUniformDraws), coin);
      for (std::size_t l = 0; l < lanes; ++l)
        wanted[l] = one.users.lanes[l] > 0 && request < sizes[l] && coin[l] >= repeats_ ? 1 : 0;
      const BranchedSource branch(source, kRequestBranch + index);
      draw(wanted, one.mean, branch.source(), scratch, fresh);
      for (std::size_t l = 0; l < lanes; ++l) {
        const double difference = wanted[l] > 0 ? fresh[l] - own[l] : 0;
        off[l] += difference;
        squares[l] += difference * difference;
        if (one.users.lanes[l] > 0 && request < sizes[l])
          requests.keep(one.arm, static_cast<int>(l), wanted[l] > 0 ? fresh[l] : own[l]);
      }
    }
    for (int l = 0; l < observed.lanes; ++l)
      if (one.users.lanes[l] > 0)
        add(one.arm, l, user, sizes[static_cast<std::size_t>(l)], own[static_cast<std::size_t>(l)],
            off[static_cast<std::size_t>(l)], squares[static_cast<std::size_t>(l)], observed);
  }

  /// Adds one user of a lane, whose requests are off its own draw by the sums given.
  static void add(int arm, int lane, i32 user, i32 size, double own, double off, double squares,
                  Observed& observed) {
    const double m = size, mean = own + off / m, within = std::max(0.0, squares - off * (off / m));
    observed.add(arm, lane, observed.users.row(arm)[lane] + user, 1, mean, 0);
    Observed& requests = observed.requests.front();
    i32& count = requests.users.row(arm)[lane];
    requests.add(arm, lane, count, m, m * mean, within);
    requests.add_owners(arm, lane, 1, m * m, m * m * mean, 0);
    requests.keep_owners(arm, lane, m, m * mean);
    count += size;
  }

  std::unique_ptr<const OutcomeModel> model_;
  RequestSizes sizes_;
  double repeats_;  // probability that a request repeats the user's draw
};

}  // namespace

std::unique_ptr<const OutcomeModel> repeated_requests(std::unique_ptr<const OutcomeModel> model,
                                                      const RequestLaw& law) {
  return std::make_unique<RepeatedRequests>(std::move(model), law);
}

}  // namespace windtunnel
