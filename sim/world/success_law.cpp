#include "success_law.hpp"

#include <algorithm>

namespace windtunnel {

SuccessLaw::SuccessLaw(int requests, double mean, double nu, int first)
    : mass_(static_cast<std::size_t>(requests) + 1) {
  const RateLaw rate(mean, nu, first);
  const bool is_binomial = nu == kIndependent;
  const double successes = is_binomial ? mean : rate.a, failures = is_binomial ? 1 - mean : rate.b;
  if (successes == 0 || failures == 0) {  // users who never succeed, or always
    mass_[successes == 0 ? 0 : mass_.size() - 1] = 1;
  } else {
    mass_[0] = 1;
    for (int s = 0; s < requests; ++s) {
      const double odds = is_binomial ? mean / (1 - mean) : (rate.a + s) / (rate.b + requests - s - 1);
      put(s + 1, mass_[static_cast<std::size_t>(s)] * odds * (requests - s) / (s + 1));
    }
  }
  upper_.assign(mass_.size() + 1, 0);
  for (std::size_t s = mass_.size(); s-- > 0;) upper_[s] = upper_[s + 1] + mass_[s];
}

double SuccessLaw::chance(int s) const {
  const auto at = static_cast<std::size_t>(s);
  return upper_[at] > 0 ? std::min(1.0, mass_[at] / upper_[at]) : 0;
}

int SuccessLaw::at(double uniform) const {
  const double left = uniform * upper_[0];
  const auto after = std::partition_point(upper_.begin() + 1, upper_.end() - 1,
                                          [left](double upper) { return upper > left; });
  return static_cast<int>(after - upper_.begin()) - 1;
}

/// Keeps a mass; where they grow large, all are made smaller.
void SuccessLaw::put(int s, double mass) {
  constexpr double kLarge = 0x1p600;
  mass_[static_cast<std::size_t>(s)] = mass;
  if (mass < kLarge) return;
  for (int i = 0; i <= s; ++i) mass_[static_cast<std::size_t>(i)] /= kLarge;
}

LawShelf::Law LawShelf::at(int size, double mean) {
  Kept& kept = kept_[static_cast<std::size_t>(size)];
  if (kept.law == nullptr || kept.mean != mean)
    kept = {mean, std::make_shared<const SuccessLaw>(size - 1, mean, nu_, first_)};
  return kept.law;
}

}  // namespace windtunnel
