#include <algorithm>
#include <utility>

#include "cell_columns.hpp"
#include "windtunnel/report/text_layout.hpp"
#include "world_sentence.hpp"

namespace windtunnel {

namespace {

using Cell = MeasureSetting::Cell;

constexpr std::size_t kMostValues = 6;  // of one measure; longer lists (looks, curves) are for files

Unit unit_of(const std::string& measure, const std::vector<const Value*>& values) {
  if (measure == "exaggeration") return Unit::times;
  if (measure.ends_with("_share")) return Unit::percent;
  const bool is_share = std::any_of(values.begin(), values.end(), [](const Value* value) {
    return value != nullptr && value->absent.empty() && value->kind == Value::Kind::proportion;
  });
  return is_share ? Unit::percent : Unit::plain;
}

bool has_value(const Value* value) {
  return value != nullptr && value->absent.empty();
}

Column headed(const std::string& heading) {
  Column column;
  column.heading = heading;
  return column;
}

/// Adds a row with one value per column; a row without any value is left out.
void add_row(Block& block, const std::string& label, const std::vector<const Value*>& values, Unit unit) {
  if (std::none_of(values.begin(), values.end(), has_value)) return;
  block.rows.push_back(label);
  for (std::size_t c = 0; c < block.columns.size(); ++c)
    block.columns[c].numbers.push_back(values[c] == nullptr ? kNoValue : number_with_error(*values[c], unit));
}

/// Labels under which a measure's values stand, in the order of the strategy that has most of them.
std::vector<std::string> labels_of(const MeasuredCell& cell, std::size_t measure) {
  std::vector<std::string> labels;
  for (const std::vector<MeasureValues>& strategy : cell.strategies)
    for (const Value& value : strategy[measure].values)
      if (value.absent.empty() && std::find(labels.begin(), labels.end(), value.at) == labels.end())
        labels.push_back(value.at);
  return labels;
}

void add_measure(Block& block, const MeasuredCell& cell, std::size_t measure) {
  const std::string& name = cell.strategies.front()[measure].measure;
  const std::vector<std::string> labels = labels_of(cell, measure);
  if (labels.size() > kMostValues) return;
  for (const std::string& at : labels) {
    std::vector<const Value*> values;
    for (std::size_t s = 0; s < cell.strategies.size(); ++s) {
      const std::vector<Value>& all = cell.strategies[s][measure].values;
      const auto found =
          std::find_if(all.begin(), all.end(), [&](const Value& value) { return value.at == at; });
      values.push_back(found == all.end() ? nullptr : &*found);
    }
    add_row(block, at.empty() ? name : name + " " + at, values, unit_of(name, values));
  }
}

/// Regret is read beside the false positives that buy it: those of the same strategies without an effect.
bool add_false_positives(Block& block, const Report& report, const MeasuredCell& cell) {
  const int twin = cell_at(report, cell.grid, Cell::null);
  if (twin < 0) return false;
  const MeasuredCell& null = report.result.cells[static_cast<std::size_t>(twin)];
  for (const char* measure : {"rejection_rate", "ship_rate"}) {
    std::vector<const Value*> values;
    for (std::size_t s = 0; s < cell.strategies.size(); ++s)
      values.push_back(find_value(null, static_cast<int>(s), measure));
    const std::size_t before = block.rows.size();
    add_row(block, std::string(measure) + ", no effect", values, Unit::percent);
    if (block.rows.size() > before) return true;
  }
  return false;
}

void mark_false_positives(Block& block, const Report& report, int cell) {
  const auto row = std::find(block.rows.begin(), block.rows.end(), "rejection_rate") - block.rows.begin();
  for (std::size_t s = 0; s < block.columns.size(); ++s) {
    block.columns[s].marks.resize(block.rows.size());
    if (row < static_cast<std::ptrdiff_t>(block.rows.size()))
      block.columns[s].marks[static_cast<std::size_t>(row)] =
          excess_mark(report, cell, static_cast<int>(s), Excess::marked);
  }
}

Block cell_block(const Report& report, int index) {
  const MeasuredCell& cell = report.result.cells[static_cast<std::size_t>(index)];
  Block block;
  block.overflow = Block::Overflow::split;
  const std::string place = place_text(report.scenario, cell.grid);
  block.title = cell_heading(report, index) + (place.empty() ? "" : ", " + place);
  block.row_heading = "measure";
  for (const std::string& name : strategy_names(report, index)) block.columns.push_back(headed(name));
  for (std::size_t m = 0; m < cell.strategies.front().size(); ++m) {
    const bool shows = cell.strategies.front()[m].measure != "regret" || cell.kind != Cell::effect ||
                       add_false_positives(block, report, cell);
    if (shows) add_measure(block, cell, m);
  }
  mark_false_positives(block, report, index);
  return block;
}

/// The other strategy minus the first, where the pair stands as the first minus the other.
Value turned(Value value) {
  value.value = -value.value;
  std::swap(value.conf_low, value.conf_high);
  value.conf_low = -value.conf_low;
  value.conf_high = -value.conf_high;
  return value;
}

/// What is shown of strategies that lived through the same replications.
enum class Paired { difference, variance_ratio };

Value shown_of(const PairedDifference& pair, Paired what) {
  if (what == Paired::difference) return turned(pair.value);
  Value ratio;
  if (!pair.variance_ratio) ratio.absent = "neither varies";
  ratio.value = ratio.conf_low = ratio.conf_high = pair.variance_ratio.value_or(0);
  return ratio;
}

/// Paired differences from the first strategy, on the same users, or how much their errors gain by that.
Block pair_block(const Report& report, int index, Paired what) {
  const MeasuredCell& cell = report.result.cells[static_cast<std::size_t>(index)];
  const std::vector<std::string> names = strategy_names(report, index);
  Block block;
  block.overflow = Block::Overflow::split;
  block.title = "difference from " + names.front() +
                (what == Paired::difference ? ", on the same replications (of shares: percentage points)"
                                            : ": variance, in units of that of independent replications");
  block.row_heading = "measure";
  for (std::size_t s = 1; s < names.size(); ++s) block.columns.push_back(headed(names[s]));
  const bool alone = cell.kind == Cell::effect && cell_at(report, cell.grid, Cell::null) < 0;
  for (const MeasureValues& measure : cell.strategies.front()) {
    if (measure.measure == "regret" && alone) continue;
    std::vector<Value> values(names.size() - 1);
    for (Value& value : values) value.absent = "not compared";
    for (const PairedDifference& pair : cell.pairs)
      if (pair.measure == measure.measure && pair.strategy == 0)
        values[static_cast<std::size_t>(pair.versus) - 1] = shown_of(pair, what);
    std::vector<const Value*> shown, own;
    for (const Value& value : values) shown.push_back(&value);
    for (const Value& value : measure.values) own.push_back(&value);
    const Unit unit = what == Paired::difference ? unit_of(measure.measure, own) : Unit::plain;
    add_row(block, measure.measure, shown, unit);
  }
  return block;
}

}  // namespace

std::vector<Block> wide_blocks(const Report& report) {
  std::vector<Block> blocks;
  for (std::size_t c = 0; c < report.result.cells.size(); ++c) {
    const int cell = static_cast<int>(c);
    blocks.push_back(cell_block(report, cell));
    if (blocks.back().columns.size() < 2) continue;
    for (Paired what : {Paired::difference, Paired::variance_ratio}) {
      Block pairs = pair_block(report, cell, what);
      if (!pairs.rows.empty()) blocks.push_back(std::move(pairs));
    }
  }
  return blocks;
}

}  // namespace windtunnel
