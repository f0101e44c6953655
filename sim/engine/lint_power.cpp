#include "lint_power.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pilot.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {

namespace {

constexpr const char* kMeasure = "rejection_rate";  // what tables call power

}  // namespace

void PowerLint::hear(const GridPoint& point, const std::string& place, const Experiment& experiment,
                     const Truth& truth) {
  Pilot pilot{place, &experiment, {}};
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
  if (!pilot.questions.empty()) pilots_.push_back(std::move(pilot));
}

void PowerLint::tell(Findings& findings) {
  constexpr i64 kFewest = 100;
  const i64 replications = affordable_replications();
  for (const Pilot& pilot : pilots_)
    if (replications >= kFewest)
      ask(pilot, replications);
    else
      answer_without(pilot);
  for (const std::string& strategy : order_) findings.add("low_power", worst_.at(strategy).text);
}

/// As many in every pilot, within the work that all of them together may be.
i64 PowerLint::affordable_replications() const {
  constexpr double kMostWork = 2e7, kMost = 400;
  double work = 0;
  for (const Pilot& pilot : pilots_) work += work_per_replication(*pilot.experiment);
  return static_cast<i64>(std::min(kMost, kMostWork / std::max(1.0, work)));
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
  note(strategy, {math::normal_cdf(z.expected - z.needed),
                  fmt::format("'{}' finds the effect in less than half of the experiments{}: z is about "
                              "{:.2f} at its end, and {:.2f} is needed",
                              strategy, place, z.expected, z.needed)});
}

void PowerLint::note_pilot(const std::string& strategy, const std::string& place, const Value& power) {
  note(strategy, {power.value,
                  fmt::format("'{}' finds the effect in about {:.1f} % (± {:.1f}) of {} pilot experiments{}: "
                              "less than half",
                              strategy, 100 * power.value, 50 * (power.conf_high - power.conf_low),
                              power.replications, place)});
}

void PowerLint::note(const std::string& strategy, const Finding& finding) {
  const auto [place, is_new] = worst_.try_emplace(strategy, finding);
  if (is_new) order_.push_back(strategy);
  if (finding.power < place->second.power) place->second = finding;
}

}  // namespace windtunnel
