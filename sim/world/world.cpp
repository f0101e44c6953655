#include "windtunnel/world/world.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/number_text.hpp"
#include "windtunnel/world/batch_stream.hpp"

namespace windtunnel {

namespace {

constexpr double kFarthestZ = 9.3;  // sample_normal inverts 64 bits: no variate lies beyond

/// Magnitude no drawn value exceeds.
double bound(const Distribution& law) {
  if (law.type == Distribution::Type::mixture) {
    double largest = 0;
    for (const Distribution& component : law.components) largest = std::max(largest, bound(component));
    return largest;
  }
  const auto [low, high] = law.support();
  const double reach = law.type == Distribution::Type::normal ? std::fabs(law.mean) + kFarthestZ * law.sd : 0;
  const auto end = [reach](double x) { return std::isfinite(x) ? std::fabs(x) : reach; };
  return std::max(end(low), end(high));
}

double with_lift(double base, double lift, Lift::Scale scale) {
  return scale == Lift::Scale::relative ? base * (1 + lift) : base + lift;
}

std::vector<double> daily_users(const WorldSpec& spec) {
  return std::vector<double>(static_cast<std::size_t>(spec.days + spec.rollout_days), spec.users_per_day);
}

bool is_drawn(const std::vector<Distribution>& laws) {
  return std::any_of(laws.begin(), laws.end(), [](const Distribution& law) { return !law.is_point(); });
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

/// Refuses means outside the outcome's legal range; a draw that could leave it must be truncated by its
/// author.
void check_means(const Range& legal, const Distribution& base, const Distribution& lift, Lift::Scale scale,
                 const std::string& arm) {
  const auto [low, high] = base.support();
  const auto [least, most] = lift.support();
  for (double b : {low, high})
    for (double e : {least, most}) {
      const double mean = with_lift(b, e, scale);
      if (legal.contains(mean)) continue;
      const bool drawn = !base.is_point() || !lift.is_point();
      throw InputError(lift.is_point() && !base.is_point() ? "/world/outcome" : "/world/effect",
                       "the mean of arm '" + arm + "' " + (drawn ? "can reach " : "would be ") +
                           number_text(mean) + ", outside what the outcome allows (" + legal.text("mean") +
                           ")" + (drawn ? truncation_hint(legal, base, lift, scale) : ""));
    }
}

}  // namespace

World::World(const WorldSpec& spec, u64 seed, Twin twin)
    : spec_(spec),
      seed_(seed),
      calendar_(daily_users(spec), static_cast<int>(spec.days)),
      scale_(spec.effect ? spec.effect->scale : Lift::Scale::absolute),
      epoch_starts_{0} {
  const std::vector<Distribution>& levels = spec_.outcome->levels();
  base_ = levels;
  lifts_.assign(spec_.arms.size(), Distribution::point(0));
  if (spec_.effect && twin == Twin::none)
    for (int a = 1; a < arms(); ++a)
      lifts_[static_cast<std::size_t>(a)] = spec_.effect->of(a, spec_.arms[static_cast<std::size_t>(a)]);
  if (levels.size() > 1 && !is_drawn(levels)) {  // numbers per arm: control's value and absolute effects
    base_ = {levels[0]};
    if (twin == Twin::none)
      for (std::size_t a = 1; a < levels.size(); ++a)
        lifts_[a] = Distribution::point(levels[a].value - levels[0].value);
  }
  kind_ = is_drawn(base_) || is_drawn(lifts_) ? Truth::Kind::drawn : Truth::Kind::shared;
  for (std::size_t a = 0; a < lifts_.size(); ++a)
    check_means(spec_.outcome->legal_means(), base_[base_.size() > 1 ? a : 0], lifts_[a], scale_,
                spec_.arms[a]);
}

bool World::effects_are_drawn() const {
  return base_.size() > 1 || is_drawn(lifts_);
}

bool World::all_effects_zero() const {
  return base_.size() == 1 && std::all_of(lifts_.begin(), lifts_.end(), [](const Distribution& lift) {
           return lift == Distribution::point(0);
         });
}

bool World::all_means_equal() const {
  if (all_effects_zero() || kind_ == Truth::Kind::drawn) return all_effects_zero();
  Truth truth;  // a lift of nothing, or one lost in rounding, leaves the means equal, too
  reveal(0, 1, truth);
  for (int row = 0; row < truth.epochs * truth.arms; ++row)
    if (truth.gap.row(row)[0] != 0) return false;
  return true;
}

void World::reveal(u64 first_replication, int lanes, Truth& truth) const {
  const bool is_known = truth.kind == Truth::Kind::shared && truth.lanes == lanes && truth.arms == arms();
  if (kind_ == Truth::Kind::shared && is_known) return;
  const Random random(seed_, Purpose::truth);
  const LaneSource source{&random, first_replication};
  const int width = kind_ == Truth::Kind::shared ? 1 : lanes;
  const u32 arm_count = static_cast<u32>(arms());
  truth.kind = kind_;
  truth.arms = arms();
  truth.lanes = lanes;
  truth.epochs = 1;
  truth.lasting.assign(arms(), lanes);
  truth.mean.assign(arms(), width);
  truth.gap.assign(arms(), width);
  Table<double> lift(1, width);
  for (u32 a = 0; a < arm_count; ++a) {
    double* mean = truth.mean.row(static_cast<int>(a));
    const u32 level = base_.size() > 1 ? a : 0;
    sample(base_[level], source, {0, level, 0}, truth.mean.span(static_cast<int>(a)));
    sample(lifts_[a], source, {0, arm_count + a, 0}, lift.span(0));
    // From the lift itself where there is one base: an effect equal to a margin must compare equal.
    double* lasting = truth.lasting.row(static_cast<int>(a));
    const double* control = truth.mean.row(0);
    for (int l = 0; l < lanes; ++l) {
      const int c = l % width;
      const double by_lift = scale_ == Lift::Scale::relative ? mean[c] * lift.row(0)[c] : lift.row(0)[c];
      lasting[l] = base_.size() > 1 ? mean[c] - control[c] : by_lift;
    }
    for (int l = 0; l < width; ++l) mean[l] = with_lift(mean[l], lift.row(0)[l], scale_);
  }
  const double sign = spec_.better == Better::higher ? 1 : -1;
  for (int l = 0; l < width; ++l) {
    double best = sign * truth.mean.row(0)[l];
    for (int a = 1; a < arms(); ++a) best = std::max(best, sign * truth.mean.row(a)[l]);
    for (int a = 0; a < arms(); ++a) truth.gap.row(a)[l] = best - sign * truth.mean.row(a)[l];
  }
}

double World::magnitude() const {
  double largest = 0;
  for (std::size_t a = 0; a < lifts_.size(); ++a) {
    const double base = bound(base_[base_.size() > 1 ? a : 0]), lift = bound(lifts_[a]);
    const double mean = scale_ == Lift::Scale::relative ? base * (1 + lift) : base + lift;
    largest = std::max(largest, spec_.outcome->largest(mean));
  }
  return 2 * largest;
}

std::unique_ptr<const StreamPlan> World::plan(const Timeline& timeline, Channels wanted, Path path,
                                              const std::vector<std::vector<i64>>* shared_users) const {
  std::vector<Outcome::SharedBatch> batches;
  if (shared_users != nullptr && kind_ == Truth::Kind::shared) {
    Truth truth;
    reveal(0, 1, truth);
    for (const Step& step : timeline.steps())
      for (int a = 0; a < arms(); ++a)
        batches.emplace_back(
            (*shared_users)[static_cast<std::size_t>(step.index)][static_cast<std::size_t>(a)],
            truth.mean.row(truth.row(step.epoch, a))[0]);
    std::sort(batches.begin(), batches.end());
    batches.erase(std::unique(batches.begin(), batches.end()), batches.end());
  }
  return std::make_unique<BatchStreamPlan>(spec_.outcome->plan(batches, wanted), seed_, path);
}

}  // namespace windtunnel
