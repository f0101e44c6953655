#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "findings.hpp"
#include "power_by_z.hpp"
#include "windtunnel/engine/experiment.hpp"

namespace windtunnel {

/// low_power: strategies that would find their effect in less than half of the experiments. The z at the end
/// tells it exactly of one plain test of means. For all others a pilot does: the first replications of the
/// cell, as the engine runs them, for all its strategies together or, where that is too dear, for as many as
/// possible by themselves. A strategy is told of once, as it is in the worst of all cells.
class PowerLint {
 public:
  explicit PowerLint(Findings& findings) : findings_(findings) {}

  /// Hears of the strategies of a cell in which there are effects.
  ///   place  where in a sweep, in words; empty: there is none
  ///   truth  of the one replication that is like all others
  void hear(const GridPoint& point, const std::string& place, const Experiment& experiment,
            const Truth& truth);

  /// Runs the pilots that are needed and affordable.
  void run_pilots(u64 seed, const Registry& registry);

 private:
  /// A strategy of whose power z does not tell all; what it tells, where that alone is too little.
  struct Question {
    int strategy;
    std::optional<ZAtEnd> bound;
  };

  struct Pilot {
    std::string place;
    const GridPoint* point;
    const Experiment* experiment;
    double work;  ///< of a replication
    std::vector<Question> questions;

    const std::string& name_of(const Question& question) const {
      return experiment->strategies()[static_cast<std::size_t>(question.strategy)].name;
    }
  };

  std::vector<Pilot> each_alone(u64 seed, const Registry& registry);
  void ask_cheapest(const std::vector<Pilot>& pilots);
  void ask(const Pilot& pilot, i64 replications);
  void answer_without(const Pilot& pilot);
  void note_z(const std::string& strategy, const std::string& place, const ZAtEnd& z);
  void note_pilot(const std::string& strategy, const std::string& place, const Value& power);

  std::vector<Pilot> pilots_;
  std::vector<std::unique_ptr<const Experiment>> alone_;
  Findings& findings_;
};

}  // namespace windtunnel
