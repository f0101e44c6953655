#pragma once

#include <span>
#include <vector>

#include "law_columns.hpp"
#include "windtunnel/design/quadrature.hpp"

namespace windtunnel {

/// Which of several independent variables is the largest, told of one of them, the leader, and the others.
struct BestShares {
  std::size_t leader;  ///< the arm with the largest mode
  double rest;         ///< probability that another arm is the largest
};

/// P(variable i is the largest) = integral of its density times the distribution functions of the others, for
/// every arm i but the leader, on panels that every density is smooth on. `Law` is one of smooth_laws.
///
/// The product of an arm's density and the leader's is a law of the same family; the integral of the arm has
/// its mass where that law has it, since the leader's distribution function below its mode is its density but
/// for a slowly changing factor. That gives the range of the panels, and tells arms that do not matter. The
/// leader's distribution function is summed from below and never as a difference, so that however unlikely
/// the others are, it is known how likely they are among each other.
///   error   of `rest` 1e-11, and relative 1e-7; of shares 1e-7, or 1e-3 where `rest` is below e^-500: there
///           they are those of Laplace's method
///   cost    about 1.3 us per arm with AVX-512; vectors are kept from one integral to the next
template <class Law>
class BestIntegral {
 public:
  /// Begins an integral over so many variables, at least one, whose laws are then to be set.
  void begin(std::size_t arms);
  void set(std::size_t arm, const Law& law) { laws_.set(arm, law); }

  /// Integrates.
  ///   others  [arm] probability to be the largest if the leader is not; 0 of the leader
  BestShares find(std::span<double> others);

 private:
  using Nodes = quadrature::PanelNodes;

  void find_leader();
  void find_ranges();
  void find_relevant();
  void approximate(std::span<double> others) const;
  void divide();
  void find_densities();
  void start_distributions();
  void find_distribution(std::size_t arm, std::size_t panel);
  void integrate(std::span<double> others);

  bool has_mass(std::size_t arm, std::size_t panel) const {
    return matters_[arm] != 0 && panels_[panel].lower < upper_[arm];
  }
  Nodes& density(std::size_t arm, std::size_t panel) { return densities_[arm * panels_.size() + panel]; }

  std::size_t arms_ = 0, leader_ = 0, rival_ = 0;  // the arm that is most likely to beat the leader
  bool is_apart_ = false;                          // no other arm beats the leader but for a rounding error
  LawColumns<Law> laws_, pools_;                   // [arm] and of the product with the leader's density
  std::vector<char> matters_;
  std::vector<double> height_;             // [arm] logarithm of that product at its mode
  std::vector<double> lower_, upper_;      // [arm] where there is mass
  std::vector<double> drop_, start_, at_;  // [arm] scratch
  std::vector<double> offset_, scale_;     // [arm] densities are kept times e^-offset; what brings them back
  std::vector<double> before_;             // [arm] mass below the present panel
  std::vector<quadrature::Panel> panels_;
  std::vector<Nodes> densities_;  // [arm][panel]
  std::vector<Nodes> below_;      // [arm] its distribution function on the present panel
  std::vector<Nodes> earlier_;    // [arm] product of those of earlier arms
  std::vector<Nodes> sums_;       // [arm] integral, by node of its panel
};

}  // namespace windtunnel
