#include "windtunnel/design/rules/ship_leader.hpp"

#include <limits>

#include "windtunnel/design/interval.hpp"
#include "windtunnel/design/planning.hpp"
#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void challenge_binary(double direction, i32 arm, const i32* __restrict users, const i32* __restrict successes,
                      double* __restrict best, i32* __restrict leader, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const double mean = (successes[l] + 1.0) / (users[l] + 2.0);
    const double value = users[l] > 0 ? direction * mean : -kInfinity;
    leader[l] = value > best[l] ? arm : leader[l];
    best[l] = value > best[l] ? value : best[l];
  }
}

void challenge_continuous(double direction, i32 arm, const i32* __restrict users,
                          const double* __restrict sum, double* __restrict best, i32* __restrict leader,
                          int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const double value = users[l] > 0 ? direction * sum[l] / users[l] : -kInfinity;
    leader[l] = value > best[l] ? arm : leader[l];
    best[l] = value > best[l] ? value : best[l];
  }
}

class ShipLeaderJudge final : public Judge {
 public:
  ShipLeaderJudge(const DefaultInterval& interval, bool binary) : interval_(interval), binary_(binary) {}

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
    best_.assign(1, seen.lanes, -kInfinity);
    leader_.assign(1, seen.lanes, 0);
    for (int a = 0; a < seen.arms; ++a) {
      if (binary_)
        challenge_binary(direction, a, seen.users.row(a), seen.successes.row(a), best_.row(0), leader_.row(0),
                         seen.lanes);
      else
        challenge_continuous(direction, a, seen.users.row(a), seen.sum.row(a), best_.row(0), leader_.row(0),
                             seen.lanes);
    }
  }

  const DefaultInterval& interval_;
  bool binary_;
  Table<double> best_;  // [0][lane] largest mean so far, towards better
  Table<i32> leader_;   // [0][lane]
};

class ShipLeaderPlan final : public RulePlan {
 public:
  ShipLeaderPlan(DefaultInterval interval, bool binary, int last_look)
      : interval_(interval), binary_(binary), last_look_(last_look) {}

  std::unique_ptr<Judge> open(int) const override {
    return std::make_unique<ShipLeaderJudge>(interval_, binary_);
  }
  bool looks_at(int k) const override { return k == last_look_; }

 private:
  DefaultInterval interval_;
  bool binary_;
  int last_look_;
};

}  // namespace

Channels ShipLeader::needs(Channels offered) const {
  return difference_channels(offered);
}

std::unique_ptr<const RulePlan> ShipLeader::plan(const Setting& setting, Correction correction,
                                                 Evidence::Law) const {
  allow_no_correction(correction, "ship_leader");
  return std::make_unique<ShipLeaderPlan>(DefaultInterval(alpha(), setting), setting.binary(),
                                          static_cast<int>(setting.looks.size()) - 1);
}

}  // namespace windtunnel
