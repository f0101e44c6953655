#include "made.hpp"
#include "support/catch.hpp"
#include "windtunnel/report/table.hpp"

using namespace windtunnel;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string wide(const made::Run& run, int width = 100) {
  TableOptions options;
  options.width = width;
  options.layout = Layout::wide;
  return table_text(run.report(), options);
}

/// Two axes: effect 0.1, 0.2 and days 7, 14; null twins differ with the days alone.
made::Run grid_run() {
  made::Run run = made::daily_peeking();
  run.scenario.axes = {"effect", "days"};
  run.scenario.grid.clear();
  run.result.cells.clear();
  run.cells.clear();
  for (int g = 0; g < 4; ++g) {
    GridPoint point = made::conversion_point();
    point.coordinates = {g < 2 ? "0.1" : "0.2", g % 2 == 0 ? "7" : "14"};
    point.world.days = g % 2 == 0 ? 7 : 14;
    point.world.effect->values = {made::point(g < 2 ? 0.1 : 0.2)};
    run.scenario.grid.push_back(point);
    run.result.cells.push_back(made::null_cell(g));
    run.result.cells.push_back(made::effect_cell(g));
    run.cells.push_back(made::facts(g % 2, Rejection::false_positive));
    run.cells.push_back(made::facts(2 + g, Rejection::power));
  }
  return run;
}

}  // namespace

TEST_CASE("layouts: wide has every measure with its own error", "[report]") {
  CHECK(wide(made::daily_peeking()) ==
        "daily-peeking · conversion 5 % → 5.75 % (+15 %) · 14 days × 2,000 users (1,000 per arm)\n"
        "100,000 replications, seed 1                 look: every day\n"
        "\n"
        "NO EFFECT\n"
        "measure         fixed horizon   daily peeking\n"
        "───────────────────────────────────────────────\n"
        "rejection_rate    4.9 ± 0.2 %   21.9 ± 0.3 %  ▲\n"
        "ship_rate       2.45 ± 0.10 %   10.9 ± 0.2 %\n"
        "mean_days                  14   12.41 ± 0.02\n"
        "\n"
        "LASTING EFFECT +15 %\n"
        "measure                      fixed horizon     daily peeking\n"
        "────────────────────────────────────────────────────────────\n"
        "rejection_rate                79.5 ± 0.3 %      87.1 ± 0.3 %\n"
        "ship_rate                     79.5 ± 0.3 %      87.0 ± 0.3 %\n"
        "mean_days                               14       6.72 ± 0.03\n"
        "exaggeration               1.128 ± 0.002 ×   1.640 ± 0.005 ×\n"
        "rejection_rate, no effect      4.9 ± 0.2 %      21.9 ± 0.3 %\n"
        "regret                             339 ± 4         1,203 ± 4\n"
        "\n"
        "difference from fixed horizon, on the same replications (of shares: percentage points)\n"
        "measure         daily peeking\n"
        "─────────────────────────────\n"
        "rejection_rate    7.6 ± 0.2 %\n"
        "\n"
        "difference from fixed horizon: variance, in units of that of independent replications\n"
        "measure         daily peeking\n"
        "─────────────────────────────\n"
        "rejection_rate          0.425\n"
        "▲ above α = 5 % by more than its error.\n");
}

TEST_CASE("layouts: a wide block goes on below when strategies do not fit", "[report]") {
  const std::string text = wide(made::daily_peeking(), 48);
  CHECK(contains(text,
                 "measure                      fixed horizon\n"
                 "──────────────────────────────────────────\n"));
  CHECK(contains(text,
                 "\n\nmeasure                      daily peeking\n"
                 "──────────────────────────────────────────\n"));
}

TEST_CASE("layouts: one axis repeats the block under its value", "[report]") {
  made::Run run = grid_run();
  run.scenario.axes = {"days"};
  run.scenario.grid.resize(2);
  for (GridPoint& point : run.scenario.grid) point.coordinates.erase(point.coordinates.begin());
  run.result.cells.resize(4);
  run.cells.resize(4);
  const std::string text = table_text(run.report());
  CHECK(contains(text, "daily-peeking · conversion 5 % → 5.5 % (+10 %) · 2,000 users a day\n"));
  CHECK(contains(text, "\n\ndays = 7\n                     NO EFFECT              LASTING EFFECT +10 %\n"));
  CHECK(contains(text, "\n\ndays = 14\n                     NO EFFECT"));
}

