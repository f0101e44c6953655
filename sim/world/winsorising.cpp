#include "windtunnel/world/winsorising.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "windtunnel/core/order_statistics.hpp"

namespace windtunnel {

namespace {

/// Capped outcomes of one arm in one lane: what is not 0 into `kept`, the totals into lane `l` of `seen`.
///   zeros  users whose outcome is 0
void add_capped(const std::vector<double>& values, double zeros, double cap, int arm, int l,
                std::vector<double>& kept, Observed& seen) {
  for (const double value : values) kept.push_back(std::min(value, cap));
  if (cap < 0) kept.insert(kept.end(), static_cast<std::size_t>(std::exchange(zeros, 0.0)), cap);
  // About one of the outcomes: where all are equal no deviation is left, not even of rounding.
  const double centre = zeros > 0 || kept.empty() ? 0 : kept.front();
  const double users = zeros + static_cast<double>(kept.size());
  double sum = 0, squares = 0;
  for (const double value : kept) sum += value - centre;
  const double mean = users > 0 ? sum / users : 0;
  for (const double value : kept) squares += (value - centre - mean) * (value - centre - mean);
  seen.sum.row(arm)[l] = users * centre + sum;
  seen.deviations.row(arm)[l] = squares + zeros * (mean * mean);
  if (!seen.keeps_zeros()) std::erase(kept, 0.0);  // of a cap of 0
}

class CapLens final : public Lens {
 public:
  void describe(Fields& fields) override {
    const auto describe_quantile = [this](Fields& of_all) {
      of_all.number(
          "quantile", quantile_, kOpenProbability,
          {"of the outcomes of all arms so far, taken anew at each look", "", About::Need::required});
    };
    fields.number_or_object("cap", cap_, kPositive, describe_quantile,
                            {"outcomes above it count as the cap (winsorising): a value, or a quantile"});
  }

  bool is_plain() const override { return !cap_ && !quantile_; }
  Channels needs(Channels) const override { return {Channel::users, Channel::values}; }
  Channels shows(Channels offered) const override {
    return kSeen | (offered & Channels{Channel::segments, Channel::exposures});
  }
  bool cuts_tails() const override { return true; }

  const Observed& see(const Observed& observed, const Moment&, int, Observed& scratch) const override {
    if (observed.is_of_metric) return observed;  // the cap is one of outcomes
    const int segments = static_cast<int>(observed.segments.size());
    const Channels listed = observed.columns() & Channels{Channel::exposures};
    scratch.begin(observed.arms, observed.lanes, kSeen | listed | Channels{Channel::segments}, {segments, 0});
    std::vector<double> pooled;
    for (int l = 0; l < observed.lanes; ++l) {
      const double cap = cap_ ? *cap_ : pooled_quantile(observed, l, pooled);
      show_lane(observed, cap, l, scratch);
      for (std::size_t g = 0; g < observed.segments.size(); ++g)
        show_lane(observed.segments[g], cap, l, scratch.segments[g]);
    }
    scratch.exposures.copy(observed.exposures);
    for (std::size_t g = 0; g < observed.segments.size(); ++g)
      scratch.segments[g].exposures.copy(observed.segments[g].exposures);
    return scratch;
  }

 private:
  inline static const Channels kSeen{Channel::users, Channel::sum, Channel::deviations, Channel::values};

  static void show_lane(const Observed& observed, double cap, int lane, Observed& seen) {
    for (int arm = 0; arm < observed.arms; ++arm) {
      const std::vector<double>& values = observed.values.at(arm, lane);
      const i32 users = seen.users.row(arm)[lane] = observed.users.row(arm)[lane];
      add_capped(values, users - static_cast<double>(values.size()), cap, arm, lane,
                 seen.values.at(arm, lane), seen);
    }
  }

  /// Without users there is no cap.
  double pooled_quantile(const Observed& observed, int lane, std::vector<double>& pooled) const {
    i64 users = 0;
    pooled.clear();
    for (int arm = 0; arm < observed.arms; ++arm) {
      const std::vector<double>& values = observed.values.at(arm, lane);
      pooled.insert(pooled.end(), values.begin(), values.end());
      users += observed.users.row(arm)[lane];
    }
    if (users == 0) return std::numeric_limits<double>::infinity();
    const i64 zeros = users - static_cast<i64>(pooled.size());
    return order_statistic(pooled, zeros, quantile_rank(*quantile_, users));
  }

  std::optional<double> cap_, quantile_;
};

}  // namespace

std::unique_ptr<Lens> make_cap_lens() {
  return std::make_unique<CapLens>();
}

}  // namespace windtunnel
