#include "windtunnel/measures/users_quantile.hpp"

#include <algorithm>
#include <cmath>

#include "windtunnel/core/math.hpp"
#include "windtunnel/measures/estimates.hpp"

namespace windtunnel {

namespace {

struct Quantile {
  const char* text;
  i64 percent;
};

constexpr Quantile kQuantiles[] = {{"0.1", 10}, {"0.5", 50}, {"0.9", 90}, {"0.99", 99}};

/// The users after which the replication of that rank, 1 the shortest, has ended.
double users_of_rank(std::span<const i128> histogram, i64 rank, const MeasureSetting& setting) {
  i128 ended = 0;
  std::size_t look = 0;
  while ((ended += histogram[look]) < rank) ++look;
  return static_cast<double>(setting.looks[look]);
}

Value read_quantile(std::span<const i128> histogram, i64 replications, Quantile quantile,
                    const MeasureSetting& setting) {
  const double z = math::normal_quantile(0.5 + kConfidence / 2);
  const double n = static_cast<double>(replications), p = static_cast<double>(quantile.percent) / 100;
  const double reach = z * std::sqrt(n * p * (1 - p));
  const i64 rank =
      (replications / 100) * quantile.percent + (replications % 100 * quantile.percent + 99) / 100;
  const i64 low_rank = std::max(i64{1}, static_cast<i64>(std::floor(n * p - reach)));
  const i64 high_rank = std::min(replications, static_cast<i64>(std::ceil(n * p + reach)) + 1);
  Value value;
  value.at = quantile.text;
  value.value = users_of_rank(histogram, rank, setting);
  value.conf_low = users_of_rank(histogram, low_rank, setting);
  value.conf_high = users_of_rank(histogram, high_rank, setting);
  value.mcse = (value.conf_high - value.conf_low) / (2 * z);
  value.replications = replications;
  return value;
}

class UsersQuantile final : public Measure {
 public:
  int slots(const MeasureSetting& setting) const override { return static_cast<int>(setting.looks.size()); }

  void record(const Judged& judged, Scratch&, std::span<i128> tally) const override {
    add_histogram(judged.endings.look.span(0), tally);
  }

  std::vector<Value> read(std::span<const i128> tally, i64 replications,
                          const MeasureSetting& setting) const override {
    if (replications == 0) return {absent(kNoReplications)};
    std::vector<Value> values;
    for (const Quantile& quantile : kQuantiles)
      values.push_back(read_quantile(tally, replications, quantile, setting));
    return values;
  }

  std::optional<Grid> column_grid(const MeasureSetting&) const override { return std::nullopt; }
  void column(const Judged&, Scratch&, double*) const override {}
};

}  // namespace

std::unique_ptr<Measure> make_users_quantile() {
  return std::make_unique<UsersQuantile>();
}

}  // namespace windtunnel
