#include "windtunnel/report/table.hpp"

#include <sstream>

#include "made.hpp"
#include "support/catch.hpp"
#include "windtunnel/report/text_layout.hpp"

using namespace windtunnel;
using Cell = MeasureSetting::Cell;
using State = ExpectationResult::State;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The line of a text that begins with `start`; empty without one.
std::string line(const std::string& text, const std::string& start) {
  const std::size_t at = ("\n" + text).find("\n" + start);
  return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

TableOptions of_width(int width) {
  TableOptions options;
  options.width = width;
  return options;
}

}  // namespace

TEST_CASE("table: null and effect stand side by side with their errors", "[report]") {
  CHECK(table_text(made::daily_peeking().report()) ==
        "daily-peeking · conversion 5 % → 5.75 % (+15 %) · 14 days × 2,000 users (1,000 per arm)\n"
        "100,000 replications, seed 1                                         look: every day\n"
        "\n"
        "                     NO EFFECT              LASTING EFFECT +15 %\n"
        "strategy             false positives         power   days   overstates   users' loss\n"
        "────────────────────────────────────────────────────────────────────────────────────\n"
        "fixed horizon          4.9 %                79.5 %   14.0       1.13 ×           339\n"
        "daily peeking         21.9 %  ▲ 4.4 × α     87.1 %    6.7       1.64 ×         1,203\n"
        "95 % error, at most  ± 0.3                 ± 0.3   ± 0.03    ± 0.005             ± 4\n"
        "▲ above α = 5 % by more than its error: power and loss of that line are bought with it.\n"
        "users' loss: conversions missed in 14 days and 76 of rollout after them against always serving the\n"
        "  best arm.\n");
}

TEST_CASE("table: one day is no days", "[report]") {
  made::Run run = made::daily_peeking();
  WorldSpec& world = run.scenario.grid.front().world;
  world.days = 1;
  CHECK(contains(table_text(run.report()), "missed in 1 day and 76 of rollout after it against"));
  world.rollout_days = 0;
  CHECK(contains(table_text(run.report()), "missed in 1 day against"));
}

TEST_CASE("table: at 72 columns it gives up what says least", "[report]") {
  const std::string text = table_text(made::daily_peeking().report(), of_width(72));
  CHECK(line(text, "strategy") == "strategy             false positives         power   days   users' loss");
  CHECK(contains(text, "bought with it"));
  CHECK(line(text, "14 days") == "14 days × 2,000 users (1,000 per arm)");
}

TEST_CASE("table: narrower still it gives up the loss and its explanation", "[report]") {
  const std::string text = table_text(made::daily_peeking().report(), of_width(60));
  CHECK(line(text, "strategy") == "strategy             false positives         power   days");
  CHECK_FALSE(contains(text, "loss"));
}

TEST_CASE("table: no line is wider than the terminal", "[report]") {
  made::Run run = made::daily_peeking();
  run.scenario.grid[0].strategies[0].name = "a name that goes on for longer than a narrow terminal is wide";
  run.result.lints = {
      "few_conversions: the first look sees fewer than five conversions in an arm, on average"};
  for (int width : {64, 72, 84, 100}) {
    std::istringstream text(table_text(run.report(), of_width(width)));
    for (std::string line; std::getline(text, line);) {
      INFO(line);
      CHECK(display_width(line) <= width);
    }
  }
  const std::string text = table_text(run.report(), of_width(72));
  CHECK(contains(text, "\na name that goes on for lo…    4.9 %                79.5 %   14.0\n"));
}

TEST_CASE("table: ASCII has other signs and the same numbers", "[report]") {
  TableOptions options;
  options.encoding = Encoding::ascii;
  const std::string text = table_text(made::daily_peeking().report(), options);
  CHECK(line(text, "daily peeking") ==
        "daily peeking          21.9 %  ! 4.4 x alpha     87.1 %     6.7       1.64 x         1,203");
  CHECK(line(text, "95 %") ==
        "95 % error, at most  +- 0.3                    +- 0.3   +- 0.03   +- 0.005            +- 4");
  for (char c : text) CHECK(static_cast<unsigned char>(c) < 0x80);
}

