#include "page.hpp"

#include <fmt/format.h>

#include <utility>

#include "block_layout.hpp"
#include "windtunnel/report/number_format.hpp"
#include "windtunnel/report/text_layout.hpp"
#include "world_sentence.hpp"

namespace windtunnel {

namespace {

using State = ExpectationResult::State;

std::string expectation_text(const ExpectationResult& result) {
  const std::string sentence = printable(result.sentence);
  if (result.state == State::holds) return "holds: " + sentence;
  if (result.state == State::fails) return "FAILS: " + sentence;
  const std::string needed =
      result.replications_needed > 0
          ? fmt::format("; about {} replications would tell", grouped(result.replications_needed))
          : "";
  return "undecided: " + sentence + needed;
}

std::string precision_text(const Report& report) {
  const PrecisionResult& precision = *report.precision;
  const Precision& wanted = *report.scenario.precision;
  return fmt::format("{} is known within ± {:.3g} at {:.4g} % confidence (checkpoint {}){}", wanted.measure,
                     precision.half_width, precision.level * 100, precision.checkpoint,
                     precision.reached ? ""
                                       : fmt::format(": the {} replications allowed do not reach ± {:.3g}",
                                                     grouped(wanted.max_replications), wanted.half_width));
}

}  // namespace

Page compose_page(const Report& report, Layout layout, int width) {
  Page page;
  page.heading = world_pieces(report.scenario);
  page.heading.insert(page.heading.begin(), printable(report.scenario.name));
  page.replications =
      fmt::format("{} replications, seed {}", grouped(report.result.replications), report.scenario.seed);
  page.looks = looks_text(report.scenario);
  if (report.asked > report.result.replications)
    page.warnings.push_back(fmt::format("PARTIAL: interrupted after {} of {} replications",
                                        grouped(report.result.replications), grouped(report.asked)));
  if (report.precision && report.scenario.precision) page.warnings.push_back(precision_text(report));
  page.blocks = layout == Layout::wide ? wide_blocks(report) : narrow_blocks(report);
  for (Block& block : page.blocks)
    if (block.overflow == Block::Overflow::drop) block = fitted(std::move(block), width);
  page.notes = notes_of(report, page.blocks);
  for (const std::string& lint : report.result.lints) page.lints.push_back(printable(lint));
  for (const ExpectationResult& result : report.result.expectations)
    page.expectations.push_back(expectation_text(result));
  return page;
}

}  // namespace windtunnel
