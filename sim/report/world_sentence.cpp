#include "world_sentence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "windtunnel/report/number_format.hpp"
#include "windtunnel/report/text_layout.hpp"

namespace windtunnel {

namespace {

constexpr std::size_t kMostListed = 3;  // treatments a heading names one by one

/// The resolved outcome; empty when the scenario does not say.
Json outcome_of(const ResolvedScenario& resolved, std::size_t grid) {
  return resolved.part(grid, "world").value("outcome", Json::object());
}

bool is_share(const WorldSpec& world) {
  const Range means = world.outcome->legal_means();
  return means.low == 0 && means.high == 1;
}

std::string level_text(const WorldSpec& world, double mean) {
  return is_share(world) ? percent_text(mean) : plain_text(mean);
}

std::string signed_text(double value, const std::string& text) {
  return (value < 0 ? "" : "+") + text;
}

std::string points_text(double points) {
  return fmt::format("{:.6g} {}", points, std::fabs(points) == 1 ? "point" : "points");
}

/// Lifts of the treatments as they are written; empty when they are drawn.
std::vector<std::string> lift_texts(const WorldSpec& world) {
  std::vector<std::string> texts;
  for (int a = 1; a < static_cast<int>(world.arms.size()); ++a) {
    const Distribution law = world.effect->of(a, world.arms[static_cast<std::size_t>(a)]);
    if (!law.is_point()) return {};
    if (world.effect->scale == Lift::Scale::relative)
      texts.push_back(signed_text(law.value, percent_text(law.value)));
    else if (is_share(world))
      texts.push_back(signed_text(law.value, points_text(law.value * 100)));
    else
      texts.push_back(signed_text(law.value, plain_text(law.value)));
  }
  if (!texts.empty() && std::equal(texts.begin() + 1, texts.end(), texts.begin())) texts.resize(1);
  return texts;
}

/// Whether a sentence speaks of the effect, or of the baseline alone.
enum class Effects { told, left_out };

/// "5 % → 5.75 % (+15 %)", or as much of it as is known beforehand.
std::string means_text(const WorldSpec& world, Effects effects) {
  const std::vector<Distribution>& levels = world.outcome->levels();
  const bool known =
      std::all_of(levels.begin(), levels.end(), [](const Distribution& d) { return d.is_point(); });
  if (!known || levels.empty()) return "drawn per replication";
  std::vector<std::string> means;
  for (const Distribution& level : levels) means.push_back(level_text(world, level.value));
  if (levels.size() > kMostListed + 1) return fmt::format("of {} arms", levels.size());
  if (levels.size() > 1) return joined(means, ", ");
  if (effects == Effects::left_out) return means[0];
  if (!world.effect) return means[0] + " in every arm";
  const std::vector<std::string> lifts = lift_texts(world);
  if (lifts.empty()) return means[0] + ", effect drawn per replication";
  if (lifts.size() > kMostListed) return fmt::format("{}, {} treatments", means[0], world.arms.size() - 1);
  std::vector<std::string> treated;
  for (double effect : known_effects(world)) treated.push_back(level_text(world, levels[0].value + effect));
  treated.resize(lifts.size());
  return fmt::format("{} → {} ({})", means[0], joined(treated, ", "), joined(lifts, ", "));
}

std::string outcome_piece(const WorldSpec& world, const Json& outcome, Effects effects) {
  const bool is_conversion = outcome.value("type", "") == "bernoulli" || (outcome.empty() && is_share(world));
  std::string text = (is_conversion ? "conversion " : "mean ") + means_text(world, effects);
  if (outcome.contains("sd") && outcome["sd"].is_number())
    text += ", sd " + plain_text(outcome["sd"].get<double>());
  if (world.better == Better::lower) text += ", lower is better";
  return text;
}

/// Users a day of each arm, when every strategy splits them evenly whatever it sees.
std::string per_arm_text(const GridPoint& point) {
  const int arms = static_cast<int>(point.world.arms.size());
  for (const Strategy& strategy : point.strategies) {
    if (strategy.policy == nullptr || strategy.policy_text.find("fixed_split") == std::string::npos)
      return "";
    const std::vector<double> shares = strategy.policy->planned_shares(arms);
    if (std::any_of(shares.begin(), shares.end(), [&](double share) { return share != shares[0]; }))
      return "";
  }
  const double users = point.world.users_per_day / arms;
  const bool is_whole = std::floor(users) == users;
  return fmt::format(" ({}{} per arm)", is_whole ? "" : "about ", fixed_text(users, 0));
}

std::string traffic_piece(const GridPoint& point) {
  return fmt::format("{} × {} users{}", days_text(point.world.days), plain_text(point.world.users_per_day),
                     per_arm_text(point));
}

/// What a piece says at every grid point, or nothing when it differs.
template <class Piece>
std::string common(const Scenario& scenario, Piece&& piece) {
  const std::string first = piece(scenario.grid.front());
  for (const GridPoint& point : scenario.grid)
    if (piece(point) != first) return "";
  return first;
}

std::string common_outcome(const Scenario& scenario, const ResolvedScenario& resolved, Effects effects) {
  const auto piece = [&](std::size_t g) {
    return outcome_piece(scenario.grid[g].world, outcome_of(resolved, g), effects);
  };
  const std::string first = piece(0);
  for (std::size_t g = 1; g < scenario.grid.size(); ++g)
    if (piece(g) != first) return "";
  return first;
}

}  // namespace

std::string days_text(i64 days) {
  return grouped(days) + (days == 1 ? " day" : " days");
}

ResolvedScenario::ResolvedScenario(const Scenario& scenario)
    : json_(Json::parse(scenario.resolved, nullptr, false)) {
  if (!json_.is_object()) json_ = Json::object();
}

Json ResolvedScenario::part(std::size_t grid, const std::string& key) const {
  const Json& point = json_.contains("grid") ? json_["grid"].at(grid) : json_;
  return point.value(key, Json::object());
}

std::vector<double> known_effects(const WorldSpec& world) {
  const std::vector<Distribution>& levels = world.outcome->levels();
  std::vector<double> effects;
  for (std::size_t a = 1; a < world.arms.size(); ++a) {
    if (!levels.front().is_point()) return {};
    const double base = levels.front().value;
    if (world.effect) {
      const Distribution law = world.effect->of(static_cast<int>(a), world.arms[a]);
      if (!law.is_point()) return {};
      effects.push_back(world.effect->scale == Lift::Scale::relative ? base * law.value : law.value);
    } else if (levels.size() > 1) {
      if (!levels[a].is_point()) return {};
      effects.push_back(levels[a].value - base);
    } else {
      effects.push_back(0);
    }
  }
  return effects;
}

std::vector<std::string> world_pieces(const Scenario& scenario) {
  const ResolvedScenario resolved(scenario);
  std::vector<std::string> pieces{common_outcome(scenario, resolved, Effects::told),
                                  common(scenario, traffic_piece)};
  if (pieces.front().empty()) pieces.front() = common_outcome(scenario, resolved, Effects::left_out);
  if (pieces.back().empty()) {
    pieces.back() = common(scenario, [](const GridPoint& point) { return days_text(point.world.days); });
    pieces.push_back(common(scenario, [](const GridPoint& point) {
      return plain_text(point.world.users_per_day) + " users a day";
    }));
  }
  return pieces;
}

std::string effect_text(const Scenario& scenario, int grid) {
  const WorldSpec& world = scenario.grid[static_cast<std::size_t>(grid)].world;
  if (!world.effect) return "";
  const std::vector<std::string> lifts = lift_texts(world);
  return lifts.size() <= kMostListed ? joined(lifts, ", ") : "";
}

std::string loss_noun(const Scenario& scenario) {
  const Json outcome = outcome_of(ResolvedScenario(scenario), 0);
  const bool is_conversion =
      outcome.value("type", "") == "bernoulli" || (outcome.empty() && is_share(scenario.grid.front().world));
  return is_conversion ? "conversions" : "outcome";
}

}  // namespace windtunnel
