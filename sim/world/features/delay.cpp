#include "windtunnel/world/features/delay.hpp"

#include <cmath>

namespace windtunnel {

namespace {

constexpr Range kDays{0, 100'000};

/// Everybody exposed, or those who have been followed up long enough.
class DelayLens final : public Lens {
 public:
  void describe(Fields& fields) override {
    describe_choice(fields, "analyse", analyse_, {"exposed", "matured"},
                    {"whose outcomes are analysed: everybody's, not reported being 0, or those followed up"});
    fields.number("follow_up_days", follow_up_days_, kDays,
                  {"whole days that must have passed since the day of exposure; \"matured\" only", "days"});
    const bool matured = analyse_ == Analyse::matured;
    if (matured && !follow_up_days_)
      fields.refuse("follow_up_days", "is missing: how long users must have had");
    if (!matured && follow_up_days_)
      fields.refuse("follow_up_days", "goes with \"analyse\": \"matured\" alone");
    if (follow_up_days_ && std::floor(*follow_up_days_) != *follow_up_days_)
      fields.refuse("follow_up_days", "is not a whole number of days");
  }

  bool is_plain() const override { return analyse_ == Analyse::exposed; }
  Channels needs(Channels) const override { return {Channel::cohorts}; }
  Channels shows(Channels offered) const override { return offered.without(Channel::at_once); }
  int follow_up_days() const override { return static_cast<int>(follow_up_days_.value_or(0)); }

  const Observed& see(const Observed& observed, const Moment& moment, int, Observed& scratch) const override {
    const int last = moment.day - follow_up_days();
    add_up(observed, last, scratch);
    scratch.segments.resize(observed.segments.size());
    for (std::size_t g = 0; g < observed.segments.size(); ++g)
      add_up(observed.segments[g], last, scratch.segments[g]);
    return scratch;
  }

 private:
  /// Totals of the users exposed until day `last`.
  static void add_up(const Observed& observed, int last, Observed& seen) {
    seen.begin(observed.arms, observed.lanes, observed.columns(),
               {0, static_cast<int>(observed.metrics.size()), 0});
    for (int day = 0; day <= last; ++day)
      for (int arm = 0; arm < observed.arms; ++arm)
        seen.take(arm, observed.cohorts[static_cast<std::size_t>(day)]);
  }

  enum class Analyse { exposed, matured };

  Analyse analyse_ = Analyse::exposed;
  std::optional<double> follow_up_days_;
};

}  // namespace

void Delay::describe(Fields& fields) {
  fields.number("daily_probability", daily_probability_, {0, 1, Range::Ends::open_low},
                {"chance q on every day, that of exposure included, that a user reports: P(lag <= k days) = "
                 "1 - (1 - q)^(k + 1)"});
  fields.number("days", days_, kDays, {"instead: whole days after which every user reports", "days"});
  if (daily_probability_ && days_)
    fields.refuse("days", "stands beside \"daily_probability\"; a delay is one of them");
  if (!daily_probability_ && !days_)
    fields.refuse("daily_probability", "is missing, and so is \"days\"; a delay is one of them");
  if (days_ && std::floor(*days_) != *days_) fields.refuse("days", "is not a whole number of days");
}

Lag Delay::lag() const {
  return {daily_probability_.value_or(1), static_cast<int>(days_.value_or(0))};
}

void Delay::shape(Climate& climate) const {
  climate.lag = lag();
}

Channels Delay::offers(Channels without) const {
  const Channels with = without | Channels{Channel::cohorts};
  return lag().is_felt() ? with.without(Channel::at_once) | Channels{Channel::known} : with;
}

std::unique_ptr<Lens> Delay::lens() const {
  return std::make_unique<DelayLens>();
}

}  // namespace windtunnel
