#include "windtunnel/design/student_curve.hpp"

#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "windtunnel/core/math.hpp"

namespace windtunnel {
namespace {

constexpr int kTerms = 10;
using Terms = std::array<double, kTerms>;

/// Zeros of the Chebyshev polynomial T_10, from the outside inwards, which keeps divided differences small.
constexpr Terms kPoints = {0.98768834059513772619,  -0.98768834059513772619, 0.89100652418836786236,
                           -0.89100652418836786236, 0.70710678118654752440,  -0.70710678118654752440,
                           0.45399049973954679156,  -0.45399049973954679156, 0.15643446504023086901,
                           -0.15643446504023086901};

/// Extremes of T_10, where the interpolation is worst.
constexpr std::array<double, 11> kWorst = {
    -1.0, -0.95105651629515357212, -0.80901699437494742410, -0.58778525229247312917, -0.30901699437494742410,
    0.0,  0.30901699437494742410,  0.58778525229247312917,  0.80901699437494742410,  0.95105651629515357212,
    1.0};

constexpr double kLargestError = 2e-11;

/// No data reach the quantile of a smaller tail, and its polynomials would overflow.
constexpr double kSmallestTail = 1e-200;

/// Newton's form of the interpolating polynomial.
inline double polynomial(const double* terms, double position) {
  double value = terms[kTerms - 1];
  for (int i = kTerms - 2; i >= 0; --i)
    value = value * (position - kPoints[static_cast<std::size_t>(i)]) + terms[i];
  return value;
}

Terms divided_differences(Terms values) {
  for (std::size_t order = 1; order < kTerms; ++order)
    for (std::size_t i = kTerms - 1; i >= order; --i)
      values[i] = (values[i] - values[i - 1]) / (kPoints[i] - kPoints[i - order]);
  return values;
}

/// The part of the curve that holds 1 / df, and the position in it, in [-1, 1].
struct Place {
  int part;
  double position;
};

inline Place place(double degrees_of_freedom, int parts) {
  const double inverse = 1.0 / degrees_of_freedom;
  const double scaled = parts * (inverse < 1.0 ? inverse : 1.0);
  const int part = static_cast<int>(scaled);
  const int inside = part < parts ? part : parts - 1;
  return {inside, 2.0 * (scaled - inside) - 1.0};
}

}  // namespace

StudentCurve::StudentCurve(double tail_probability) : tail_probability_(tail_probability) {
  assert(tail_probability >= 0.0 && tail_probability < 1.0);
  if (tail_probability < kSmallestTail) {
    coefficients_.assign(static_cast<std::size_t>(parts_) * kTerms, 0.0);
    for (int part = 0; part < parts_; ++part)
      coefficients_[static_cast<std::size_t>(part * kTerms)] = std::numeric_limits<double>::infinity();
    return;
  }
  const auto exact = [&](int part, double position) {
    return -math::student_t_quantile(tail_probability, parts_ / (part + 0.5 * (1.0 + position)));
  };
  for (bool precise = false; !precise; parts_ *= precise ? 1 : 2) {
    coefficients_.clear();
    precise = true;
    for (int part = 0; part < parts_ && precise; ++part) {
      Terms values;
      for (std::size_t i = 0; i < kTerms; ++i) values[i] = exact(part, kPoints[i]);
      const Terms terms = divided_differences(values);
      for (const double position : kWorst) {
        const double wanted = exact(part, position);
        precise = precise &&
                  std::fabs(polynomial(terms.data(), position) - wanted) <= kLargestError * std::fabs(wanted);
      }
      coefficients_.insert(coefficients_.end(), terms.begin(), terms.end());
    }
  }
}

double StudentCurve::operator()(double degrees_of_freedom) const {
  if (degrees_of_freedom < 1.0) return -math::student_t_quantile(tail_probability_, degrees_of_freedom);
  const Place at = place(degrees_of_freedom, parts_);
  return polynomial(coefficients_.data() + at.part * kTerms, at.position);
}

void StudentCurve::evaluate(const double* __restrict degrees_of_freedom, double* __restrict quantiles,
                            int lanes) const {
  const double* const coefficients = coefficients_.data();
  const int parts = parts_;
  int below_one = 0;
  for (int lane = 0; lane < lanes; ++lane) {
    const Place at = place(degrees_of_freedom[lane], parts);
    quantiles[lane] = polynomial(coefficients + at.part * kTerms, at.position);
    below_one += degrees_of_freedom[lane] < 1.0 ? 1 : 0;
  }
  if (below_one == 0) return;
  for (int lane = 0; lane < lanes; ++lane)
    if (degrees_of_freedom[lane] < 1.0) quantiles[lane] = (*this)(degrees_of_freedom[lane]);
}

}  // namespace windtunnel
