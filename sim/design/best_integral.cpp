#include "best_integral.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "smooth_laws.hpp"

namespace windtunnel {
namespace {

using quadrature::kNodes;
using quadrature::Panel;
using quadrature::PanelNodes;

/// What is this many e-folds below its largest value is passed over.
constexpr double kDrop = 33.0;
/// Where arms are this many e-folds apart, powers of e could leave the range of doubles.
constexpr double kFarApart = 500.0;

/// [node of the value][node where the integral ends]
constexpr std::array<PanelNodes, kNodes> kCumulative = [] {
  const std::array<PanelNodes, kNodes> by_end = quadrature::cumulative_weights();
  std::array<PanelNodes, kNodes> by_value{};
  for (std::size_t end = 0; end < kNodes; ++end)
    for (std::size_t node = 0; node < kNodes; ++node) by_value[node][end] = by_end[end][node];
  return by_value;
}();

/// All nodes of a panel side by side.
typedef double AllNodes __attribute__((vector_size(kNodes * sizeof(double))));

/// The sum over all nodes, by halves.
double total(PanelNodes nodes) {
  for (std::size_t half = kNodes / 2; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) nodes[i] += nodes[i + half];
  return nodes[0];
}

}  // namespace

template <class Law>
void BestIntegral<Law>::begin(std::size_t arms) {
  arms_ = arms;
  laws_.resize(arms);
  pools_.resize(arms);
  matters_.resize(arms);
  for (std::vector<double>* column :
       {&height_, &lower_, &upper_, &drop_, &start_, &at_, &offset_, &scale_, &before_})
    column->resize(laws_.size());
  below_.resize(arms);
  earlier_.resize(arms);
  sums_.resize(arms);
}

template <class Law>
BestShares BestIntegral<Law>::find(std::span<double> others) {
  std::fill(others.begin(), others.end(), 0.0);
  if (arms_ == 1) return {0, 0.0};
  find_leader();
  const bool is_far_apart = height_[rival_] < -kFarApart;
  if (is_far_apart) {
    approximate(others);
  } else {
    find_ranges();
    find_relevant();
    divide();
    find_densities();
    integrate(others);
  }
  double rest = 0;
  for (double share : others) rest += share;
  for (double& share : others) share = rest > 0 ? share / rest : 0;
  return {leader_, is_far_apart ? 0.0 : std::min(1.0, rest * lane_exp(offset_[leader_] + offset_[rival_]))};
}

template <class Law>
void BestIntegral<Law>::find_leader() {
  leader_ = 0;
  for (std::size_t k = 1; k < arms_; ++k)
    if (laws_[k].mode > laws_[leader_].mode) leader_ = k;
  const Law leader = laws_[leader_];
  for (std::size_t k = arms_; k < laws_.size(); ++k) laws_.set(k, leader);
  for (std::size_t k = 0; k < laws_.size(); ++k) pools_.set(k, laws_[k].times(leader));
  const auto laws = laws_.reader(), pools = pools_.reader();
  double* __restrict height = height_.data();
  for (std::size_t k = 0; k < laws_.size(); ++k) {
    const double mode = pools[k].mode;
    height[k] = laws[k].log_density(mode) + leader.log_density(mode);
  }
  rival_ = leader_ == 0 ? 1 : 0;
  for (std::size_t k = 0; k < arms_; ++k)
    if (k != leader_ && height_[k] > height_[rival_]) rival_ = k;
  is_apart_ = height_[rival_] < -kDrop;
}

/// Laplace's method: the leader's distribution function is its density over its logarithm's slope.
template <class Law>
void BestIntegral<Law>::approximate(std::span<double> others) const {
  for (std::size_t k = 0; k < arms_; ++k) {
    if (k == leader_) continue;
    const double width = pools_[k].spread / laws_[leader_].slope(pools_[k].mode);
    others[k] = laws_[k].peak() * width * lane_exp(height_[k] - height_[rival_]);
  }
}

/// Lower ends are where an arm has no mass, or has none in common with the leader; upper ends, unless arms
/// are apart, where an arm's density has fallen from there by what the leader's distribution function may
/// have grown, and kDrop more.
template <class Law>
void BestIntegral<Law>::find_ranges() {
  const auto laws = laws_.reader(), pools = pools_.reader();
  const Law leader = laws_[leader_];
  std::fill(drop_.begin(), drop_.end(), kDrop);
  for (std::size_t k = 0; k < laws_.size(); ++k) start_[k] = laws[k].mode;
  reach(drop_, laws_, start_, -1.0, at_, lower_);
  for (std::size_t k = 0; k < laws_.size(); ++k) start_[k] = pools[k].mode;
  reach(drop_, pools_, start_, -1.0, at_, before_);
  if (is_apart_) return reach(drop_, pools_, start_, 1.0, at_, upper_);
  for (std::size_t k = 0; k < laws_.size(); ++k) drop_[k] = kDrop - leader.log_density(pools[k].mode);
  reach(drop_, laws_, start_, 1.0, at_, upper_);
}

/// Passes over arms that are too unlikely even among those that may beat the leader, and extends the leader's
/// range to what the others have in common with it.
template <class Law>
void BestIntegral<Law>::find_relevant() {
  if (is_apart_) upper_[leader_] = pools_[rival_].mode;
  for (std::size_t k = 0; k < arms_; ++k) {
    matters_[k] = k == leader_ || height_[k] >= height_[rival_] - kDrop ? 1 : 0;
    if (matters_[k] == 0) continue;
    lower_[leader_] = std::min(lower_[leader_], before_[k]);
    if (is_apart_) upper_[leader_] = std::max(upper_[leader_], upper_[k]);
  }
  const double meeting = pools_[rival_].mode;
  std::fill(offset_.begin(), offset_.end(), is_apart_ ? laws_[rival_].log_density(meeting) : 0.0);
  offset_[leader_] = is_apart_ ? laws_[leader_].log_density(meeting) : 0.0;
}

/// Nothing is the largest where one of the arms has all its mass above.
template <class Law>
void BestIntegral<Law>::divide() {
  constexpr double kRemnant = 0.25;  // shorter ones, in panels, go with the panel before
  double lower = lower_[leader_], upper = upper_[leader_], relevant = 0;
  for (std::size_t k = 0; k < arms_; ++k) {
    if (matters_[k] == 0) continue;
    lower = std::max(lower, lower_[k]), upper = std::max(upper, upper_[k]);
    relevant += 1;
  }
  const double finer =
      1.0 / (1.0 + 0.04 * lane_log(relevant) * lane_log(relevant));  // products of many are steeper
  panels_.clear();
  for (double y = lower; y < upper;) {
    const auto place = Law::place(laws_[leader_], y);
    double end = upper;
    for (std::size_t k = 0; k < arms_; ++k)
      if (matters_[k] != 0 && y < upper_[k]) end = std::min(end, y + finer * laws_[k].step(y, place));
    if (!(end > y) || upper - end < kRemnant * (end - y)) end = upper;
    panels_.push_back({y, end});
    y = end;
  }
}

template <class Law>
void BestIntegral<Law>::find_densities() {
  densities_.resize(arms_ * panels_.size());
  const auto laws = laws_.reader();
  for (std::size_t k = 0; k < laws_.size(); ++k) {
    const Law law = laws[k];
    start_[k] = law.peak();
    at_[k] = law.log_density(panels_[0].lower) - offset_[k];
  }
  std::fill(sums_.begin(), sums_.end(), Nodes{});
  for (std::size_t p = 0; p < panels_.size(); ++p) {
    const smooth_laws::Statistics s = Law::statistics(laws_[leader_], panels_[p]);
    const double half = panels_[p].half_width();
    for (std::size_t k = 0; k < arms_; ++k) {
      if (!has_mass(k, p)) continue;
      const smooth_laws::Coefficients c = laws[k].coefficients(s);
      const double peak = start_[k], at = at_[k];
      double* __restrict value = density(k, p).data();
      for (std::size_t i = 0; i < kNodes; ++i)
        value[i] = peak * lane_exp(at + (c.first * s.first[i] - c.second * s.second[i]));
      at_[k] = at + (c.first * s.first[smooth_laws::kEnd] - c.second * s.second[smooth_laws::kEnd]);
      double* __restrict sum = sums_[k].data();
      for (std::size_t i = 0; i < kNodes; ++i) sum[i] += half * quadrature::kWeight[i] * value[i];
    }
  }
}

template <class Law>
void BestIntegral<Law>::start_distributions() {
  for (std::size_t k = 0; k < arms_; ++k) {
    scale_[k] = k == leader_ ? 1.0 : lane_exp(offset_[k]);
    const bool is_whole = !(lower_[k] < panels_[0].lower) || (k == leader_ && is_apart_);
    before_[k] = is_whole ? 0.0 : std::max(0.0, 1.0 - scale_[k] * total(sums_[k]));
  }
}

template <class Law>
void BestIntegral<Law>::find_distribution(std::size_t arm, std::size_t panel) {
  const Nodes& values = density(arm, panel);
  AllNodes sum = {};
  for (std::size_t node = 0; node < kNodes; ++node) {
    AllNodes row;
    std::memcpy(&row, kCumulative[node].data(), sizeof(row));
    sum += row * values[node];
  }
  Nodes weighted;
  for (std::size_t node = 0; node < kNodes; ++node) weighted[node] = quadrature::kWeight[node] * values[node];
  const double scale = scale_[arm] * panels_[panel].half_width(), before = before_[arm];
  sum = before + scale * sum;
  std::memcpy(below_[arm].data(), &sum, sizeof(sum));
  before_[arm] = before + scale * total(weighted);
}

template <class Law>
void BestIntegral<Law>::integrate(std::span<double> others) {
  start_distributions();
  std::fill(sums_.begin(), sums_.end(), Nodes{});
  for (std::size_t p = 0; p < panels_.size(); ++p) {
    Nodes product;
    product.fill(1.0);
    for (std::size_t k = 0; k < arms_; ++k) {
      if (!has_mass(k, p)) continue;
      find_distribution(k, p);
      earlier_[k] = product;
      for (std::size_t i = 0; i < kNodes; ++i) product[i] *= below_[k][i];
    }
    for (std::size_t i = 0; i < kNodes; ++i) product[i] = panels_[p].half_width() * quadrature::kWeight[i];
    for (std::size_t k = arms_; k-- > 0;) {
      if (!has_mass(k, p)) continue;
      const Nodes& own = density(k, p);
      double* __restrict sum = sums_[k].data();
      for (std::size_t i = 0; i < kNodes; ++i) {
        sum[i] += own[i] * earlier_[k][i] * product[i];
        product[i] *= below_[k][i];
      }
    }
  }
  for (std::size_t k = 0; k < arms_; ++k) others[k] = k == leader_ ? 0.0 : total(sums_[k]);
}

template class BestIntegral<smooth_laws::LogOdds>;
template class BestIntegral<smooth_laws::Bell>;
template class BestIntegral<smooth_laws::LogGamma>;

}  // namespace windtunnel
