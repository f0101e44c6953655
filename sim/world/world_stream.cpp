#include <algorithm>
#include <limits>
#include <utility>

#include "windtunnel/world/batch_stream.hpp"
#include "windtunnel/world/world.hpp"

namespace windtunnel {

Channels World::kept(Channels wanted) const {
  // What is seen of users is made of what is known of them.
  if (climate().lag.is_felt() || wanted.has(Channel::cohorts)) wanted |= {Channel::known};
  if (wanted.has(Channel::exposures)) wanted |= {Channel::values};
  return wanted;
}

/// Values of the users of a lane, and what is kept beside them, in lists that grow by doubling; those of
/// segments, of days of exposure and of known users are kept again.
double World::bytes_of_values(i64 count, Channels wanted) const {
  if (!wanted.has(Channel::values)) return 0;
  constexpr double kBytes = 2 * sizeof(double);
  const auto distribution = spec_.outcome->distribution(means_->level_law(0).expectation());
  const double zeros = distribution(0) - distribution(-std::numeric_limits<double>::denorm_min());
  const double users = static_cast<double>(count), requests = users * climate().requests;
  const double owners = wanted.has(Channel::requests) ? users : 0;
  const double further = wanted.has(Channel::metrics) ? users * metrics() : 0;
  double numbers = requests * (1 - zeros) + 2 * owners + further;
  if (wanted.has(Channel::covariate)) numbers += requests + owners;
  if (wanted.has(Channel::exposures)) numbers += requests * (1 + zeros) + owners + further;
  for (Channel parts : {Channel::segments, Channel::cohorts, Channel::known})
    if (wanted.has(parts)) numbers *= 2;
  return kBytes * numbers;
}

/// Batches that are known to come alike in every lane: those of the steps, or of single users with numbers
/// for outcomes.
std::vector<Outcome::SharedBatch> World::known_batches(const Timeline& timeline,
                                                       const std::vector<std::vector<i64>>* shared_users,
                                                       bool pulls) const {
  std::vector<Outcome::SharedBatch> batches;
  if (changes_counts() || climate().lag.is_felt() || truth_kind() != Truth::Kind::shared) return batches;
  Truth truth;
  reveal(0, 1, truth);
  const auto add = [&](int epoch, int arm, i64 users) {
    batches.emplace_back(users, truth.mean.row(truth.row(epoch, arm))[0]);
  };
  if (shared_users != nullptr)
    for (const Step& step : timeline.steps())
      for (int a = 0; a < arms(); ++a)
        add(step.epoch, a,
            (*shared_users)[static_cast<std::size_t>(step.index)][static_cast<std::size_t>(a)]);
  else if (pulls && !spec_.outcome->offers().has(Channel::successes))
    for (int epoch = 0; epoch < truth.epochs; ++epoch)
      for (int a = 0; a < arms(); ++a) add(epoch, a, 1);
  std::sort(batches.begin(), batches.end());
  batches.erase(std::unique(batches.begin(), batches.end()), batches.end());
  return batches;
}

std::unique_ptr<const StreamPlan> World::plan(const Timeline& timeline, Channels wanted, Path path,
                                              const std::vector<std::vector<i64>>* shared_users,
                                              bool pulls) const {
  const std::vector<Outcome::SharedBatch> batches = known_batches(timeline, shared_users, pulls);
  // Users of several strata are like users of one mean only where each has a single outcome.
  bool mixes = spec_.outcome->mixes() && returns_.probability() == 0;
  for (const auto& [name, feature] : spec_.features) mixes = mixes && feature->keeps_mixtures();
  std::unique_ptr<const OutcomeModel> model = spec_.outcome->plan(batches, wanted);
  for (const auto& [name, feature] : spec_.features)
    if (feature->needs_normal())
      model =
          feature->together(std::move(model), means_->climate(), *spec_.outcome->normal_sd(), wanted, seed_);
  for (const auto& [name, feature] : spec_.features)
    model = feature->unfold(std::move(model), means_->climate(), *spec_.outcome, wanted);
  IntakeSetting setting;
  setting.model = std::move(model);
  setting.means = means_;
  setting.apart = wanted.has(Channel::segments) || (means_->differ_by_stratum() && !mixes);
  setting.is_binary = spec_.outcome->offers().has(Channel::successes);
  setting.wanted = wanted;
  setting.breadth = breadth();
  setting.path = path;
  setting.pulls = pulls;
  setting.seed = seed_;
  setting.users = timeline.end();
  setting.visits = returns_.most();
  setting.bytes_of_values = bytes_of_values(timeline.end(), wanted);
  std::unique_ptr<const StreamPlan> stream = std::make_unique<BatchStreamPlan>(setting);
  for (const auto& [name, feature] : spec_.features)
    stream = feature->around(std::move(stream), means_->climate(), seed_);
  return stream;
}

}  // namespace windtunnel
