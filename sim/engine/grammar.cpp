#include "windtunnel/engine/grammar.hpp"

#include "scenario_reading.hpp"
#include "windtunnel/core/number_text.hpp"
#include "windtunnel/engine/study.hpp"

namespace windtunnel {

namespace {

constexpr auto kRequired = About::Need::required;

const Json kText = {{"type", "string"}};
const Json kObject = {{"type", "object"}};

Json list_of(const Json& items) {
  return {{"type", "array"}, {"items", items}};
}

Json objects_by_name(const Json& object) {
  return {{"type", "object"}, {"additionalProperties", object}};
}

void add_head(FieldList& list) {
  const std::string version = std::to_string(kGrammarVersion);
  list.other("windtunnel", "whole number", version, {{"const", kGrammarVersion}},
             {"version of the grammar", "", kRequired});
  list.other("$schema", "text", "", kText, {"where an editor finds the grammar"});
  list.other("description", "text", "", kText, {"what the scenario is about"});
  list.other("name", "text", "letters a to z, digits and hyphens",
             {{"type", "string"}, {"pattern", "^[a-z0-9-]+$"}}, {"name in tables and of files"});
  list.otherwise("the file's name");
}

std::string as_code(const std::string& name) {
  return "`" + name + "`";
}

std::vector<std::string> cell_names() {
  using Cell = MeasureSetting::Cell;
  return {cell_name(Cell::null), cell_name(Cell::effect), cell_name(Cell::drawn)};
}

}  // namespace

std::vector<FieldInfo> scenario_keys() {
  FieldList list;
  add_head(list);
  Scenario scenario;
  describe_run(list, scenario);
  list.other("precision", "object", "", schema_reference("precision"),
             {"instead of replications: go on until a measure is known well in every cell and strategy"});
  list.otherwise("none");
  list.other("allow", "list of texts", "", list_of(kText), {"ids of lints to silence"});
  list.otherwise("none");
  list.other("world", "object", "", schema_reference("world"),
             {"what is true; no strategy sees it", "", kRequired});
  list.other("defaults", "object", "", schema_reference("strategy"),
             {"keys for every strategy that takes them"});
  list.otherwise("none");
  list.other("strategies", "object by name", "", objects_by_name(schema_reference("strategy")),
             {"what teams would do, in the order of the table", "", kRequired});
  list.other("sweep", "object: axis to {pointer: list of values}", "lists of one axis equally long", kObject,
             {"runs every combination of the axes' values"});
  list.otherwise("none");
  list.other("expect", "list of objects", "", list_of(schema_reference("expectation")),
             {"known answers, held against the result"});
  list.otherwise("none");
  return list.fields();
}

std::vector<FieldInfo> precision_keys() {
  FieldList list;
  list.other("measure", "name", "see Measures", schema_reference("measure"),
             {"what has to be known well", "", kRequired});
  Precision precision;
  describe_precision(list, precision);
  return list.fields();
}

std::vector<FieldInfo> world_keys() {
  FieldList list;
  list.other("arms", "list of names, or a count", kArmCount.text("arms"),
             {{"anyOf", {list_of(kText), number_schema(kArmCount, "integer")}}},
             {"the first is control", "arms"});
  list.otherwise("`control` and `treatment`");
  list.other("traffic", "object", "", schema_reference("traffic"),
             {"how many users come, and how long", "users", kRequired});
  list.other("outcome", "Typed", "see Outcomes", schema_reference("outcome"),
             {"the law of one user's outcome", "", kRequired});
  list.other("effect", "Lift", "", schema_reference("effect"),
             {"lasting change of the mean; none is an A/A test"});
  list.otherwise("none");
  list.other("features", "object by name", "see Features", schema_reference("features"),
             {"what real traffic adds"});
  list.otherwise("none");
  return list.fields();
}

std::vector<FieldInfo> traffic_keys() {
  FieldList list;
  WorldSpec world;
  describe_traffic(list, world);
  return list.fields();
}

std::vector<FieldInfo> outcome_keys() {
  FieldList list;
  Better better = WorldSpec{}.better;
  describe_better(list, better);
  return list.fields();
}

std::vector<FieldInfo> strategy_keys() {
  FieldList list;
  list.other("rule", "name", "see Rules", schema_reference("rule"), {"when to stop and what to say"});
  list.otherwise(as_code(kDefaultRule));
  list.other("policy", "Typed", "see Policies", schema_reference("policy"), {"which arm a user gets"});
  list.otherwise(as_code(kDefaultPolicy));
  Strategy strategy;
  describe_length(list, strategy.days, kMostDays);
  list.otherwise("the world's");
  describe_looks(list, strategy.looks);
  list.otherwise("the end only");
  list.other("test", "Typed", "see Tests", schema_reference("test"),
             {"how an effect is estimated; not for rules with a test of their own"});
  list.otherwise("`z_pooled` for outcomes of 0 and 1, else `welch_t`");
  describe_correction(list, strategy.correction);
  describe_margin(list, strategy.margin);
  list.otherwise("none");
  describe_baseline(list, strategy.baseline);
  list.otherwise("none");
  return list.fields();
}

std::vector<FieldInfo> expectation_keys() {
  FieldList list;
  list.other("strategy", "text", "", kText, {"name of a strategy", "", kRequired});
  list.other("measure", "name", "see Measures", schema_reference("measure"),
             {"what is known of it", "", kRequired});
  list.other("cell", "name", listed(cell_names()), {{"enum", cell_names()}},
             {"in which world; required when there are several"});
  list.otherwise("the only one");
  list.other("at", "object: axis to value", "", kObject, {"where in the sweep"});
  list.otherwise("everywhere");
  const Json value = {{"anyOf", {Json{{"type", "number"}}, kText}}};
  const char* const summaries[] = {"the value", "a bound from above", "a bound from below"};
  for (std::size_t kind = 0; kind < std::size(kKinds); ++kind)
    list.other(kKinds[kind], "number, or the name of a strategy", "", value,
               {summaries[kind], "of the measure"});
  double within = 0;
  describe_within(list, within, About::Need::optional);
  list.otherwise(number_text(kRateTolerance) + " near a rate, required near other measures, 0 for bounds");
  return list.fields();
}

}  // namespace windtunnel
