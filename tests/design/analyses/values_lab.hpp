#pragma once

#include <functional>
#include <random>
#include <vector>

#include "support/design_lab.hpp"
#include "windtunnel/design/analysis.hpp"

/// Users' values made up for analyses that look at every one of them.
namespace windtunnel {

inline const Channels kAllChannels{Channel::users, Channel::sum, Channel::deviations, Channel::values};

using Values = std::vector<std::vector<double>>;  // [arm][user]

/// Adds one lane's users, zeros included.
inline void set_lane(const Values& values, int lane, Observed& observed) {
  for (int arm = 0; arm < static_cast<int>(values.size()); ++arm)
    for (const double value : values[static_cast<std::size_t>(arm)]) {
      i32& users = observed.users.row(arm)[lane];
      observed.add(arm, lane, users, 1, value, 0);
      observed.keep(arm, lane, value);
      ++users;
    }
}

inline Observed observed_of(const std::vector<Values>& by_lane) {
  Observed observed;
  observed.begin(static_cast<int>(by_lane[0].size()), static_cast<int>(by_lane.size()), kAllChannels);
  for (std::size_t l = 0; l < by_lane.size(); ++l) set_lane(by_lane[l], static_cast<int>(l), observed);
  return observed;
}

/// The same users as counts of 0 and 1.
inline Observed counted(const std::vector<Values>& by_lane) {
  Observed observed;
  observed.begin(static_cast<int>(by_lane[0].size()), static_cast<int>(by_lane.size()), kBinaryChannels);
  for (std::size_t l = 0; l < by_lane.size(); ++l)
    for (std::size_t arm = 0; arm < by_lane[l].size(); ++arm)
      for (const double value : by_lane[l][arm]) {
        ++observed.users.row(static_cast<int>(arm))[l];
        observed.successes.row(static_cast<int>(arm))[l] += value == 1 ? 1 : 0;
      }
  return observed;
}

inline Evidence weighed(const Analysis& analysis, const Setting& setting, const Observed& observed,
                        Moment moment = {}) {
  Evidence evidence;
  evidence.law = analysis.law();
  evidence.intervals = analysis.intervals();
  evidence.direction = setting.direction;
  evidence.margin = setting.margin;
  evidence.begin(setting.treatments(), 1, observed.lanes);
  evidence.moment = moment;
  analysis.open(setting)->weigh(observed, evidence);
  return evidence;
}

/// Lanes of arms of 0 ... `most` users each.
///   draw  one user's value
inline std::vector<Values> made_up(int lanes, int arms, int most, unsigned seed,
                                   const std::function<double(std::mt19937_64&)>& draw) {
  std::mt19937_64 engine(seed);
  std::vector<Values> all(static_cast<std::size_t>(lanes), Values(static_cast<std::size_t>(arms)));
  for (Values& lane : all)
    for (auto& arm : lane) {
      arm.resize(engine() % static_cast<unsigned>(most + 1));
      for (double& value : arm) value = draw(engine);
    }
  return all;
}

/// Whole numbers from -2 to 3: many ties, many zeros.
inline double lumpy(std::mt19937_64& engine) {
  const int value = static_cast<int>(engine() % 9) - 2;
  return value > 3 ? 0 : value;
}

inline double smooth(std::mt19937_64& engine) {
  return std::normal_distribution<>(1, 2)(engine);
}

inline double zero_or_one(std::mt19937_64& engine) {
  return engine() % 3 == 0 ? 1 : 0;
}

}  // namespace windtunnel
