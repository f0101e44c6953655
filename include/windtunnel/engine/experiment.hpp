#pragma once

#include <memory>
#include <string>
#include <vector>

#include "windtunnel/core/error.hpp"
#include "windtunnel/data/tally.hpp"
#include "windtunnel/engine/ledger.hpp"
#include "windtunnel/engine/ranges.hpp"
#include "windtunnel/engine/scenario.hpp"
#include "windtunnel/measures/cell_tally.hpp"

namespace windtunnel {

/// Watches single replications: what every strategy saw and said. For `replay`, `check` and tests.
class Recorder {
 public:
  virtual ~Recorder() = default;

  /// A strategy has looked (before its ended lanes are settled).
  virtual void looked(int strategy, int k, const Observed& observed, const Evidence& evidence,
                      const Calls& calls) = 0;

  /// A block is over.
  virtual void ended(i64 first_replication, std::span<const Endings* const> by_strategy,
                     const Truth& truth) = 0;

  /// A stream has come to the end of a step. False: the rest of it is left out, and its block is measured
  /// nowhere.
  virtual bool goes_on(const Timeline& /*timeline*/, const Step& /*step*/) { return true; }
};

/// How the engine works; none of it changes a result.
struct EngineOptions {
  int block_size = 1024;  ///< most lanes worked on together
  Path path = Path::increments;
};

/// A strategy made ready for one cell.
struct StrategyPlan {
  std::string name;
  std::shared_ptr<const RulePlan> rule;
  bool tests = true;  ///< see StoppingRule::tests
  int evidence = 0;   ///< index into StreamGroup::evidence
  int hypotheses = 1;
  int decided = 1;  ///< hypotheses the decision hears: all, or one for all panels that must agree
  std::vector<std::unique_ptr<const Guard>> guards;
  std::vector<std::unique_ptr<const Veto>> vetoes;
  std::vector<int> look_steps;  ///< [look] step that ends with it
  std::vector<i64> look_users;  ///< [look]
  std::vector<int> look_days;   ///< [look] calendar days begun
};

/// Strategies of one policy: they read the same stream.
struct StreamGroup {
  /// An analysis with its lenses and margins, shared by the strategies that ask for the same.
  struct EvidencePlan {
    std::unique_ptr<const Evaluator> evaluator;
    std::string text;  ///< Strategy::analysis_text and lens_text
    Evidence::Law law = Evidence::Law::normal;
    Evidence::Intervals intervals = Evidence::Intervals::by_variance;
    double alpha = 0;              ///< of intervals of its own
    bool weighs_variance = false;  ///< see Setting
    std::vector<double> margin;    ///< [hypothesis]
    std::vector<std::shared_ptr<const Lens>> lenses;
    int panels = 1;
  };

  Timeline timeline;
  std::unique_ptr<const PolicyPlan> policy;
  std::unique_ptr<const StreamPlan> stream;
  Allocation::Kind allocation = Allocation::Kind::shared;
  Channels wanted;
  Breadth breadth;               ///< of the world
  std::vector<double> shares;    ///< [arm] planned ones that guards compare users with, or none
  bool follows_chances = false;  ///< guards compare users with what the policy's chances come to
  std::vector<EvidencePlan> evidence;
  std::vector<int> strategies;  ///< indices into Experiment::strategies()
};

/// One cell of a scenario, compiled: immutable, safe to run from many threads.
class Experiment {
 public:
  /// Compiles one cell.
  ///   throws  InputError, places relative to the scenario, when parts do not fit together
  Experiment(const GridPoint& point, u64 seed, MeasureSetting::Cell cell, const Registry& registry,
             EngineOptions options = {});

  /// Replays a range of replications and adds what is measured to `tally`.
  void run(ReplicationRange range, Tally& tally, Recorder* recorder = nullptr) const;

  Tally empty_tally() const;
  const CellTally& layout() const { return *layout_; }
  const World& world() const { return world_; }
  const Horizon& horizon() const { return horizon_; }
  const std::vector<StrategyPlan>& strategies() const { return strategies_; }
  const std::vector<StreamGroup>& streams() const { return streams_; }
  const std::vector<MeasureSetting>& settings() const { return settings_; }

  /// Lanes of a block, as many as EngineOptions says or as their memory allows, and what they take beside
  /// their columns.
  int block_size() const { return options_.block_size; }
  double block_bytes() const { return options_.block_size * bytes_per_lane_; }

 private:
  void compile_stream(const GridPoint& point, const std::vector<int>& members, u64 seed, Problems& problems);
  Timeline timeline_of(const GridPoint& point, const std::vector<int>& members) const;
  Rounds rounds_of(const Policy& policy, i64 end) const;
  double direction() const { return world_.better() == Better::higher ? 1 : -1; }
  void plan_users(const Policy& policy, const PolicySetting& setting, StreamGroup& group);
  void compile_strategy(const GridPoint& point, int index, u64 seed, std::vector<double> shares,
                        StreamGroup& group);
  static int evidence_index(const Strategy& strategy, const Setting& setting, StreamGroup& group);

  /// What measures have to know of the world; the rest is the strategy's.
  MeasureSetting world_setting(MeasureSetting::Cell cell) const;
  void describe_strategy(const Strategy& strategy, const StrategyPlan& plan, const Setting& setting,
                         MeasureSetting& measures) const;

  EngineOptions options_;
  double bytes_per_lane_ = 0;
  World world_;
  Horizon horizon_;
  std::vector<StrategyPlan> strategies_;
  std::vector<StreamGroup> streams_;
  std::vector<MeasureSetting> settings_;
  std::unique_ptr<const CellTally> layout_;
};

}  // namespace windtunnel
