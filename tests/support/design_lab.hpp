#pragma once

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/reader.hpp"
#include "windtunnel/data/evidence.hpp"
#include "windtunnel/data/observed.hpp"
#include "windtunnel/data/verdict.hpp"
#include "windtunnel/design/setting.hpp"

/// What tests of analyses and rules need: settings, data made up at random, parameters from JSON.
namespace windtunnel {

inline const Channels kBinaryChannels{Channel::users, Channel::successes};
inline const Channels kContinuousChannels{Channel::users, Channel::sum, Channel::deviations};

/// A leaf with the parameters of a JSON object; throws std::runtime_error with the reader's first complaint.
template <class Leaf>
Leaf with_parameters(const std::string& text) {
  const Json json = parse_document(text);
  Reading reading;
  ObjectReader reader(json, "", reading);
  Leaf leaf;
  leaf.describe(reader);
  reader.finish("test");
  if (!reading.problems().empty())
    throw std::runtime_error(reading.problems()[0].where + ": " + reading.problems()[0].message);
  return leaf;
}

/// Arms are called "arm 0", "arm 1", ...
inline Setting make_setting(int arms, Channels offers, std::vector<i64> looks, double direction = 1,
                            double margin = 0) {
  const auto count = static_cast<std::size_t>(arms);
  Setting setting;
  setting.arms = arms;
  setting.offers = offers;
  setting.direction = direction;
  setting.looks = std::move(looks);
  setting.shares.assign(count, 1.0 / arms);
  setting.margin.assign(count - 1, margin);
  for (int arm = 0; arm < arms; ++arm) setting.arm_names.push_back("arm " + std::to_string(arm));
  return setting;
}

/// Evidence shaped for a setting, all zero.
inline Evidence make_evidence(const Setting& setting, Evidence::Law law, int lanes,
                              Evidence::Intervals intervals = Evidence::Intervals::by_variance) {
  Evidence evidence;
  evidence.intervals = intervals;
  evidence.treatments = setting.treatments();
  evidence.hypotheses = setting.hypotheses();
  evidence.lanes = lanes;
  evidence.law = law;
  evidence.direction = setting.direction;
  evidence.margin = setting.margin;
  evidence.excess.assign(setting.hypotheses(), lanes);
  evidence.variance.assign(setting.hypotheses(), lanes);
  evidence.freedom.assign(setting.hypotheses(), lanes, 1.0);
  for (Table<double>* bound : {&evidence.low, &evidence.high}) bound->assign(setting.hypotheses(), lanes);
  return evidence;
}

/// Draws of made-up data; the law of the numbers does not matter, only that all cases come.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}

  int below(int n) { return static_cast<int>(engine_() % static_cast<unsigned>(n)); }
  double uniform() { return (static_cast<double>(engine_()) + 0.5) / 4294967296.0; }

  /// Roughly normal: a sum of uniforms.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }

 private:
  std::mt19937 engine_;
};

/// Totals in which every case comes: empty arms, single users, no successes, all successes, no spread.
inline Observed random_totals(const Setting& setting, int lanes, int most_users, unsigned seed) {
  Dice dice(seed);
  Observed observed;
  observed.begin(setting.arms, lanes, setting.offers);
  for (int a = 0; a < setting.arms; ++a)
    for (int l = 0; l < lanes; ++l) {
      const int users = dice.below(4) == 0 ? dice.below(4) : dice.below(most_users + 1);
      observed.users.row(a)[l] = users;
      if (setting.binary()) {
        const int kind = dice.below(8);
        observed.successes.row(a)[l] = kind == 0 ? 0 : kind == 1 ? users : dice.below(users + 1);
      } else {
        observed.sum.row(a)[l] = users == 0 ? 0 : 10 * users + 3 * std::sqrt(users) * dice.normal();
        observed.deviations.row(a)[l] =
            users < 2 || dice.below(8) == 0 ? 0 : users * (0.5 + 9 * dice.uniform());
      }
    }
  return observed;
}

/// Evidence made up at random, about one lane in eight without any.
inline void fill_at_random(Evidence& evidence, double scale, unsigned seed) {
  Dice dice(seed);
  for (int h = 0; h < evidence.hypotheses; ++h)
    for (int l = 0; l < evidence.lanes; ++l) {
      evidence.variance.row(h)[l] = dice.below(8) == 0 ? 0 : scale * scale * (0.2 + dice.uniform());
      evidence.excess.row(h)[l] = 2.5 * scale * dice.normal();
      evidence.freedom.row(h)[l] = 1 + 40 * dice.uniform() * dice.uniform();
    }
}

}  // namespace windtunnel
