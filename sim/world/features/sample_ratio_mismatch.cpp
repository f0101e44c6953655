#include "windtunnel/world/features/sample_ratio_mismatch.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/lane_source.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/core/reading.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {

namespace {

/// What is broken: an arm that loses users, or the shares (then not empty) by which all are assigned.
struct Defect {
  int arm = 0;
  double drop_rate = 0;
  std::vector<double> shares;
};

/// Weights as shares that add up to 1.
std::vector<double> whole(std::vector<double> weights) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= total;
  return weights;
}

/// Random numbers of assignment to arm a lie at row a, those of losses at row arms + a.
class MismatchStream final : public Stream {
 public:
  MismatchStream(std::unique_ptr<Stream> inner, const Defect& defect, LaneSource source, const Truth& truth)
      : inner_(std::move(inner)), defect_(defect), source_(source), truth_(truth) {}

  void assign(const Step& step, Allocation& allocation) override {
    inner_->assign(step, allocation);
    if (defect_.shares.empty()) return;
    allocation.spread(truth_.arms, truth_.lanes, allocation);
    left_.assign(static_cast<std::size_t>(truth_.lanes), 0);
    for (int arm = 0; arm < truth_.arms; ++arm)
      for (int l = 0; l < truth_.lanes; ++l) left_[at(l)] += allocation.counts.row(arm)[l];
    double share_left = 1;
    for (int arm = 0; arm < truth_.arms; ++arm) {
      const double share = defect_.shares[at(arm)];
      const bool last = arm + 1 == truth_.arms;
      thin(step, arm, last ? 1 : std::min(1.0, share / share_left), left_, allocation.counts.span(arm));
      for (int l = 0; l < truth_.lanes; ++l) left_[at(l)] -= allocation.counts.row(arm)[l];
      share_left -= share;
    }
  }

  void begin(const Step& step, Observed& observed) override { inner_->begin(step, observed); }

  void advance(const Step& step, const Allocation& allocation, Observed& observed) override {
    if (defect_.drop_rate == 0) return inner_->advance(step, allocation, observed);
    allocation.spread(truth_.arms, truth_.lanes, seen_);
    const std::span<i32> users = seen_.counts.span(defect_.arm);
    left_.assign(users.begin(), users.end());
    thin(step, truth_.arms + defect_.arm, 1 - defect_.drop_rate, left_, users);
    inner_->advance(step, seen_, observed);
  }

 private:
  static std::size_t at(int index) { return static_cast<std::size_t>(index); }

  /// Binomial parts of counts.
  void thin(const Step& step, int row, double probability, std::span<const i32> whole, std::span<i32> part) {
    chance_.assign(whole.size(), probability);
    sample_binomial(source_, {static_cast<u32>(step.index), static_cast<u32>(row), 0}, whole, chance_, part);
  }

  std::unique_ptr<Stream> inner_;
  const Defect& defect_;
  LaneSource source_;
  const Truth& truth_;
  Allocation seen_;
  std::vector<i32> left_;       // [lane]
  std::vector<double> chance_;  // [lane]
};

class MismatchPlan final : public StreamPlan {
 public:
  MismatchPlan(std::unique_ptr<const StreamPlan> inner, Defect defect, u64 seed)
      : inner_(std::move(inner)), defect_(std::move(defect)), loss_(seed, Purpose::loss) {}

  std::unique_ptr<Stream> open(u64 first_replication, const Truth& truth) const override {
    return std::make_unique<MismatchStream>(inner_->open(first_replication, truth), defect_,
                                            LaneSource{&loss_, first_replication}, truth);
  }

  double bytes_per_lane() const override { return inner_->bytes_per_lane(); }
  double draws(double users) const override { return inner_->draws(users); }

  std::string method() const override {
    return (defect_.shares.empty() ? "lost users by one binomial draw, " : "assignment redrawn, ") +
           inner_->method();
  }

 private:
  std::unique_ptr<const StreamPlan> inner_;
  Defect defect_;
  Random loss_;
};

/// Chi-square of the users seen against those expected.
class SampleRatioGuard final : public Guard {
 public:
  SampleRatioGuard(double level, int arms) : critical_(math::chi_square_quantile_upper(level, arms - 1)) {}

  void raise_alarms(const Observed& observed, const Table<double>& expected, i32* alarms) const override {
    for (int l = 0; l < observed.lanes; ++l) {
      double statistic = 0;
      for (int arm = 0; arm < observed.arms; ++arm) {
        const double mean = expected.row(arm)[l], excess = observed.users.row(arm)[l] - mean;
        statistic += mean > 0 ? excess * excess / mean : 0;
      }
      alarms[l] |= statistic >= critical_ ? 1 : 0;
    }
  }

 private:
  double critical_;
};

/// Leaves what is seen as it is; brings the guard.
class SampleRatioLens final : public Lens {
 public:
  void describe(Fields& fields) override {
    const auto describe_guards = [this](Fields& guards) {
      guards.number(
          "sample_ratio", level_, kOpenProbability,
          {"level of a chi-square test of the users seen against the planned shares, or the chances that a "
           "policy that learns gave them, at every look"});
    };
    fields.object("guards", describe_guards, {"what breaks the experiment off before the rule is heard"});
  }

  bool is_plain() const override { return !level_; }
  Channels needs(Channels) const override { return {}; }
  const Observed& see(const Observed& observed, const Moment&, int, Observed&) const override {
    return observed;
  }

  std::unique_ptr<const Guard> guard(int arms) const override {
    return level_ ? std::make_unique<SampleRatioGuard>(*level_, arms) : nullptr;
  }

 private:
  std::optional<double> level_;
};

}  // namespace

void SampleRatioMismatch::describe(Fields& fields) {
  fields.arm("arm", arm_, {"arm whose users are lost"});
  fields.number("drop_rate", drop_rate_, kProbability, {"share of its users that are lost"});
  fields.numbers("shares", shares_, kNotNegative,
                 {"weights by which users are really assigned; absent: as planned"});
  if (arm_.empty() && drop_rate_ > 0) fields.refuse("drop_rate", "needs the \"arm\" whose users are lost");
  if (!shares_.empty() && drop_rate_ > 0)
    fields.refuse("shares", "stands beside \"drop_rate\"; a mismatch is one of them");
}

void SampleRatioMismatch::shape(Climate& climate) const {
  if (!shares_.empty() && shares_.size() != static_cast<std::size_t>(climate.arms()))
    throw InputError("/shares", "has " + counted(shares_.size(), "weight") + " for " +
                                    counted(static_cast<std::size_t>(climate.arms()), "arm"));
}

std::unique_ptr<const StreamPlan> SampleRatioMismatch::around(std::unique_ptr<const StreamPlan> stream,
                                                              const Climate& climate, u64 seed) const {
  if (!changes_counts()) return stream;
  return std::make_unique<MismatchPlan>(
      std::move(stream), Defect{arm_.empty() ? 0 : climate.arm(arm_), drop_rate_, whole(shares_)}, seed);
}

std::vector<double> SampleRatioMismatch::shares_seen(std::vector<double> without,
                                                     const Climate& climate) const {
  if (!shares_.empty()) return whole(shares_);
  if (!arm_.empty()) without[static_cast<std::size_t>(climate.arm(arm_))] *= 1 - drop_rate_;
  return without;
}

std::unique_ptr<Lens> SampleRatioMismatch::lens() const {
  return std::make_unique<SampleRatioLens>();
}

}  // namespace windtunnel
