#include "user_requests.hpp"

namespace windtunnel {

void UserRequests::begin(i32 users, int lanes, bool keeps_values) {
  count_.assign(users, lanes);
  sum_.assign(users, lanes);
  deviations_.assign(users, lanes);
  values_.begin(keeps_values ? users : 0, lanes);
}

void UserRequests::add(const Observed& drawn, int arm, i32 user, int lane) {
  const i32 count = drawn.users.row(arm)[lane];
  const double n = count;
  const bool is_binary = drawn.successes.rows() > 0;
  const double sum = is_binary ? drawn.successes.row(arm)[lane] : drawn.sum.row(arm)[lane];
  const double deviations = is_binary ? sum * (1 - sum / n) : drawn.deviations.row(arm)[lane];
  i32& before = count_.row(user)[lane];
  double &total = sum_.row(user)[lane], &so_far = deviations_.row(user)[lane];
  so_far = merged_deviations(before, total, so_far, n, sum, deviations);
  total += sum;
  before += count;
  if (drawn.values.rows() > 0) values_.append(user, lane, drawn.values.at(arm, lane));
}

void UserRequests::describe(i32 user, int lane, const Table<double>& covariate, int arm,
                            Observed& requests) const {
  const i32 count = count_.row(user)[lane];
  const double m = count, sum = sum_.row(user)[lane];
  requests.keep_owners(arm, lane, m, sum);
  if (count == 0) return;
  requests.users.row(arm)[lane] = count;
  if (requests.successes.rows() > 0) requests.successes.row(arm)[lane] = static_cast<i32>(sum);
  if (requests.sum.rows() > 0) requests.sum.row(arm)[lane] = sum;
  if (requests.deviations.rows() > 0) requests.deviations.row(arm)[lane] = deviations_.row(user)[lane];
  if (requests.covariate_sum.rows() > 0)
    requests.covariate_sum.row(arm)[lane] = m * covariate.row(user)[lane];
  if (requests.covariates.rows() > 0)
    requests.covariates.push(arm, lane, covariate.row(user)[lane], values_.at(user, lane).size());
  if (requests.values.rows() > 0) requests.values.append(arm, lane, values_.at(user, lane));
  requests.add_owners(arm, lane, 1, m * m, m * sum, 0);
}

}  // namespace windtunnel
