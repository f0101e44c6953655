#include "scenario_reading.hpp"

namespace windtunnel {

namespace {

/// `world.traffic.days` as the JSON Pointer /world/traffic/days; pointers stay as they are.
std::string as_pointer(const std::string& path) {
  if (path.empty() || path[0] == '/') return path;
  std::string pointer, step;
  for (char c : path + ".") {
    if (c != '.') {
      step += c;
      continue;
    }
    pointer = child(pointer, step);
    step.clear();
  }
  return pointer;
}

/// A value from a command line: JSON, or a text that needs no quotes there.
Json value_of(const std::string& text) {
  try {
    return parse_document(text);
  } catch (const InputError&) {
    return text;
  }
}

/// The axis of the sweep that writes to the same place; empty when there is none.
std::string rival_axis(const Json& document, const std::string& pointer) {
  const auto sweep = document.find("sweep");
  if (sweep == document.end() || !sweep->is_object()) return "";
  for (const auto& [axis, edits] : sweep->items())
    if (edits.is_object())
      for (const auto& [swept, values] : edits.items())
        if (lies_within(swept, pointer) || lies_within(pointer, swept)) return axis;
  return "";
}

/// Complains of a place inside a strategy that the scenario does not have: setting it would make half a
/// strategy.
void check_strategy(const Json& document, const std::string& pointer, const std::string& where) {
  std::vector<std::string> steps;
  try {
    steps = pointer_steps(pointer);
  } catch (const InputError&) {
    return;  // told where the pointer is used
  }
  const auto strategies = document.find("strategies");
  if (steps.size() < 3 || steps[0] != "strategies" || strategies == document.end() ||
      !strategies->is_object() || strategies->contains(steps[1]))
    return;
  std::vector<std::string> names;
  for (const auto& [name, strategy] : strategies->items()) names.push_back(name);
  throw InputError(where, "there is no strategy \"" + steps[1] + "\"" + suggestion(steps[1], names));
}

void set_one(Json& document, const std::string& path, const std::string& value) {
  const std::string pointer = as_pointer(path), where = "--set " + path;
  const std::string axis = rival_axis(document, pointer);
  if (pointer.empty()) throw InputError(where, "names nothing (needs a path such as world.traffic.days)");
  if (!axis.empty()) throw InputError(where, "the sweep's axis \"" + axis + "\" sets this at every point");
  check_strategy(document, pointer, where);
  try {
    set_at(document, pointer, value_of(value));
  } catch (const InputError& error) {
    throw InputError(where, error.problems().front().message);
  }
}

}  // namespace

std::string option_of(const Overrides& overrides, const std::string& where) {
  for (const auto& [path, value] : overrides.set)
    if (lies_within(where, as_pointer(path))) return "--set " + path + "=" + value;
  if (overrides.precision && lies_within(where, "/precision")) return "--precision";
  return "";
}

void apply_overrides(Json& document, const Overrides& overrides) {
  for (const auto& [path, value] : overrides.set) set_one(document, path, value);
  if (overrides.seed) document["seed"] = *overrides.seed;
  if (overrides.replications) {
    document["replications"] = *overrides.replications;
    document.erase("precision");
  }
  if (overrides.precision) {
    document.erase("replications");
    Json& precision = document["precision"];  // the scenario's own max_replications stays
    if (!precision.is_object()) precision = Json{{"max_replications", overrides.precision->max_replications}};
    precision["measure"] = overrides.precision->measure;
    precision["half_width"] = overrides.precision->half_width;
  }
}

}  // namespace windtunnel
