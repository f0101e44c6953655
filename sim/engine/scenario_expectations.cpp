#include <algorithm>
#include <iterator>

#include "scenario_reading.hpp"
#include "windtunnel/engine/study.hpp"

namespace windtunnel {

namespace {

using Cell = MeasureSetting::Cell;

std::vector<std::string> strategy_names(const Json& document) {
  std::vector<std::string> names;
  const auto strategies = document.find("strategies");
  if (strategies != document.end() && strategies->is_object())
    for (const auto& [name, strategy] : strategies->items()) names.push_back(name);
  return names;
}

/// Whether a measure is a share of replications, for which a hundredth is a sensible tolerance.
bool is_rate(const std::string& measure) {
  return measure.ends_with("_rate");
}

/// Reads one entry of `expect`.
class ExpectationReader {
 public:
  ExpectationReader(const Json& object, const std::string& where, const std::vector<std::string>& strategies,
                    const Registry& registry, const std::vector<Axis>& axes,
                    const std::vector<PointReading>& points, Reading& reading)
      : reader_(object, where, reading),
        strategies_(strategies),
        registry_(registry),
        axes_(axes),
        points_(points),
        reading_(reading) {
    result_.pointer = where;
  }

  Expectation read() {
    read_strategy();
    read_measure();
    read_coordinates();
    read_cell();
    read_value();
    read_within();
    reader_.finish("an expectation");
    return std::move(result_);
  }

 private:
  void read_strategy() {
    const auto [value, where] = reader_.take_required("strategy", "a strategy", "");
    if (value == nullptr) return;
    if (const auto index = read_choice(*value, where, "a strategy", strategies_, reading_))
      result_.strategy = strategies_[static_cast<std::size_t>(*index)];
  }

  void read_measure() {
    const auto [value, where] = reader_.take_required("measure", "a measure", "");
    if (value == nullptr) return;
    const auto* row = find_row(registry_.measures, *value, where, "measure", reading_);
    if (row == nullptr) return;
    if (std::find(std::begin(kSeveralValues), std::end(kSeveralValues), std::string(row->name)) !=
        std::end(kSeveralValues))
      return reading_.complain(where, shown(*value) +
                                          " has several values, an expectation is about one (needs " +
                                          listed(single_valued()) + ")");
    result_.measure = row->name;
  }

  std::vector<std::string> single_valued() const {
    std::vector<std::string> names = names_of(registry_.measures);
    for (const char* several : kSeveralValues) std::erase(names, several);
    return names;
  }

  void read_coordinates() {
    const auto [value, where] = reader_.take("at");
    if (value == nullptr || !is_object(*value, where, "a place {axis: value}", reading_)) return;
    std::vector<std::string> names;
    for (const Axis& axis : axes_) names.push_back(axis.name);
    for (const auto& [name, wanted] : value->items()) {
      const auto axis = std::find(names.begin(), names.end(), name);
      if (axis == names.end())
        reading_.complain(child(where, name),
                          "is not an axis of the sweep (" +
                              (names.empty() ? "there is none" : "needs " + listed(names)) + ")" +
                              suggestion(name, names));
      else
        read_coordinate(axes_[static_cast<std::size_t>(axis - names.begin())], wanted, child(where, name));
    }
  }

  void read_coordinate(const Axis& axis, const Json& wanted, const std::string& where) {
    const std::string text = with_plain_integers(wanted).dump(-1, ' ', false, Json::error_handler_t::replace);
    std::vector<std::string> values;
    for (std::size_t i = 0; i < axis.size(); ++i) values.push_back(axis.coordinate(i));
    if (std::find(values.begin(), values.end(), text) != values.end())
      result_.at[axis.name] = text;
    else
      reading_.complain(where, shown(wanted) + " is not a value of axis \"" + axis.name + "\" (needs " +
                                   listed(values) + ")");
  }

  /// Whether an entry speaks of a grid point.
  bool is_meant(const PointReading& point) const {
    for (std::size_t a = 0; a < axes_.size(); ++a) {
      const auto wanted = result_.at.find(axes_[a].name);
      if (wanted != result_.at.end() && wanted->second != point.point.coordinates[a]) return false;
    }
    return true;
  }

  /// Cells that every grid point it speaks of has, and all that some have.
  void find_cells(std::vector<std::string>& common, std::vector<std::string>& all) const {
    for (Cell cell : {Cell::null, Cell::effect, Cell::drawn}) {
      const auto has = [cell](const PointReading& p) {
        return std::find(p.cells.begin(), p.cells.end(), cell) != p.cells.end();
      };
      const auto lacks = [&](const PointReading& p) { return is_meant(p) && !has(p); };
      const auto gives = [&](const PointReading& p) { return is_meant(p) && has(p); };
      if (std::any_of(points_.begin(), points_.end(), gives)) all.emplace_back(cell_name(cell));
      if (std::none_of(points_.begin(), points_.end(), lacks)) common.emplace_back(cell_name(cell));
    }
  }

