#include "count_law.hpp"

#include <cmath>
#include <memory>

#include "windtunnel/core/math.hpp"

namespace windtunnel {

namespace {

constexpr u32 kUniformDraws = 2;

double probability_of_zero(double mean, std::optional<double> dispersion) {
  if (!dispersion) return math::exp(-mean);
  return math::exp(-*dispersion * math::log1p(mean / *dispersion));
}

/// P(value + 1) / P(value).
double ratio(double value, double mean, std::optional<double> dispersion) {
  if (!dispersion) return mean / (value + 1);
  return (value + *dispersion) / (value + 1) * (mean / (mean + *dispersion));
}

/// How the users of one lane are drawn: the values first ... last - 1 by binomials, those beyond one by one.
struct Plan {
  std::shared_ptr<const CountTable> table;
  int first = 0, last = 0;

  Plan(std::shared_ptr<const CountTable> made, double users) : table(std::move(made)) {
    constexpr double kFew = 4;  // users expected in either tail: fewer cost less one by one
    const auto& [mass, lower, upper] = *table;
    const auto is_few = [&](double chance) { return users * chance <= kFew; };
    first = static_cast<int>(std::partition_point(lower.begin(), lower.end(), is_few) - lower.begin()) - 1;
    last = static_cast<int>(
        std::partition_point(upper.begin(), upper.end(), [&](double chance) { return !is_few(chance); }) -
        upper.begin());
    if (last <= first || last - first > users) first = last = table->values();
  }

  double below() const { return table->lower[static_cast<std::size_t>(first)]; }

  /// Chance of the value among the users that no earlier value of the chain has taken.
  double chance(int value) const {
    const auto at = static_cast<std::size_t>(value);
    return std::min(1.0, table->mass[at] / (below() + table->upper[at]));
  }

