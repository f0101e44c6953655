#include <algorithm>
#include <map>

#include "scenario_lenses.hpp"
#include "windtunnel/engine/study.hpp"

namespace windtunnel {

namespace {

/// The position on every axis of one grid point, the last axis varying fastest.
std::vector<std::size_t> positions(const std::vector<Axis>& axes, std::size_t point) {
  std::vector<std::size_t> at(axes.size());
  for (std::size_t a = axes.size(); a-- > 0;) {
    at[a] = point % axes[a].size();
    point /= axes[a].size();
  }
  return at;
}

/// Writes a grid point's values into the scenario as written.
void apply(Json& document, const std::vector<Axis>& axes, const std::vector<std::size_t>& at,
           Reading& reading) {
  for (std::size_t a = 0; a < axes.size(); ++a)
    for (const auto& [pointer, values] : axes[a].edits) try {
        set_at(document, pointer, values[at[a]]);
      } catch (const InputError& error) {
        reading.complain(child(child("/sweep", axes[a].name), pointer), error.problems().front().message);
      }
}

/// Problems of all grid points, each told once.
class GridProblems {
 public:
  GridProblems(const std::vector<Axis>& axes) : axes_(axes) {}

  ///   at  position of the point on every axis
  void add(const Reading& reading, const std::vector<std::size_t>& at) {
    ++points_;
    for (const Problem& problem : reading.problems()) {
      const auto key = std::pair(problem.where, problem.message);
      const auto [place, is_new] = index_.try_emplace(key, seen_.size());
      if (is_new) seen_.push_back({{swept_place(problem.where, at), problem.message}, at, 0});
      ++seen_[place->second].points;
    }
  }

  bool many() const { return seen_.size() > 100; }

  /// Tells what was found; a problem that depends on the sweep with the first point it occurs at.
  void tell(Reading& reading) const {
    for (const Seen& seen : seen_) {
      const bool is_told = lies_within(seen.problem.where, "/sweep") ||
                           (seen.points == points_ && !holds_swept(seen.problem.where));
      reading.complain(seen.problem.where, seen.problem.message + (is_told ? "" : place_of(seen.at)));
    }
  }

 private:
  struct Seen {
    Problem problem;
    std::vector<std::size_t> at;
    int points;
  };

  /// Where the sweep writes what stands at `where`; `where` itself when it does not.
  std::string swept_place(const std::string& where, const std::vector<std::size_t>& at) const {
    for (std::size_t a = 0; a < axes_.size(); ++a)
      for (const auto& [pointer, values] : axes_[a].edits)
        if (lies_within(where, pointer))
          return child(child(child("/sweep", axes_[a].name), pointer), at[a]) + where.substr(pointer.size());
    return where;
  }

  /// Whether the sweep writes to a part of what stands at `where`.
  bool holds_swept(const std::string& where) const {
    return std::any_of(axes_.begin(), axes_.end(), [&](const Axis& axis) {
      return std::any_of(axis.edits.begin(), axis.edits.end(),
                         [&](const auto& edit) { return lies_within(edit.first, where); });
    });
  }

  std::string place_of(const std::vector<std::size_t>& at) const {
    std::string text;
    for (std::size_t a = 0; a < axes_.size(); ++a)
      text += (a == 0 ? "" : ", ") + axes_[a].name + " = " + axes_[a].coordinate(at[a]);
    return " (in the sweep, at " + text + ")";
  }

  const std::vector<Axis>& axes_;
  std::map<std::pair<std::string, std::string>, std::size_t> index_;
  std::vector<Seen> seen_;
  int points_ = 0;
};

PointReading read_point(const Json& document, const Registry& registry, bool null_twin, DefaultsUse& use,
                        Reading& reading) {
  PointReading result;
  const auto written_world = document.find("world");
  WorldReading world;
  if (written_world != document.end()) world = read_world(*written_world, registry, reading);
  world.absent = absent_keys(world, registry);
  use.absent.insert(world.absent.begin(), world.absent.end());
  StrategiesReading strategies = read_strategies(document, world, registry, use, reading);
  if (!world.is_complete()) return result;
  result.cells = cells_of(world.spec, null_twin);
  result.point.world = std::move(world.spec);
  result.point.strategies = std::move(strategies.strategies);
  result.world = std::move(world.resolved);
  result.strategies = std::move(strategies.resolved);
  Json null_world = result.world;
  if (const auto effect = null_world.find("effect"); effect != null_world.end()) {
    for (const char* lift : {"relative", "absolute"}) effect->erase(lift);
    if (effect->empty()) null_world.erase(effect);
  }
  result.point.null_text = Json{{"world", null_world}, {"strategies", result.strategies}}.dump();
  return result;
}

/// Complains of keys in `defaults` that no strategy of any grid point takes.
void check_defaults(const Json& document, const DefaultsUse& use, Reading& reading) {
  const auto defaults = document.find("defaults");
  if (defaults == document.end() || !is_object(*defaults, "/defaults", "a set of strategy keys", reading))
    return;
  if (!use.certain) return;
  for (const auto& [key, value] : defaults->items()) {
    if (use.taken.contains(key)) continue;
    const auto absent = use.absent.find(key);
    reading.complain(
        child("/defaults", key),
        "no strategy takes this key" + (absent != use.absent.end() && !absent->second.empty()
                                            ? ": " + absent->second
                                            : suggestion(key, {use.takeable.begin(), use.takeable.end()})));
  }
}

}  // namespace

std::vector<PointReading> read_grid(const Json& document, const std::vector<Axis>& axes,
                                    const Registry& registry, bool null_twin, Reading& reading) {
  std::size_t count = 1;
  for (const Axis& axis : axes) count *= axis.size();
  std::vector<PointReading> points;
  GridProblems problems(axes);
  DefaultsUse use;
  for (std::size_t p = 0; p < count && !problems.many(); ++p) {
    const std::vector<std::size_t> at = positions(axes, p);
    Json edited = document;
    Reading here;
    here.files = reading.files;
    here.homes = reading.homes;
    apply(edited, axes, at, here);
    points.push_back(read_point(edited, registry, null_twin, use, here));
    for (std::size_t a = 0; a < axes.size(); ++a)
      points.back().point.coordinates.push_back(axes[a].coordinate(at[a]));
    problems.add(here, at);
  }
  const int before = reading.complaints();
  problems.tell(reading);
  check_defaults(document, use, reading);
  if (reading.complaints() != before) points.clear();
  return points;
}

}  // namespace windtunnel