TEST_CASE("layouts: two axes become pivots without the axis that changes nothing", "[report]") {
  const std::string text = table_text(grid_run().report());
  CHECK(contains(text, "daily-peeking · conversion 5 % · 2,000 users a day\n"));
  CHECK(contains(text,
                 "\nfalse positives (no effect, 95 % error at most ± 0.3)\n"
                 "strategy       days = 7    days = 14\n"
                 "────────────────────────────────────\n"
                 "fixed horizon   4.9 %       4.9 %\n"
                 "daily peeking  21.9 %  ▲   21.9 %  ▲\n"));
  CHECK(contains(text,
                 "\npower (lasting effect, 95 % error at most ± 0.3)\n"
                 "               effect = 0.1             effect = 0.2\n"
                 "strategy       days = 7   days = 14     days = 7   days = 14\n"
                 "────────────────────────────────────────────────────────────\n"
                 "fixed horizon    79.5 %      79.5 %       79.5 %      79.5 %\n"));
  CHECK(text.find("users' loss (") > text.find("false positives ("));
}

TEST_CASE("layouts: Markdown has the same numbers", "[report]") {
  made::Run run = made::daily_peeking();
  run.scenario.grid[0].strategies[0].name = "fixed | horizon";
  run.result.expectations = {{ExpectationResult::State::holds, "power: as told", 0}};
  CHECK(
      markdown_text(run.report()) ==
      "# daily-peeking\n"
      "\n"
      "conversion 5 % → 5.75 % (+15 %) · 14 days × 2,000 users (1,000 per arm)\n"
      "\n"
      "100,000 replications, seed 1 · look: every day\n"
      "\n"
      "| strategy | NO EFFECT: false positives | LASTING EFFECT +15 %: power | LASTING EFFECT +15 %: days | "
      "LASTING EFFECT +15 %: overstates | LASTING EFFECT +15 %: users' loss |\n"
      "| --- | ---: | ---: | ---: | ---: | ---: |\n"
      "| fixed \\| horizon | 4.9 % | 79.5 % | 14.0 | 1.13 × | 339 |\n"
      "| daily peeking | 21.9 % ▲ 4.4 × α | 87.1 % | 6.7 | 1.64 × | 1,203 |\n"
      "| 95 % error, at most | ± 0.3 | ± 0.3 | ± 0.03 | ± 0.005 | ± 4 |\n"
      "\n"
      "- ▲ above α = 5 % by more than its error: power and loss of that line are bought with it.\n"
      "- users' loss: conversions missed in 14 days and 76 of rollout after them against always serving the "
      "best arm.\n"
      "\n"
      "Expectations:\n"
      "\n"
      "- holds: power: as told\n");
}

TEST_CASE("layouts: the sentence about the world tells what differs between arms", "[report]") {
  const auto sentence = [](const made::Run& run) {
    const std::string text = table_text(run.report());
    return text.substr(0, text.find('\n'));
  };
  made::Run run = made::daily_peeking();
  run.scenario.resolved = R"({"world":{"outcome":{"type":"normal","sd":4}}})";
  WorldSpec& world = run.scenario.grid[0].world;
  world.outcome = std::make_shared<made::StillOutcome>(10, Range{});
  world.arms = {"control", "a", "b"};
  world.users_per_day = 500;
  world.days = 1;
  world.effect = Lift{Lift::Scale::absolute, {made::point(0.5), made::point(-1)}, {}};
  CHECK(sentence(run) ==
        "daily-peeking · mean 10 → 10.5, 9 (+0.5, -1), sd 4 · 1 day × 500 users (about 167 per arm)");
  world.better = Better::lower;
  world.effect = Lift{Lift::Scale::absolute, {}, {{"b", made::point(2)}}};
  CHECK(sentence(run) == "daily-peeking · mean 10 → 10, 12 (+0, +2), sd 4, lower is better");
}
