#include "support/catch.hpp"
#include "support/slow_mess.hpp"

/// Features composed, against the slow simulator: every measure of every strategy.
namespace windtunnel {
namespace {

const Mess kNovelty{.novelty = 0.4, .novelty_half_life = 1.5};
const Mess kWeekday{.traffic = {1, 0.5, 1.5, 1, 1, 1, 1},
                    .rate = {1, 0.6, 0.8, 1, 1, 1, 1},
                    .effect = {0.5, 1.2, 1, 1, 1, 1, 1}};
const Mess kClosedDay{.traffic = {1, 0, 1, 1, 1, 1, 1}, .rate = {1, 1, 0.7, 1, 1, 1, 1}};
const Mess kCarryover{.carry = 0.4, .carry_half_life = 2, .overlap = 0.6};
const Mess kLeakage{.leak = 0.2};
const Mess kSegments{.segments = {{0.4, 0.5, 1}, {0.6, 1, 1.5}}};
const Mess kLate{.report = 0.4};
const Mess kNextDay{.report_days = 1};
const Mess kCovariate{.correlation = -0.6, .shift = 0.3};
const Mess kLost{.lost = 0.3};
const Mess kShares{.true_shares = {0.4, 0.6}};
const Mess kReturning{.returning = 0.4};
const Mess kMetrics{.metrics = {0.3, -0.2}, .alike = 0.4};
const Mess kClusters{.requests = 3, .icc = 0.4};
const Mess kVisits{.requests = 2, .vary = true, .icc = 0.3};

/// Fights over worlds with all of these features at once.
void fight_over(const std::vector<Mess>& messes, bool is_normal = false) {
  const Mess mess = together(messes);
  INFO(mess.features());
  fight(messy_duel(mess, is_normal));
}

TEST_CASE("slow worlds: late outcomes while means move", "[engine]") {
  fight_over({kLate, kNovelty});
  fight_over({kNextDay, kWeekday});
  fight_over({kLate, kClosedDay}, true);
}

TEST_CASE("slow worlds: late outcomes of users who differ", "[engine]") {
  fight_over({kLate, kSegments});
  fight_over({kLate, kLeakage});
  fight_over({kNextDay, kCarryover}, true);
}

TEST_CASE("slow worlds: late outcomes of users lost, reassigned or known before", "[engine]") {
  fight_over({kLate, kLost});
  fight_over({kNextDay, kShares}, true);
  fight_over({kLate, kCovariate}, true);
}

TEST_CASE("slow worlds: late outcomes of users who return", "[engine]") {
  fight_over({kLate, kReturning});
}

TEST_CASE("slow worlds: users return while means move", "[engine]") {
  fight_over({kReturning, kNovelty});
  fight_over({kReturning, kWeekday});
  fight_over({kReturning, kClosedDay});
}

TEST_CASE("slow worlds: users return who differ", "[engine]") {
  fight_over({kReturning, kSegments});
  fight_over({kReturning, kLeakage});
  fight_over({kReturning, kCarryover});
}

TEST_CASE("slow worlds: users return who are lost, reassigned or known before", "[engine]") {
  fight_over({kReturning, kLost});
  fight_over({kReturning, kShares});
  fight_over({kReturning, kCovariate}, true);
}

TEST_CASE("slow worlds: transients, weekdays, memories and leaks", "[engine]") {
  fight_over({kNovelty, kWeekday}, true);
  fight_over({kWeekday, kCarryover});
  fight_over({kCarryover, kLeakage}, true);
  fight_over({kNovelty, kLost});
}

TEST_CASE("slow worlds: segments of users who remember, leak or have a covariate", "[engine]") {
  fight_over({kSegments, kCarryover}, true);
  fight_over({kSegments, kLeakage});
  fight_over({kSegments, kCovariate}, true);
  fight_over({kSegments, kNovelty, kWeekday, kShares});
}

TEST_CASE("slow worlds: further metrics of users who report late or return", "[engine]") {
  fight_over({kMetrics, kLate}, true);
  fight_over({kMetrics, kReturning}, true);
  fight_over({kMetrics, kLeakage, kLate}, true);
}

TEST_CASE("slow worlds: further metrics of users who differ or are known before", "[engine]") {
  fight_over({kMetrics, kSegments, kWeekday}, true);
  fight_over({kMetrics, kCovariate, kLost}, true);
  fight_over({kMetrics, kCovariate, kLeakage}, true);
}

TEST_CASE("slow worlds: several requests of users who differ, are lost or leak", "[engine]") {
  fight_over({kClusters, kSegments});
  fight_over({kVisits, kLost, kNovelty});
  fight_over({kClusters, kLeakage, kWeekday}, true);
  fight_over({kVisits, kSegments}, true);
}

}  // namespace
}  // namespace windtunnel
