#include "windtunnel/design/boundaries.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/design/quadrature.hpp"
#include "windtunnel/design/root.hpp"

namespace windtunnel {
namespace {

using quadrature::kNodes;
using quadrature::kNormalReach;

/// Panel width in standard deviations of the narrower of the two steps that meet at a look: the density is
/// smooth on the scale of the step that made it, the kernel on that of the step that follows.
constexpr double kPanelDeviations = 5.0;

/// Distribution of the score among the paths that have not crossed: node positions, increasing, and the mass
/// (density times quadrature weight) at each.
struct Score {
  std::vector<double> node, mass;
};

/// The increment of the score between two looks is normal with this mean and standard deviation.
struct Increment {
  double mean, deviation;
};

/// The scores at which the test goes on.
struct Continuation {
  double lower, upper;
};

/// Density of the score after a step at the nodes of one panel, from the nodes close enough to reach it.
void step_to_panel(const Score& before, Increment step, const quadrature::Panel& panel, Score& after) {
  const double reach = kNormalReach * step.deviation;
  const auto first =
      std::lower_bound(before.node.begin(), before.node.end(), panel.lower - step.mean - reach);
  const auto last = std::upper_bound(first, before.node.end(), panel.upper - step.mean + reach);
  std::array<double, kNodes> node;
  std::array<double, kNodes> density{};
  for (int lane = 0; lane < kNodes; ++lane)
    node[static_cast<std::size_t>(lane)] = panel.node(lane) / step.deviation;
  for (auto from = first; from != last; ++from) {
    const double centre = (*from + step.mean) / step.deviation;
    const double mass = before.mass[static_cast<std::size_t>(from - before.node.begin())];
    for (std::size_t lane = 0; lane < kNodes; ++lane) {
      const double distance = node[lane] - centre;
      density[lane] += mass * lane_exp(-0.5 * distance * distance);
    }
  }
  constexpr double kDensityAtMean = 0.39894228040143267794;  // 1 / sqrt(2 pi)
  for (int lane = 0; lane < kNodes; ++lane) {
    after.node.push_back(panel.node(lane));
    after.mass.push_back(panel.weight(lane) * density[static_cast<std::size_t>(lane)] * kDensityAtMean /
                         step.deviation);
  }
}

Score step_inside(const Score& before, Increment step, Continuation region, double panel_width) {
  Score after;
  if (!(region.lower < region.upper)) return after;
  const double length = region.upper - region.lower;
  const int panels = std::max(1, static_cast<int>(std::ceil(length / panel_width)));
  after.node.reserve(static_cast<std::size_t>(panels) * kNodes);
  after.mass.reserve(static_cast<std::size_t>(panels) * kNodes);
  for (int i = 0; i < panels; ++i)
    step_to_panel(before, step,
                  {region.lower + length * i / panels, region.lower + length * (i + 1) / panels}, after);
  return after;
}

/// Probability that a step ends at `bound` or above; with sign = -1 that of -bound or below.
double crossing(const Score& before, Increment step, double bound, double sign) {
  double sum = 0.0;
  for (std::size_t i = 0; i < before.node.size(); ++i) {
    const double distance = (bound - sign * (before.node[i] + step.mean)) / step.deviation;
    if (distance < kNormalReach) sum += before.mass[i] * math::normal_upper(distance);
  }
  return sum;
}

}  // namespace

Crossing crossing_probabilities(std::span<const double> information_fractions,
                                std::span<const double> critical_values, Alternative alternative,
                                double drift) {
  const std::size_t looks = information_fractions.size();
  assert(critical_values.size() == looks);
  Crossing result{std::vector<double>(looks, 0.0), std::vector<double>(looks, 0.0)};
  Score score{{0.0}, {1.0}};
  double information = 0.0;
  for (std::size_t k = 0; k < looks; ++k) {
    const double gap = information_fractions[k] - information;
    assert(gap > 0.0 && (alternative == Alternative::one_sided || critical_values[k] >= 0.0));
    information = information_fractions[k];
    const Increment step{drift * gap, std::sqrt(gap)};
    const double bound = critical_values[k] * std::sqrt(information);
    result.upper[k] = crossing(score, step, bound, 1.0);
    if (alternative == Alternative::two_sided) result.lower[k] = crossing(score, step, bound, -1.0);
    if (k + 1 == looks) break;

    // Where almost no path goes, no node is needed: this also closes the side that has no bound.
    const double reach = kNormalReach * std::sqrt(information);
    const double floor =
        alternative == Alternative::two_sided ? -bound : -std::numeric_limits<double>::infinity();
    const Continuation region{std::max(floor, drift * information - reach),
                              std::min(bound, drift * information + reach)};
    const double narrower = std::sqrt(std::min(gap, information_fractions[k + 1] - information));
    score = step_inside(score, step, region, kPanelDeviations * narrower);
  }
  return result;
}

std::vector<double> critical_values(Boundary boundary, std::span<const double> information_fractions,
                                    double alpha, Alternative alternative) {
  assert(!information_fractions.empty() && std::fabs(information_fractions.back() - 1.0) < 1e-12);
  assert(alpha > 0.0 && alpha < 1.0);
  std::vector<double> values(information_fractions.size());
  const auto set_constant = [&](double constant) {
    for (std::size_t k = 0; k < values.size(); ++k)
      values[k] = boundary == Boundary::pocock ? constant : constant / std::sqrt(information_fractions[k]);
  };
  // The logarithm of the crossing probability is nearly straight in the constant.
  const auto excess = [&](double constant) {
    set_constant(constant);
    const Crossing crossed = crossing_probabilities(information_fractions, values, alternative, 0.0);
    const double upper = std::accumulate(crossed.upper.begin(), crossed.upper.end(), 0.0);
    const double lower = std::accumulate(crossed.lower.begin(), crossed.lower.end(), 0.0);
    return math::log((upper + lower) / alpha);
  };
  // One look at level alpha crosses too often once there are others; Bonferroni's level too rarely.
  const double tail = alternative == Alternative::two_sided ? 0.5 * alpha : alpha;
  const double single = -math::normal_quantile(tail);
  const double bonferroni = -math::normal_quantile(tail / static_cast<double>(values.size()));
  set_constant(bracketed_root(excess, single, bonferroni, 1e-7));
  return values;
}

}  // namespace windtunnel
