#include "drawn_users.hpp"

namespace windtunnel {

namespace {

void add_where_present(const double* __restrict values, double index, const double* __restrict users,
                       const double* __restrict centre, double* __restrict sum, double* __restrict squares,
                       int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const double off = values[l] - centre[l];
    sum[l] += index < users[l] ? values[l] : 0.0;
    squares[l] += index < users[l] ? off * off : 0.0;
  }
}

}  // namespace

void add_values(const double* values, int index, int lanes, GroupTotals& totals) {
  add_where_present(values, index, totals.users, totals.centre, totals.sum, totals.squares, lanes);
}

void merge(const GroupTotals& totals, int arm, int first, int lanes, Observed& observed) {
  for (int l = 0; l < lanes; ++l) {
    const double users = totals.users[l], sum = totals.sum[l];
    if (users == 0) continue;
    const double off = sum - users * totals.centre[l];
    const double deviations = std::max(0.0, totals.squares[l] - off * (off / users));
    observed.add(arm, first + l, observed.users.row(arm)[first + l], users, sum, deviations);
  }
}

}  // namespace windtunnel
