#include "windtunnel/world/means.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace windtunnel {

namespace {

using Support = Distribution::Support;

/// Smallest interval of what a law can be drawn as.
Support drawn_support(const Distribution& law) {
  if (law.type == Distribution::Type::mixture) {
    Support whole = drawn_support(law.components.front());
    for (const Distribution& component : law.components) {
      const Support part = drawn_support(component);
      whole = {std::min(whole.low, part.low), std::max(whole.high, part.high)};
    }
    return whole;
  }
  const auto [low, high] = law.support();
  const double reach = kFarthestNormal * law.sd;
  return {std::isfinite(low) ? low : law.mean - reach, std::isfinite(high) ? high : law.mean + reach};
}

bool is_drawn(const std::vector<Distribution>& laws) {
  return std::any_of(laws.begin(), laws.end(), [](const Distribution& law) { return !law.is_point(); });
}

/// Whether a law has values arbitrarily near 0 other than 0 itself.
bool surrounds_zero(const Distribution& law) {
  using Type = Distribution::Type;
  if (law.type == Type::mixture)
    return std::any_of(law.components.begin(), law.components.end(), surrounds_zero);
  if (law.type == Type::point || law.type == Type::discrete) return false;
  if (law.type == Type::beta && law.a > 2) return false;  // so thin near 0 that 1/x has a mean and a variance
  const auto [low, high] = law.support();
  return low <= 0 && high >= 0;
}

Support times(Support range, double factor) {
  const double a = factor == 0 ? 0 : range.low * factor, b = factor == 0 ? 0 : range.high * factor;
  return {std::min(a, b), std::max(a, b)};
}

Support product(Support x, Support y) {
  const auto of = [](double a, double b) { return a == 0 || b == 0 ? 0 : a * b; };
  const std::initializer_list<double> corners{of(x.low, y.low), of(x.low, y.high), of(x.high, y.low),
                                              of(x.high, y.high)};
  return {std::min(corners), std::max(corners)};
}

Support sum(Support x, Support y) {
  return {x.low + y.low, x.high + y.high};
}

}  // namespace

Means::Means(Climate climate, std::vector<Distribution> levels)
    : climate_(std::move(climate)), levels_(std::move(levels)) {
  for (int segment = -1; segment < climate_.segments; ++segment)
    lasting_weight_.push_back(climate_.lasting_weight(segment));
  const bool has_effect = !climate_.terms[Climate::kLasting].is_nothing();
  const auto weights = [&](int day) {
    std::vector<double> all{climate_.rate[static_cast<std::size_t>(day % Climate::kWeek)]};
    for (std::size_t k = has_effect ? 0 : 1; k < climate_.terms.size(); ++k)
      all.push_back(climate_.weight(k, day));
    return all;
  };
  for (int day = 0; day < climate_.days(); ++day)
    if (day == 0 || weights(day) != weights(day - 1)) first_days_.push_back(day);
}

const Distribution& Means::level_law(int arm) const {
  return levels_[has_levels_by_arm() ? static_cast<std::size_t>(arm) : 0];
}

bool Means::are_drawn() const {
  return is_drawn(levels_) || std::any_of(climate_.terms.begin(), climate_.terms.end(),
                                          [](const LiftTerm& term) { return is_drawn(term.law); });
}

bool Means::lasting_is_drawn() const {
  return has_levels_by_arm() || is_drawn(climate_.terms[Climate::kLasting].law);
}

bool Means::lasting_surrounds_zero() const {
  const std::vector<Distribution>& laws = climate_.terms[Climate::kLasting].law;
  return has_levels_by_arm() ? is_drawn(levels_) : std::any_of(laws.begin() + 1, laws.end(), surrounds_zero);
}

int Means::arm_of_lift(std::size_t term, int served) const {
  return climate_.terms[term].whom == LiftTerm::Whom::everybody ? 1 : served;
}

bool Means::differ_by_stratum() const {
  const Stratum& first = climate_.strata.front();
  return std::any_of(climate_.strata.begin(), climate_.strata.end(), [&](const Stratum& other) {
    return other.rate != first.rate || other.weight != first.weight || other.served != first.served;
  });
}

void Means::draw(LaneSource source, int width, Truth& truth) const {
  const int levels = static_cast<int>(levels_.size()), terms = static_cast<int>(climate_.terms.size());
  truth.levels.assign(levels, width);
  truth.lifts.assign(terms * arms(), width);
  for (int level = 0; level < levels; ++level)
    sample(levels_[static_cast<std::size_t>(level)], source, {0, static_cast<u32>(level), 0},
           truth.levels.span(level));
  for (int k = 0; k < terms; ++k)
    for (int arm = 0; arm < arms(); ++arm) {
      const int row = lift_row(static_cast<std::size_t>(k), arm);
      sample(climate_.terms[static_cast<std::size_t>(k)].law[static_cast<std::size_t>(arm)], source,
             {0, static_cast<u32>(arms() + row), 0}, truth.lifts.span(row));
    }
}

