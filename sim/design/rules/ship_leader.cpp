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

  void look(int, const Evidence& evidence, const Observed& observed, Calls& calls) override {
    best_.assign(1, observed.lanes, -kInfinity);
    leader_.assign(1, observed.lanes, 0);
    for (int a = 0; a < observed.arms; ++a) {
      if (binary_)
        challenge_binary(evidence.direction, a, observed.users.row(a), observed.successes.row(a),
                         best_.row(0), leader_.row(0), observed.lanes);
      else
        challenge_continuous(evidence.direction, a, observed.users.row(a), observed.sum.row(a), best_.row(0),
                             leader_.row(0), observed.lanes);
    }
    const i32* __restrict leader = leader_.row(0);
    for (int h = 0; h < calls.rows(); ++h) {
      i32* __restrict row = calls.row(h);
      for (int l = 0; l < observed.lanes; ++l) row[l] = leader[l] == h + 1 ? kLead : kTrail;
    }
  }

  void report(int, const Evidence& evidence, const Observed& observed, const EndedLanes& ended,
              const i32* hypothesis, Table<double>& estimates) const override {
    interval_.report(evidence, observed, ended, hypothesis, estimates);
  }

 private:
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
