#include "windtunnel/world/climate.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace windtunnel {

bool LiftTerm::is_nothing() const {
  return std::all_of(law.begin(), law.end(),
                     [](const Distribution& lift) { return lift == Distribution::point(0); });
}

Climate::Climate(const std::vector<std::string>& arms, int days, LiftTerm lasting)
    : terms{std::move(lasting)}, arm_names_(arms), days_(days) {
  for (Week* week : {&traffic, &rate, &effect}) week->fill(1);
  Stratum everybody;
  everybody.share_of_arm.assign(arms.size(), 1);
  everybody.weight.assign(terms.size(), 1);
  everybody.served.resize(arms.size());
  std::iota(everybody.served.begin(), everybody.served.end(), 0);
  strata.push_back(std::move(everybody));
}

int Climate::arm(const std::string& name) const {
  return static_cast<int>(std::find(arm_names_.begin(), arm_names_.end(), name) - arm_names_.begin());
}

std::vector<Distribution> Climate::laws(const Lift& lift) const {
  std::vector<Distribution> law{Distribution::point(0)};
  for (std::size_t a = 1; a < arm_names_.size(); ++a)
    law.push_back(lift.of(static_cast<int>(a), arm_names_[a]));
  return law;
}

std::size_t Climate::add(LiftTerm term) {
  terms.push_back(std::move(term));
  for (Stratum& stratum : strata) stratum.weight.push_back(1);
  return terms.size() - 1;
}

void Climate::split(int parts, const std::function<void(Stratum&, int)>& edit) {
  std::vector<Stratum> split;
  for (const Stratum& whole : strata)
    for (int part = 0; part < parts; ++part) {
      split.push_back(whole);
      edit(split.back(), part);
    }
  strata = std::move(split);
}

namespace {

bool is_empty(const Stratum& stratum) {
  return std::all_of(stratum.share_of_arm.begin(), stratum.share_of_arm.end(),
                     [](double share) { return share == 0; });
}

bool are_alike(const Stratum& a, const Stratum& b) {
  return a.segment == b.segment && a.rate == b.rate && a.weight == b.weight && a.served == b.served;
}

void merge(const Stratum& from, Stratum& into) {
  into.share += from.share;
  for (std::size_t a = 0; a < into.share_of_arm.size(); ++a) into.share_of_arm[a] += from.share_of_arm[a];
}

}  // namespace

void Climate::simplify() {
  for (std::size_t k = terms.size() - 1; k > kLasting; --k) {
    if (!terms[k].is_nothing()) continue;
    terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(k));
    for (Stratum& stratum : strata)
      stratum.weight.erase(stratum.weight.begin() + static_cast<std::ptrdiff_t>(k));
  }
  std::vector<Stratum> kept;
  for (const Stratum& stratum : strata) {
    if (is_empty(stratum)) continue;
    const auto same = std::find_if(kept.begin(), kept.end(),
                                   [&](const Stratum& other) { return are_alike(other, stratum); });
    if (same == kept.end())
      kept.push_back(stratum);
    else
      merge(stratum, *same);
  }
  if (kept.size() == 1) {  // all there is, whatever rounding made of the sum
    kept[0].share = 1;
    std::ranges::fill(kept[0].share_of_arm, 1.0);
  }
  strata = std::move(kept);
}

double Climate::weight(std::size_t term, int day) const {
  return term == kLasting ? effect[static_cast<std::size_t>(day % kWeek)]
                          : terms[term].weight[static_cast<std::size_t>(day)];
}

double Climate::lasting_weight(int segment) const {
  const bool relative = terms[kLasting].scale == Lift::Scale::relative;
  double over_week = 0, users = 0, over_strata = 0, share = 0;
  for (std::size_t day = 0; day < kWeek; ++day) {
    over_week += traffic[day] * (relative ? rate[day] : 1) * effect[day];
    users += traffic[day];
  }
  for (const Stratum& stratum : strata) {
    if (segment >= 0 && stratum.segment != segment) continue;
    over_strata += stratum.share * (relative ? stratum.rate : 1) * stratum.weight[kLasting];
    share += stratum.share;
  }
  // Shares of the whole population are taken as they are: rounding must not make 1 of their sum.
  return over_week / users * (segment < 0 ? over_strata : over_strata / share);
}

}  // namespace windtunnel
