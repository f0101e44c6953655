#include "windtunnel/design/rules/ship_leader.hpp"

#include "support/catch.hpp"
#include "support/design_lab.hpp"

namespace windtunnel {
namespace {

/// Leader as the definition reads, 0 for control: exact comparisons of fractions.
///   prior  worth whole numbers
int leader_of(const Observed& observed, PriorWorth prior, double direction, int lane) {
  int leader = -1;
  for (int a = 0; a < observed.arms; ++a) {
    if (observed.users.row(a)[lane] == 0) continue;
    if (leader < 0) {
      leader = a;
      continue;
    }
    const auto total = [&](int arm) {
      return observed.successes.row(arm)[lane] + static_cast<i64>(prior.sum);
    };
    const auto users = [&](int arm) { return observed.users.row(arm)[lane] + static_cast<i64>(prior.users); };
    const i64 s = total(a), n = users(a), t = total(leader), m = users(leader);
    if (direction > 0 ? s * m > t * n : s * m < t * n) leader = a;
  }
  return leader;
}

void check_leaders(PriorWorth prior) {
  constexpr int kLanes = 3000;
  for (double direction : {1.0, -1.0}) {
    Setting setting = make_setting(4, kBinaryChannels, {10, 20}, direction);
    setting.prior = prior;
    const Observed observed = random_totals(setting, kLanes, 9, 5);  // small counts: many ties and empty arms
    const auto plan = ShipLeader().plan(setting, Correction::none, Evidence::Law::normal);
    Calls calls(3, kLanes);
    plan->open(kLanes)->look(1, make_evidence(setting, Evidence::Law::normal, kLanes), observed, calls);
    int wrong = 0;
    for (int l = 0; l < kLanes; ++l)
      for (int h = 0; h < 3; ++h)
        wrong +=
            calls.row(h)[l] != (leader_of(observed, prior, direction, l) == h + 1 ? kLead : kTrail) ? 1 : 0;
    CHECK(wrong == 0);
  }
}

TEST_CASE("ship_leader: ships the arm with the largest mean, or posterior mean", "[rules]") {
  check_leaders({});
  check_leaders(kUniformWorth);
  check_leaders({7, 3});
}

TEST_CASE("ship_leader: compares plain means of other outcomes", "[rules]") {
  const Setting setting = make_setting(3, {Channel::users, Channel::sum}, {10});
  Observed observed;
  observed.begin(3, 3, setting.offers);
  const auto set = [&](int arm, int lane, i32 users, double sum) {
    observed.users.row(arm)[lane] = users;
    observed.sum.row(arm)[lane] = sum;
  };
  for (int l = 0; l < 3; ++l) set(0, l, 10, -20);
  set(1, 0, 10, -10), set(2, 0, 5, -10);  // -1 leads -2
  set(1, 1, 10, -30), set(2, 1, 0, 0);    // the arm without users is out: control leads
  set(1, 2, 10, -20), set(2, 2, 10, -19);
  const auto plan = ShipLeader().plan(setting, Correction::none, Evidence::Law::normal);
  Calls calls(2, 3);
  plan->open(3)->look(0, make_evidence(setting, Evidence::Law::normal, 3), observed, calls);
  CHECK(calls.row(0)[0] == kLead);
  CHECK(calls.row(1)[0] == kTrail);
  CHECK(calls.row(0)[1] == kTrail);
  CHECK(calls.row(1)[1] == kTrail);
  CHECK(calls.row(0)[2] == kTrail);
  CHECK(calls.row(1)[2] == kLead);
}

TEST_CASE("ship_leader: looks at the end only and tests nothing", "[rules]") {
  const Setting setting = make_setting(2, kBinaryChannels, {10, 20, 30});
  const auto plan = ShipLeader().plan(setting, Correction::none, Evidence::Law::normal);
  CHECK_FALSE(plan->looks_at(0));
  CHECK_FALSE(plan->looks_at(1));
  CHECK(plan->looks_at(2));
  CHECK_FALSE(ShipLeader().tests());
  CHECK_THROWS_AS(ShipLeader().plan(setting, Correction::bonferroni, Evidence::Law::normal), InputError);
}

}  // namespace
}  // namespace windtunnel
