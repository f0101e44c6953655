#include "expected_users.hpp"

namespace windtunnel {

void ExpectedUsers::begin(int arms, int lanes) {
  users_ = 0;
  if (planned_.empty()) allocated_.assign(arms, lanes);
}

void ExpectedUsers::follow(const Step& step, const Table<double>& chances) {
  if (!planned_.empty()) return;
  const auto users = static_cast<double>(step.users());
  users_ += users;
  for (int arm = 0; arm < chances.rows(); ++arm) {
    const double* chance = chances.row(arm);
    double* sum = allocated_.row(arm);
    for (int l = 0; l < chances.lanes(); ++l) sum[l] += users * chance[l];
  }
}

void ExpectedUsers::tell(const Observed& observed, Table<double>& expected) const {
  expected.reshape(observed.arms, observed.lanes);
  for (int l = 0; l < observed.lanes; ++l) {
    double seen = 0;
    for (int arm = 0; arm < observed.arms; ++arm) seen += observed.users.row(arm)[l];
    for (int arm = 0; arm < observed.arms; ++arm)
      expected.row(arm)[l] = seen * (planned_.empty() ? allocated_.row(arm)[l] / users_
                                                      : planned_[static_cast<std::size_t>(arm)]);
  }
}

}  // namespace windtunnel
