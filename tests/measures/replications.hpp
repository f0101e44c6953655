#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "windtunnel/measures/measure.hpp"

/// Made-up endings of replications, one struct each, so that a test can say in plain code what a measure
/// means.
namespace windtunnel::measure_tests {

struct Replication {
  int look = 0;
  bool by_criterion = false, rejected = false, estimated = true;
  End end = kUndecided;
  int arm = 1, served = 0;
  double users = 0, days = 0, estimate = 0, low = 0, high = 0, regret = 0, best_users = 0;
  std::vector<double> curve;                         // [curve point]
  std::vector<double> arm_mean, arm_truth, lasting;  // [arm]
  std::vector<bool> arm_seen;                        // [arm]

  double effect() const { return lasting[static_cast<std::size_t>(arm)]; }
};

struct Sample {
  MeasureSetting setting;
  std::vector<Replication> replications;
};

/// What a sample looks like.
struct Recipe {
  MeasureSetting::Cell cell = MeasureSetting::Cell::effect;
  int arms = 2, looks = 14, count = 1000;
  double direction = 1, margin = 0;
  std::uint64_t seed = 1;
};

inline MeasureSetting setting_of(const Recipe& recipe) {
  MeasureSetting setting;
  setting.cell = recipe.cell;
  setting.arms = recipe.arms;
  setting.direction = recipe.direction;
  setting.margin.assign(static_cast<std::size_t>(recipe.arms - 1), recipe.margin);
  for (int look = 1; look <= recipe.looks; ++look) {
    setting.looks.push_back(2000 * look);
    setting.look_days.push_back(look);
  }
  setting.curve_points = {1, 1000, 180000};
  setting.horizon_users = 180000;
  return setting;
}

/// Endings with no law but their ranges: every combination a measure distinguishes occurs.
class Maker {
 public:
  explicit Maker(const Recipe& recipe) : recipe_(recipe), setting_(setting_of(recipe)), engine_(recipe.seed) {
    for (int arm = 1; arm < recipe.arms; ++arm) fixed_.push_back(0.01 * integer(-3, 3));
    if (recipe.cell == MeasureSetting::Cell::effect) fixed_.front() = recipe.direction * 0.02;
    if (recipe.cell == MeasureSetting::Cell::null) std::fill(fixed_.begin(), fixed_.end(), 0.0);
  }

  Sample make() {
    Sample sample{setting_, {}};
    for (int i = 0; i < recipe_.count; ++i) sample.replications.push_back(one());
    return sample;
  }

 private:
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  int integer(int low, int high) { return low + static_cast<int>(uniform() * (high - low + 1)); }
  bool coin(double p) { return uniform() < p; }

  Replication one() {
    Replication r;
    r.look = integer(0, recipe_.looks - 1);
    r.by_criterion = coin(0.7);
    r.end = static_cast<End>(integer(0, 2));
    r.rejected = r.end == kShip || coin(0.2);
    r.estimated = coin(0.95);
    r.arm = integer(1, recipe_.arms - 1);
    r.served = r.end == kShip ? r.arm : 0;
    r.users = static_cast<double>(setting_.looks[static_cast<std::size_t>(r.look)]);
    r.days = setting_.look_days[static_cast<std::size_t>(r.look)];
    r.lasting.push_back(0);
    for (int arm = 1; arm < recipe_.arms; ++arm) {
      const bool is_drawn = recipe_.cell == MeasureSetting::Cell::drawn;
      r.lasting.push_back(is_drawn ? 0.01 * integer(-3, 3) : fixed_[static_cast<std::size_t>(arm - 1)]);
    }
    r.estimate = r.effect() + 0.05 * (uniform() - 0.5);
    r.low = r.estimate - 0.02 * uniform();
    r.high = r.estimate + 0.02 * uniform();
    r.regret = 3000 * uniform() * uniform();
    r.best_users = integer(0, 180000);
    for (const double share : {0.001, 0.5, 1.0}) r.curve.push_back(r.regret * share * uniform());
    for (int arm = 0; arm < recipe_.arms; ++arm) {
      r.arm_truth.push_back(0.05 + r.lasting[static_cast<std::size_t>(arm)]);
      r.arm_mean.push_back(r.arm_truth.back() + 0.01 * (uniform() - 0.4));
      r.arm_seen.push_back(coin(0.9));
    }
    return r;
  }

