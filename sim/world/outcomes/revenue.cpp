#include "windtunnel/world/outcomes/revenue.hpp"

#include <algorithm>
#include <cmath>

#include "drawn_users.hpp"
#include "lognormal_range.hpp"
#include "windtunnel/core/lane_math.hpp"

namespace windtunnel {

namespace {

constexpr u32 kAmountDraws = 2;
constexpr double kLargestMultiplier = 1e9;  // with it squares of squares of amounts are still doubles

/// Payers and amounts of a group of lanes, as doubles, which compare beside doubles in one vector.
struct Payers {
  double count[kGroupLanes], whales[kGroupLanes];
  double scale[kGroupLanes];  // of every amount
};

/// Adds the `index`-th payer of every lane that has one; whales come first, for payers have no order.
///   amounts  [lane] what is paid, if `kKept`
template <bool kKept>
void add_payer(const double* __restrict z, double index, const Revenue::Law& law,
               const double* __restrict count, const double* __restrict whales,
               const double* __restrict scale, const double* __restrict centre, double* __restrict sum,
               double* __restrict squares, double* __restrict amounts, int lanes) {
  const double log_mean = law.log_mean, log_sd = law.log_sd, multiplier = law.whale_multiplier;
  for (int l = 0; l < lanes; ++l) {
    const double amount = scale[l] * lane_exp(log_mean + log_sd * z[l]);
    const double paid = index < whales[l] ? multiplier * amount : amount;
    const double off = paid - centre[l];
    sum[l] += index < count[l] ? paid : 0.0;
    squares[l] += index < count[l] ? off * off : 0.0;
    if constexpr (kKept) amounts[l] = paid;
  }
}

class RevenueModel final : public OutcomeModel {
 public:
  explicit RevenueModel(const Revenue::Law& law) : law_(law) {}

  std::string method() const override {
    return law_.whale_share > 0 ? "payers and whales of an arm and step as two binomial counts, then the "
                                  "amounts of payers alone"
                                : "payers of an arm and step as one binomial count, then their amounts alone";
  }

  /// One of each who pays, at the mean without a lift.
  double draws(double users) const override { return users * law_.payer_rate; }

  void add_batch(const Batch& batch, BatchSource source, Observed& observed) const override {
    for (int first = 0; first < observed.lanes; first += kGroupLanes) {
      const int lanes = std::min(kGroupLanes, observed.lanes - first);
      GroupTotals totals;
      Payers payers;
      const double most = draw_counts(batch, source, first, lanes, totals, payers);
      double z[kGroupLanes], amounts[kGroupLanes];
      const LaneSource group = shifted(source.spread, first);
      const GroupValues kept{observed, batch.arm, first};
      const auto add = kept.are_wanted() ? add_payer<true> : add_payer<false>;
      for (int i = 0; i < most; ++i) {
        sample_normal(group, place_of(source.address, static_cast<u32>(i), kAmountDraws),
                      std::span(z, static_cast<std::size_t>(lanes)));
        add(z, i, law_, payers.count, payers.whales, payers.scale, totals.centre, totals.sum, totals.squares,
            amounts, lanes);
        if (kept.are_wanted()) kept.keep_where_present(amounts, i, payers.count, lanes);
      }
      merge(totals, batch.arm, first, lanes, observed);
    }
  }

  void add_users(const Batch& batch, BatchSource source, Observed& observed) const override {
    add_one_by_one(batch, source, observed,
                   [this](LaneSource from, Address address, const double* mean, std::span<double> values) {
                     draw_one(from, address, mean, values);
                   });
  }

 private:
  /// Draws payers and whales, and begins the totals with the users who do not pay.
  ///   returns  the most payers of a lane
  double draw_counts(const Batch& batch, BatchSource source, int first, int lanes, GroupTotals& totals,
                     Payers& payers) const {
    i32 users[kGroupLanes], paying[kGroupLanes], whales[kGroupLanes] = {};
    double chance[kGroupLanes];
    for (int l = 0; l < lanes; ++l) {
      users[l] = batch.users.at(first + l);
      chance[l] = law_.rate(batch.mean.at(first + l));
      payers.scale[l] = law_.scale(batch.mean.at(first + l));
    }
    const auto size = static_cast<std::size_t>(lanes);
    const LaneSource group = shifted(source.outcome, first);
    sample_binomial(group, source.address, {users, size}, {chance, size}, {paying, size});
    if (law_.whale_share > 0) {
      std::fill_n(chance, lanes, law_.whale_share);
      sample_binomial(group, later(source.address, kBinomialDraws), {paying, size}, {chance, size},
                      {whales, size});
    }
    double most = 0;
    for (int l = 0; l < lanes; ++l) {
      payers.count[l] = paying[l];
      payers.whales[l] = whales[l];
      totals.users[l] = users[l];
      // Without a payer all outcomes are 0, and so are their deviations: exactly, about that centre.
      totals.centre[l] = paying[l] > 0 ? batch.mean.at(first + l) : 0.0;
      totals.squares[l] = (totals.users[l] - payers.count[l]) * totals.centre[l] * totals.centre[l];
      most = std::max(most, payers.count[l]);
    }
    return most;
  }

