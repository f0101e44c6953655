#include "replay_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "windtunnel/report/number_format.hpp"
#include "windtunnel/report/text_layout.hpp"

namespace windtunnel {

namespace {

using Cells = std::vector<std::string>;

const char* call_text(i32 call) {
  switch (call) {
    case kReject:
      return "better";
    case kRejectWorse:
      return "worse";
    case kAccept:
      return "no effect";
    case kLead:
      return "leads";
    case kTrail:
      return "trails";
    case kVetoed:
      return "vetoed";
    default:
      return "go on";
  }
}

/// Treatments a look is shown for: all of a few, else the one with the largest z.
std::vector<std::size_t> shown_treatments(const LookNote& note) {
  constexpr std::size_t kFew = 3;
  std::vector<std::size_t> hypotheses;
  if (note.z.size() > kFew)
    return {static_cast<std::size_t>(std::max_element(note.z.begin(), note.z.end()) - note.z.begin())};
  for (std::size_t h = 0; h < note.z.size(); ++h) hypotheses.push_back(h);
  return hypotheses;
}

std::string arm_text(const LookNote& note, std::size_t arm) {
  const i64 users = note.users[arm];
  if (note.outcomes == LookNote::Outcomes::unseen || users == 0)
    return fmt::format("{} users", grouped(users));
  const double mean = note.total[arm] / static_cast<double>(users);
  if (note.outcomes == LookNote::Outcomes::binary)
    return fmt::format("{} of {} = {}", grouped(static_cast<i64>(note.total[arm])), grouped(users),
                       outcome_text(mean, note.outcomes));
  return fmt::format("{} over {} users", outcome_text(mean, note.outcomes), grouped(users));
}

/// A difference of two means, with its sign; of rates in percentage points.
std::string difference_text(double value, LookNote::Outcomes outcomes) {
  const std::string sign = value > 0 ? "+" : "";
  if (outcomes == LookNote::Outcomes::binary) return sign + fixed_text(100 * value, 2) + " pp";
  return sign + outcome_text(value, outcomes);
}

/// That z speaks of the excess over a margin, where there is one.
std::string margin_text(const LookNote& note) {
  const std::vector<double>& margin = note.margin;
  if (std::ranges::all_of(margin, [](double m) { return m == 0; })) return "";
  const bool is_one = std::ranges::all_of(margin, [&](double m) { return m == margin.front(); });
  return "  z is that of the difference less the margin of " +
         (is_one ? difference_text(margin.front(), note.outcomes) : "its arm") + "\n";
}

Cells look_cells(const LookNote& note, std::size_t hypothesis, const StrategyPlan& plan,
                 const GridPoint& point) {
  const auto k = static_cast<std::size_t>(note.look);
  const bool has_evidence = note.variance[hypothesis] > 0;
  Cells cells{grouped(note.look + 1), grouped(plan.look_days[k]), grouped(plan.look_users[k]),
              arm_text(note, 0)};
  if (point.world.arms.size() > 2) cells.push_back(printable(point.world.arms[hypothesis + 1]));
  cells.push_back(arm_text(note, hypothesis + 1));
  cells.push_back(has_evidence ? difference_text(note.estimate[hypothesis], note.outcomes) : kNoValue);
  cells.push_back(has_evidence ? fixed_text(note.z[hypothesis], 2) : kNoValue);
  cells.emplace_back(call_text(note.calls[hypothesis]));
  return cells;
}

std::string rendered(const std::vector<Cells>& rows, std::size_t skipped_after, std::size_t skipped) {
  std::vector<int> widths(rows.front().size());
  for (const Cells& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], display_width(row[c]));
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (skipped > 0 && r == skipped_after)
      text += fmt::format("  … {} looks at which it goes on …\n", grouped(static_cast<i64>(skipped)));
    std::string line;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      const bool is_last = c + 1 == widths.size();
      line += "  " + (is_last ? rows[r][c] : padded(rows[r][c], widths[c], Align::right));
    }
    text += line + "\n";
  }
  return text;
}

std::string looks_text(const std::vector<LookNote>& looks, const StrategyPlan& plan, const GridPoint& point) {
  constexpr std::size_t kEachEnd = 20;
  const std::size_t skipped = looks.size() > 2 * kEachEnd + 1 ? looks.size() - 2 * kEachEnd : 0;
  Cells heading{"look", "day", "users", "control"};
  if (point.world.arms.size() > 2) heading.emplace_back("arm");
  heading.insert(heading.end(), {point.world.arms.size() > 2 ? "treatment" : printable(point.world.arms[1]),
                                 "difference", "z", "call"});
  heading[3] = printable(point.world.arms[0]);
  std::vector<Cells> rows{heading};
  std::size_t skipped_after = 0;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (skipped > 0 && i == kEachEnd) {
      i += skipped;
      skipped_after = rows.size();
    }
    for (std::size_t h : shown_treatments(looks[i])) rows.push_back(look_cells(looks[i], h, plan, point));
  }
  return rendered(rows, skipped_after, skipped);
}

std::string end_text(const EndNote& ending, LookNote::Outcomes outcomes, const GridPoint& point) {
  const std::string arm = printable(point.world.arms[static_cast<std::size_t>(ending.arm)]);
  std::string what = ending.end == kShip   ? "ships " + arm
                     : ending.end == kKeep ? "keeps control"
                                           : "is undecided";
  std::string text =
      fmt::format("  {} on day {:.0f}, after {} users{}\n", what, ending.days,
                  grouped(static_cast<i64>(ending.users)), ending.rejected != 0 ? ": rejected" : "");
  if (ending.low <= ending.high)
    text += fmt::format("  estimate of {} {} ({} to {}), truth {}{}\n", arm,
                        difference_text(ending.estimate, outcomes), difference_text(ending.low, outcomes),
                        difference_text(ending.high, outcomes),
                        ending.is_known ? difference_text(ending.estimand, outcomes) : "unknown",
                        ending.wrong_ship ? ": a wrong ship" : "");
  return text + fmt::format("  users' loss over the whole horizon: {}\n", plain_text(ending.regret));
}

}  // namespace

std::string outcome_text(double value, LookNote::Outcomes outcomes) {
  if (outcomes == LookNote::Outcomes::binary) return fixed_text(100 * value, 2) + " %";
  return fmt::format("{:.5g}", value);
}

std::string replay_text(const Witness& witness, int strategy, const StrategyPlan& plan,
                        const GridPoint& point) {
  const std::vector<LookNote>& looks = witness.looks(strategy);
  const Strategy& described = point.strategies[static_cast<std::size_t>(strategy)];
  std::string text = fmt::format("{} ({})\n", printable(described.name), described.rule_name);
  if (looks.empty()) return text + end_text(witness.ending(strategy), LookNote::Outcomes::other, point);
  return text + looks_text(looks, plan, point) + margin_text(looks.back()) +
         end_text(witness.ending(strategy), looks.back().outcomes, point);
}

}  // namespace windtunnel