  Recipe recipe_;
  MeasureSetting setting_;
  std::mt19937_64 engine_;
  std::vector<double> fixed_;  // [hypothesis]
};

inline Sample draw(const Recipe& recipe) {
  return Maker(recipe).make();
}

/// A block of the engine's shape from the replications first ... last - 1.
struct Block {
  Endings endings;
  Truth truth;

  Block(const Sample& sample, int first, int last) {
    const MeasureSetting& setting = sample.setting;
    const int lanes = last - first;
    endings.begin(setting.arms, static_cast<int>(setting.curve_points.size()), lanes);
    truth.kind = Truth::Kind::drawn;
    truth.arms = setting.arms;
    truth.lanes = lanes;
    truth.lasting.assign(setting.arms, lanes);
    for (int l = 0; l < lanes; ++l) write(sample.replications[static_cast<std::size_t>(first + l)], l);
  }

 private:
  void write(const Replication& r, int l) {
    endings.look.row(0)[l] = r.look;
    endings.by_criterion.row(0)[l] = r.by_criterion;
    endings.end.row(0)[l] = r.end;
    endings.rejected.row(0)[l] = r.rejected;
    endings.arm.row(0)[l] = r.arm;
    endings.served.row(0)[l] = r.served;
    endings.users.row(0)[l] = r.users;
    endings.days.row(0)[l] = r.days;
    endings.regret.row(0)[l] = r.regret;
    endings.best_users.row(0)[l] = r.best_users;
    endings.estimate.row(0)[l] = r.estimate;
    if (r.estimated) {
      endings.estimate.row(1)[l] = r.low;
      endings.estimate.row(2)[l] = r.high;
    }
    for (std::size_t p = 0; p < r.curve.size(); ++p) endings.curve.row(static_cast<int>(p))[l] = r.curve[p];
    for (std::size_t a = 0; a < r.lasting.size(); ++a) {
      const int arm = static_cast<int>(a);
      truth.lasting.row(arm)[l] = r.lasting[a];
      endings.arm_mean.row(arm)[l] = r.arm_seen[a] ? r.arm_mean[a] : std::nan("");
      endings.arm_truth.row(arm)[l] = r.arm_truth[a];
      endings.arm_seen.row(arm)[l] = r.arm_seen[a];
    }
  }
};

/// The tally of one measure over a sample, recorded in blocks of `block_size`.
inline std::vector<i128> tally_of(const Measure& measure, const Sample& sample, int block_size = 64) {
  std::vector<i128> tally(static_cast<std::size_t>(measure.slots(sample.setting)));
  Scratch scratch;
  const int count = static_cast<int>(sample.replications.size());
  for (int first = 0; first < count; first += block_size) {
    const int last = std::min(first + block_size, count);
    const Block block(sample, first, last);
    scratch.begin(1, last - first);
    measure.record(judge(block.endings, block.truth, sample.setting, 0, scratch), scratch, tally);
  }
  return tally;
}

/// What a measure says of a sample.
inline std::vector<Value> values_of(const Measure& measure, const Sample& sample) {
  return measure.read(tally_of(measure, sample), static_cast<i64>(sample.replications.size()),
                      sample.setting);
}

inline Value value_of(const std::unique_ptr<Measure>& measure, const Sample& sample) {
  return values_of(*measure, sample).front();
}

using Picks = std::function<bool(const Replication&)>;
using Number = std::function<double(const Replication&)>;

/// Numbers of the replications that are picked.
inline std::vector<double> numbers(const Sample& sample, const Picks& picks, const Number& number) {
  std::vector<double> all;
  for (const Replication& r : sample.replications)
    if (picks(r)) all.push_back(number(r));
  return all;
}

inline bool everyone(const Replication&) {
  return true;
}

}  // namespace windtunnel::measure_tests
