#include "legal_means.hpp"

#include <cmath>
#include <optional>
#include <string>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_document.hpp"
#include "windtunnel/core/number_text.hpp"

namespace windtunnel {

namespace {

struct IllegalMean {
  int epoch, arm;
  double mean;
};

std::optional<IllegalMean> find_illegal(const Range& legal, const Means& means) {
  for (int epoch = 0; epoch < means.epochs(); ++epoch)
    for (int arm = 0; arm < means.arms(); ++arm)
      for (const Stratum& stratum : means.climate().strata) {
        const auto [low, high] = means.support(epoch, arm, stratum);
        for (const double mean : {low, high})
          if (!legal.contains(mean)) return IllegalMean{epoch, arm, mean};
      }
  return std::nullopt;
}

/// The part of a law that keeps the mean legal, as the keys to write.
std::string truncation_hint(const Range& legal, const Distribution& base, const Distribution& lift,
                            Lift::Scale scale) {
  if (base.is_point() == lift.is_point()) return "; truncate the distributions with \"min\" and \"max\"";
  const auto solve = [&](double mean) {
    if (scale == Lift::Scale::absolute) return mean - (base.is_point() ? base.value : lift.value);
    return base.is_point() ? mean / base.value - 1 : mean / (1 + lift.value);
  };
  std::string hint;
  if (std::isfinite(legal.low)) hint += "\"min\": " + number_text(solve(legal.low));
  if (std::isfinite(legal.high))
    hint += (hint.empty() ? "" : ", ") + ("\"max\": " + number_text(solve(legal.high)));
  return "; truncate the distribution with " + hint;
}

/// Where the mistake is: means are legal with the features before it, and not with any more of them.
std::string place_of(const WorldSpec& spec, const Range& legal, bool is_of_outcome, const MakeMeans& make) {
  WorldSpec some = spec;
  while (!some.features.empty()) {
    const std::string last = some.features.back().first;
    some.features.pop_back();
    if (!find_illegal(legal, *make(some))) return child("/world/features", last);
  }
  return is_of_outcome ? "/world/outcome" : "/world/effect";
}

}  // namespace

void check_means(const WorldSpec& spec, const Means& means, const MakeMeans& make) {
  const Range legal = spec.outcome->legal_means();
  const std::optional<IllegalMean> found = find_illegal(legal, means);
  if (!found) return;
  const auto [epoch, arm, mean] = *found;
  const LiftTerm& lasting = means.climate().terms[Climate::kLasting];
  const Distribution& base = means.level_law(arm);
  const Distribution& lift = lasting.law[static_cast<std::size_t>(arm)];
  const bool drawn = means.are_drawn(), plain = spec.features.empty();
  std::string who = "the mean of arm '" + spec.arms[static_cast<std::size_t>(arm)] + "'";
  if (!plain && means.epochs() > 1)
    who += " on day " + std::to_string(means.first_days()[static_cast<std::size_t>(epoch)]);
  const bool is_bare = base.is_point() && !legal.contains(base.value);  // without any lift or feature
  const bool is_of_outcome = is_bare || (lift.is_point() && !base.is_point());
  // Only a world without features tells what to write.
  throw InputError(place_of(spec, legal, is_of_outcome, make),
                   who + (drawn ? " can reach " : " would be ") + number_text(mean) +
                       ", outside what the outcome allows (" + legal.text("mean") + ")" +
                       (drawn && plain ? truncation_hint(legal, base, lift, lasting.scale) : ""));
}

}  // namespace windtunnel