  /// A value outside the chain.
  double invert(double uniform) const {
    const auto& [mass, lower, upper] = *table;
    const double beyond = below() + upper[static_cast<std::size_t>(last)], at = uniform * beyond;
    const auto end = lower.begin() + first;
    const auto found = std::upper_bound(lower.begin() + 1, end, at);  // lower[value + 1] > at
    if (first > 0 && (at < below() || last == table->values()))
      return static_cast<double>(std::min(found, end) - lower.begin() - 1);
    const double left = beyond - at;
    const auto after = std::partition_point(upper.begin() + last, upper.end() - 1,
                                            [left](double chance) { return chance >= left; });
    return static_cast<double>(std::max(after - upper.begin() - 1, static_cast<std::ptrdiff_t>(last)));
  }
};

/// One plan per lane; lanes of one mean share its table, those of as many users are planned once.
std::vector<Plan> plans_of(const Batch& batch, int first, int lanes, const CountModel& model) {
  std::vector<Plan> plans;
  plans.reserve(static_cast<std::size_t>(lanes));
  std::shared_ptr<const CountTable> table;
  for (int l = first; l < first + lanes; ++l) {
    const bool is_new = l == first || batch.mean.at(l) != batch.mean.at(l - 1);
    if (is_new) table = model.table_of(batch.mean.at(l));
    if (is_new || batch.users.at(l) != batch.users.at(l - 1))
      plans.emplace_back(table, batch.users.at(l));
    else
      plans.push_back(plans.back());
  }
  return plans;
}

void add_users_of_value(double value, i32 users, int lane, GroupTotals& totals, const GroupValues& kept) {
  const double off = value - totals.centre[lane];
  totals.sum[lane] += users * value;
  totals.squares[lane] += users * (off * off);
  if (kept.are_wanted()) kept.keep(lane, value, static_cast<std::size_t>(users));
}

/// Takes the users of the values inside the chains from `left`.
void add_chains(const std::vector<Plan>& plans, LaneSource source, Address address, std::span<i32> left,
                GroupTotals& totals, const GroupValues& kept) {
  const auto lanes = plans.size();
  int longest = 0;
  for (const Plan& plan : plans) longest = std::max(longest, plan.last - plan.first);
  i32 users[kGroupLanes], drawn[kGroupLanes];
  double chance[kGroupLanes];
  for (int step = 0; step < longest; ++step) {
    for (std::size_t l = 0; l < lanes; ++l) {
      const int value = plans[l].first + step;
      users[l] = value < plans[l].last ? left[l] : 0;
      chance[l] = value < plans[l].last ? plans[l].chance(value) : 0;
    }
    sample_binomial(source, place_of(address, static_cast<u32>(step), kBinomialDraws), {users, lanes},
                    {chance, lanes}, {drawn, lanes});
    for (std::size_t l = 0; l < lanes; ++l) {
      left[l] -= drawn[l];
      add_users_of_value(plans[l].first + step, drawn[l], static_cast<int>(l), totals, kept);
    }
  }
}

/// Draws the users the chains have left, one by one.
void add_tails(const std::vector<Plan>& plans, LaneSource source, Address address, std::span<const i32> left,
               GroupTotals& totals, const GroupValues& kept) {
  const auto lanes = plans.size();
  const i32 most = *std::max_element(left.begin(), left.end());
  double uniform[kGroupLanes];
  for (i32 user = 0; user < most; ++user) {
    sample_uniform(source, place_of(address, static_cast<u32>(user), kUniformDraws), {uniform, lanes});
    for (std::size_t l = 0; l < lanes; ++l)
      if (user < left[l])
        add_users_of_value(plans[l].invert(uniform[l]), 1, static_cast<int>(l), totals, kept);
  }
}

}  // namespace

CountTable::CountTable(double mean, std::optional<double> dispersion) {
  constexpr double kNegligible = 0x1p-70;
  mass.push_back(probability_of_zero(mean, dispersion));
  for (double value = 0; value < mean || mass.back() > kNegligible; ++value)
    mass.push_back(mass.back() * ratio(value, mean, dispersion));
  lower.assign(mass.size() + 1, 0);
  upper.assign(mass.size() + 1, 0);
  for (std::size_t k = 0; k < mass.size(); ++k) lower[k + 1] = lower[k] + mass[k];
  for (std::size_t k = mass.size(); k-- > 0;) upper[k] = upper[k + 1] + mass[k];
}

std::function<double(double)> count_distribution(double mean, std::optional<double> dispersion) {
  return [table = std::make_shared<const CountTable>(mean, dispersion)](double x) {
    if (x < 0) return 0.0;
    return x < table->values() ? std::min(1.0, table->lower[static_cast<std::size_t>(x) + 1]) : 1.0;
  };
}

CountModel::CountModel(std::optional<double> dispersion, const std::vector<Outcome::SharedBatch>& batches)
    : dispersion_(dispersion) {
  constexpr std::size_t kMost = 500;  // of some kilobytes each
  for (const auto& [users, mean] : batches)
    if (tables_.size() < kMost)
      tables_.try_emplace(mean, std::make_shared<const CountTable>(mean, dispersion));
}

std::shared_ptr<const CountTable> CountModel::table_of(double mean) const {
  const auto made = tables_.find(mean);
  return made != tables_.end() ? made->second : std::make_shared<const CountTable>(mean, dispersion_);
}

double CountModel::draws(double users) const {
  double fewer = tables_.empty() ? users : 0;
  for (const auto& [mean, table] : tables_)
    fewer = std::max<double>(fewer, std::min<double>(users, table->values()));
  return kWorthOfBinomial * fewer;
}

void CountModel::add_batch(const Batch& batch, BatchSource source, Observed& observed) const {
  for (int first = 0; first < observed.lanes; first += kGroupLanes) {
    const int lanes = std::min(kGroupLanes, observed.lanes - first);
    const std::vector<Plan> plans = plans_of(batch, first, lanes, *this);
    GroupTotals totals;
    i32 left[kGroupLanes];
    for (int l = 0; l < lanes; ++l) {
      left[l] = batch.users.at(first + l);
      totals.users[l] = left[l];
      totals.centre[l] = std::floor(batch.mean.at(first + l));  // whole, so that every sum is exact
    }
    const std::span<i32> users_left(left, static_cast<std::size_t>(lanes));
    const GroupValues kept{observed, batch.arm, first};
    add_chains(plans, shifted(source.outcome, first), source.address, users_left, totals, kept);
    add_tails(plans, shifted(source.spread, first), source.address, users_left, totals, kept);
    merge(totals, batch.arm, first, lanes, observed);
  }
}

void CountModel::add_users(const Batch& batch, BatchSource source, Observed& observed) const {
  double last_mean = -1;
  std::optional<Plan> plan;
  add_one_by_one(batch, source, observed,
                 [&](LaneSource from, Address address, const double* mean, std::span<double> values) {
                   sample_uniform(from, address, values);
                   for (std::size_t l = 0; l < values.size(); ++l) {
                     if (mean[l] != last_mean) plan.emplace(table_of(mean[l]), 1);
                     last_mean = mean[l];
                     values[l] = plan->invert(values[l]);
                   }
                 });
}

}  // namespace windtunnel
