#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "world/outcome_lab.hpp"

/// One outcome of every family but bernoulli, with its moments in closed form.
namespace windtunnel {

struct Case {
  std::string name, type;
  Json parameters;
  std::function<double(int)> raw_moment;  // k -> E[Y^k]
};

inline double lognormal_moment(double log_mean, double log_sd, int k) {
  return std::exp(k * log_mean + 0.5 * k * k * log_sd * log_sd);
}

inline double count_mass(int k, double mean, double dispersion) {
  if (dispersion == 0) return std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
  return std::exp(std::lgamma(k + dispersion) - std::lgamma(dispersion) - std::lgamma(k + 1.0) +
                  dispersion * std::log(dispersion / (dispersion + mean)) +
                  k * std::log(mean / (dispersion + mean)));
}

inline std::function<double(int)> count_moments(double mean, double dispersion) {
  return [=](int power) {
    double moment = 0;
    for (int k = 0; k < 3000; ++k) moment += std::pow(k, power) * count_mass(k, mean, dispersion);
    return moment;
  };
}

inline const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"revenue",
       "revenue",
       {{"payer_rate", 0.2}, {"log_mean", 1}, {"log_sd", 0.4}},
       [](int k) { return 0.2 * lognormal_moment(1, 0.4, k); }},
      {"revenue with whales",
       "revenue",
       {{"payer_rate", 0.3},
        {"log_mean", 0},
        {"log_sd", 0.3},
        {"whales", {{"share_of_payers", 0.1}, {"multiplier", 4}}}},
       [](int k) { return 0.3 * lognormal_moment(0, 0.3, k) * (1 + 0.1 * (std::pow(4, k) - 1)); }},
      {"lognormal",
       "lognormal",
       {{"log_mean", 2}, {"log_sd", 0.4}},
       [](int k) { return lognormal_moment(2, 0.4, k); }},
      {"poisson", "poisson", {{"mean", 1.7}}, count_moments(1.7, 0)},
      {"large poisson", "poisson", {{"mean", 130}}, count_moments(130, 0)},
      {"negative binomial",
       "negative_binomial",
       {{"mean", 1.5}, {"dispersion", 0.8}},
       count_moments(1.5, 0.8)},
      {"beta",
       "beta",
       {{"mean", 0.3}, {"concentration", 4}},
       [](int k) {
         double moment = 1;
         for (int i = 0; i < k; ++i) moment *= (1.2 + i) / (4.0 + i);
         return moment;
       }},
      {"empirical", "empirical", {{"file", "sample.csv"}, {"column", "value"}}, [](int k) {
         return (std::pow(0.5, k) + std::pow(1.25, k) + std::pow(3, k)) / 5;
       }}};
  return all;
}

}  // namespace windtunnel
