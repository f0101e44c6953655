#include "windtunnel/design/analyses/batch_z.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include "windtunnel/design/newcomers.hpp"

namespace windtunnel {

namespace {

/// What rounds of one hypothesis come to.
struct Rounds {
  double count = 0;
  double precision = 0;  // sum of 1/s_b
  double z = 0;          // sum of d_b/s_b

  /// Adds a round, if it has both arms and spread.
  void add(const ArmTotals& control, const ArmTotals& treatment) {
    constexpr double kRounding = 1e-12;
    if (control.users == 0 || treatment.users == 0) return;
    const double from = control.total / control.users, to = treatment.total / treatment.users;
    const bool differ = std::fabs(to - from) > kRounding * (std::fabs(from) + std::fabs(to));
    const double difference = differ ? to - from : 0;
    const double variance = variance_of(control, treatment, difference);
    if (!(variance > 0)) return;
    const double root = std::sqrt(variance);
    count += 1;
    precision += 1 / root;
    z += difference / root;
  }

  /// Tells what they are evidence of, in a lane of a hypothesis.
  void tell(int hypothesis, int lane, Evidence& evidence) const {
    const double margin = evidence.margin[static_cast<std::size_t>(hypothesis)];
    const bool known = count > 0;
    evidence.excess.row(hypothesis)[lane] = known ? evidence.direction * (z / precision - margin) : 0;
    evidence.variance.row(hypothesis)[lane] = known ? count / (precision * precision) : 0;
  }

 private:
  /// Mean square of the difference over all ways to divide the round's users among the arms.
  static double variance_of(const ArmTotals& control, const ArmTotals& treatment, double difference) {
    const double users = control.users + treatment.users;
    const double squares = difference == 0
                               ? control.squares + treatment.squares
                               : merged_deviations(control.users, control.total, control.squares,
                                                   treatment.users, treatment.total, treatment.squares);
    return squares / (users - 1) * sum_of_inverses(control, treatment);
  }
};

/// Numbers the rounds of a block by the steps that begin them.
class RoundOfStep {
 public:
  /// Sees the next step.
  void follow(const Step& step) {
    count_ += step.begins_round ? 1 : 0;
    rounds_.push_back(static_cast<std::size_t>(count_ - 1));
  }

  int count() const { return count_; }

  /// The round of a step, as it is kept of users.
  std::size_t at(double step) const { return rounds_[static_cast<std::size_t>(step)]; }

 private:
  int count_ = 0;
  std::vector<std::size_t> rounds_;  // [step]
};

/// Adds up the totals of steps.
class BatchEvaluator final : public Evaluator {
 public:
  BatchEvaluator(bool binary, int arms, int lanes)
      : binary_(binary),
        arms_(arms),
        of_round_(binary, arms, lanes),
        of_step_(binary, arms, lanes),
        over_(static_cast<std::size_t>((arms - 1) * lanes)),
        all_(over_) {}

  std::unique_ptr<Evaluator> of_block(int lanes) const override {
    return std::make_unique<BatchEvaluator>(binary_, arms_, lanes);
  }

  /// A round is over when the next one begins, to which the step belongs.
  void follow(const Step& step, const Table<double>&, const Observed& seen) override {
    if (step.begins_round) {
      over_ = all_;
      std::swap(of_round_, of_step_);
    }
    for (int h = 0; h + 1 < arms_; ++h)
      for (int l = 0; l < seen.lanes; ++l) {
        // The present round, as it stands, is put to those that are over.
        const auto place = static_cast<std::size_t>(h * seen.lanes + l);
        all_[place] = over_[place];
        all_[place].add(of_round_.at(seen, 0, l), of_round_.at(seen, h + 1, l));
      }
    of_step_.restart(seen);
  }

  void weigh(const Observed&, Evidence& evidence) const override {
    for (int h = 0; h < evidence.hypotheses; ++h)
      for (int l = 0; l < evidence.lanes; ++l)
        all_[static_cast<std::size_t>(h * evidence.lanes + l)].tell(h, l, evidence);
  }

 private:
  bool binary_;
  int arms_;
  Newcomers of_round_, of_step_;  // users of the present round, of the step that comes next
  std::vector<Rounds> over_;      // [hypothesis][lane] rounds that are over
  std::vector<Rounds> all_;       // [hypothesis][lane] and the present one
};

/// Divides users who are listed with the steps in which they came.
class ListedBatchEvaluator final : public Evaluator {
 public:
  std::unique_ptr<Evaluator> of_block(int) const override { return std::make_unique<ListedBatchEvaluator>(); }

  bool follows_totals() const override { return false; }
  void follow(const Step& step, const Table<double>&, const Observed&) override { round_.follow(step); }

  void weigh(const Observed& seen, Evidence& evidence) const override {
    std::vector<ArmTotals> control, treatment;
    for (int l = 0; l < evidence.lanes; ++l) {
      divide(seen, 0, l, control);
      for (int h = 0; h < evidence.hypotheses; ++h) {
        divide(seen, h + 1, l, treatment);
        Rounds all;
        for (std::size_t b = 0; b < control.size(); ++b) all.add(control[b], treatment[b]);
        all.tell(h, l, evidence);
      }
    }
  }

 private:
  /// Totals of an arm's users by round.
  void divide(const Observed& seen, int arm, int lane, std::vector<ArmTotals>& by_round) const {
    by_round.assign(static_cast<std::size_t>(round_.count()), {0, 0, 0});
    const std::vector<double>&values = seen.values.at(arm, lane), &steps = seen.exposures.at(arm, lane);
    for (std::size_t user = 0; user < values.size(); ++user)
      by_round[round_.at(steps[user])].add(values[user]);
  }

  RoundOfStep round_;
};

}  // namespace

Channels BatchZ::needs(Channels offered) const {
  return followed_channels(offered);
}

std::unique_ptr<const Evaluator> BatchZ::open(const Setting& setting) const {
  if (setting.offers.has(Channel::exposures)) return std::make_unique<ListedBatchEvaluator>();
  return std::make_unique<BatchEvaluator>(setting.binary(), setting.arms, 0);
}

}  // namespace windtunnel
