#include <cassert>

#include "best_integral.hpp"
#include "smooth_laws.hpp"
#include "windtunnel/design/posterior.hpp"

namespace windtunnel {
namespace {

/// Integrates laws made of posteriors.
template <class Law, class Posterior, class... Turned>
void integrate_best(std::span<const Posterior> arms, std::span<double> probabilities, Turned... turned) {
  assert(!arms.empty() && probabilities.size() == arms.size());
  BestIntegral<Law> integral;
  integral.begin(arms.size());
  for (std::size_t k = 0; k < arms.size(); ++k) integral.set(k, Law(arms[k], turned...));
  const BestShares shares = integral.find(probabilities);
  for (double& probability : probabilities) probability *= shares.rest;
  probabilities[shares.leader] = 1.0 - shares.rest;
}

}  // namespace

void probability_best(std::span<const BetaPosterior> arms, std::span<double> probabilities) {
  integrate_best<smooth_laws::LogOdds>(arms, probabilities);
}

void probability_best(std::span<const NormalPosterior> arms, std::span<double> probabilities) {
  integrate_best<smooth_laws::Bell>(arms, probabilities);
}

void probability_best(std::span<const GammaPosterior> arms, double direction,
                      std::span<double> probabilities) {
  integrate_best<smooth_laws::LogGamma>(arms, probabilities, direction);
}

}  // namespace windtunnel
