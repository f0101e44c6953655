#include <algorithm>

#include "intakes.hpp"

namespace windtunnel {

namespace {

/// All users of an arm and stratum who were exposed before today behave alike, so it is enough to count them
/// by the sum of their outcomes so far: on each day Binomial(users with the sum v, r p) of them go on to v
/// + 1. Those random numbers lie at the step and row, with the generators of index v.
class CountingIntake final : public Intake {
 public:
  CountingIntake(const IntakeSetting& setting, u64 first_replication, RowMeans& means)
      : setting_(setting),
        first_(first_replication),
        means_(means),
        generators_(setting.seed),
        counts_(static_cast<std::size_t>(setting.rows())),
        chance_(static_cast<std::size_t>(means.lanes())),
        moved_(chance_.size()) {
    drawn_.begin(setting.arms(), means.lanes(), {Channel::users, Channel::successes});
    for (Table<i32>& counts : counts_) counts.assign(setting.visits + 1, means.lanes());
  }

  bool begin(const Step& step, Observed& observed) override {
    if (step.day == day_) return false;
    const bool is_first = day_ < 0;
    day_ = step.day;
    if (is_first) return false;
    for (int row = 0; row < setting_.rows(); ++row) let_return(step, row);
    ++visits_;
    complete(observed);
    return true;
  }

  void add(const Step&, int stratum, const Batch& batch, const BatchSource& source,
           Observed& observed) override {
    drawn_.clear(batch.arm);
    setting_.model->add_batch(batch, source, drawn_);
    Table<i32>& counts = counts_[static_cast<std::size_t>(setting_.row(stratum, batch.arm))];
    i32* users = totals_of(observed, setting_.segment(stratum), -1).users.row(batch.arm);
    for (int l = 0; l < drawn_.lanes; ++l) {
      const i32 more = batch.users.at(l), successes = drawn_.successes.row(batch.arm)[l];
      counts.row(0)[l] += more - successes;
      counts.row(1)[l] += successes;
      users[l] += more;
    }
  }

  void end(const Step&, Observed& observed) override { complete(observed); }

 private:
  /// Users of a row return, those with the largest sums first.
  void let_return(const Step& step, int row) {
    const PerLane<double> mean = means_.of(step.epoch, row);
    const double probability = setting_.climate().return_probability;
    for (std::size_t l = 0; l < chance_.size(); ++l) chance_[l] = probability * mean.at(static_cast<int>(l));
    Table<i32>& counts = counts_[static_cast<std::size_t>(row)];
    for (int value = visits_; value >= 0; --value) {
      const std::span<i32> users = counts.span(value);
      if (std::ranges::all_of(users, [](i32 count) { return count == 0; })) continue;
      sample_binomial({&generators_.at(value).visit, first_},
                      {static_cast<u32>(step.index), static_cast<u32>(row), 0}, users, chance_, moved_);
      i32* next = counts.row(value + 1);
      for (std::size_t l = 0; l < moved_.size(); ++l) {
        users[l] -= moved_[l];
        next[l] += moved_[l];
      }
    }
  }

  void complete(Observed& observed) {
    for_all_totals(observed, -1, [this](Observed& totals, int segment, int) {
      for (int arm = 0; arm < totals.arms; ++arm) {
        std::ranges::fill(totals.sum.span(arm), 0.0);
        if (totals.deviations.rows() > 0) std::ranges::fill(totals.deviations.span(arm), 0.0);
        for (int stratum = 0; stratum < setting_.strata(); ++stratum)
          if (setting_.segment(stratum) == segment) add_sums(setting_.row(stratum, arm), arm, totals);
        if (totals.deviations.rows() == 0) continue;
        for (int stratum = 0; stratum < setting_.strata(); ++stratum)
          if (setting_.segment(stratum) == segment) add_deviations(setting_.row(stratum, arm), arm, totals);
      }
    });
  }

  void add_sums(int row, int arm, Observed& totals) const {
    const Table<i32>& counts = counts_[static_cast<std::size_t>(row)];
    double* sum = totals.sum.row(arm);
    for (int value = 1; value <= visits_; ++value)
      for (int l = 0; l < totals.lanes; ++l) sum[l] += static_cast<double>(value) * counts.row(value)[l];
  }

  /// From the mean itself, so that users who are all alike have none.
  void add_deviations(int row, int arm, Observed& totals) const {
    const Table<i32>& counts = counts_[static_cast<std::size_t>(row)];
    const double* sum = totals.sum.row(arm);
    double* deviations = totals.deviations.row(arm);
    for (int value = 0; value <= visits_; ++value)
      for (int l = 0; l < totals.lanes; ++l) {
        const double off = value - sum[l] / std::max(1, totals.users.row(arm)[l]);
        deviations[l] += counts.row(value)[l] * (off * off);
      }
  }

  const IntakeSetting& setting_;
  u64 first_;
  RowMeans& means_;
  GeneratorShelf generators_;
  std::vector<Table<i32>> counts_;  // [row], of each [sum][lane] users
  int day_ = -1;
  int visits_ = 1;              // that a user can have made until now
  Observed drawn_;              // of one arm at a time
  std::vector<double> chance_;  // [lane]
  std::vector<i32> moved_;      // [lane] users
};

class CountingPlan final : public IntakePlan {
 public:
  explicit CountingPlan(const IntakeSetting& setting) : setting_(setting) {}

  std::unique_ptr<Intake> open(u64 first_replication, RowMeans& means) const override {
    return std::make_unique<CountingIntake>(setting_, first_replication, means);
  }

  double draws(double users) const override { return setting_.model->draws(users); }

  std::string method() const override {
    return setting_.model->method() + "; users by the sum of their outcomes, one binomial a day for each sum";
  }

  double bytes_per_lane() const override {
    return static_cast<double>(setting_.rows()) * (setting_.visits + 1) * sizeof(i32);
  }

 private:
  IntakeSetting setting_;
};

}  // namespace

std::unique_ptr<const IntakePlan> counting_intake(const IntakeSetting& setting) {
  return std::make_unique<CountingPlan>(setting);
}

}  // namespace windtunnel
