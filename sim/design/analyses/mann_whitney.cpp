#include "windtunnel/design/analyses/mann_whitney.hpp"

#include <algorithm>
#include <limits>

#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

/// Outcomes of an arm in increasing order; zeros are counted, not listed.
class SortedArm {
 public:
  void read(const std::vector<double>& values, i32 users) {
    values_.assign(values.begin(), values.end());
    std::sort(values_.begin(), values_.end());
    users_ = users;
  }

  double users() const { return users_; }

  void rewind() {
    next_ = 0;
    zeros_left_ = users_ - static_cast<double>(values_.size());
  }

  /// The smallest outcome that has not been taken; infinity without any.
  double smallest() const {
    const double listed = next_ < values_.size() ? values_[next_] : std::numeric_limits<double>::infinity();
    return zeros_left_ > 0 ? std::min(listed, 0.0) : listed;
  }

  /// Takes all outcomes equal to the smallest of both arms; returns how many there are.
  double take(double value) {
    double taken = 0;
    if (value == 0) std::swap(taken, zeros_left_);
    for (; next_ < values_.size() && values_[next_] == value; ++next_) ++taken;
    return taken;
  }

 private:
  std::vector<double> values_;
  double users_ = 0, zeros_left_ = 0;
  std::size_t next_ = 0;
};

/// What ranks say of two arms.
struct RankSum {
  double excess_pairs;  ///< 2 U - n_0 n_1
  double ties;          ///< sum of t^3 - t
};

/// t^3 - t. Where all outcomes are equal the one tie is all there is, to the last bit.
double cube_less(double t) {
  return (t + 1) * (t * (t - 1));
}

RankSum rank_sum(SortedArm& control, SortedArm& treatment) {
  control.rewind();
  treatment.rewind();
  RankSum sum{0, 0};
  double below = 0, above = control.users();  // control users with smaller, and with larger outcomes
  while (below < control.users() || treatment.smallest() < std::numeric_limits<double>::infinity()) {
    const double value = std::min(control.smallest(), treatment.smallest());
    const double c = control.take(value), t = treatment.take(value);
    above -= c;
    sum.excess_pairs += t * (below - above);
    below += c;
    sum.ties += cube_less(c + t);
  }
  return sum;
}

class RankEvaluator final : public Evaluator {
 public:
  void weigh(const Observed& observed, Evidence& evidence) const override {
    SortedArm control, treatment;
    for (int l = 0; l < evidence.lanes; ++l) {
      control.read(observed.values.at(0, l), observed.users.row(0)[l]);
      for (int h = 0; h < evidence.hypotheses; ++h) {
        treatment.read(observed.values.at(h + 1, l), observed.users.row(h + 1)[l]);
        weigh_lane(control, treatment, h, l, evidence);
      }
    }
  }

 private:
  static void weigh_lane(SortedArm& control, SortedArm& treatment, int h, int lane, Evidence& evidence) {
    const double pairs = control.users() * treatment.users(), users = control.users() + treatment.users();
    double& excess = evidence.excess.row(h)[lane];
    double& variance = evidence.variance.row(h)[lane];
    excess = variance = 0;
    if (pairs == 0) return;
    const RankSum sum = rank_sum(control, treatment);
    const double margin = evidence.margin[static_cast<std::size_t>(h)];
    excess = evidence.direction * (sum.excess_pairs / (2 * pairs) - margin);
    const double spread = cube_less(users) - sum.ties;
    variance = spread > 0 ? spread / (users * (users - 1)) / (12 * pairs) : 0;
  }
};

/// The same of 0 and 1: the ties are S successes and F = N - S failures, N^3 - N - (S^3 - S) - (F^3 - F) =
/// 3 N S F, so that the variance is S F / (4 (N - 1) n_0 n_1).
class BinaryRankEvaluator final : public Evaluator {
 public:
  void weigh(const Observed& observed, Evidence& evidence) const override {
    for (int h = 0; h < evidence.hypotheses; ++h)
      weigh_arm(observed.users.row(0), observed.successes.row(0), observed.users.row(h + 1),
                observed.successes.row(h + 1), evidence.direction,
                evidence.margin[static_cast<std::size_t>(h)], evidence.excess.row(h),
                evidence.variance.row(h), evidence.lanes);
  }

 private:
  static void weigh_arm(const i32* __restrict users0, const i32* __restrict successes0,
                        const i32* __restrict users1, const i32* __restrict successes1, double direction,
                        double margin, double* __restrict excess, double* __restrict variance, int lanes) {
    for (int l = 0; l < lanes; ++l) {
      const double n0 = users0[l], n1 = users1[l], s0 = successes0[l], s1 = successes1[l];
      const double pairs = n0 * n1, successes = s0 + s1, users = n0 + n1;
      const double superiority = (s1 * n0 - s0 * n1) / (2 * pairs);
      const double found = successes * (users - successes) / (4 * (users - 1) * pairs);
      excess[l] = pairs > 0 ? direction * (superiority - margin) : 0;
      variance[l] = pairs > 0 ? found : 0;
    }
  }
};

}  // namespace

Channels MannWhitney::needs(Channels offered) const {
  return {Channel::users, offered.has(Channel::successes) ? Channel::successes : Channel::values};
}

std::unique_ptr<const Evaluator> MannWhitney::open(const Setting& setting) const {
  if (setting.binary()) return std::make_unique<BinaryRankEvaluator>();
  return std::make_unique<RankEvaluator>();
}

}  // namespace windtunnel