  void read_cell() {
    const auto [value, where] = reader_.take("cell");
    if (points_.empty()) return;
    std::vector<std::string> common, all;
    find_cells(common, all);
    if (value != nullptr) {
      if (const auto index = read_choice(*value, where, "a cell of this scenario", all, reading_))
        result_.cell = all[static_cast<std::size_t>(*index)];
      const bool somewhere_missing = std::find(common.begin(), common.end(), result_.cell) == common.end();
      if (!result_.cell.empty() && somewhere_missing)
        reading_.complain(where,
                          shown(result_.cell) + " is not at every point of the sweep; say which with \"at\"");
    } else if (all.size() == 1) {
      result_.cell = all.front();
    } else {
      reading_.complain(where, "required but missing: which cell is meant (needs " + listed(all) + ")");
    }
  }

  void read_value() {
    std::vector<int> given;
    for (int kind = 0; kind < 3; ++kind)
      if (reader_.gives(kKinds[kind])) given.push_back(kind);
    for (const char* kind : kKinds) reader_.take(kind);
    if (given.size() != 1)
      return reading_.complain(result_.pointer, given.empty()
                                                    ? "expects nothing (needs near, at_most or at_least)"
                                                    : "needs only one of near, at_most and at_least");
    kind_is_known_ = true;
    result_.kind = static_cast<Expectation::Kind>(given.front());
    const auto [value, where] = reader_.take(kKinds[given.front()]);
    if (value->is_number()) {
      result_.value = read_number(*value, where, "value", {}, reading_).value_or(0);
    } else if (!value->is_string()) {
      reading_.complain(where, shown(*value) + " is neither a number nor the name of a strategy");
    } else if (const auto index = read_choice(*value, where, "a strategy", strategies_, reading_)) {
      result_.other = strategies_[static_cast<std::size_t>(*index)];
      if (result_.other == result_.strategy) reading_.complain(where, "compares the strategy with itself");
    }
  }

  void read_within() {
    const bool near = kind_is_known_ && result_.kind == Expectation::Kind::near;
    const bool must_say = near && !result_.measure.empty() && !is_rate(result_.measure);
    if (near) result_.within = kRateTolerance;
    describe_within(reader_, result_.within, must_say ? About::Need::required : About::Need::optional);
  }

  ObjectReader reader_;
  const std::vector<std::string>& strategies_;
  const Registry& registry_;
  const std::vector<Axis>& axes_;
  const std::vector<PointReading>& points_;
  Reading& reading_;
  Expectation result_;
  bool kind_is_known_ = false;
};

}  // namespace

void describe_within(Fields& fields, double& within, About::Need need) {
  fields.number("within", within, kNotNegative, {"how far off it may be, in units of the measure", "", need});
}

std::vector<Expectation> read_expectations(const Json& document, const std::vector<Axis>& axes,
                                           const std::vector<PointReading>& points, const Registry& registry,
                                           Reading& reading) {
  std::vector<Expectation> expectations;
  const auto expect = document.find("expect");
  if (expect == document.end()) return expectations;
  if (!expect->is_array()) {
    reading.complain("/expect", shown(*expect) + " is not a list [{...}, ...]");
    return expectations;
  }
  const std::vector<std::string> strategies = strategy_names(document);
  for (std::size_t i = 0; i < expect->size(); ++i) {
    const std::string where = child("/expect", i);
    if (!is_object((*expect)[i], where, "an expectation", reading)) continue;
    const auto place = expect->begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(expect->begin(), place, *place) != place) reading.complain(where, "is there twice");
    expectations.push_back(
        ExpectationReader((*expect)[i], where, strategies, registry, axes, points, reading).read());
  }
  return expectations;
}

Json written(const Expectation& expectation) {
  Json json{{"strategy", expectation.strategy}, {"cell", expectation.cell}};
  for (const auto& [axis, value] : expectation.at) json["at"][axis] = Json::parse(value);
  json["measure"] = expectation.measure;
  const char* kind = kKinds[static_cast<int>(expectation.kind)];
  json[kind] = expectation.other.empty() ? written(expectation.value) : Json(expectation.other);
  json["within"] = written(expectation.within);
  return json;
}

}  // namespace windtunnel
