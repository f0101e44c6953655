#include "windtunnel/data/calendar.hpp"

#include "support/catch.hpp"
#include "windtunnel/data/timeline.hpp"

namespace windtunnel {
namespace {

using Kind = Schedule::Kind;
using Positions = std::vector<i64>;

Schedule every(Kind kind, double period, double from = 0) {
  Schedule schedule;
  schedule.kind = kind;
  schedule.every = period;
  schedule.from = from;
  return schedule;
}

Schedule at(Kind kind, std::vector<double> times) {
  Schedule schedule;
  schedule.kind = kind;
  schedule.times = std::move(times);
  return schedule;
}

TEST_CASE("calendar: fractional users of a day carry over", "[data]") {
  const Calendar calendar(std::vector<double>(5, 1.5), 4);
  CHECK(calendar.experiment_days() == 4);
  CHECK(calendar.total_days() == 5);
  CHECK(Positions{calendar.users_after(0), calendar.users_after(1), calendar.users_after(2),
                  calendar.users_after(3)} == Positions{0, 1, 3, 4});
  CHECK(calendar.users_at(1.5) == 2);
  CHECK(calendar.users_at(99) == 7);
}

TEST_CASE("calendar: a position on the edge of a day belongs to the day that is complete", "[data]") {
  const Calendar calendar(std::vector<double>(3, 100.0), 3);
  CHECK(calendar.days_begun(0) == 0);
  CHECK(calendar.days_begun(1) == 1);
  CHECK(calendar.days_begun(100) == 1);
  CHECK(calendar.days_begun(101) == 2);
  CHECK(calendar.days_begun(300) == 3);
}

TEST_CASE("calendar: every kind of schedule gives its positions and always the end", "[data]") {
  const Calendar calendar(std::vector<double>(10, 24.0), 10);
  CHECK(calendar.positions({}, 10) == Positions{240});
  CHECK(calendar.positions(every(Kind::every_days, 3), 10) == Positions{72, 144, 216, 240});
  CHECK(calendar.positions(every(Kind::every_days, 3, 1), 10) == Positions{24, 96, 168, 240});
  CHECK(calendar.positions(every(Kind::every_hours, 12), 1) == Positions{12, 24});
  CHECK(calendar.positions(every(Kind::every_users, 100), 10) == Positions{100, 200, 240});
  CHECK(calendar.positions(every(Kind::every_users, 100, 50), 10) == Positions{50, 150, 240});
  CHECK(calendar.positions(at(Kind::at_days, {7}), 10) == Positions{168, 240});
  CHECK(calendar.positions(at(Kind::at_users, {10, 20}), 2) == Positions{10, 20, 48});
  Schedule spaced;
  spaced.kind = Kind::equally_spaced;
  spaced.count = 7;  // look k after ceil(k 240 / 7) users
  CHECK(calendar.positions(spaced, 10) == Positions{35, 69, 103, 138, 172, 206, 240});
}

TEST_CASE("calendar: looks beyond the end are dropped and counted", "[data]") {
  const Calendar calendar(std::vector<double>(10, 24.0), 10);
  int dropped = -1;
  CHECK(calendar.positions(at(Kind::at_days, {3, 7, 9}), 5, &dropped) == Positions{72, 120});
  CHECK(dropped == 2);
  CHECK(calendar.positions(at(Kind::at_users, {1e12}), 5, &dropped) == Positions{120});
  CHECK(dropped == 1);
}

TEST_CASE("timeline: cuts become steps and epochs start new ones", "[data]") {
  const Timeline timeline({30, 10, 10, 99}, {0, 20}, 40);
  std::vector<i64> ends;
  std::vector<int> epochs;
  for (const Step& step : timeline.steps()) {
    ends.push_back(step.users_after);
    epochs.push_back(step.epoch);
  }
  CHECK(ends == std::vector<i64>{10, 20, 30, 40});
  CHECK(epochs == std::vector<int>{0, 0, 1, 1});
  CHECK(timeline.step_ending_at(30) == 2);
  CHECK(timeline.step_ending_at(31) == -1);
  CHECK(timeline.end() == 40);
  for (const Step& step : timeline.steps()) CHECK(step.begins_round == (step.index == 0));
}

TEST_CASE("timeline: periodic rounds are cuts that need not be stored", "[data]") {
  const Calendar calendar({7, 7, 7, 7}, 4);
  for (const i64 every : {1, 2, 3, 5, 30})
    for (const i64 first : {1, 4}) {
      std::vector<i64> stored;
      for (i64 at = first; at <= 28; at += every) stored.push_back(at);
      const Timeline lazy({6, 9, 24}, {0, 14}, 26, &calendar, {{}, first, every});
      const Timeline eager({6, 9, 24}, {0, 14}, 26, &calendar, {stored, 0, 0});
      CHECK(lazy.steps().size() == eager.steps().size());
      auto other = eager.steps().begin();
      int index = 0;
      for (const Step& step : lazy.steps()) {
        CAPTURE(every, first, step.index);
        CHECK(step.index == index++);
        CHECK(step.users_before == other->users_before);
        CHECK(step.users_after == other->users_after);
        CHECK(step.epoch == (step.users_before >= 14 ? 1 : 0));
        CHECK(step.day == calendar.days_begun(step.users_after) - 1);
        const i64 before = step.users_before;
        CHECK(step.begins_round == (before == 0 || (before >= first && (before - first) % every == 0)));
        CHECK(other->begins_round == step.begins_round);
        CHECK(lazy.step_ending_at(step.users_after) == step.index);
        CHECK(eager.step_ending_at(step.users_after) == step.index);
        ++other;
      }
      CHECK(index == static_cast<int>(lazy.steps().size()));
      bool has_single = false;
      for (const Step& step : lazy.steps()) has_single |= step.users() == 1;
      CHECK(lazy.has_single_users() == has_single);
      CHECK(eager.has_single_users() == has_single);
      i64 largest = 0, begun = 0;
      for (const Step& step : eager.steps()) {
        if (step.begins_round) begun = step.users_before;
        largest = std::max(largest, step.users_after - begun);
      }
      CHECK(eager.largest_round() == largest);
      CHECK(lazy.largest_round() == largest);
      // Rounds that end in (at - 10, at], or just before.
      i64 most = 1;
      for (const i64 last : stored) {
        i64 within = 0;
        for (const i64 at : stored) within += at >= last - 10 && at <= last ? 1 : 0;
        most = std::max(most, within);
      }
      CHECK(eager.most_rounds_within(10) == most);
      CHECK(lazy.most_rounds_within(10) == 10 / every + 1);
      CHECK(lazy.most_rounds_within(10) >= most);
    }
}

}  // namespace
}  // namespace windtunnel
