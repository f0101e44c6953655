#include "windtunnel/world/batch_stream.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace windtunnel {

namespace {

/// Users of an arm; a single user in every lane has been spread before.
PerLane<i32> users_of(const Allocation& allocation, int arm) {
  if (allocation.kind == Allocation::Kind::shared)
    return {static_cast<i32>(allocation.shared[static_cast<std::size_t>(arm)]), nullptr};
  return {0, allocation.counts.row(arm)};
}

/// Where a block's random numbers lie.
struct Sources {
  LaneSource outcome, spread, company, membership;
  PullSource pull;

  BatchSource at(Address address) const { return {outcome, spread, company, address}; }
};

/// Hands over all users of an arm with the arm's mean.
class BatchStream final : public Stream {
 public:
  BatchStream(const IntakePlan& plan, u64 first_replication, Sources sources, Path path, const Truth& truth)
      : plan_(plan),
        means_(nullptr, truth),
        intake_(plan.open(first_replication, means_)),
        sources_(sources),
        path_(path),
        truth_(truth) {}

  void begin(const Step& step, Observed& observed) override { intake_->begin(step, observed); }

  void advance(const Step& step, const Allocation& allocation, Observed& observed) override {
    if (allocation.kind != Allocation::Kind::arm) {
      if (pulls_ != nullptr) pulls_->interrupt();
      return add_batches(step, allocation, observed);
    }
    if (step.epoch != pull_means_.epoch) find_pull_means(step.epoch);
    if (pulls_ != nullptr) return pulls_->add(allocation.arm.row(0), pull_means_, observed);
    allocation.spread(observed.arms, observed.lanes, counts_);
    add_batches(step, counts_, observed);
  }

 private:
  void find_pull_means(int epoch) {
    if (pull_means_.epoch < 0) pulls_ = plan_.open_pulls(sources_.pull);
    pull_means_.epoch = epoch;
    pull_means_.stride = truth_.kind == Truth::Kind::shared ? 0 : 1;
    pull_means_.arm.clear();
    for (int arm = 0; arm < truth_.arms; ++arm)
      pull_means_.arm.push_back(truth_.mean.row(truth_.row(epoch, arm)));
  }

  void add_batches(const Step& step, const Allocation& allocation, Observed& observed) {
    // Increments are addressed by step, users by their place on the axis of all users.
    const i64 time = path_ == Path::increments ? step.index : step.users_before;
    for (int arm = 0; arm < observed.arms; ++arm) {
      const Batch batch{arm, means_.served(arm), users_of(allocation, arm), means_.of(step.epoch, arm)};
      const Address address{static_cast<u32>(time), static_cast<u32>(arm), 0};
      intake_->add(step, 0, batch, sources_.at(address), observed);
    }
    intake_->end(step, observed);
  }

  const IntakePlan& plan_;
  RowMeans means_;
  std::unique_ptr<Intake> intake_;
  Sources sources_;
  Path path_;
  const Truth& truth_;
  std::unique_ptr<Pulls> pulls_;
  Pulls::ArmMeans pull_means_;
  Allocation counts_;
};

/// Divides the users of an arm among its strata: counts by a chain of binomials, single users by one uniform
/// each. Random numbers of stratum g of arm a lie at row g arms + a.
class StrataStream final : public Stream {
 public:
  StrataStream(const IntakePlan& plan, u64 first_replication, const Means& strata, Sources sources, Path path,
               const Truth& truth)
      : strata_(strata.climate().strata),
        arms_(strata.arms()),
        means_(&strata, truth),
        intake_(plan.open(first_replication, means_)),
        sources_(sources),
        path_(path) {
    for (int arm = 0; arm < arms_; ++arm) chances_.push_back(chances_of(arm));
  }

  void begin(const Step& step, Observed& observed) override {
    if (intake_->begin(step, observed) && !observed.segments.empty()) observed.add_up_segments();
  }

  void advance(const Step& step, const Allocation& any, Observed& observed) override {
    if (any.kind == Allocation::Kind::arm) any.spread(observed.arms, observed.lanes, counts_);
    const Allocation& allocation = any.kind == Allocation::Kind::arm ? counts_ : any;
    for (int arm = 0; arm < observed.arms; ++arm)
      if (path_ == Path::increments)
        add_counts(step, users_of(allocation, arm), arm, observed);
      else
        add_one_by_one(step, users_of(allocation, arm), arm, observed);
    intake_->end(step, observed);
    if (!observed.segments.empty()) observed.add_up_segments();
  }

 private:
  int strata() const { return static_cast<int>(strata_.size()); }
  int row(int stratum, int arm) const { return stratum * arms_ + arm; }

  /// Share of each stratum among the users of an arm that no earlier stratum has taken.
  std::vector<double> chances_of(int arm) const {
    std::vector<double> chances;
    double left = 1;
    for (const Stratum& stratum : strata_) {
      const double share = stratum.share_of_arm[static_cast<std::size_t>(arm)];
      chances.push_back(left > 0 ? std::min(1.0, share / left) : 0);
      left -= share;
    }
    if (!chances.empty()) chances.back() = 1;  // whatever rounding left
    return chances;
  }

