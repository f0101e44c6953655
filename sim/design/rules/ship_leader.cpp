#include "windtunnel/design/rules/ship_leader.hpp"

#include <limits>

#include "windtunnel/design/interval.hpp"
#include "windtunnel/design/planning.hpp"
#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Lets an arm challenge the leader so far; arms come in order.
///   total  [lane] sum of its outcomes
template <class Total>
void challenge(double direction, PriorWorth prior, i32 arm, const i32* __restrict users,
               const Total* __restrict total, double* __restrict best, i32* __restrict leader, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const double mean = prior.mean(users[l], static_cast<double>(total[l]));
    const double value = users[l] > 0 ? direction * mean : -kInfinity;
    leader[l] = value > best[l] ? arm : leader[l];
    best[l] = value > best[l] ? value : best[l];
  }
}

class ShipLeaderJudge final : public Judge {
 public:
  ShipLeaderJudge(const DefaultInterval& interval, PriorWorth prior) : interval_(interval), prior_(prior) {}

  void look(int, const Evidence& evidence, const Sight& sight, Calls& calls) override {
    for (int panel = 0; panel < sight.panels(); ++panel) {
      const Observed& seen = sight.panel(panel);
      find_leader(evidence.direction, seen);
      const i32* __restrict leader = leader_.row(0);
      for (int arm = 1; arm < seen.arms; ++arm) {
        i32* __restrict row = calls.row(panel * (seen.arms - 1) + arm - 1);
        for (int l = 0; l < seen.lanes; ++l) row[l] = leader[l] == arm ? kLead : kTrail;
      }
    }
  }

  void report(int, const Evidence& evidence, const Sight& sight, const EndedLanes& ended,
              const i32* hypothesis, Table<double>& estimates) const override {
    interval_.report(evidence, sight, ended, hypothesis, estimates);
  }

 private:
  void find_leader(double direction, const Observed& seen) {
    // A policy has a prior of the outcomes it learns from, not of further metrics.
    const PriorWorth prior = seen.is_of_metric ? PriorWorth{} : prior_;
    best_.assign(1, seen.lanes, -kInfinity);
    leader_.assign(1, seen.lanes, 0);
    const auto pass = [&](const auto& totals) {
      for (int a = 0; a < seen.arms; ++a)
        challenge(direction, prior, a, seen.users.row(a), totals.row(a), best_.row(0), leader_.row(0),
                  seen.lanes);
    };
    if (seen.successes.rows() > 0)
      pass(seen.successes);
    else
      pass(seen.sum);
  }

  const DefaultInterval& interval_;
  PriorWorth prior_;
  Table<double> best_;  // [0][lane] largest mean so far, towards better
  Table<i32> leader_;   // [0][lane]
};

class ShipLeaderPlan final : public RulePlan {
 public:
  ShipLeaderPlan(DefaultInterval interval, PriorWorth prior, int last_look)
      : interval_(interval), prior_(prior), last_look_(last_look) {}

  std::unique_ptr<Judge> open(int) const override {
    return std::make_unique<ShipLeaderJudge>(interval_, prior_);
  }
  bool looks_at(int k) const override { return k == last_look_; }

 private:
  DefaultInterval interval_;
  PriorWorth prior_;
  int last_look_;
};

}  // namespace

Channels ShipLeader::needs(Channels offered) const {
  return difference_channels(offered);
}

std::unique_ptr<const RulePlan> ShipLeader::plan(const Setting& setting, Correction correction,
                                                 Evidence::Law) const {
  allow_no_correction(correction, "ship_leader");
  return std::make_unique<ShipLeaderPlan>(DefaultInterval(alpha(), setting), setting.prior,
                                          static_cast<int>(setting.looks.size()) - 1);
}

}  // namespace windtunnel