  /// One user: whether it pays at draws 0 and 1, whether it is a whale at 2 and 3, the amount at 4 and 5.
  void draw_one(LaneSource source, Address address, const double* mean, std::span<double> values) const {
    double pays[kGroupLanes], is_whale[kGroupLanes];
    sample_uniform(source, address, {pays, values.size()});
    sample_uniform(source, later(address, 2), {is_whale, values.size()});
    sample_normal(source, later(address, 4), values);
    for (std::size_t l = 0; l < values.size(); ++l) {
      const double amount = law_.scale(mean[l]) * lane_exp(law_.log_mean + law_.log_sd * values[l]);
      const double paid = is_whale[l] < law_.whale_share ? law_.whale_multiplier * amount : amount;
      values[l] = pays[l] < law_.rate(mean[l]) ? paid : 0.0;
    }
  }

  Revenue::Law law_;
};

}  // namespace

void Revenue::describe(Fields& fields) {
  constexpr auto required = About::Need::required;
  fields.number("payer_rate", law_.payer_rate, {0, 1, Range::Ends::open_low},
                {"probability that a user pays", "", required});
  describe_lognormal(fields, law_.log_mean, law_.log_sd);
  const auto describe_whales = [this](Fields& whales) {
    whales.number("share_of_payers", law_.whale_share, kProbability,
                  {"probability that a payer is a whale", "", About::Need::required});
    whales.number("multiplier", law_.whale_multiplier, {0, kLargestMultiplier, Range::Ends::open_low},
                  {"how many times the amount a whale pays", "", About::Need::required});
  };
  fields.object("whales", describe_whales, {"payers who pay many times as much"});
  law_.mean = law_.payer_rate * lognormal_mean(law_.log_mean, law_.log_sd) *
              (1 + law_.whale_share * (law_.whale_multiplier - 1));
  mean_ = {Distribution::point(law_.mean)};
}

void Revenue::describe_effect(Fields& fields) {
  describe_choice(fields, "on", law_.on, {"amount", "conversion"},
                  {"what the lift multiplies: every amount, or the share of users who pay"});
}

double Revenue::Law::rate(double of_mean) const {
  return on == On::conversion ? std::min(1.0, payer_rate * (of_mean / mean)) : payer_rate;
}

double Revenue::Law::scale(double of_mean) const {
  return on == On::amount ? of_mean / mean : 1.0;
}

Range Revenue::legal_means() const {
  return law_.on == On::amount ? kNotNegative : Range{0, law_.mean / law_.payer_rate};
}

Range Revenue::summable_means() const {
  return summable_lognormal_means(law_.mean, law_.log_mean);
}

double Revenue::largest(double mean) const {
  return law_.scale(mean) * largest_lognormal(law_.log_mean, law_.log_sd) *
         (law_.whale_share > 0 ? std::max(1.0, law_.whale_multiplier) : 1.0);
}

std::function<double(double)> Revenue::distribution(double mean) const {
  return [law = law_, mean](double x) {
    const double log_scale = math::log(law.scale(mean)), rate = law.rate(mean);
    const double share = law.whale_share, log_multiplier = math::log(law.whale_multiplier);
    const auto paid = [&](double log_factor) {
      return lognormal_cdf(x, law.log_mean + log_scale + log_factor, law.log_sd);
    };
    const double of_payers = (1 - share) * paid(0) + (share > 0 ? share * paid(log_multiplier) : 0);
    return (x >= 0 ? 1 - rate : 0) + rate * of_payers;
  };
}

/// Mean of the k-th powers of outcomes with a mean.
double Revenue::raw_moment(double mean, double k) const {
  const double whales = 1 + law_.whale_share * (math::pow(law_.whale_multiplier, k) - 1);
  return law_.rate(mean) * math::pow(law_.scale(mean), k) * whales *
         math::exp(k * law_.log_mean + 0.5 * k * k * law_.log_sd * law_.log_sd);
}

double Revenue::variance(double mean) const {
  return raw_moment(mean, 2) - mean * mean;
}

double Revenue::skewness(double mean) const {
  const double third = raw_moment(mean, 3) - 3 * mean * raw_moment(mean, 2) + 2 * mean * mean * mean;
  return variance(mean) > 0 ? third / (variance(mean) * std::sqrt(variance(mean))) : 0;
}

std::unique_ptr<const OutcomeModel> Revenue::plan(const std::vector<SharedBatch>&, Channels) const {
  return std::make_unique<RevenueModel>(law_);
}

}  // namespace windtunnel