  void add_counts(const Step& step, PerLane<i32> users, int arm, Observed& observed) {
    const auto lanes = static_cast<std::size_t>(observed.lanes);
    left_.resize(lanes);
    for (std::size_t l = 0; l < lanes; ++l) left_[l] = users.at(static_cast<int>(l));
    chance_.resize(lanes);
    taken_.resize(lanes);
    for (int g = 0; g < strata(); ++g) {
      const Address address{static_cast<u32>(step.index), static_cast<u32>(row(g, arm)), 0};
      std::ranges::fill(chance_, chances_[at(arm)][at(g)]);
      sample_binomial(sources_.membership, address, left_, chance_, taken_);
      for (std::size_t l = 0; l < lanes; ++l) left_[l] -= taken_[l];
      const Batch batch{
          arm, means_.served(row(g, arm)), {0, taken_.data()}, means_.of(step.epoch, row(g, arm))};
      intake_->add(step, g, batch, sources_.at(address), observed);
    }
  }

  void add_one_by_one(const Step& step, PerLane<i32> users, int arm, Observed& observed) {
    const auto lanes = static_cast<std::size_t>(observed.lanes);
    uniform_.resize(lanes);
    taken_.resize(lanes);
    stratum_.resize(lanes);
    i32 most = 0;
    for (std::size_t l = 0; l < lanes; ++l) most = std::max(most, users.at(static_cast<int>(l)));
    for (i32 user = 0; user < most; ++user) {
      const Address address{static_cast<u32>(step.users_before + user), static_cast<u32>(arm), 0};
      sample_uniform(sources_.membership, address, uniform_);
      for (std::size_t l = 0; l < lanes; ++l)
        stratum_[l] = user < users.at(static_cast<int>(l)) ? stratum_at(arm, uniform_[l]) : -1;
      for (int g = 0; g < strata(); ++g) {
        for (std::size_t l = 0; l < lanes; ++l) taken_[l] = stratum_[l] == g ? 1 : 0;
        const Batch batch{
            arm, means_.served(row(g, arm)), {0, taken_.data()}, means_.of(step.epoch, row(g, arm))};
        intake_->add(step, g, batch, sources_.at(address), observed);
      }
    }
  }

  int stratum_at(int arm, double uniform) const {
    int g = 0;
    for (; g + 1 < strata(); ++g) {
      const double share = strata_[at(g)].share_of_arm[at(arm)];
      if (uniform < share) break;
      uniform -= share;
    }
    return g;
  }

  static std::size_t at(int index) { return static_cast<std::size_t>(index); }

  const std::vector<Stratum>& strata_;
  int arms_;
  RowMeans means_;
  std::unique_ptr<Intake> intake_;
  Sources sources_;
  Path path_;
  std::vector<std::vector<double>> chances_;  // [arm][stratum]
  Allocation counts_;
  std::vector<i32> left_, taken_, stratum_;  // [lane] users, and the stratum of one; -1: there is none
  std::vector<double> chance_, uniform_;     // [lane]
};

}  // namespace

BatchStreamPlan::BatchStreamPlan(const IntakeSetting& setting)
    : intake_(plan_intake(setting)),
      strata_(setting.apart ? setting.means : nullptr),
      outcome_(setting.seed, Purpose::outcome),
      spread_(setting.seed, Purpose::spread),
      company_(setting.seed, Purpose::company),
      membership_(setting.seed, Purpose::membership),
      pull_(setting.seed, Purpose::pull),
      pulled_outcome_(setting.seed, Purpose::pulled_value, 0),
      pulled_spread_(setting.seed, Purpose::pulled_value, 1),
      pulled_company_(setting.seed, Purpose::pulled_value, 2),
      path_(setting.path),
      bytes_of_values_(setting.bytes_of_values) {}

std::unique_ptr<Stream> BatchStreamPlan::open(u64 first_replication, const Truth& truth) const {
  const Sources sources{{&outcome_, first_replication},
                        {&spread_, first_replication},
                        {&company_, first_replication},
                        {&membership_, first_replication},
                        {&pull_, &pulled_outcome_, &pulled_spread_, &pulled_company_, first_replication}};
  if (strata_ == nullptr)
    return std::make_unique<BatchStream>(*intake_, first_replication, sources, path_, truth);
  return std::make_unique<StrataStream>(*intake_, first_replication, *strata_, sources, path_, truth);
}

std::string BatchStreamPlan::method() const {
  const std::string strata =
      strata_ == nullptr || path_ == Path::users
          ? ""
          : "users divided among " + std::to_string(strata_->climate().strata.size()) + " strata, ";
  if (!intake_->is_by_user()) return "increments: " + strata + intake_->method();
  const std::string why = intake_->method();
  return strata + "users one by one" + (why.empty() ? "" : ", " + why);
}

}  // namespace windtunnel
