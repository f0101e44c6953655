#include "windtunnel/design/policies/fixed_split.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <span>
#include <utility>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/reading.hpp"
#include "windtunnel/core/samplers.hpp"
#include "windtunnel/design/shares.hpp"

namespace windtunnel {

namespace {

using StepUsers = std::vector<std::vector<i64>>;  // [step][arm]

/// Tells the shares as every user's chances; empty: nobody asks for them.
void tell_chances(std::span<const double> shares, int lanes, Table<double>& chances) {
  const auto arms = static_cast<int>(shares.size());
  if (chances.rows() == arms && chances.lanes() == lanes) return;
  chances.assign(arms, lanes);
  for (int arm = 0; arm < arms; ++arm)
    std::fill_n(chances.row(arm), lanes, shares[static_cast<std::size_t>(arm)]);
}

class BalancedAllocator final : public Allocator {
 public:
  BalancedAllocator(const StepUsers& users, std::span<const double> chances)
      : users_(users), chances_(chances) {}

  void allocate(const Step& step, const Observed& observed, Allocation& allocation) override {
    tell_chances(chances_, observed.lanes, allocation.chances);
    allocation.kind = Allocation::Kind::shared;
    allocation.shared = users_[static_cast<std::size_t>(step.index)];
  }

 private:
  const StepUsers& users_;
  std::span<const double> chances_;  // [arm]
};

class BalancedPlan final : public PolicyPlan {
 public:
  BalancedPlan(const Timeline& timeline, std::span<const double> shares, std::vector<double> chances)
      : chances_(std::move(chances)) {
    std::vector<i64> so_far(shares.size(), 0);
    for (const Step& step : timeline.steps()) users_.push_back(next_users(shares, step.users_after, so_far));
  }

  std::unique_ptr<Allocator> open(u64, int) const override {
    return std::make_unique<BalancedAllocator>(users_, chances_);
  }
  const StepUsers* shared_users() const override { return &users_; }

 private:
  StepUsers users_;
  std::vector<double> chances_;  // [arm] to be told
};

/// What all blocks share: the arms' conditional probabilities and the first arm's tables.
struct BernoulliSplit {
  Random random;
  std::vector<double> conditional;     // [arm] share among this and the later arms
  std::map<i64, BinomialTable> first;  // control's users by users of the step
  std::vector<double> chances;         // [arm] to be told
};

class BernoulliAllocator final : public Allocator {
 public:
  BernoulliAllocator(const BernoulliSplit& split, u64 first_replication, int lanes)
      : split_(split),
        source_{&split.random, first_replication},
        left_(static_cast<std::size_t>(lanes)),
        probability_(static_cast<std::size_t>(lanes)) {}

  void allocate(const Step& step, const Observed& observed, Allocation& allocation) override {
    const int arms = static_cast<int>(split_.conditional.size());
    tell_chances(split_.chances, observed.lanes, allocation.chances);
    allocation.kind = Allocation::Kind::counts;
    allocation.counts.assign(arms, observed.lanes);
    left_.assign(left_.size(), static_cast<i32>(step.users()));
    for (int arm = 0; arm + 1 < arms; ++arm) {
      draw(step, arm, allocation.counts.span(arm));
      const i32* __restrict counts = allocation.counts.row(arm);
      i32* __restrict left = left_.data();
      for (int l = 0; l < observed.lanes; ++l) left[l] -= counts[l];
    }
    std::copy(left_.begin(), left_.end(), allocation.counts.row(arms - 1));
  }

 private:
  /// Users of one arm among those the arms before it have left.
  void draw(const Step& step, int arm, std::span<i32> counts) {
    const Address address{static_cast<u32>(step.index), static_cast<u32>(arm), 0};
    const auto table = split_.first.find(step.users());
    if (arm == 0 && table != split_.first.end()) return table->second.add(source_, address, counts);
    probability_.assign(probability_.size(), split_.conditional[static_cast<std::size_t>(arm)]);
    sample_binomial(source_, address, left_, probability_, counts);
  }

  const BernoulliSplit& split_;
  LaneSource source_;
  std::vector<i32> left_;            // [lane] users not yet given to an arm
  std::vector<double> probability_;  // [lane]
};

class BernoulliPlan final : public PolicyPlan {
 public:
  BernoulliPlan(const Timeline& timeline, std::span<const double> shares, std::vector<double> chances,
                u64 seed)
      : split_{Random(seed, Purpose::assignment), {}, {}, std::move(chances)} {
    double rest = 1;
    for (double share : shares) {
      split_.conditional.push_back(share < rest ? share / rest : 1);
      rest -= share;
    }
    for (const Step& step : timeline.steps())
      if (BinomialTable::fits(step.users(), shares[0]))
        split_.first.try_emplace(step.users(), step.users(), shares[0]);
  }

  std::unique_ptr<Allocator> open(u64 first_replication, int lanes) const override {
    return std::make_unique<BernoulliAllocator>(split_, first_replication, lanes);
  }

 private:
  BernoulliSplit split_;
};

}  // namespace

void FixedSplit::describe(Fields& fields) {
  fields.numbers("shares", weights_, kPositive, {"weight of each arm, any sum; absent = equal"});
  describe_choice(fields, "assignment", assignment_, {"balanced", "bernoulli"},
                  {"balanced: exact shares at every moment; bernoulli: every user flips"});
}

std::vector<double> FixedSplit::planned_shares(int arms) const {
  const auto count = static_cast<std::size_t>(arms);
  if (weights_.empty()) return std::vector<double>(count, 1.0 / arms);
  if (weights_.size() != count)
    throw InputError("",
                     "shares has " + counted(weights_.size(), "weight") + " for " + counted(count, "arm"));
  const double total = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  std::vector<double> shares(weights_);
  for (double& share : shares) share /= total;
  return shares;
}

std::unique_ptr<const PolicyPlan> FixedSplit::plan(const Timeline& timeline,
                                                   const PolicySetting& setting) const {
  const std::vector<double> shares = planned_shares(setting.arms);
  std::vector<double> chances;
  if (setting.tells_chances) chances = shares;
  if (assignment_ == Assignment::balanced)
    return std::make_unique<BalancedPlan>(timeline, shares, std::move(chances));
  return std::make_unique<BernoulliPlan>(timeline, shares, std::move(chances), setting.seed);
}

}  // namespace windtunnel
