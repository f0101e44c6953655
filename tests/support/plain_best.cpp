#include "support/plain_best.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <vector>

#include "windtunnel/core/math.hpp"
#include "windtunnel/design/quadrature.hpp"

namespace windtunnel {
namespace {

using quadrature::kNodes;
using quadrature::Panel;

/// Where a logarithmic density is this far below its mode, less than 1e-17 of the mass lies beyond.
constexpr double kDrop = 40.0;
/// Sixteen nodes follow, to 1e-14, a density over this many standard deviations of a bell or e-folds of an
/// exponential, multiplied by the distribution functions of up to a thousand others.
constexpr double kPanelDeviations = 2.5;
constexpr double kPanelFolds = 8.0;

/// A point of a variable's density on the side of the deviation's sign, just beyond the drop.
template <class Variable>
double reach(const Variable& variable, double mode, double deviation) {
  double inside = mode;
  double outside = mode + 9.0 * deviation;
  while (variable.log_density(outside) > -kDrop) {
    inside = outside;
    outside += outside - mode;
  }
  while (variable.log_density(outside) < -1.25 * kDrop) {
    const double middle = 0.5 * (inside + outside);
    (variable.log_density(middle) > -kDrop ? inside : outside) = middle;
  }
  return outside;
}

/// A Beta variable x as y = log(x / (1 - x)), whose density is x^a (1 - x)^b up to a constant.
class LogOdds {
 public:
  explicit LogOdds(BetaPosterior beta)
      : a_(beta.a), b_(beta.b), n_(beta.a + beta.b), mode_(math::log(beta.a / beta.b)) {
    assert(a_ > 0.0 && b_ > 0.0);
    const double deviation = std::sqrt(n_ / a_ / b_);
    lower_ = reach(*this, mode_, -deviation);
    upper_ = reach(*this, mode_, deviation);
  }

  double lower() const { return lower_; }
  double upper() const { return upper_; }

  /// Logarithm of the density at y over that at the mode, from x / x_mode = e^d / (1 + x_mode (e^d - 1)) or
  /// the same for 1 - x: the smaller of the two, lest large numbers be subtracted, unless e^d overflows.
  double log_density(double y) const {
    constexpr double kLargest = 700.0;
    const double d = y - mode_;
    if (a_ < b_ ? d < kLargest : d < -kLargest) return a_ * d - n_ * math::log1p(a_ / n_ * math::expm1(d));
    return -b_ * d - n_ * math::log1p(b_ / n_ * math::expm1(-d));
  }

  bool smooth_on(const Panel& panel) const {
    const double width = panel.upper - panel.lower;
    const double centremost = std::max(panel.lower, std::min(panel.upper, 0.0));
    const double odds = math::exp(-std::fabs(centremost));
    const double curvature = n_ * odds / ((1.0 + odds) * (1.0 + odds));
    // Beyond |y| = log n the density turns into an exponential, the more so the farther out.
    const double bend = math::log1p(n_);
    const double straight = std::max(panel.lower - bend, -panel.upper - bend);
    return width <= std::max(3.0, straight) &&
           curvature * width * width <= kPanelDeviations * kPanelDeviations &&
           std::fabs(log_density(panel.upper) - log_density(panel.lower)) <= kPanelFolds;
  }

 private:
  double a_, b_, n_, mode_, lower_, upper_;
};

/// A normal variable.
class Bell {
 public:
  explicit Bell(NormalPosterior normal) : mean_(normal.mean), sd_(normal.sd) { assert(sd_ > 0.0); }

  double lower() const { return mean_ - quadrature::kNormalReach * sd_; }
  double upper() const { return mean_ + quadrature::kNormalReach * sd_; }

  double log_density(double y) const {
    const double z = (y - mean_) / sd_;
    return -0.5 * z * z;
  }

  bool smooth_on(const Panel& panel) const { return panel.upper - panel.lower <= kPanelDeviations * sd_; }

 private:
  double mean_, sd_;
};

/// A Gamma variable x as y = direction * log x, whose density is x^shape e^(-rate x) up to a constant.
class LogGamma {
 public:
  struct Turned {
    GammaPosterior gamma;
    double direction;
  };

  explicit LogGamma(const Turned& turned)
      : shape_(turned.gamma.shape),
        direction_(turned.direction),
        mode_(direction_ * math::log(turned.gamma.shape / turned.gamma.rate)) {
    assert(turned.gamma.shape > 0.0 && turned.gamma.rate > 0.0);
    const double deviation = 1.0 / std::sqrt(shape_);
    lower_ = reach(*this, mode_, -deviation);
    upper_ = reach(*this, mode_, deviation);
  }

  double lower() const { return lower_; }
  double upper() const { return upper_; }

  double log_density(double y) const {
    constexpr double kLargest = 700.0;
    const double d = std::min(kLargest, direction_ * (y - mode_));
    return shape_ * (d - math::expm1(d));
  }

