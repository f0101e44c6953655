#pragma once

#include <map>
#include <memory>
#include <vector>

#include "windtunnel/world/intake.hpp"

/// The ways to take users in, one file each, and what they share.
namespace windtunnel {

/// Outcomes are drawn when users are exposed, and known at once.
std::unique_ptr<const IntakePlan> prompt_intake(const IntakeSetting& setting);

/// Outcomes are drawn when they become known; those who wait are counts.
std::unique_ptr<const IntakePlan> waiting_intake(const IntakeSetting& setting);

/// Outcomes are drawn at exposure together with what is known at once, and wait as totals by day of report.
std::unique_ptr<const IntakePlan> parcel_intake(const IntakeSetting& setting);

/// Users who return with outcomes of 0 and 1: counts of users by the sum of their outcomes.
std::unique_ptr<const IntakePlan> counting_intake(const IntakeSetting& setting);

/// Every user for itself, with its outcomes so far: the plain way, whatever the lag and the returns.
std::unique_ptr<const IntakePlan> single_intake(const IntakeSetting& setting);

/// Generators of one index, for what is drawn of users apart from their exposure.
struct Generators {
  Generators(u64 seed, u32 index)
      : outcome(seed, Purpose::outcome, index),
        spread(seed, Purpose::spread, index),
        company(seed, Purpose::company, index),
        lag(seed, Purpose::lag, index),
        visit(seed, Purpose::visit, index) {}

  BatchSource source(u64 first_replication, Address address) const {
    return {
        {&outcome, first_replication}, {&spread, first_replication}, {&company, first_replication}, address};
  }

  Random outcome, spread, company, lag, visit;
};

/// Generators by index, made when they are first asked for; they stay where they are.
class GeneratorShelf {
 public:
  explicit GeneratorShelf(u64 seed) : seed_(seed) {}

  const Generators& at(int index) {
    return shelf_.try_emplace(index, seed_, static_cast<u32>(index)).first->second;
  }

 private:
  u64 seed_;
  std::map<int, Generators> shelf_;
};

/// Calls `visit(totals, segment, day)` with all totals that users exposed until `today` are counted in: those
/// of every segment (-1: the undivided population), and of every day of exposure (-1: of all days).
template <class Visit>
void for_all_totals(Observed& observed, int today, Visit visit) {
  const auto visit_days = [&](Observed& all, int segment) {
    visit(all, segment, -1);
    const int days = std::min(static_cast<int>(all.cohorts.size()), today + 1);
    for (int day = 0; day < days; ++day) visit(all.cohorts[static_cast<std::size_t>(day)], segment, day);
  };
  if (observed.segments.empty()) return visit_days(observed, -1);
  for (std::size_t g = 0; g < observed.segments.size(); ++g)
    visit_days(observed.segments[g], static_cast<int>(g));
}

/// The totals of a segment (-1: of the undivided population) and of a day of exposure (-1: of all days).
inline Observed& totals_of(Observed& observed, int segment, int day) {
  Observed& all = segment < 0 ? observed : observed.segments[static_cast<std::size_t>(segment)];
  return day < 0 ? all : all.cohorts[static_cast<std::size_t>(day)];
}

/// Counts users of an arm as exposed on a day of a segment.
template <class Users>
void count_users(Observed& observed, int segment, int day, int arm, const Users& users_of) {
  const auto count = [&](Observed& totals) {
    i32* users = totals.users.row(arm);
    for (int l = 0; l < totals.lanes; ++l) users[l] += users_of(l);
  };
  Observed& all = totals_of(observed, segment, -1);
  count(all);
  if (!all.cohorts.empty()) count(totals_of(observed, segment, day));
}

/// Columns a scratch for the outcomes of some users needs.
inline Channels batch_columns(const IntakeSetting& setting) {
  Channels columns = setting.wanted;
  for (Channel parts : {Channel::segments, Channel::cohorts, Channel::known})
    columns = columns.without(parts);
  return columns;
}

}  // namespace windtunnel
