#pragma once

#include <array>

namespace windtunnel::quadrature {

/// Nodes per Gauss-Legendre panel: exact for polynomials up to degree 31.
inline constexpr int kNodes = 16;

/// Beyond this many standard deviations a normal distribution has less than 1e-17 of its mass.
inline constexpr double kNormalReach = 8.6;

using PanelNodes = std::array<double, kNodes>;

/// Positions in (-1, 1), increasing. Source: roots of the Legendre polynomial P_16, to 22 digits.
inline constexpr PanelNodes kPosition = {
    -0.9894009349916499325962, -0.9445750230732325760779, -0.8656312023878317438805,
    -0.7554044083550030338951, -0.6178762444026437484467, -0.4580167776572273863424,
    -0.2816035507792589132305, -0.0950125098376374401853, 0.0950125098376374401853,
    0.2816035507792589132305,  0.4580167776572273863424,  0.6178762444026437484467,
    0.7554044083550030338951,  0.8656312023878317438805,  0.9445750230732325760779,
    0.9894009349916499325962};

/// Weights of the integral over (-1, 1).
inline constexpr PanelNodes kWeight = {
    0.0271524594117540948518, 0.0622535239386478928628, 0.0951585116824927848099, 0.1246289712555338720525,
    0.1495959888165767320815, 0.1691565193950025381893, 0.1826034150449235888668, 0.1894506104550684962854,
    0.1894506104550684962854, 0.1826034150449235888668, 0.1691565193950025381893, 0.1495959888165767320815,
    0.1246289712555338720525, 0.0951585116824927848099, 0.0622535239386478928628, 0.0271524594117540948518};

/// A stretch [lower, upper] of the line with kNodes nodes in it.
struct Panel {
  double lower, upper;

  constexpr double half_width() const { return 0.5 * (upper - lower); }
  constexpr double node(int i) const {
    return 0.5 * (lower + upper) + half_width() * kPosition[static_cast<std::size_t>(i)];
  }
  constexpr double weight(int i) const { return half_width() * kWeight[static_cast<std::size_t>(i)]; }
};

/// Integrals from -1 to each node of the polynomial through the values at the nodes, as a matrix
/// [node where the integral ends][node of the value].
///   source  P_n integrates to (P_{n+1} - P_{n-1}) / (2n + 1), and the Legendre coefficients of the
///           interpolant are (2n + 1)/2 times the quadrature sums of value * P_n
constexpr std::array<PanelNodes, kNodes> cumulative_weights() {
  std::array<std::array<double, kNodes>, kNodes + 1> legendre{};  // [degree][node]
  for (int i = 0; i < kNodes; ++i) {
    const double x = kPosition[static_cast<std::size_t>(i)];
    double before = 0.0;
    double current = 1.0;
    for (int n = 0; n <= kNodes; ++n) {
      legendre[static_cast<std::size_t>(n)][static_cast<std::size_t>(i)] = current;
      const double next = ((2 * n + 1) * x * current - n * before) / (n + 1);
      before = current;
      current = next;
    }
  }
  std::array<PanelNodes, kNodes> matrix{};
  for (std::size_t end = 0; end < kNodes; ++end)
    for (std::size_t node = 0; node < kNodes; ++node) {
      double sum = kPosition[end] + 1.0;
      for (std::size_t n = 1; n < kNodes; ++n)
        sum += legendre[n][node] * (legendre[n + 1][end] - legendre[n - 1][end]);
      matrix[end][node] = 0.5 * kWeight[node] * sum;
    }
  return matrix;
}

}  // namespace windtunnel::quadrature
