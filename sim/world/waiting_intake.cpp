#include <algorithm>

#include "intakes.hpp"

namespace windtunnel {

namespace {

/// Users whose outcomes are not known yet: of one day of exposure or, where neither the wait nor anybody asks
/// for the day, of all days with the same means.
struct Pool {
  int key = 0;  ///< day or epoch
  int day = 0;  ///< of exposure; of the latest one, where the lag has no memory
  const Generators* random = nullptr;
  Table<i32> waiting;                 ///< [row][lane] users
  std::vector<PerLane<double>> mean;  ///< [row] of their outcomes
};

/// Random numbers of the users of a step lie where they would without a lag, and those of lags at the same
/// step and row; those of pool k at the step and row of the report, with the generators 1 + k.
class WaitingIntake final : public Intake {
 public:
  WaitingIntake(const IntakeSetting& setting, u64 first_replication, RowMeans& means)
      : setting_(setting),
        lag_(setting.climate().lag),
        by_day_(setting.wanted.has(Channel::cohorts) || !lag_.is_memoryless()),
        first_(first_replication),
        means_(means),
        generators_(setting.seed),
        changed_(static_cast<std::size_t>(setting.arms())),
        chance_(static_cast<std::size_t>(means.lanes())),
        reported_(chance_.size()) {
    drawn_.begin(setting.arms(), means.lanes(), batch_columns(setting), setting.breadth);
    waiting_.begin(setting.arms(), means.lanes(), {Channel::users});
  }

  bool begin(const Step& step, Observed& observed) override {
    const int before = day_;
    if (step.day == before) return false;
    day_ = step.day;
    for (Pool& pool : pools_) report(step, pool, lag_.chance(before - pool.day, day_ - pool.day), observed);
    std::erase_if(pools_, [](const Pool& pool) { return nobody_waits(pool); });
    complete(observed);
    return true;
  }

  void add(const Step& step, int stratum, const Batch& batch, const BatchSource& source,
           Observed& observed) override {
    if (most_users(batch, means_.lanes()) == 0) return;
    const int row = setting_.row(stratum, batch.arm);
    changed_[static_cast<std::size_t>(batch.arm)] = 1;
    Pool& pool = pool_of(step);
    i32* waiting = pool.waiting.row(row);
    count_users(observed, setting_.segment(stratum), step.day, batch.arm,
                [&](int l) { return batch.users.at(l); });
    new_.resize(chance_.size());
    for (std::size_t l = 0; l < new_.size(); ++l) new_[l] = batch.users.at(static_cast<int>(l));
    std::ranges::fill(chance_, lag_.chance(-1, 0));
    sample_binomial({&generators_.at(0).lag, first_},
                    {static_cast<u32>(step.index), static_cast<u32>(row), 0}, new_, chance_, reported_);
    for (std::size_t l = 0; l < new_.size(); ++l) waiting[l] += new_[l] - reported_[l];
    draw({batch.arm, batch.served, {0, reported_.data()}, batch.mean}, source, setting_.segment(stratum),
         step.day, observed);
  }

  void end(const Step&, Observed& observed) override { complete(observed); }

 private:
  static bool somebody_waits(const Pool& pool, int row) {
    return std::ranges::any_of(pool.waiting.span(row), [](i32 users) { return users > 0; });
  }

  static bool nobody_waits(const Pool& pool) {
    for (int row = 0; row < pool.waiting.rows(); ++row)
      if (somebody_waits(pool, row)) return false;
    return true;
  }

  Pool& pool_of(const Step& step) {
    const int key = by_day_ ? step.day : step.epoch;
    const auto found = std::ranges::find(pools_, key, &Pool::key);
    Pool& pool = found != pools_.end() ? *found : pools_.emplace_back();
    pool.day = step.day;
    if (!pool.mean.empty()) return pool;
    pool.key = key;
    pool.random = &generators_.at(1 + key);
    pool.waiting.assign(setting_.rows(), means_.lanes());
    for (int row = 0; row < setting_.rows(); ++row) pool.mean.push_back(means_.of(step.epoch, row));
    return pool;
  }

