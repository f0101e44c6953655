#pragma once

#include <optional>
#include <string>
#include <vector>

#include "windtunnel/engine/experiment.hpp"

namespace windtunnel {

/// What a strategy saw and said at one look of one replication.
struct LookNote {
  int look = 0;                  ///< index into StrategyPlan::look_users
  std::vector<i64> users;        ///< [arm]
  std::vector<double> total;     ///< [arm] successes, else sum of outcomes
  std::vector<double> estimate;  ///< [hypothesis] difference against control, natural scale
  std::vector<double> margin;    ///< [hypothesis] natural scale
  std::vector<double> z;         ///< [hypothesis] excess over the margin / its error; towards better is up
  std::vector<double> variance;  ///< [hypothesis] 0: no evidence
  std::vector<i32> calls;        ///< [hypothesis] Call
  enum class Outcomes { binary, other, unseen } outcomes = Outcomes::other;  ///< unseen: totals were not kept
};

/// How one replication ended under one strategy.
struct EndNote {
  i32 look = 0, end = 0, rejected = 0, by_criterion = 0, arm = 0;
  double users = 0, days = 0, regret = 0;
  double estimate = 0, low = 0, high = 0;  ///< low > high: no estimate
  double effect = 0;                       ///< lasting effect of `arm`
  double estimand = 0;                     ///< what is estimated of it, if it `is_known`
  bool is_known = true;
  bool wrong_ship = false;  ///< ships a treatment that is not better (than its margin)
};

/// Takes notes of single replications: run it over ranges of one replication.
class Witness final : public Recorder {
 public:
  explicit Witness(const Experiment& experiment);

  void looked(int strategy, int k, const Observed& observed, const Evidence& evidence,
              const Calls& calls) override;
  void ended(i64 first_replication, std::span<const Endings* const> by_strategy, const Truth& truth) override;

  const std::vector<LookNote>& looks(int strategy) const {
    return looks_[static_cast<std::size_t>(strategy)];
  }
  const EndNote& ending(int strategy) const { return endings_[static_cast<std::size_t>(strategy)]; }
  const std::vector<double>& means() const { return means_; }  ///< [arm] true mean on the first day

 private:
  const Experiment& experiment_;
  std::vector<std::vector<LookNote>> looks_;  // [strategy][look]
  std::vector<EndNote> endings_;              // [strategy]
  std::vector<double> means_;
};

/// Looks for the first replication that ends in a certain way.
class Search final : public Recorder {
 public:
  enum class Wanted { ship, reject, wrong_ship };

  Search(const Experiment& experiment, int strategy, Wanted wanted)
      : experiment_(experiment), strategy_(strategy), wanted_(wanted) {}

  void looked(int, int, const Observed&, const Evidence&, const Calls&) override {}
  void ended(i64 first_replication, std::span<const Endings* const> by_strategy, const Truth& truth) override;

  const std::optional<i64>& found() const { return found_; }

 private:
  const Experiment& experiment_;
  int strategy_;
  Wanted wanted_;
  std::optional<i64> found_;
};

}  // namespace windtunnel
