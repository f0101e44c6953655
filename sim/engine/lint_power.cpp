#include "lint_power.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "pilot.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {

namespace {

constexpr const char* kMeasure = "rejection_rate";  // what tables call power
constexpr i64 kFewest = 20;                         // replications of a pilot

/// Replications of each pilot, within the work that all of them together may be.
i64 affordable_replications(double work_of_one) {
  constexpr double kMostWork = 5e7, kMost = 400;
  return static_cast<i64>(std::min(kMost, kMostWork / std::max(1.0, work_of_one)));
}

}  // namespace

void PowerLint::hear(const GridPoint& point, const std::string& place, const Experiment& experiment,
                     const Truth& truth) {
  Pilot pilot{place, &point, &experiment, 0, {}};
  for (std::size_t s = 0; s < point.strategies.size(); ++s) {
    const Strategy& strategy = point.strategies[s];
    const PowerCase c{strategy,           experiment.strategies()[s], experiment.settings()[s],
                      experiment.world(), *point.world.outcome,       truth};
    if (!c.plan.tests || !has_something_to_find(c)) continue;
    const std::optional<ZAtEnd> z = z_at_end(c);
    const bool is_too_small = z && z->expected < z->needed;
    if (!z || !z->is_all) {
      // Who keeps a level has no more power than one test of all the data.
      const bool is_bound = is_too_small && strategy.guarantee != Guarantee::none;
      pilot.questions.push_back({static_cast<int>(s), is_bound ? z : std::nullopt});
    } else if (is_too_small) {
      note_z(strategy.name, place, *z);
    }
  }
  if (pilot.questions.empty()) return;
  pilot.work = work_per_replication(experiment);
  pilots_.push_back(std::move(pilot));
}

void PowerLint::run_pilots(u64 seed, const Registry& registry) {
  double work = 0;
  for (const Pilot& pilot : pilots_) work += pilot.work;
  ask_cheapest(affordable_replications(work) < kFewest ? each_alone(seed, registry) : std::move(pilots_));
}

/// A pilot for every question: what is dear, or has no question, then hinders nobody else's.
std::vector<PowerLint::Pilot> PowerLint::each_alone(u64 seed, const Registry& registry) {
  std::vector<Pilot> pilots;
  for (const Pilot& together : pilots_)
    for (const Question& question : together.questions) {
      const GridPoint& all = *together.point;
      const GridPoint point{
          all.coordinates, all.world, {all.strategies[static_cast<std::size_t>(question.strategy)]}, ""};
      alone_.push_back(
          std::make_unique<const Experiment>(point, seed, MeasureSetting::Cell::effect, registry));
      const Experiment& alone = *alone_.back();
      pilots.push_back({together.place, &all, &alone, work_per_replication(alone), {{0, question.bound}}});
    }
  return pilots;
}

/// Asks as many pilots as can be afforded together, all with as many replications.
void PowerLint::ask_cheapest(const std::vector<Pilot>& pilots) {
  std::vector<std::size_t> order(pilots.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t p) { return pilots[p].work; });
  std::vector<bool> is_asked(pilots.size());
  double asked = 0;
  for (const std::size_t p : order) {
    if (affordable_replications(asked + pilots[p].work) < kFewest) break;
    asked += pilots[p].work;
    is_asked[p] = true;
  }
  for (std::size_t p = 0; p < pilots.size(); ++p)
    if (is_asked[p])
      ask(pilots[p], affordable_replications(asked));
    else
      answer_without(pilots[p]);
}

void PowerLint::ask(const Pilot& pilot, i64 replications) {
  Tally tally = pilot.experiment->empty_tally();
  pilot.experiment->run({0, replications}, tally);
  for (const Question& question : pilot.questions) {
    const auto measured = pilot.experiment->layout().read(tally, question.strategy);
    const Value& power = std::ranges::find(measured, kMeasure, &MeasureValues::measure)->values.front();
    if (power.conf_high < 0.5) note_pilot(pilot.name_of(question), pilot.place, power);
  }
}

void PowerLint::answer_without(const Pilot& pilot) {
  for (const Question& question : pilot.questions)
    if (question.bound) note_z(pilot.name_of(question), pilot.place, *question.bound);
}

void PowerLint::note_z(const std::string& strategy, const std::string& place, const ZAtEnd& z) {
  findings_.add_worst(
      "low_power", strategy, -math::normal_cdf(z.expected - z.needed),
      fmt::format("'{}' finds the effect in less than half of the experiments{}: z is about {:.2f} at "
                  "its end, and {:.2f} is needed",
                  strategy, place, z.expected, z.needed));
}

void PowerLint::note_pilot(const std::string& strategy, const std::string& place, const Value& power) {
  findings_.add_worst(
      "low_power", strategy, -power.value,
      fmt::format("'{}' finds the effect in about {:.1f} % (± {:.1f}) of {} pilot experiments{}: less "
                  "than half",
                  strategy, 100 * power.value, 50 * (power.conf_high - power.conf_low), power.replications,
                  place));
}

}  // namespace windtunnel
