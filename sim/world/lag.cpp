#include "windtunnel/world/lag.hpp"

#include "windtunnel/core/math.hpp"

namespace windtunnel {

double Lag::survival(int age) const {
  if (age < days) return 1;
  return math::pow(1 - daily_probability, age - days + 1);
}

double Lag::chance(int before, int now) const {
  if (now < days) return 0;
  const int chances = before < days ? now - days + 1 : now - before;
  return chances == 1 ? daily_probability : 1 - math::pow(1 - daily_probability, chances);
}

}  // namespace windtunnel
