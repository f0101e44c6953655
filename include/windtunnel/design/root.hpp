#pragma once

#include <cmath>

namespace windtunnel {

/// The zero of a continuous function between two points where its signs differ.
///   f          double -> double, evaluated once per step
///   low, high  the bracket; without a change of sign the root is taken to be an end that rounding moved
///   tolerance  the last step is shorter than this, and the error much smaller still where f is smooth
///   method     secant steps through the two newest points, bisection where they would leave the bracket
template <class Function>
double bracketed_root(const Function& f, double low, double high, double tolerance) {
  double older = low;
  double at_older = f(low);
  const bool rising = at_older < 0.0;
  double newest = high;
  double at_newest = f(high);
  if (at_older * at_newest >= 0.0) return std::fabs(at_older) < std::fabs(at_newest) ? low : high;
  while (at_newest != 0.0 && std::fabs(newest - older) >= tolerance) {
    double next = newest - at_newest * (newest - older) / (at_newest - at_older);
    if (!(low <= next && next <= high)) next = 0.5 * (low + high);
    older = newest;
    at_older = at_newest;
    newest = next;
    at_newest = f(next);
    ((at_newest < 0.0) == rising ? low : high) = next;
  }
  return newest;
}

}  // namespace windtunnel
