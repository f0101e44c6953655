#include "windtunnel/data/observed.hpp"

#include <algorithm>

namespace windtunnel {

void Observed::begin(int arm_count, int lane_count, Channels wanted, Breadth breadth) {
  arms = arm_count;
  lanes = lane_count;
  is_of_metric = false;
  const auto rows = [&](Channel channel) { return wanted.has(channel) ? arm_count : 0; };
  users.assign(arm_count, lane_count);
  successes.assign(rows(Channel::successes), lane_count);
  sum.assign(rows(Channel::sum), lane_count);
  deviations.assign(rows(Channel::deviations), lane_count);
  for (Table<double>* table : {&covariate_sum, &covariate_deviations, &cross_deviations})
    table->assign(rows(Channel::covariate), lane_count);
  values.begin(rows(Channel::values), lane_count);
  covariates.begin(wanted.has(Channel::covariate) ? values.rows() : 0, lane_count);
  exposures.begin(wanted.has(Channel::exposures) ? values.rows() : 0, lane_count);
  for (Table<i32>* table : {&last_users, &last_successes}) table->assign(0, lane_count);
  last_sums.assign(0, lane_count);
  const auto begin_parts = [&](std::vector<Observed>& parts, Channel channel, int count, Channels inside,
                               Breadth within) {
    parts.resize(wanted.has(channel) ? static_cast<std::size_t>(count) : 0);
    for (Observed& part : parts) part.begin(arm_count, lane_count, inside, within);
  };
  const Channels undivided = wanted.without(Channel::segments), own = undivided.without(Channel::cohorts);
  begin_parts(segments, Channel::segments, breadth.segments, undivided, {0, breadth.metrics, breadth.days});
  const Channels of_metrics = (wanted & Channels{Channel::values, Channel::exposures}) |
                              Channels{Channel::users, Channel::sum, Channel::deviations};
  begin_parts(metrics, Channel::metrics, breadth.metrics, of_metrics, {});
  for (Observed& metric : metrics) metric.is_of_metric = true;
  const Channels of_requests = wanted & Channels{Channel::successes, Channel::sum,    Channel::deviations,
                                                 Channel::covariate, Channel::values, Channel::exposures};
  begin_parts(requests, Channel::requests, 1, of_requests, {});
  const auto begin_owners = [](Observed& totals, int count) {
    totals.owners.assign(count, totals.lanes);
    for (Lists* lists : {&totals.owner_sizes, &totals.owner_sums})
      lists->begin(totals.values.rows() > 0 ? count : 0, totals.lanes);
    for (Table<double>* table : {&totals.owner_squares, &totals.owner_products, &totals.owner_deviations})
      table->assign(count, totals.lanes);
  };
  begin_owners(*this, 0);
  for (Observed& part : requests) begin_owners(part, arm_count);
  begin_parts(cohorts, Channel::cohorts, breadth.days, own, {0, breadth.metrics, 0});
  begin_parts(known, Channel::known, 1, own.without(Channel::known), {0, breadth.metrics, 0});
}

Channels Observed::columns() const {
  Channels columns{Channel::users};
  if (successes.rows() > 0) columns |= {Channel::successes};
  if (sum.rows() > 0) columns |= {Channel::sum};
  if (deviations.rows() > 0) columns |= {Channel::deviations};
  if (covariate_sum.rows() > 0) columns |= {Channel::covariate};
  if (values.rows() > 0) columns |= {Channel::values};
  if (exposures.rows() > 0) columns |= {Channel::exposures};
  if (!metrics.empty()) columns |= {Channel::metrics};
  if (!requests.empty()) columns |= {Channel::requests};
  return columns;
}

void Observed::clear(int arm) {
  std::ranges::fill(users.span(arm), 0);
  if (successes.rows() > 0) std::ranges::fill(successes.span(arm), 0);
  for (Table<double>* table : {&sum, &deviations, &covariate_sum, &covariate_deviations, &cross_deviations})
    if (table->rows() > 0) std::ranges::fill(table->span(arm), 0.0);
  for (Lists* lists : {&values, &covariates, &exposures, &owner_sizes, &owner_sums}) lists->clear(arm);
  if (owners.rows() > 0) std::ranges::fill(owners.span(arm), 0);
  for (Table<double>* table : {&owner_squares, &owner_products, &owner_deviations})
    if (table->rows() > 0) std::ranges::fill(table->span(arm), 0.0);
  for (std::vector<Observed>* parts : {&metrics, &requests})
    for (Observed& part : *parts) part.clear(arm);
}

namespace {

template <class T>
void add_row(const T* __restrict more, int lanes, T* __restrict total) {
  for (int l = 0; l < lanes; ++l) total[l] += more[l];
}

}  // namespace

void Observed::merge(int arm, const Observed& more) {
  const i32 *n1 = users.row(arm), *n2 = more.users.row(arm);
  if (deviations.rows() > 0)
    for (int l = 0; l < lanes; ++l)
      deviations.row(arm)[l] = merged_deviations(n1[l], sum.row(arm)[l], deviations.row(arm)[l], n2[l],
                                                 more.sum.row(arm)[l], more.deviations.row(arm)[l]);
  if (covariate_sum.rows() > 0)
    for (int l = 0; l < lanes; ++l) {
      const double x1 = covariate_sum.row(arm)[l], x2 = more.covariate_sum.row(arm)[l];
      double& cross = cross_deviations.row(arm)[l];
      cross = merged_products(n1[l], x1, sum.row(arm)[l], cross, n2[l], x2, more.sum.row(arm)[l],
                              more.cross_deviations.row(arm)[l]);
      double& own = covariate_deviations.row(arm)[l];
      own = merged_deviations(n1[l], x1, own, n2[l], x2, more.covariate_deviations.row(arm)[l]);
    }
  if (owners.rows() > 0)
    for (int l = 0; l < lanes; ++l)
      add_owners(arm, l, more.owners.row(arm)[l], more.owner_squares.row(arm)[l],
                 more.owner_products.row(arm)[l], more.owner_deviations.row(arm)[l]);
  if (successes.rows() > 0) add_row(more.successes.row(arm), lanes, successes.row(arm));
  if (sum.rows() > 0) add_row(more.sum.row(arm), lanes, sum.row(arm));
  if (covariate_sum.rows() > 0) add_row(more.covariate_sum.row(arm), lanes, covariate_sum.row(arm));
  values.append(arm, more.values);
  covariates.append(arm, more.covariates);
  exposures.append(arm, more.exposures);
  owner_sizes.append(arm, more.owner_sizes);
  owner_sums.append(arm, more.owner_sums);
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    metrics[m].merge(arm, more.metrics[m]);
    add_row(more.metrics[m].users.row(arm), lanes, metrics[m].users.row(arm));
  }
  if (requests.empty() || more.requests.empty()) return;
  requests.front().merge(arm, more.requests.front());
  add_row(more.requests.front().users.row(arm), lanes, requests.front().users.row(arm));
}

