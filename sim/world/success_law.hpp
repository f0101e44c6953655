#pragma once

#include <limits>
#include <memory>
#include <vector>

#include "request_sizes.hpp"

namespace windtunnel {

/// Size a + b of the Beta(a, b) law of users' rates at which all users have the same.
inline constexpr double kIndependent = std::numeric_limits<double>::infinity();

/// Parameters of the rate of users whose first request came out as `first`: Beta(mean nu + first, (1 - mean)
/// nu + 1 - first), the posterior of a Beta(mean nu, (1 - mean) nu) prior.
struct RateLaw {
  double a, b;

  RateLaw(double mean, double nu, int first) : a(mean * nu + first), b((1 - mean) * nu + 1 - first) {}
};

/// Probabilities of the successes among the further requests of a user whose first one is known:
/// beta-binomial, or binomial where nu is infinite.
///   error   relative, of every probability: below 1e-12
///   source  Skellam (1948), JRSS B 10:257, by the ratio of neighbours
class SuccessLaw {
 public:
  ///   requests  further ones, >= 0
  SuccessLaw(int requests, double mean, double nu, int first);

  /// Share of the users with s successes among those who do not have fewer.
  double chance(int s) const;

  /// The successes of one user, by inversion.
  int at(double uniform) const;

 private:
  void put(int s, double mass);

  std::vector<double> mass_, upper_;  // [successes], [successes] or more; not normalised
};

/// Laws of the successes by number of requests, kept for lanes of one mean.
class LawShelf {
 public:
  using Law = std::shared_ptr<const SuccessLaw>;

  LawShelf(const RequestSizes& sizes, double nu, int first)
      : nu_(nu), first_(first), kept_(static_cast<std::size_t>(sizes.largest()) + 1) {}

  /// The law for users with `size` requests.
  Law at(int size, double mean);

 private:
  struct Kept {
    double mean = 0;
    Law law;
  };

  double nu_;
  int first_;
  std::vector<Kept> kept_;  // [size]
};

}  // namespace windtunnel
