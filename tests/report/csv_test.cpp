#include "windtunnel/report/csv.hpp"

#include "made.hpp"
#include "support/catch.hpp"

using namespace windtunnel;

namespace {

/// One cell, two strategies with awkward names, three measures and a paired difference.
made::Run small_run() {
  made::Run run = made::daily_peeking();
  run.scenario.grid[0].strategies[1].name = "peeking, \"daily\"";
  MeasuredCell cell{0, MeasureSetting::Cell::effect, {}, {}};
  const Value looked{"2", 0.1, 0.01, 0.08, 0.12, 900, Value::Kind::proportion, ""};
  cell.strategies = {{{"rejection_rate", {{"", 1.0 / 3, 1e-7, 0.25, 0.5, 1000, Value::Kind::proportion, ""}}},
                      {"stop_by_look", {looked}}},
                     {{"rejection_rate", {made::none("the rule does not test, ever")}}}};
  cell.pairs = {{0, 1, "mean_days", {"", -2, 0.5, -3, -1, 1000, Value::Kind::mean, ""}, 0.75}};
  run.result.cells = {cell};
  run.result.replications = 1000;
  run.cells = {made::facts(0, Rejection::power)};
  return run;
}

}  // namespace

TEST_CASE("csv: one row per value with quotes where they are needed", "[report]") {
  CHECK(csv_text(small_run().report()) ==
        "scenario,scenario_hash,cell,strategy,versus,measure,at,value,mcse,conf_low,conf_high,replications,"
        "note\n"
        "daily-peeking,00112233445566778899aabbccddeeff,effect,fixed horizon,,rejection_rate,,"
        "0.3333333333333333,1e-07,0.25,0.5,1000,\n"
        "daily-peeking,00112233445566778899aabbccddeeff,effect,fixed horizon,,stop_by_look,2,"
        "0.1,0.01,0.08,0.12,900,\n"
        "daily-peeking,00112233445566778899aabbccddeeff,effect,\"peeking, \"\"daily\"\"\",,rejection_rate,,"
        ",,,,1000,\"the rule does not test, ever\"\n"
        "daily-peeking,00112233445566778899aabbccddeeff,effect,fixed horizon,\"peeking, "
        "\"\"daily\"\"\",mean_days,,"
        "-2,0.5,-3,-1,1000,\n"
        "daily-peeking,00112233445566778899aabbccddeeff,effect,fixed horizon,\"peeking, "
        "\"\"daily\"\"\",variance_ratio,mean_days,"
        "0.75,,,,1000,\n");
}

TEST_CASE("csv: the axes of a sweep are columns", "[report]") {
  made::Run run = small_run();
  run.scenario.axes = {"boundary", "days"};
  run.scenario.grid[0].coordinates = {"\"pocock\"", "14"};
  run.result.cells[0].strategies.resize(1);
  run.result.cells[0].strategies[0].resize(1);
  run.result.cells[0].pairs.clear();
  CHECK(csv_text(run.report()) ==
        "scenario,scenario_hash,cell,boundary,days,strategy,versus,measure,at,value,mcse,conf_low,conf_high,"
        "replications,note\n"
        "daily-peeking,00112233445566778899aabbccddeeff,effect,pocock,14,fixed horizon,,rejection_rate,,"
        "0.3333333333333333,1e-07,0.25,0.5,1000,\n");
}

TEST_CASE("csv: every row has as many fields as the header", "[report]") {
  const std::string text = csv_text(made::daily_peeking().report());
  std::size_t from = 0, rows = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', from), ++rows) {
    const std::string row = text.substr(from, end - from);
    INFO(row);
    CHECK(std::count(row.begin(), row.end(), ',') == 12);  // no name of this run needs quotes
    from = end + 1;
  }
  CHECK(rows == 1 + 8 + 10 + 2);  // header, null, effect, pair
}