void Observed::copy_totals(const Observed& other) {
  arms = other.arms;
  lanes = other.lanes;
  is_of_metric = other.is_of_metric;
  const auto copy = [](const auto& from, auto& to) {
    to.reshape(from.rows(), from.lanes());
    for (int row = 0; row < from.rows(); ++row) std::ranges::copy(from.span(row), to.row(row));
  };
  copy(other.users, users);
  copy(other.successes, successes);
  copy(other.sum, sum);
  copy(other.deviations, deviations);
  copy(other.covariate_sum, covariate_sum);
  copy(other.covariate_deviations, covariate_deviations);
  copy(other.cross_deviations, cross_deviations);
  values.copy(other.values);
  covariates.copy(other.covariates);
  exposures.copy(other.exposures);
  copy(other.owners, owners);
  copy(other.owner_squares, owner_squares);
  copy(other.owner_products, owner_products);
  copy(other.owner_deviations, owner_deviations);
  owner_sizes.copy(other.owner_sizes);
  owner_sums.copy(other.owner_sums);
}

void Observed::merge_unreported(int arm, const Observed& more) {
  const i32 *n1 = users.row(arm), *n2 = more.users.row(arm);
  if (deviations.rows() > 0)
    for (int l = 0; l < lanes; ++l) {
      double& own = deviations.row(arm)[l];
      own = merged_deviations(n1[l], sum.row(arm)[l], own, n2[l], 0, 0);
    }
  if (covariate_sum.rows() > 0)
    for (int l = 0; l < lanes; ++l) {
      const double x1 = covariate_sum.row(arm)[l], x2 = more.covariate_sum.row(arm)[l];
      double& cross = cross_deviations.row(arm)[l];
      cross = merged_products(n1[l], x1, sum.row(arm)[l], cross, n2[l], x2, 0, 0);
      double& own = covariate_deviations.row(arm)[l];
      own = merged_deviations(n1[l], x1, own, n2[l], x2, more.covariate_deviations.row(arm)[l]);
      covariate_sum.row(arm)[l] = x1 + x2;
    }
  covariates.append(arm, more.covariates);
  exposures.append(arm, more.exposures);
  for (int l = 0; keeps_zeros() && requests.empty() && l < lanes; ++l)
    values.push(arm, l, 0, static_cast<std::size_t>(n2[l]));
  for (Observed& part : requests)
    for (int l = 0; l < lanes; ++l) part.keep_owners(arm, l, 0, 0, static_cast<std::size_t>(n2[l]));
  for (Observed& metric : metrics) {
    metric.merge_unreported(arm, more);
    add_row(more.users.row(arm), lanes, metric.users.row(arm));
  }
}

void Observed::keep_exposures(int arm, int step) {
  if (exposures.rows() == 0) return;
  for (int l = 0; l < lanes; ++l) {
    const auto all = static_cast<std::size_t>(users.row(arm)[l]);
    if (requests.empty()) values.at(arm, l).resize(all);
    exposures.at(arm, l).resize(all, step);
  }
  for (std::vector<Observed>* parts : {&metrics, &requests})
    for (Observed& part : *parts) part.keep_exposures(arm, step);
}

void Observed::take(int arm, const Observed& more) {
  merge(arm, more);
  add_row(more.users.row(arm), lanes, users.row(arm));
  if (!known.empty() && !more.known.empty()) known.front().take(arm, more.known.front());
}

void Observed::add_up_segments() {
  for (int arm = 0; arm < arms; ++arm) {
    clear(arm);
    for (std::vector<Observed>* parts : {&known, &cohorts})
      for (Observed& part : *parts) part.clear(arm);
    for (Observed& cohort : cohorts)
      for (Observed& part : cohort.known) part.clear(arm);
    for (const Observed& part : segments) {
      take(arm, part);
      for (std::size_t day = 0; day < cohorts.size(); ++day) cohorts[day].take(arm, part.cohorts[day]);
    }
  }
}

}  // namespace windtunnel
