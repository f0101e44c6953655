#include "windtunnel/world/features/clusters.hpp"

#include <fmt/format.h>

#include <cmath>

#include "../requests.hpp"

namespace windtunnel {

namespace {

constexpr double kMostRequests = 500;  // of a user on average: as many as a count can have

/// Counts every request as a user of its own, or every user as one, by the delta method: with M requests, the
/// sum S of their outcomes and the mean R = sum S/sum M of all of them, a user has the value
/// R + (S - M R)/(mean of M), whose mean is R and whose variance over users gives that of R. Values one by
/// one are those with R and the mean of M of all arms.
///   source  Deng, Knoblich & Lu (2018), KDD, eq. 5; Deng, Lu & Litz (2017), WSDM
class UnitLens final : public Lens {
 public:
  ///   variance_factor  see Lens
  ///   design_effect    variance of a mean of requests, in units of that of as many independent ones
  UnitLens(bool has_one_request, double variance_factor, double design_effect)
      : has_one_request_(has_one_request), variance_factor_(variance_factor), design_effect_(design_effect) {}

  void describe(Fields& fields) override {
    describe_choice(fields, "unit", unit_, {"request", "user"},
                    {"what counts as an observation: every request as if it were independent of the others, "
                     "or every user with all its requests (delta method)"});
  }

  bool is_plain() const override { return has_one_request_; }
  double variance_factor() const override { return variance_factor_; }
  bool keeps_outcomes() const override { return unit_ == Unit::request; }

  Channels needs(Channels offered) const override {
    if (offered.has(Channel::successes)) return {Channel::successes, Channel::requests};
    return {Channel::sum, Channel::deviations, Channel::requests};
  }

  Channels shows(Channels offered) const override {
    const bool is_binary = offered.has(Channel::successes);
    if (unit_ == Unit::request) return is_binary ? offered.without(Channel::values) : offered;
    return offered.without(Channel::successes).without(Channel::requests).without(Channel::at_once) |
           Channels{Channel::sum, Channel::deviations};
  }

  std::string doubt(Channels read) const override {
    if (unit_ == Unit::user || read.has(Channel::requests) || design_effect_ <= 1) return "";
    return fmt::format(
        "counts requests as if each were a user of its own, which makes its standard errors {:.2f} times too "
        "small (\"unit\": \"user\", or the test ratio)",
        std::sqrt(design_effect_));
  }

  const Observed& see(const Observed& observed, const Moment&, int, Observed& scratch) const override {
    if (observed.is_of_metric) return observed;  // of which a user has one value
    if (unit_ == Unit::request && observed.segments.empty()) return observed.requests.front();
    scratch.segments.resize(observed.segments.size());
    show(observed, scratch);
    for (std::size_t g = 0; g < observed.segments.size(); ++g)
      show(observed.segments[g], scratch.segments[g]);
    return scratch;
  }

 private:
  enum class Unit { request, user };

  void show(const Observed& observed, Observed& seen) const {
    if (unit_ == Unit::request)
      seen.copy_totals(observed.requests.front());
    else
      linearise(observed, seen);
  }

  /// Totals of users' values, and the values.
  static void linearise(const Observed& observed, Observed& seen) {
    const Observed& requests = observed.requests.front();
    const bool has_covariate = observed.covariate_sum.rows() > 0;
    seen.copy_totals(observed);
    seen.successes.reshape(0, 0);
    for (Table<double>* table : {&seen.sum, &seen.deviations}) table->reshape(observed.arms, observed.lanes);
    for (int arm = 0; arm < observed.arms; ++arm)
      for (int l = 0; l < observed.lanes; ++l) {
        const double count = requests.users.row(arm)[l], users = observed.users.row(arm)[l];
        const double ratio = count > 0 ? total(requests, arm, l) / count : 0;
        const double per_user = count > 0 ? count / users : 1;
        seen.sum.row(arm)[l] = users * ratio;
        seen.deviations.row(arm)[l] = requests.owner_spread(arm, l, ratio) / (per_user * per_user);
        if (has_covariate)
          seen.cross_deviations.row(arm)[l] = requests.cross_deviations.row(arm)[l] / per_user;
      }
    seen.values.begin(observed.values.rows(), observed.lanes);
    for (int l = 0; seen.values.rows() > 0 && l < observed.lanes; ++l) list_users(requests, l, seen);
  }

  /// The values of the users of a lane, with R and the mean of M of all arms: where arms are alike so are
  /// their values, which a R of each arm's own, estimated, would move.
  static void list_users(const Observed& requests, int lane, Observed& seen) {
    double count = 0, sum = 0, users = 0;
    for (int arm = 0; arm < seen.arms; ++arm) {
      count += requests.users.row(arm)[lane];
      sum += total(requests, arm, lane);
      users += seen.users.row(arm)[lane];
    }
    const double ratio = count > 0 ? sum / count : 0, per_user = count > 0 ? count / users : 1;
    for (int arm = 0; arm < seen.arms; ++arm) {
      const std::vector<double>&sizes = requests.owner_sizes.at(arm, lane),
            &sums = requests.owner_sums.at(arm, lane);
      for (std::size_t user = 0; user < sizes.size(); ++user)
        seen.keep(arm, lane, ratio + (sums[user] - sizes[user] * ratio) / per_user);
    }
  }

  static double total(const Observed& requests, int arm, int lane) {
    return requests.successes.rows() > 0 ? requests.successes.row(arm)[lane] : requests.sum.row(arm)[lane];
  }

  bool has_one_request_;
  double variance_factor_, design_effect_;
  Unit unit_ = Unit::request;
};

}  // namespace

void Clusters::describe(Fields& fields) {
  fields.number("size", size_, {1, kMostRequests},
                {"requests of a user, on average", "requests", About::Need::required});
  describe_choice(fields, "size_distribution", sizes_, {"fixed", "one_plus_poisson"},
                  {"fixed: every user has `size` of them; one_plus_poisson: 1 + Poisson(size - 1)"});
  fields.number("icc", icc_, kProbability,
                {"correlation of two requests of one user on one visit", "", About::Need::required});
  if (sizes_ == Sizes::fixed && size_ != std::floor(size_))
    fields.refuse("size",
                  "is not whole, but every user has that many requests (needs a whole number, or "
                  "\"size_distribution\": \"one_plus_poisson\")");
}

void Clusters::shape(Climate& climate) const {
  climate.requests = size_;
}

Channels Clusters::offers(Channels without) const {
  return has_one_request() ? without : without | Channels{Channel::requests, Channel::values};
}

std::unique_ptr<const OutcomeModel> Clusters::unfold(std::unique_ptr<const OutcomeModel> model,
                                                     const Climate& climate, const Outcome& outcome,
                                                     Channels wanted) const {
  if (!wanted.has(Channel::requests)) return model;
  const RequestLaw law{sizes_ == Sizes::fixed ? RequestSizes::fixed(static_cast<int>(size_))
                                              : RequestSizes::one_plus_poisson(size_),
                       icc_};
  if (outcome.offers().has(Channel::successes)) return bernoulli_requests(std::move(model), law);
  if (const std::optional<double> sd = outcome.normal_sd())
    return normal_requests(std::move(model), law, *sd, wanted, climate.metrics);
  return repeated_requests(std::move(model), law);
}

std::unique_ptr<Lens> Clusters::lens() const {
  const double square = size_ * size_ + (sizes_ == Sizes::fixed ? 0 : size_ - 1);
  const double design_effect = icc_ * square / size_ + (1 - icc_);
  return std::make_unique<UnitLens>(has_one_request(), design_effect / size_, design_effect);
}

}  // namespace windtunnel
