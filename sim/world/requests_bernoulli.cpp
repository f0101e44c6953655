#include <algorithm>
#include <vector>

#include "requests.hpp"
#include "success_law.hpp"

namespace windtunnel {

namespace {

constexpr u32 kUniformDraws = 2;

/// Requests of new users in one lane of an arm, as whole numbers.
class NewRequests {
 public:
  NewRequests(Observed& requests, int arm, int lane) : into_(requests), arm_(arm), lane_(lane) {}

  /// Adds users who have `size` requests each, `of_size` of them successes.
  void add(i32 users, double size, double of_size) {
    const double n = users;
    requests_ += n * size;
    successes_ += n * of_size;
    squares_ += n * (size * size);
    products_ += n * (size * of_size);
    success_squares_ += n * (of_size * of_size);
    into_.values.push(arm_, lane_, 1, static_cast<std::size_t>(n * of_size));
    into_.keep_owners(arm_, lane_, size, of_size, static_cast<std::size_t>(users));
  }

  /// Adds all of them, `users` users, to the totals.
  void settle(i32 users) const {
    if (users == 0) return;
    // Whole numbers: where all users have the same mean both products round alike, and nothing is left.
    const double left = success_squares_ * squares_ - products_ * products_;
    into_.users.row(arm_)[lane_] += static_cast<i32>(requests_);
    into_.successes.row(arm_)[lane_] += static_cast<i32>(successes_);
    into_.add_owners(arm_, lane_, users, squares_, products_, std::max(0.0, left / squares_));
  }

 private:
  Observed& into_;
  int arm_, lane_;
  double requests_ = 0, successes_ = 0;
  double squares_ = 0, products_ = 0, success_squares_ = 0;  // sums of M^2, M S, S^2
};

/// The first requests are users with one outcome. Of the users whose first request came out alike, those with
/// M requests are counted for every M, and of these for every number of further successes: by chains of
/// binomials, or one by one where there are fewer users than numbers.
///   error  that of sample_binomial, relative 1e-9
class BernoulliRequests final : public OutcomeModel {
 public:
  BernoulliRequests(std::unique_ptr<const OutcomeModel> model, const RequestLaw& law)
      : model_(std::move(model)), sizes_(law.sizes), nu_(law.icc > 0 ? 1 / law.icc - 1 : kIndependent) {}

  std::string method() const override {
    return model_->method() +
           " for first requests, and how many users have 0, 1, 2, ... successes in how many further ones by "
           "chains of binomials";
  }

  double draws(double users) const override {
    const double largest = sizes_.largest();
    return kWorthOfBinomial * std::min(users, largest * largest);
  }

  void add_batch(const Batch& batch, BatchSource source, Observed& observed) const override {
    const auto lanes = static_cast<std::size_t>(observed.lanes);
    const i32* successes = observed.successes.row(batch.arm);
    std::vector<i32> before(successes, successes + lanes), users[2] = {std::vector<i32>(lanes), before};
    model_->add_batch(batch, source, observed);
    std::vector<NewRequests> more;
    for (std::size_t l = 0; l < lanes; ++l) {
      more.emplace_back(observed.requests.front(), batch.arm, static_cast<int>(l));
      users[1][l] = successes[l] - before[l];
      users[0][l] = batch.users.at(static_cast<int>(l)) - users[1][l];
    }
    for (int first : {0, 1}) {
      LawShelf shelf(sizes_, nu_, first);
      const Random sizes = source.outcome.random->branch(kSizeBranch + static_cast<u32>(first));
      sizes_.divide({&sizes, source.outcome.first_replication}, source.address, users[first],
                    [&](int size, std::span<const i32> of_size) {
                      add_size(batch, source, first, size, of_size, shelf, more);
                    });
    }
    for (int l = 0; l < observed.lanes; ++l) more[static_cast<std::size_t>(l)].settle(batch.users.at(l));
  }

  void add_users(const Batch& batch, BatchSource source, Observed& observed) const override {
    const i32 most = most_users(batch, observed.lanes);
    std::vector<i32> present(static_cast<std::size_t>(observed.lanes));
    for (i32 user = 0; user < most; ++user, ++source.address.time) {
      mark_present(batch, user, present);
      add_user({batch.arm, batch.served, {0, present.data()}, batch.mean}, source, observed);
    }
  }

 private:
  /// Adds the users with `size` requests whose first one came out as `first`.
  void add_size(const Batch& batch, const BatchSource& source, int first, int size,
                std::span<const i32> users, LawShelf& shelf, std::vector<NewRequests>& more) const {
    if (size == 1) {
      for (std::size_t l = 0; l < users.size(); ++l) more[l].add(users[l], 1, first);
      return;
    }
    const u32 place = kClassBranch + 4 * static_cast<u32>(size) + 2 * static_cast<u32>(first);
    const Random chain = source.outcome.random->branch(place),
                 single = source.outcome.random->branch(place + 1);
    std::vector<LawShelf::Law> laws(users.size());
    std::vector<i32> in_chain(users.size()), alone(users.size());
    for (std::size_t l = 0; l < users.size(); ++l) {
      if (users[l] == 0) continue;
      laws[l] = shelf.at(size, batch.mean.at(static_cast<int>(l)));
      (users[l] >= size ? in_chain[l] : alone[l]) = users[l];
    }
    const u64 replication = source.outcome.first_replication;
    add_chain({&chain, replication}, source.address, first, size, laws, in_chain, more);
    add_alone({&single, replication}, source.address, first, size, laws, alone, more);
  }

