#include "value_pulls.hpp"

#include <algorithm>

#include "windtunnel/core/lane_bits.hpp"

namespace windtunnel {

namespace {

constexpr i32 kTape = ValuePulls::kTape;

/// A column of every arm: rows lie one stride apart.
template <class T>
struct Rows {
  T* __restrict column;
  std::ptrdiff_t stride;

  explicit Rows(Table<T>& table) : column(table.row(0)), stride(table.stride()) {}
  T& at(i32 arm, int lane) const { return column[arm * stride + lane]; }
};

void flag_missing(const i32* __restrict arm, const i32* __restrict users, const i32* __restrict number,
                  std::ptrdiff_t stride, i32* __restrict is_missing, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const std::ptrdiff_t place = arm[l] * stride + l;
    is_missing[l] = number[place] == users[place] / kTape ? 0 : 1;
  }
}

void look_up(const i32* __restrict arm, const i32* __restrict users, std::ptrdiff_t stride,
             const double* __restrict tapes, std::ptrdiff_t tape_stride, double* __restrict value,
             int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const i32 pull = users[arm[l] * stride + l] % kTape;
    value[l] = tapes[(static_cast<std::ptrdiff_t>(arm[l]) * lanes + l) * tape_stride + pull];
  }
}

/// Squared deviations of one more user, before it is counted.
void add_deviations(const i32* __restrict arm, const double* __restrict value, Rows<i32> users,
                    Rows<double> sums, Rows<double> deviations, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    double& so_far = deviations.at(arm[l], l);
    so_far = merged_deviations(users.at(arm[l], l), sums.at(arm[l], l), so_far, 1, value[l], 0);
  }
}

void count(const i32* __restrict arm, const double* __restrict value, Rows<i32> users, Rows<double> sums,
           i32* __restrict last_users, double* __restrict last_sums, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    last_users[l] = ++users.at(arm[l], l);
    last_sums[l] = sums.at(arm[l], l) += value[l];
  }
}

}  // namespace

ValuePulls::ValuePulls(const OutcomeModel& model, PullSource source) : model_(model), source_(source) {
  drawn_.begin(1, kTape, {Channel::users, Channel::sum});
}

double ValuePulls::bytes_per_lane(int arms) {
  constexpr double kBytesOfTape = kTape * sizeof(double) + sizeof(i32);
  return arms * kBytesOfTape;
}

void ValuePulls::add(const i32* arm, const ArmMeans& means, Observed& observed) {
  if (means.epoch != epoch_ || number_.lanes() != observed.lanes) begin(means, observed);
  write_missing(arm, means, observed);
  read(arm, observed);
}

void ValuePulls::begin(const ArmMeans& means, const Observed& observed) {
  epoch_ = means.epoch;
  tape_.reshape(observed.arms * observed.lanes, kTape);
  number_.assign(observed.arms, observed.lanes, -1);
  is_missing_.assign(1, observed.lanes);
  value_.reshape(1, observed.lanes);
}

void ValuePulls::write_missing(const i32* arm, const ArmMeans& means, const Observed& observed) {
  flag_missing(arm, observed.users.row(0), number_.row(0), number_.stride(), is_missing_.row(0),
               observed.lanes);
  for_flagged(is_missing_.row(0), observed.lanes, [&](int lane) {
    const double mean = means.arm[static_cast<std::size_t>(arm[lane])][lane * means.stride];
    write(arm[lane], lane, observed.users.row(arm[lane])[lane] / kTape, mean);
  });
}

void ValuePulls::write(int arm, int lane, i32 number, double mean) {
  constexpr u64 kLow = 0xffffffff;
  const u64 replication = source_.first_replication + static_cast<u64>(lane);
  const u64 first = (replication & ~kLow) + static_cast<u64>(number) * kTape;
  const Address address{static_cast<u32>(replication & kLow), static_cast<u32>(arm), 0};
  drawn_.clear(0);
  model_.add_batch({0, 0, {1, nullptr}, {mean, nullptr}},
                   {{source_.outcome, first}, {source_.spread, first}, {source_.company, first}, address},
                   drawn_);
  std::ranges::copy(drawn_.sum.span(0), tape_.row(arm * number_.lanes() + lane));
  number_.row(arm)[lane] = number;
}

void ValuePulls::read(const i32* arm, Observed& observed) {
  const int lanes = observed.lanes;
  observed.last_users.reshape(1, lanes);
  observed.last_sums.reshape(1, lanes);
  double* value = value_.row(0);
  look_up(arm, observed.users.row(0), observed.users.stride(), tape_.row(0), tape_.stride(), value, lanes);
  const Rows users(observed.users);
  const Rows sums(observed.sum);
  if (observed.deviations.rows() > 0)
    add_deviations(arm, value, users, sums, Rows(observed.deviations), lanes);
  count(arm, value, users, sums, observed.last_users.row(0), observed.last_sums.row(0), lanes);
  if (observed.values.rows() > 0)
    for (int l = 0; l < lanes; ++l) observed.keep(arm[l], l, value[l]);
}

}  // namespace windtunnel
