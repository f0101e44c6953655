#include <algorithm>
#include <set>

#include "scenario_reading.hpp"

namespace windtunnel {

namespace {

constexpr std::size_t kMostPoints = 10'000;

/// Columns of the CSV output, which an axis cannot be called.
const std::vector<std::string> kColumns = {
    "scenario", "scenario_hash", "cell",     "strategy",  "versus",       "measure", "at",
    "value",    "mcse",          "conf_low", "conf_high", "replications", "note"};

/// Complains of a pointer that a sweep cannot write to.
bool check_pointer(const Json& document, const std::string& pointer, const std::string& where,
                   Reading& reading) {
  std::vector<std::string> steps;
  try {
    steps = pointer_steps(pointer);
  } catch (const InputError& error) {
    std::string meant = "/" + pointer;
    std::replace(meant.begin(), meant.end(), '.', '/');
    reading.complain(where, error.problems().front().message + " (as in \"" + meant + "\")");
    return false;
  }
  const std::vector<std::string> roots{"world", "defaults", "strategies"};
  if (steps.size() < 2 || std::find(roots.begin(), roots.end(), steps[0]) == roots.end()) {
    reading.complain(where, "cannot be swept (needs a place inside /world, /defaults or /strategies)");
    return false;
  }
  const auto strategies = document.find("strategies");
  if (steps[0] != "strategies" || strategies == document.end() || !strategies->is_object()) return true;
  if (strategies->contains(steps[1])) return true;
  std::vector<std::string> names;
  for (const auto& [name, strategy] : strategies->items()) names.push_back(name);
  reading.complain(where, "there is no strategy \"" + steps[1] + "\"" + suggestion(steps[1], names));
  return false;
}

/// The values of one pointer; empty after a complaint.
Json read_values(const Json& values, const std::string& where, Reading& reading) {
  if (values.is_array() && !values.empty()) return with_plain_integers(values);
  reading.complain(where, values.is_array() ? "is empty (needs one value or more)"
                                            : shown(values) + " is not a list of values (needs [x, ...])");
  return Json::array();
}

Axis read_axis(const Json& document, const std::string& name, const Json& edits, const std::string& where,
               Reading& reading) {
  Axis axis{name, {}};
  if (!is_object(edits, where, "an axis {\"/world/...\": [values]}", reading)) return axis;
  if (edits.empty()) reading.complain(where, "sweeps nothing (needs {\"/world/...\": [values]})");
  for (const auto& [pointer, values] : edits.items()) {
    const std::string place = child(where, pointer);
    if (!check_pointer(document, pointer, place, reading)) continue;
    Json list = read_values(values, place, reading);
    if (list.empty()) continue;
    if (!axis.edits.empty() && list.size() != axis.size())
      reading.complain(place, "has " + counted(list.size(), "value") + ", but " + axis.edits.front().first +
                                  " has " + std::to_string(axis.size()) +
                                  " (the lists of one axis advance together)");
    else
      axis.edits.emplace_back(pointer, std::move(list));
  }
  return axis;
}

/// Complains of a value that an axis has twice: results could not tell its points apart.
void check_repeats(const Axis& axis, Reading& reading) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < axis.size(); ++i)
    if (!seen.insert(axis.coordinate(i)).second)
      return reading.complain(child(child("/sweep", axis.name), axis.edits.front().first),
                              axis.coordinate(i) + " is there twice");
}

/// Complains of two edits of one place, whose order would decide.
void check_overlaps(const std::vector<Axis>& axes, Reading& reading) {
  std::vector<std::pair<std::string, std::string>> seen;  // axis, pointer
  for (const Axis& axis : axes)
    for (const auto& [pointer, values] : axis.edits) {
      for (const auto& [other_axis, other] : seen)
        if (lies_within(pointer, other) || lies_within(other, pointer))
          reading.complain(child(child("/sweep", axis.name), pointer),
                           "writes to the same place as " + other + " of axis \"" + other_axis + "\"");
      seen.emplace_back(axis.name, pointer);
    }
}

bool is_too_large(const std::vector<Axis>& axes) {
  std::size_t points = 1;
  for (const Axis& axis : axes) {
    points *= std::max<std::size_t>(axis.size(), 1);
    if (points > kMostPoints) return true;
  }
  return false;
}

}  // namespace

std::string Axis::coordinate(std::size_t i) const {
  return edits.front().second[i].dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<Axis> read_axes(const Json& document, Reading& reading) {
  std::vector<Axis> axes;
  const auto sweep = document.find("sweep");
  if (sweep == document.end() || !is_object(*sweep, "/sweep", "a set of axes by name", reading)) return axes;
  const int before = reading.complaints();
  for (const auto& [name, edits] : sweep->items()) {
    const std::string where = child("/sweep", name);
    if (!is_printable(name))
      reading.complain(where, "an axis's name must be printable text");
    else if (std::find(kColumns.begin(), kColumns.end(), name) != kColumns.end())
      reading.complain(where,
                       "an axis cannot be called \"" + name + "\": the results have a column of that name");
    else
      axes.push_back(read_axis(document, name, edits, where, reading));
  }
  check_overlaps(axes, reading);
  if (is_too_large(axes))
    reading.complain("/sweep", "the axes multiply to more than 10000 points");
  else
    for (const Axis& axis : axes) check_repeats(axis, reading);
  if (reading.complaints() != before) axes.clear();
  return axes;
}

}  // namespace windtunnel
