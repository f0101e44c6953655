#include "windtunnel/world/outcomes/bernoulli.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "bernoulli_pulls.hpp"

namespace windtunnel {

namespace {

constexpr int kChunk = 256;  // lanes whose parameters are spread out on the stack at a time

class BernoulliModel final : public OutcomeModel {
 public:
  explicit BernoulliModel(const std::vector<Outcome::SharedBatch>& batches) {
    for (const auto& [users, rate] : batches) {
      if (BinomialTable::fits(users, rate))
        tables_.try_emplace({users, rate}, users, rate);
      else
        tables_suffice_ = false;
    }
  }

  std::string method() const override {
    if (tables_.empty()) return "one binomial draw per arm and step, replication by replication";
    const std::string tables = tables_.size() == 1 ? "one table" : std::to_string(tables_.size()) + " tables";
    return "one binomial draw per arm and step, by " + tables + " made once" +
           (tables_suffice_ ? "" : " where one fits, else replication by replication");
  }

  void add_batch(const Batch& batch, BatchSource source, Observed& observed) const override {
    const std::span<i32> successes = observed.successes.span(batch.arm);
    if (batch.users.is_shared() && batch.mean.is_shared()) {
      const auto table = tables_.find({batch.users.shared, batch.mean.shared});
      if (table != tables_.end()) return table->second.add(source.outcome, source.address, successes);
    }
    add_lane_by_lane(batch, source, successes);
  }

  std::unique_ptr<Pulls> open_pulls(PullSource source) const override {
    return std::make_unique<BernoulliPulls>(source);
  }

  void add_users(const Batch& batch, BatchSource source, Observed& observed) const override {
    const std::span<i32> successes = observed.successes.span(batch.arm);
    const i32 most = most_users(batch, observed.lanes);
    const bool is_shared = batch.users.is_shared() && batch.mean.is_shared();
    std::vector<double> rate(is_shared ? 0 : successes.size());
    for (i32 user = 0; user < most; ++user, ++source.address.time) {
      if (is_shared) {
        add_bernoulli(source.outcome, source.address, batch.mean.shared, successes);
        continue;
      }
      find_rates(batch, user, rate.data(), observed.lanes);
      add_bernoulli(source.outcome, source.address, rate, successes);
    }
  }

 private:
  /// Rates of one user, 0 in lanes that have fewer.
  static void find_rates(const Batch& batch, i32 user, double* __restrict rate, int lanes) {
    const auto users = batch.users;
    const auto mean = batch.mean;
    for (int l = 0; l < lanes; ++l) {
      const double own = mean.at(l);
      rate[l] = user < users.at(l) ? own : 0;
    }
  }

  /// Binomial draws whose parameters differ between lanes (or are too spread for a table).
  static void add_lane_by_lane(const Batch& batch, BatchSource source, std::span<i32> successes) {
    std::array<i32, kChunk> users, drawn;
    std::array<double, kChunk> rate;
    const int lanes = static_cast<int>(successes.size());
    for (int first = 0; first < lanes; first += kChunk) {
      const int count = std::min(kChunk, lanes - first);
      for (int l = 0; l < count; ++l) {
        users[static_cast<std::size_t>(l)] = batch.users.at(first + l);
        rate[static_cast<std::size_t>(l)] = batch.mean.at(first + l);
      }
      const auto size = static_cast<std::size_t>(count);
      sample_binomial(shifted(source.outcome, first), source.address, std::span(users).first(size),
                      std::span(rate).first(size), std::span(drawn).first(size));
      for (int l = 0; l < count; ++l)
        successes[static_cast<std::size_t>(first + l)] += drawn[static_cast<std::size_t>(l)];
    }
  }

  std::map<std::pair<i64, double>, BinomialTable> tables_;  // (users, rate) known to come
  bool tables_suffice_ = true;                              // for all that is known to come
};

/// Keeps successes one by one where values are wanted of all users.
class ListedSuccesses final : public OutcomeModel {
 public:
  explicit ListedSuccesses(std::unique_ptr<const OutcomeModel> model) : model_(std::move(model)) {}

  std::string method() const override { return model_->method(); }

  void add_batch(const Batch& batch, BatchSource source, Observed& observed) const override {
    list_new(batch.arm, observed, [&] { model_->add_batch(batch, source, observed); });
  }
  void add_users(const Batch& batch, BatchSource source, Observed& observed) const override {
    list_new(batch.arm, observed, [&] { model_->add_users(batch, source, observed); });
  }

 private:
  template <class Add>
  static void list_new(int arm, Observed& observed, Add add) {
    const std::span<const i32> successes = observed.successes.span(arm);
    const std::vector<i32> before(successes.begin(), successes.end());
    add();
    for (std::size_t l = 0; l < before.size(); ++l)
      observed.values.push(arm, static_cast<int>(l), 1, static_cast<std::size_t>(successes[l] - before[l]));
  }

  std::unique_ptr<const OutcomeModel> model_;
};

}  // namespace

void Bernoulli::describe(Fields& fields) {
  fields.levels("rate", rate_, kProbability,
                {"conversion rate of an arm without a lasting effect", "", About::Need::required});
}

std::function<double(double)> Bernoulli::distribution(double mean) const {
  return [mean](double x) { return x < 0 ? 0.0 : x < 1 ? 1 - mean : 1.0; };
}

double Bernoulli::variance(double mean) const {
  return mean * (1 - mean);
}

double Bernoulli::skewness(double mean) const {
  return variance(mean) > 0 ? (1 - 2 * mean) / std::sqrt(variance(mean)) : 0;
}

std::unique_ptr<const OutcomeModel> Bernoulli::plan(const std::vector<SharedBatch>& batches,
                                                    Channels wanted) const {
  auto model = std::make_unique<BernoulliModel>(batches);
  // Of users who make requests those are kept.
  if (!wanted.has(Channel::exposures) || wanted.has(Channel::requests)) return model;
  return std::make_unique<ListedSuccesses>(std::move(model));
}

}  // namespace windtunnel
