#include "windtunnel/world/world.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "legal_means.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_document.hpp"

namespace windtunnel {

Channels WorldSpec::offers() const {
  Channels all = outcome->offers() | Channels{Channel::at_once, Channel::exposures};
  for (const auto& [name, feature] : features) all = feature->offers(all);
  return all;
}

Range WorldSpec::values() const {
  Range range = outcome->values();
  for (const auto& [name, feature] : features) range = feature->values(range);
  return range;
}

namespace {

/// Refuses absolute lifts among the terms from `first` on where lifts multiply.
void check_scales(const Outcome& outcome, const Climate& climate, std::size_t first) {
  if (outcome.takes_absolute_lifts()) return;
  for (std::size_t k = first; k < climate.terms.size(); ++k)
    if (climate.terms[k].scale == Lift::Scale::absolute && !climate.terms[k].is_nothing())
      throw InputError("/absolute",
                       "these outcomes have no absolute lifts: a lift multiplies every value "
                       "(needs \"relative\")");
}

/// The world without anything drawn. Numbers per arm and the null twin have no lasting effect of their own.
Climate compiled_climate(const WorldSpec& spec, World::Twin twin) {
  LiftTerm lasting;
  lasting.law.assign(spec.arms.size(), Distribution::point(0));
  if (spec.effect) lasting.scale = spec.effect->scale;
  Climate climate(spec.arms, static_cast<int>(spec.days + spec.rollout_days), std::move(lasting));
  Problems problems;
  climate.is_null_twin = twin == World::Twin::null;
  if (spec.effect && twin == World::Twin::none) {
    climate.terms[Climate::kLasting].law = climate.laws(*spec.effect);
    problems.gather("/world/effect", [&] { check_scales(*spec.outcome, climate, Climate::kLasting); });
  }
  for (const auto& named : spec.features)
    problems.gather(child("/world/features", named.first), [&] {
      if (named.second->needs_normal() && !spec.outcome->normal_sd())
        throw InputError("", "is drawn together with the outcome, which must be normal for that");
      const std::size_t terms = climate.terms.size();
      named.second->shape(climate);
      check_scales(*spec.outcome, climate, terms);
    });
  problems.tell();
  climate.simplify();
  return climate;
}

Calendar compiled_calendar(const WorldSpec& spec, const Climate& climate) {
  std::vector<double> users(static_cast<std::size_t>(climate.days()));
  for (std::size_t day = 0; day < users.size(); ++day)
    users[day] = spec.users_per_day * climate.traffic[day % Climate::kWeek];
  return {users, static_cast<int>(spec.days)};
}

}  // namespace

World::World(const WorldSpec& spec, u64 seed, Twin twin)
    : spec_(spec),
      seed_(seed),
      means_(std::make_shared<const Means>(compiled_climate(spec, twin), spec.outcome->levels())),
      calendar_(compiled_calendar(spec, means_->climate())),
      returns_(means_->climate().return_probability, calendar_) {
  check_means(spec_, *means_, [&](const WorldSpec& some) {
    return std::make_unique<const Means>(compiled_climate(some, twin), some.outcome->levels());
  });
  for (const int day : means_->first_days()) epoch_starts_.push_back(calendar_.users_after(day));
}

bool World::all_effects_zero() const {
  if (effects_are_drawn()) return false;
  for (const auto& [name, feature] : spec_.features)
    if (feature->has_effects() && !means_->climate().is_null_twin) return false;
  const std::vector<Distribution>& laws = means_->climate().terms[Climate::kLasting].law;
  const auto is_zero = [](const Distribution& lift) { return lift == Distribution::point(0); };
  if (truth_kind() == Truth::Kind::drawn) return std::all_of(laws.begin(), laws.end(), is_zero);
  Truth truth;  // a relative lift of nothing is nothing, too
  reveal(0, 1, truth);
  // Effects that cancel over segments or over the days of a week are effects all the same.
  for (const Stratum& stratum : means_->climate().strata)
    for (int day = 0; day < Climate::kWeek; ++day)
      for (int arm = 1; arm < arms(); ++arm)
        if (means_->lasting_mean(truth, day, arm, stratum, 0) !=
            means_->lasting_mean(truth, day, 0, stratum, 0))
          return false;
  return true;
}

bool World::arms_are_alike_in_segments() const {
  if (truth_kind() == Truth::Kind::drawn) return false;
  Truth truth;
  reveal(0, 1, truth);
  const auto mean = [&](int epoch, int segment, std::size_t arm) {
    double sum = 0, share = 0;
    for (const Stratum& stratum : means_->climate().strata) {
      if (stratum.segment != segment) continue;
      sum += stratum.share_of_arm[arm] * means_->of_stratum(truth, epoch, static_cast<int>(arm), stratum, 0);
      share += stratum.share_of_arm[arm];
    }
    return share > 0 ? sum / share : 0;
  };
  constexpr double kRounding = 1e-12;
  for (int epoch = 0; epoch < truth.epochs; ++epoch)
    for (int segment = 0; segment < std::max(1, segments()); ++segment)
      for (std::size_t arm = 1; arm < static_cast<std::size_t>(arms()); ++arm) {
        const double control = mean(epoch, segment, 0), own = mean(epoch, segment, arm);
        if (std::fabs(own - control) > kRounding * std::fabs(control)) return false;
      }
  return true;
}

double World::share_of_segment(int segment, int arm) const {
  double share = 0;
  for (const Stratum& stratum : means_->climate().strata)
    if (stratum.segment == segment) share += stratum.share_of_arm[static_cast<std::size_t>(arm)];
  return segment < 0 ? 1 : share;
}

double World::mean_seen(const Truth& truth, int segment, int arm, i64 users) const {
  double sum = 0, all = 0;
  for (std::size_t e = 0; e < epoch_starts_.size() && epoch_starts_[e] < users; ++e) {
    const i64 end = e + 1 < epoch_starts_.size() ? std::min(users, epoch_starts_[e + 1]) : users;
    for (const Stratum& stratum : means_->climate().strata) {
      if (segment >= 0 && stratum.segment != segment) continue;
      const double weight =
          static_cast<double>(end - epoch_starts_[e]) * stratum.share_of_arm[static_cast<std::size_t>(arm)];
      sum += weight * means_->of_stratum(truth, static_cast<int>(e), arm, stratum, 0);
      all += weight;
    }
  }
  return all > 0 ? sum / all : 0;
}

bool World::all_means_equal() const {
  if (truth_kind() == Truth::Kind::drawn)
    return all_effects_zero() && means_->climate().terms.size() == 1 && means_->climate().strata.size() == 1;
  Truth truth;
  reveal(0, 1, truth);
  for (int row = 0; row < truth.epochs * truth.arms; ++row)
    if (truth.gap.row(row)[0] != 0) return false;
  return true;
}

bool World::changes_counts() const {
  return std::any_of(spec_.features.begin(), spec_.features.end(),
                     [](const auto& named) { return named.second->changes_counts(); });
}

std::vector<double> World::shares_seen(std::vector<double> planned) const {
  for (const auto& [name, feature] : spec_.features)
    planned = feature->shares_seen(std::move(planned), climate());
  return planned;
}

void World::reveal(u64 first_replication, int lanes, Truth& truth) const {
  const Truth::Kind kind = truth_kind();
  const bool is_known = truth.kind == Truth::Kind::shared && truth.lanes == lanes && truth.arms == arms();
  if (kind == Truth::Kind::shared && is_known) return;
  const Random random(seed_, Purpose::truth);
  const int width = kind == Truth::Kind::shared ? 1 : lanes;
  truth.kind = kind;
  truth.arms = arms();
  truth.lanes = lanes;
  truth.epochs = means_->epochs();
  truth.lasting.assign((1 + segments()) * arms(), lanes);
  truth.mean.assign(truth.epochs * arms(), width);
  truth.gap.assign(truth.epochs * arms(), width);
  means_->draw({&random, first_replication}, width, truth);
  for (int segment = -1; segment < segments(); ++segment)
    for (int arm = 0; arm < arms(); ++arm)
      for (int l = 0; l < lanes; ++l)
        truth.lasting.row(truth.lasting_row(segment, arm))[l] =
            effect_visits() * means_->lasting(truth, segment, arm, l % width);
  for (int epoch = 0; epoch < truth.epochs; ++epoch) {
    for (int arm = 0; arm < arms(); ++arm)
      for (int c = 0; c < width; ++c)
        truth.mean.row(truth.row(epoch, arm))[c] = means_->of_arm(truth, epoch, arm, c);
    find_gaps(epoch, width, truth);
  }
}

/// How far every arm's mean of the epoch is behind the best one's.
void World::find_gaps(int epoch, int width, Truth& truth) const {
  const double sign = spec_.better == Better::higher ? 1 : -1;
  for (int c = 0; c < width; ++c) {
    double best = sign * truth.mean.row(truth.row(epoch, 0))[c];
    for (int a = 1; a < arms(); ++a) best = std::max(best, sign * truth.mean.row(truth.row(epoch, a))[c]);
    for (int a = 0; a < arms(); ++a)
      truth.gap.row(truth.row(epoch, a))[c] = best - sign * truth.mean.row(truth.row(epoch, a))[c];
  }
}

double World::magnitude() const {
  return 2 * returns_.most() * spec_.outcome->largest(means_->magnitude());
}

}  // namespace windtunnel