  bool smooth_on(const Panel& panel) const {
    const double width = panel.upper - panel.lower;
    const double largest = direction_ * ((direction_ > 0 ? panel.upper : panel.lower) - mode_);
    const double curvature = shape_ * math::exp(std::min(largest, 700.0));
    return width <= 3.0 && curvature * width * width <= kPanelDeviations * kPanelDeviations &&
           std::fabs(log_density(panel.upper) - log_density(panel.lower)) <= kPanelFolds;
  }

 private:
  double shape_, direction_, mode_, lower_, upper_;
};

/// Halves the stretch until every arm with mass on it is smooth there.
template <class Arm>
void subdivide(const std::vector<Arm>& arms, const Panel& stretch, std::vector<Panel>& panels) {
  const auto resolved = [&](const Arm& arm) {
    return stretch.upper <= arm.lower() || stretch.lower >= arm.upper() || arm.smooth_on(stretch);
  };
  const double middle = 0.5 * (stretch.lower + stretch.upper);
  const bool divisible = stretch.lower < middle && middle < stretch.upper;
  if (!divisible || std::all_of(arms.begin(), arms.end(), resolved)) {
    panels.push_back(stretch);
  } else {
    subdivide(arms, {stretch.lower, middle}, panels);
    subdivide(arms, {middle, stretch.upper}, panels);
  }
}

using Nodes = quadrature::PanelNodes;

/// Normalised density of one arm at the nodes of all panels, shape [panel][node].
template <class Arm>
std::vector<Nodes> density(const Arm& arm, const std::vector<Panel>& panels) {
  std::vector<Nodes> values(panels.size(), Nodes{});
  double total = 0.0;
  for (std::size_t p = 0; p < panels.size(); ++p) {
    if (panels[p].upper <= arm.lower() || panels[p].lower >= arm.upper()) continue;
    for (int i = 0; i < kNodes; ++i) {
      const double value = math::exp(arm.log_density(panels[p].node(i)));
      values[p][static_cast<std::size_t>(i)] = value;
      total += panels[p].weight(i) * value;
    }
  }
  for (Nodes& nodes : values)
    for (double& value : nodes) value /= total;
  return values;
}

/// Distribution function at the nodes of a panel with mass `before` below it; `before` moves to its end.
Nodes cumulate(const Nodes& density, const Panel& panel, double& before) {
  static constexpr std::array<Nodes, kNodes> kCumulative = quadrature::cumulative_weights();
  Nodes below;
  double total = 0.0;
  for (std::size_t end = 0; end < kNodes; ++end) {
    double sum = 0.0;
    for (std::size_t node = 0; node < kNodes; ++node) sum += kCumulative[end][node] * density[node];
    below[end] = before + panel.half_width() * sum;
    total += quadrature::kWeight[end] * density[end];
  }
  before += panel.half_width() * total;
  return below;
}

template <class Arm, class Posterior>
void integrate_best(std::span<const Posterior> posteriors, std::span<double> probabilities) {
  assert(!posteriors.empty() && probabilities.size() == posteriors.size());
  const std::vector<Arm> arms(posteriors.begin(), posteriors.end());
  Panel everything{arms[0].lower(), arms[0].upper()};
  for (const Arm& arm : arms)
    everything = {std::min(everything.lower, arm.lower()), std::max(everything.upper, arm.upper())};
  std::vector<Panel> panels;
  subdivide(arms, everything, panels);

  std::vector<std::vector<Nodes>> densities;  // [arm][panel][node]
  for (const Arm& arm : arms) densities.push_back(density(arm, panels));
  std::vector<double> mass_before(arms.size(), 0.0);
  std::vector<Nodes> below(arms.size());        // [arm][node]
  std::vector<Nodes> all_earlier(arms.size());  // [arm][node]: every arm of lower index is below the node
  std::fill(probabilities.begin(), probabilities.end(), 0.0);
  for (std::size_t p = 0; p < panels.size(); ++p) {
    Nodes product;
    product.fill(1.0);
    for (std::size_t k = 0; k < arms.size(); ++k) {
      below[k] = cumulate(densities[k][p], panels[p], mass_before[k]);
      all_earlier[k] = product;
      for (std::size_t i = 0; i < kNodes; ++i) product[i] *= below[k][i];
    }
    product.fill(1.0);
    for (std::size_t k = arms.size(); k-- > 0;)
      for (std::size_t i = 0; i < kNodes; ++i) {
        probabilities[k] +=
            panels[p].weight(static_cast<int>(i)) * densities[k][p][i] * all_earlier[k][i] * product[i];
        product[i] *= below[k][i];
      }
  }
}

}  // namespace

void plain_probability_best(std::span<const BetaPosterior> arms, std::span<double> probabilities) {
  integrate_best<LogOdds>(arms, probabilities);
}

void plain_probability_best(std::span<const GammaPosterior> arms, double direction,
                            std::span<double> probabilities) {
  std::vector<LogGamma::Turned> turned;
  for (const GammaPosterior& arm : arms) turned.push_back({arm, direction});
  integrate_best<LogGamma>(std::span<const LogGamma::Turned>(turned), probabilities);
}

void plain_probability_best(std::span<const NormalPosterior> arms, std::span<double> probabilities) {
  integrate_best<Bell>(arms, probabilities);
}

}  // namespace windtunnel