TEST_CASE("table: only a mark is coloured and only when asked", "[report]") {
  TableOptions options;
  options.color = Color::always;
  const std::string text = table_text(made::daily_peeking().report(), options);
  CHECK(contains(text, "21.9 %  \x1b[31m▲ 4.4 × α\x1b[0m     87.1 %"));
  CHECK_FALSE(contains(table_text(made::daily_peeking().report()), "\x1b"));
}

TEST_CASE("table: the mark needs more than four errors above alpha", "[report]") {
  made::Run run = made::daily_peeking();
  // Errors are sqrt(p (1 - p) / 1e5) = .0007: .0527 lies 3.8 of them above .05, .0530 lies 4.2.
  run.result.cells[0].strategies[0][0].values = {made::share(0.0527, 100'000)};
  run.result.cells[0].strategies[1][0].values = {made::share(0.0530, 100'000)};
  const std::string text = table_text(run.report());
  CHECK_FALSE(contains(line(text, "fixed horizon"), "▲"));
  CHECK(contains(line(text, "daily peeking"), "▲ 1.1 × α"));
}

TEST_CASE("table: a rule with an exact guarantee has broken a promise", "[report]") {
  made::Run run = made::daily_peeking();
  run.scenario.grid[0].strategies[1].guarantee = Guarantee::exact;
  const std::string text = table_text(run.report());
  CHECK(contains(line(text, "daily peeking"), "21.9 %  ✗ promise     87.1 %"));
  CHECK(line(text, "✗") == "✗ promise: the rule promises at most α = 5 % exactly, and this world breaks it.");
  CHECK_FALSE(contains(text, "▲"));
}

TEST_CASE("table: transients without a lasting effect are no false positives", "[report]") {
  made::Run run = made::daily_peeking();
  run.cells[0] = made::facts(0, Rejection::without_lasting_effect);
  const std::string text = table_text(run.report());
  CHECK(contains(text, "rejects without lasting effect"));
  CHECK_FALSE(contains(text, "false positives"));
  CHECK_FALSE(contains(text, "▲"));
}

TEST_CASE("table: strategies of one cell can mean different things by rejecting", "[report]") {
  made::Run run = made::daily_peeking();
  run.cells[1].strategies[1].rejection = Rejection::false_positive;  // its margin is the effect
  const std::string text = table_text(run.report());
  CHECK(line(text, "fixed horizon") ==
        "fixed horizon          4.9 %                     –             79.5 %   14.0           339");
  CHECK(contains(line(text, "daily peeking"), "87.1 %  ▲ 17 × α        –    6.7"));
}

TEST_CASE("table: loss is not shown without false positives beside it", "[report]") {
  made::Run run = made::daily_peeking();
  run.result.cells.erase(run.result.cells.begin());
  run.cells.erase(run.cells.begin());
  for (Layout layout : {Layout::narrow, Layout::wide}) {
    TableOptions options;
    options.layout = layout;
    const std::string text = table_text(run.report(), options);
    CHECK(contains(text, "79.5"));
    CHECK_FALSE(contains(text, "1,203"));
  }
}

TEST_CASE("table: a strategy without a test shows what it ships", "[report]") {
  made::Run run = made::daily_peeking();
  for (std::size_t c = 0; c < 2; ++c) {
    run.result.cells[c].strategies[0][0].values = {made::none("the rule does not test")};
    run.cells[c].strategies[0].rejection = Rejection::none;
  }
  const std::string text = table_text(run.report(), of_width(110));
  CHECK(line(text, "strategy") ==
        "strategy             false positives       ships      power    ships   days   overstates   users' "
        "loss");
  CHECK(line(text, "fixed horizon") ==
        "fixed horizon              –               2.5 %          –   79.5 %   14.0       1.13 ×           "
        "339");
  CHECK(line(text, "–") == "– the rule does not test (false positives, power).");
}

TEST_CASE("table: an A/A test shows duration and coverage", "[report]") {
  made::Run run = made::daily_peeking();
  run.scenario.grid[0].world.effect.reset();
  run.result.cells.pop_back();
  run.cells.pop_back();
  for (auto& strategy : run.result.cells[0].strategies)
    strategy.push_back({"coverage", {made::share(0.9, 100'000)}});
  const std::string text = table_text(run.report());
  CHECK(line(text, "daily-peeking") ==
        "daily-peeking · conversion 5 % in every arm · 14 days × 2,000 users (1,000 per arm)");
  CHECK(line(text, "strategy") == "strategy             false positives      days   interval covers");
  CHECK(line(text, "▲") == "▲ above α = 5 % by more than its error.");
}

TEST_CASE("table: drawn effects show discoveries", "[report]") {
  made::Run run = made::daily_peeking();
  run.result.cells.erase(run.result.cells.begin());
  run.cells = {made::facts(0, Rejection::none)};
  run.result.cells[0].kind = Cell::drawn;
  for (auto& strategy : run.result.cells[0].strategies) {
    strategy.push_back({"false_discovery_rate", {made::share(0.12, 10'000)}});
    strategy.push_back({"true_winner_share", {made::share(0.88, 10'000)}});
  }
  const std::string text = table_text(run.report());
  CHECK(line(text, "                     EFFECTS") == "                     EFFECTS DRAWN");
  CHECK(line(text, "strategy") ==
        "strategy               ships   false discoveries   true winners   days   users' loss");
  CHECK_FALSE(contains(text, "▲"));
}

TEST_CASE("table: lints and expectations and files follow the numbers", "[report]") {
  made::Run run = made::daily_peeking();
  run.result.lints = {"few_conversions: the first look sees 3 conversions in an arm"};
  run.result.expectations = {{State::holds, "power of 'a' near .8: .795, error .001", 0},
                             {State::fails, "power of 'b' near .8: .5, error .001", 0},
                             {State::undecided, "power of 'c' near .8: .79, error .01", 1'600'000}};
  const std::string text = table_text(run.report(), {}, {"out/a.json", "out/a.csv"});
  CHECK(text.substr(text.find("\nlint")) ==
        "\nlint    few_conversions: the first look sees 3 conversions in an arm\n"
        "\n"
        "expect  holds: power of 'a' near .8: .795, error .001\n"
        "expect  FAILS: power of 'b' near .8: .5, error .001\n"
        "expect  undecided: power of 'c' near .8: .79, error .01; about 1,600,000 replications would tell\n"
        "\n"
        "wrote   out/a.json\n"
        "wrote   out/a.csv\n");
}

TEST_CASE("table: an interrupted run says so first", "[report]") {
  const made::Run run = made::daily_peeking();
  Report report = run.report();
  report.asked = 1'000'000;
  CHECK(contains(table_text(report),
                 "every day\nPARTIAL: interrupted after 100,000 of 1,000,000 replications\n\n"));
}

TEST_CASE("table: a run to a precision says how far it came", "[report]") {
  made::Run run = made::daily_peeking();
  run.scenario.precision = Precision{"rejection_rate", 0.001, 100'000};
  Report report = run.report();
  report.precision = PrecisionResult{false, 4, 0.9981, 0.00421};
  CHECK(
      contains(table_text(report),
               "rejection_rate is known within ± 0.00421 at 99.81 % confidence (checkpoint 4): the 100,000\n"
               "  replications allowed do not reach ± 0.001\n"));
  report.precision->reached = true;
  CHECK(contains(table_text(report), "at 99.81 % confidence (checkpoint 4)\n"));
}

TEST_CASE("table: a name cannot send escape sequences", "[report]") {
  made::Run run = made::daily_peeking();
  run.scenario.grid[0].strategies[0].name = "evil\x1b[2J";
  run.scenario.name = "evil\x1b";
  CHECK_FALSE(contains(table_text(run.report()), "\x1b"));
  CHECK_FALSE(contains(markdown_text(run.report()), "\x1b"));
}