double Means::of_stratum(const Truth& truth, int epoch, int arm, const Stratum& stratum, int column) const {
  const int day = first_days_[static_cast<std::size_t>(epoch)];
  const int served = stratum.served[static_cast<std::size_t>(arm)];
  double relative = 0, absolute = 0;
  for (std::size_t k = 0; k < climate_.terms.size(); ++k) {
    const double lift = truth.lifts.row(lift_row(k, arm_of_lift(k, served)))[column] *
                        (climate_.weight(k, day) * stratum.weight[k]);
    (climate_.terms[k].scale == Lift::Scale::relative ? relative : absolute) += lift;
  }
  const double level = truth.levels.row(has_levels_by_arm() ? served : 0)[column] *
                       (climate_.rate[static_cast<std::size_t>(day % Climate::kWeek)] * stratum.rate);
  return level * (1 + relative) + absolute;
}

double Means::lasting_mean(const Truth& truth, int day_of_week, int arm, const Stratum& stratum,
                           int column) const {
  const bool relative = climate_.terms[Climate::kLasting].scale == Lift::Scale::relative;
  const double lift = truth.lifts.row(lift_row(Climate::kLasting, arm))[column] *
                      (climate_.weight(Climate::kLasting, day_of_week) * stratum.weight[Climate::kLasting]);
  const double level = truth.levels.row(has_levels_by_arm() ? arm : 0)[column] *
                       (climate_.rate[static_cast<std::size_t>(day_of_week)] * stratum.rate);
  return relative ? level * (1 + lift) : level + lift;
}

double Means::of_arm(const Truth& truth, int epoch, int arm, int column) const {
  if (climate_.strata.size() == 1) return of_stratum(truth, epoch, arm, climate_.strata[0], column);
  double mean = 0;
  for (const Stratum& stratum : climate_.strata)
    mean +=
        stratum.share_of_arm[static_cast<std::size_t>(arm)] * of_stratum(truth, epoch, arm, stratum, column);
  return mean;
}

double Means::lasting(const Truth& truth, int segment, int arm, int column) const {
  if (has_levels_by_arm()) return truth.levels.row(arm)[column] - truth.levels.row(0)[column];
  // From the lift itself, not as a difference of means: an effect equal to a margin must compare equal.
  const double lift = truth.lifts.row(lift_row(Climate::kLasting, arm))[column] *
                      lasting_weight_[static_cast<std::size_t>(1 + segment)];
  const bool relative = climate_.terms[Climate::kLasting].scale == Lift::Scale::relative;
  return relative ? truth.levels.row(0)[column] * lift : lift;
}

namespace {

/// Interval of a mean when every law is confined to `support_of(law)`.
template <class SupportOf>
Support interval(const Climate& climate, const Distribution& level, int day, const Stratum& stratum,
                 const std::vector<const Distribution*>& lifts, SupportOf support_of) {
  Support relative{1, 1}, absolute{0, 0};
  for (std::size_t k = 0; k < climate.terms.size(); ++k) {
    Support& scale = climate.terms[k].scale == Lift::Scale::relative ? relative : absolute;
    scale = sum(scale, times(support_of(*lifts[k]), climate.weight(k, day) * stratum.weight[k]));
  }
  const double rate = climate.rate[static_cast<std::size_t>(day % Climate::kWeek)] * stratum.rate;
  return sum(product(times(support_of(level), rate), relative), absolute);
}

}  // namespace

std::vector<const Distribution*> Means::lift_laws(int arm, const Stratum& stratum) const {
  std::vector<const Distribution*> laws;
  const int served = stratum.served[static_cast<std::size_t>(arm)];
  for (std::size_t k = 0; k < climate_.terms.size(); ++k)
    laws.push_back(&climate_.terms[k].law[static_cast<std::size_t>(arm_of_lift(k, served))]);
  return laws;
}

Support Means::support(int epoch, int arm, const Stratum& stratum) const {
  const int served = stratum.served[static_cast<std::size_t>(arm)];
  return interval(climate_, level_law(served), first_days_[static_cast<std::size_t>(epoch)], stratum,
                  lift_laws(arm, stratum), [](const Distribution& law) { return law.support(); });
}

Support Means::reach(int epoch, int arm, const Stratum& stratum) const {
  const int served = stratum.served[static_cast<std::size_t>(arm)];
  return interval(climate_, level_law(served), first_days_[static_cast<std::size_t>(epoch)], stratum,
                  lift_laws(arm, stratum), drawn_support);
}

double Means::magnitude() const {
  double largest = 0;
  for (int epoch = 0; epoch < epochs(); ++epoch)
    for (int arm = 0; arm < arms(); ++arm)
      for (const Stratum& stratum : climate_.strata) {
        const Support range = reach(epoch, arm, stratum);
        largest = std::max({largest, std::fabs(range.low), std::fabs(range.high)});
      }
  return largest;
}

}  // namespace windtunnel
