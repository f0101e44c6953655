#include "windtunnel/design/newcomers.hpp"

#include <algorithm>

namespace windtunnel {

Newcomers::Newcomers(bool binary, int arms, int lanes) {
  users_.assign(arms, lanes);
  if (binary) {
    successes_.assign(arms, lanes);
  } else {
    sum_.assign(arms, lanes);
    deviations_.assign(arms, lanes);
  }
}

ArmTotals Newcomers::at(const Observed& now, int arm, int lane) const {
  const double before = users_.row(arm)[lane], users = now.users.row(arm)[lane] - before;
  if (users == 0) return {0, 0, 0};
  if (successes_.rows() > 0) {
    const double successes = now.successes.row(arm)[lane] - successes_.row(arm)[lane];
    return {users, successes, successes * (users - successes) / users};
  }
  const double sum_before = sum_.row(arm)[lane], sum = now.sum.row(arm)[lane] - sum_before;
  const double both = now.deviations.row(arm)[lane];
  const double others = merged_deviations(before, sum_before, deviations_.row(arm)[lane], users, sum, 0);
  return {users, sum, std::max(0.0, both - others)};
}

void Newcomers::restart(const Observed& now) {
  for (int arm = 0; arm < users_.rows(); ++arm) {
    std::ranges::copy(now.users.span(arm), users_.row(arm));
    if (successes_.rows() > 0) {
      std::ranges::copy(now.successes.span(arm), successes_.row(arm));
    } else {
      std::ranges::copy(now.sum.span(arm), sum_.row(arm));
      std::ranges::copy(now.deviations.span(arm), deviations_.row(arm));
    }
  }
}

}  // namespace windtunnel
