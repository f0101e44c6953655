#include "legal_means.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_document.hpp"
#include "windtunnel/core/number_text.hpp"

namespace windtunnel {

namespace {

using Support = Distribution::Support;

/// What is asked of every mean of a world.
struct Demand {
  Range means;
  Support (Means::*reached)(int epoch, int arm, const Stratum& stratum) const;
  const char* otherwise;  ///< what a mean is that does not meet it
};

struct IllegalMean {
  int epoch, arm;
  double mean;
};

std::optional<IllegalMean> find_illegal(const Demand& demand, const Means& means) {
  for (int epoch = 0; epoch < means.epochs(); ++epoch)
    for (int arm = 0; arm < means.arms(); ++arm)
      for (const Stratum& stratum : means.climate().strata) {
        const auto [low, high] = (means.*demand.reached)(epoch, arm, stratum);
        for (const double mean : {low, high})
          if (!demand.means.contains(mean)) return IllegalMean{epoch, arm, mean};
      }
  return std::nullopt;
}

/// Which lifts of a base keep the mean legal, or which bases with a lift: one of the two is a point.
Support allowed(const Range& legal, const Distribution& base, const Distribution& lift, Lift::Scale scale) {
  const auto solve = [&](double mean) {
    if (scale == Lift::Scale::absolute) return mean - (base.is_point() ? base.value : lift.value);
    return base.is_point() ? mean / base.value - 1 : mean / (1 + lift.value);
  };
  const auto [low, high] = std::minmax({solve(legal.low), solve(legal.high)});
  return {low, high};
}

/// What would keep the mean legal: the limit of a lift that is a number, or the keys that truncate a law.
std::string advice(const Range& legal, const Distribution& base, const Distribution& lift, Lift::Scale scale,
                   double mean) {
  if (!base.is_point() && !lift.is_point()) return "; truncate the distributions with \"min\" and \"max\"";
  const auto [low, high] = allowed(legal, base, lift, scale);
  if (base.is_point() && lift.is_point()) {
    const double lifted_by = scale == Lift::Scale::absolute ? mean - base.value : mean / base.value - 1;
    return "; its lift is " + rounded_number(lift.value) + ", and the limit is " +
           rounded_number(lifted_by > high ? high : low);
  }
  std::string hint;
  if (std::isfinite(low)) hint += "\"min\": " + rounded_number(low);
  if (std::isfinite(high)) hint += (hint.empty() ? "" : ", ") + ("\"max\": " + rounded_number(high));
  return "; truncate the distribution with " + hint;
}

/// Where the mistake is: means are legal with the features before it, and not with any more of them.
std::string place_of(const WorldSpec& spec, const Demand& demand, bool is_of_outcome, const MakeMeans& make) {
  WorldSpec some = spec;
  while (!some.features.empty()) {
    const std::string last = some.features.back().first;
    some.features.pop_back();
    if (!find_illegal(demand, *make(some))) return child("/world/features", last);
  }
  return is_of_outcome ? "/world/outcome" : "/world/effect";
}

void check(const Demand& demand, const WorldSpec& spec, const Means& means, const MakeMeans& make) {
  const std::optional<IllegalMean> found = find_illegal(demand, means);
  if (!found) return;
  const auto [epoch, arm, mean] = *found;
  const LiftTerm& lasting = means.climate().terms[Climate::kLasting];
  const Distribution& base = means.level_law(arm);
  const Distribution& lift = lasting.law[static_cast<std::size_t>(arm)];
  const bool plain = spec.features.empty();
  std::string who = "the mean of arm '" + spec.arms[static_cast<std::size_t>(arm)] + "'";
  if (!plain && means.epochs() > 1)
    who += " on day " + std::to_string(means.first_days()[static_cast<std::size_t>(epoch)]);
  const bool is_bare = base.is_point() && !demand.means.contains(base.value);  // without lift or feature
  const bool is_of_outcome = is_bare || (lift.is_point() && !base.is_point());
  // Only a world without features tells what to write.
  throw InputError(place_of(spec, demand, is_of_outcome, make),
                   who + (means.are_drawn() ? " can reach " : " would be ") + rounded_number(mean) + ", " +
                       demand.otherwise + " (" + demand.means.text("mean") + ")" +
                       (plain && !is_bare ? advice(demand.means, base, lift, lasting.scale, mean) : ""));
}

}  // namespace

void check_means(const WorldSpec& spec, const Means& means, const MakeMeans& make) {
  check({spec.outcome->legal_means(), &Means::support, "outside what the outcome allows"}, spec, means, make);
  check({spec.outcome->summable_means(), &Means::reach, "so far from 0 that sums lose what users differ by"},
        spec, means, make);
}

}  // namespace windtunnel