  static void add_chain(LaneSource source, Address address, int first, int size,
                        const std::vector<LawShelf::Law>& laws, std::vector<i32>& left,
                        std::vector<NewRequests>& more) {
    if (std::ranges::all_of(left, [](i32 users) { return users == 0; })) return;
    std::vector<double> chance(left.size());
    std::vector<i32> taken(left.size());
    for (int s = 0; s < size - 1; ++s) {
      for (std::size_t l = 0; l < left.size(); ++l) chance[l] = left[l] > 0 ? laws[l]->chance(s) : 0;
      sample_binomial(source, place_of(address, static_cast<u32>(s), kBinomialDraws), left, chance, taken);
      for (std::size_t l = 0; l < left.size(); ++l) {
        left[l] -= taken[l];
        more[l].add(taken[l], size, s + first);
      }
    }
    for (std::size_t l = 0; l < left.size(); ++l) more[l].add(left[l], size, size - 1 + first);
  }

  static void add_alone(LaneSource source, Address address, int first, int size,
                        const std::vector<LawShelf::Law>& laws, const std::vector<i32>& users,
                        std::vector<NewRequests>& more) {
    std::vector<double> uniform(users.size());
    const i32 most = *std::ranges::max_element(users);
    for (i32 user = 0; user < most; ++user) {
      sample_uniform(source, place_of(address, static_cast<u32>(user), kUniformDraws), uniform);
      for (std::size_t l = 0; l < users.size(); ++l)
        if (user < users[l]) more[l].add(1, size, laws[l]->at(uniform[l]) + first);
    }
  }

  /// One user in the lanes where there is one: its rate, and then request by request.
  void add_user(const Batch& one, const BatchSource& source, Observed& observed) const {
    const auto lanes = static_cast<std::size_t>(observed.lanes);
    const u64 replication = source.outcome.first_replication;
    const i32* successes = observed.successes.row(one.arm);
    const std::vector<i32> before(successes, successes + lanes);
    model_->add_users(one, source, observed);
    std::vector<i32> sizes(lanes), total(lanes);
    for (std::size_t l = 0; l < lanes; ++l) total[l] = successes[l] - before[l];
    const Random of_sizes = source.outcome.random->branch(kSizeBranch);
    sizes_.sample({&of_sizes, replication}, source.address, sizes);
    const std::vector<double> rates = draw_rates(one, source, total);
    const i32 most = *std::ranges::max_element(sizes);
    std::vector<double> chance(lanes);
    for (i32 request = 1; request < most; ++request) {
      const Random random = source.outcome.random->branch(kRequestBranch + static_cast<u32>(request));
      for (std::size_t l = 0; l < lanes; ++l)
        chance[l] = one.users.at(static_cast<int>(l)) > 0 && request < sizes[l] ? rates[l] : 0;
      add_bernoulli({&random, replication}, source.address, chance, total);
    }
    for (int l = 0; l < observed.lanes; ++l) {
      NewRequests more(observed.requests.front(), one.arm, l);
      more.add(one.users.at(l), sizes[static_cast<std::size_t>(l)], total[static_cast<std::size_t>(l)]);
      more.settle(one.users.at(l));
    }
  }

  /// Rates of one user in every lane, given its first request.
  std::vector<double> draw_rates(const Batch& one, const BatchSource& source,
                                 const std::vector<i32>& first) const {
    std::vector<double> rates(first.size()), a(first.size()), b(first.size());
    if (nu_ == kIndependent) {
      for (std::size_t l = 0; l < rates.size(); ++l) rates[l] = one.mean.at(static_cast<int>(l));
      return rates;
    }
    for (std::size_t l = 0; l < rates.size(); ++l) {
      const RateLaw law(one.mean.at(static_cast<int>(l)), nu_, first[l]);
      a[l] = law.a > 0 ? law.a : 1;
      b[l] = law.b > 0 ? law.b : 1;
    }
    const Random random = source.spread.random->branch(kRateBranch);
    sample_beta({&random, source.spread.first_replication}, source.address, a, b, rates);
    for (std::size_t l = 0; l < rates.size(); ++l) {
      const RateLaw law(one.mean.at(static_cast<int>(l)), nu_, first[l]);
      if (!(law.a > 0)) rates[l] = 0;
      if (!(law.b > 0)) rates[l] = 1;
    }
    return rates;
  }

  std::unique_ptr<const OutcomeModel> model_;  // of first requests
  RequestSizes sizes_;
  double nu_;  // a + b of the rates' law
};

}  // namespace

std::unique_ptr<const OutcomeModel> bernoulli_requests(std::unique_ptr<const OutcomeModel> model,
                                                       const RequestLaw& law) {
  return std::make_unique<BernoulliRequests>(std::move(model), law);
}

}  // namespace windtunnel
