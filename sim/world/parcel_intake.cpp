#include <algorithm>

#include "intakes.hpp"

namespace windtunnel {

namespace {

/// Users of a step are divided by the day on which they will report, and drawn in these parts at once. What
/// is known of a user beforehand counts from exposure on, the outcome from the report on. Random numbers of
/// those who report `age` days after exposure have the generators `age`, at the step and row of exposure.
class ParcelIntake final : public Intake {
 public:
  ParcelIntake(const IntakeSetting& setting, u64 first_replication, RowMeans& means)
      : setting_(setting),
        first_(first_replication),
        generators_(setting.seed),
        due_(static_cast<std::size_t>(setting.breadth.days) + 1),
        chance_(static_cast<std::size_t>(means.lanes())),
        left_(chance_.size()),
        part_(chance_.size()) {
    drawn_.begin(setting.arms(), means.lanes(), batch_columns(setting), setting.breadth);
    for (Observed& due : due_)
      due.begin(setting.arms(), means.lanes(), setting.wanted.without(Channel::known), setting.breadth);
  }

  bool begin(const Step& step, Observed& observed) override {
    if (step.day == day_) return false;
    for (++day_; day_ < step.day; ++day_) deliver(day_, observed);
    deliver(day_, observed);
    complete(observed);
    return true;
  }

  void add(const Step& step, int stratum, const Batch& batch, const BatchSource& source,
           Observed& observed) override {
    const Lag& lag = setting_.climate().lag;
    const int segment = setting_.segment(stratum), never = setting_.breadth.days;
    const Address address{static_cast<u32>(step.index), static_cast<u32>(setting_.row(stratum, batch.arm)),
                          0};
    for (std::size_t l = 0; l < left_.size(); ++l) left_[l] = batch.users.at(static_cast<int>(l));
    for (int day = step.day; day <= never; ++day) {
      const int age = day - step.day;
      const Generators& random = generators_.at(age);
      std::ranges::fill(chance_, day < never ? lag.chance(age - 1, age) : 1.0);
      sample_binomial({&random.lag, first_}, address, left_, chance_, part_);
      for (std::size_t l = 0; l < left_.size(); ++l) left_[l] -= part_[l];
      draw({batch.arm, batch.served, {0, part_.data()}, batch.mean},
           age == 0 ? source : random.source(first_, address));
      drawn_.keep_exposures(batch.arm, step.index);
      for (Observed* totals : parts_of(observed, segment, step.day))
        age == 0 ? count_known(batch.arm, *totals) : count_waiting(batch.arm, drawn_, *totals);
      if (age == 0) continue;
      for (Observed* totals : parts_of(due_[static_cast<std::size_t>(day)], segment, step.day))
        totals->take(batch.arm, drawn_);
    }
  }

 private:
  /// The totals that users of a day of exposure are counted in: of all days and, if they are wanted, of this
  /// one.
  static std::vector<Observed*> parts_of(Observed& observed, int segment, int day) {
    std::vector<Observed*> parts{&totals_of(observed, segment, -1)};
    if (!parts.front()->cohorts.empty()) parts.push_back(&totals_of(observed, segment, day));
    return parts;
  }

  void draw(const Batch& batch, const BatchSource& source) {
    drawn_.clear(batch.arm);
    setting_.model->add_batch(batch, source, drawn_);
    for (int l = 0; l < drawn_.lanes; ++l) drawn_.users.row(batch.arm)[l] = batch.users.at(l);
  }

  /// Adds the users drawn, who report at once.
  void count_known(int arm, Observed& totals) const {
    totals.known.front().take(arm, drawn_);
    totals.take(arm, drawn_);
  }

  /// Adds users as if their outcomes were 0.
  static void count_waiting(int arm, const Observed& waiting, Observed& totals) {
    totals.merge_unreported(arm, waiting);
    for (int l = 0; l < totals.lanes; ++l) totals.users.row(arm)[l] += waiting.users.row(arm)[l];
  }

  /// Makes known what is due on a day.
  void deliver(int day, Observed& observed) {
    Observed& due = due_[static_cast<std::size_t>(day)];
    for_all_totals(observed, day, [&](Observed& totals, int segment, int cohort) {
      Observed& part = totals_of(due, segment, cohort);
      for (int arm = 0; arm < totals.arms; ++arm) {
        totals.known.front().take(arm, part);
        part.clear(arm);
      }
    });
  }

  /// Totals are those of the known users, and of the others as if their outcomes were 0.
  void complete(Observed& observed) {
    for_all_totals(observed, day_, [this](Observed& totals, int segment, int cohort) {
      for (int arm = 0; arm < totals.arms; ++arm) {
        totals.clear(arm);
        totals.take(arm, totals.known.front());
        for (std::size_t day = static_cast<std::size_t>(day_) + 1; day < due_.size(); ++day)
          count_waiting(arm, totals_of(due_[day], segment, cohort), totals);
      }
    });
  }

  const IntakeSetting& setting_;
  u64 first_;
  GeneratorShelf generators_;
  int day_ = -1;
  std::vector<Observed> due_;     // [day of report; the last: after the experiment]
  Observed drawn_;                // of one arm at a time
  std::vector<double> chance_;    // [lane]
  std::vector<i32> left_, part_;  // [lane] users
};

class ParcelPlan final : public IntakePlan {
 public:
  explicit ParcelPlan(const IntakeSetting& setting) : setting_(setting) {}

  std::unique_ptr<Intake> open(u64 first_replication, RowMeans& means) const override {
    return std::make_unique<ParcelIntake>(setting_, first_replication, means);
  }

  double draws(double users) const override { return setting_.model->draws(users); }

  std::string method() const override {
    return setting_.model->method() + ", for each day of report, as " +
           (setting_.wanted.has(Channel::covariate) ? "the covariate" : "who has come") +
           " is known before it: users divided among them by binomials";
  }

  double bytes_per_lane() const override {
    const double days = setting_.breadth.days,
                 totals = 1 + (setting_.wanted.has(Channel::cohorts) ? days : 0);
    const double columns = 6 + 3.0 * setting_.breadth.metrics, segments = 1 + setting_.breadth.segments;
    return days * totals * columns * segments * setting_.arms() * sizeof(double);
  }

 private:
  IntakeSetting setting_;
};

}  // namespace

std::unique_ptr<const IntakePlan> parcel_intake(const IntakeSetting& setting) {
  return std::make_unique<ParcelPlan>(setting);
}

}  // namespace windtunnel