  /// Lets users of a pool report, each with one chance.
  void report(const Step& step, Pool& pool, double chance, Observed& observed) {
    if (chance == 0) return;
    std::ranges::fill(chance_, chance);
    for (int row = 0; row < setting_.rows(); ++row) {
      if (!somebody_waits(pool, row)) continue;
      const Address address{static_cast<u32>(step.index), static_cast<u32>(row), 0};
      const std::span<i32> waiting = pool.waiting.span(row);
      sample_binomial({&pool.random->lag, first_}, address, waiting, chance_, reported_);
      for (std::size_t l = 0; l < reported_.size(); ++l) waiting[l] -= reported_[l];
      const int stratum = row / setting_.arms(), arm = row % setting_.arms();
      changed_[static_cast<std::size_t>(arm)] = 1;
      draw({arm, means_.served(row), {0, reported_.data()}, pool.mean[static_cast<std::size_t>(row)]},
           pool.random->source(first_, address), setting_.segment(stratum), pool.day, observed);
    }
  }

  /// Draws the outcomes of users and adds them to what is known.
  void draw(const Batch& batch, const BatchSource& source, int segment, int day, Observed& observed) {
    drawn_.clear(batch.arm);
    setting_.model->add_batch(batch, source, drawn_);
    std::ranges::copy(reported_, drawn_.users.row(batch.arm));
    Observed& all = totals_of(observed, segment, -1);
    all.known.front().take(batch.arm, drawn_);
    if (!all.cohorts.empty()) totals_of(observed, segment, day).known.front().take(batch.arm, drawn_);
  }

  /// Totals are those of the known users, and of the others as if their outcomes were 0.
  void complete(Observed& observed) {
    for_all_totals(observed, day_, [this](Observed& totals, int, int) {
      const Observed& known = totals.known.front();
      for (int arm = 0; arm < totals.arms; ++arm) {
        if (changed_[static_cast<std::size_t>(arm)] == 0) continue;
        const i32 *exposed = totals.users.row(arm), *reported = known.users.row(arm);
        i32* waiting = waiting_.users.row(arm);
        for (int l = 0; l < totals.lanes; ++l) waiting[l] = exposed[l] - reported[l];
        totals.clear(arm);
        totals.take(arm, known);
        totals.merge_unreported(arm, waiting_);
        for (int l = 0; l < totals.lanes; ++l) totals.users.row(arm)[l] += waiting[l];
      }
    });
    std::ranges::fill(changed_, 0);
  }

  const IntakeSetting& setting_;
  const Lag lag_;
  const bool by_day_;
  u64 first_;
  RowMeans& means_;
  GeneratorShelf generators_;
  std::vector<Pool> pools_;
  int day_ = -1;
  std::vector<int> changed_;         // [arm] 1: its totals have to be completed
  Observed drawn_, waiting_;         // of one arm at a time
  std::vector<double> chance_;       // [lane]
  std::vector<i32> new_, reported_;  // [lane] users
};

class WaitingPlan final : public IntakePlan {
 public:
  explicit WaitingPlan(const IntakeSetting& setting) : setting_(setting) {}

  std::unique_ptr<Intake> open(u64 first_replication, RowMeans& means) const override {
    return std::make_unique<WaitingIntake>(setting_, first_replication, means);
  }

  double draws(double users) const override { return setting_.model->draws(users); }

  std::string method() const override {
    return setting_.model->method() + ", once outcomes become known: of how many, by one more binomial a day";
  }

 private:
  IntakeSetting setting_;
};

}  // namespace

std::unique_ptr<const IntakePlan> waiting_intake(const IntakeSetting& setting) {
  return std::make_unique<WaitingPlan>(setting);
}

}  // namespace windtunnel
