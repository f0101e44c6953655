#include "support/slow_mess.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <numeric>

namespace windtunnel {

namespace {

constexpr double kLift = 0.5;        // relative, lasting
constexpr double kNormalLead = 0.5;  // of a normal mean of 1; metrics have their effects with it

double of_day(const std::vector<double>& week, int day) {
  return week.empty() ? 1 : week[static_cast<std::size_t>(day % 7)];
}

std::string list(const std::vector<double>& week) {
  return fmt::format("[{}]", fmt::join(week.empty() ? std::vector<double>(7, 1) : week, ", "));
}

/// What tells a kind of users from another.
struct Traits {
  std::size_t segment;
  bool remembers, leaks;
};

std::vector<Mess::Segment> segments_of(const Mess& mess) {
  return mess.segments.empty() ? std::vector<Mess::Segment>{{1, 1, 1}} : mess.segments;
}

std::vector<Traits> kinds_of(const Mess& mess) {
  std::vector<Traits> kinds;
  for (std::size_t segment = 0; segment < segments_of(mess).size(); ++segment)
    for (bool remembers : {false, true})
      for (bool leaks : {false, true}) kinds.push_back({segment, remembers, leaks});
  return kinds;
}

/// Share of a kind among the users of an arm; half of everybody had the old treatment.
double share_of(const Mess& mess, const Traits& kind, int arm) {
  const double old = arm == 1 ? 0.5 + 0.5 * mess.overlap : 0.5 - 0.5 * mess.overlap;
  return segments_of(mess)[kind.segment].share * (kind.remembers ? old : 1 - old) *
         (kind.leaks ? mess.leak : 1 - mess.leak);
}

double mean_of(const Mess& mess, const std::vector<double>& means, int arm, int day, const Traits& kind) {
  const Mess::Segment segment = segments_of(mess)[kind.segment];
  const int served = kind.leaks ? 1 - arm : arm;
  const double lasting = means[static_cast<std::size_t>(served)] / means[0] - 1;
  double lift = lasting * segment.effect * of_day(mess.effect, day);
  if (served == 1) lift += mess.novelty * std::pow(2, -day / mess.novelty_half_life);
  if (kind.remembers) lift += mess.carry * std::pow(2, -day / mess.carry_half_life);
  return means[0] * of_day(mess.rate, day) * segment.rate * (1 + lift);
}

/// Over the population, or one segment of it, and one week weighted by its traffic.
double lasting_of(const Mess& mess, const std::vector<double>& means, int segment, int arm) {
  double week = 0, users = 0, population = 0, share = 0;
  for (int day = 0; day < 7; ++day) {
    week += of_day(mess.traffic, day) * of_day(mess.rate, day) * of_day(mess.effect, day);
    users += of_day(mess.traffic, day);
  }
  const std::vector<Mess::Segment> all = segments_of(mess);
  for (std::size_t g = 0; g < all.size(); ++g) {
    if (segment >= 0 && static_cast<std::size_t>(segment) != g) continue;
    population += all[g].share * all[g].rate * all[g].effect;
    share += all[g].share;
  }
  return (means[static_cast<std::size_t>(arm)] - means[0]) * (week / users) * (population / share);
}

}  // namespace

std::string Mess::features() const {
  std::vector<std::string> all;
  if (novelty != 0)
    all.push_back(
        fmt::format(R"("novelty": {{"relative": {}, "half_life_days": {}}})", novelty, novelty_half_life));
  if (!traffic.empty() || !rate.empty() || !effect.empty())
    all.push_back(fmt::format(R"("weekday": {{"starts": "monday", "traffic": {}, "rate": {}, "effect": {}}})",
                              list(traffic), list(rate), list(effect)));
  if (carry != 0)
    all.push_back(fmt::format(R"("carryover": {{"relative": {}, "half_life_days": {}, "overlap": {}}})",
                              carry, carry_half_life, overlap));
  if (leak != 0) all.push_back(fmt::format(R"("leakage": {{"rate": {}, "direction": "two_way"}})", leak));
  std::string parts;
  for (std::size_t g = 0; g < segments.size(); ++g)
    parts += fmt::format(R"({}"{}": {{"share": {}, "rate_multiplier": {}, "effect_multiplier": {}}})",
                         g > 0 ? ", " : "", static_cast<char>('a' + g), segments[g].share, segments[g].rate,
                         segments[g].effect);
  if (!parts.empty()) all.push_back(fmt::format(R"("segments": {{{}}})", parts));
  if (report_days > 0) all.push_back(fmt::format(R"("delay": {{"days": {}}})", report_days));
  if (report < 1) all.push_back(fmt::format(R"("delay": {{"daily_probability": {}}})", report));
  if (correlation != 0)
    all.push_back(
        fmt::format(R"("covariate": {{"correlation": {}, "treatment_shift": {}}})", correlation, shift));
  if (lost != 0)
    all.push_back(fmt::format(R"("sample_ratio_mismatch": {{"arm": "control", "drop_rate": {}}})", lost));
  if (!true_shares.empty())
    all.push_back(fmt::format(R"("sample_ratio_mismatch": {{"shares": {}}})", list(true_shares)));
  if (returning != 0) all.push_back(fmt::format(R"("returning_users": {{"probability": {}}})", returning));
  if (!metrics.empty())
    all.push_back(fmt::format(R"("metrics": {{"count": {}, "effects": [{}], "correlation": {}}})",
                              metrics.size(), fmt::join(metrics, ", "), alike));
  if (requests > 0)
    all.push_back(fmt::format(R"("clusters": {{"size": {}, "size_distribution": "{}", "icc": {}}})", requests,
                              vary ? "one_plus_poisson" : "fixed", icc));
  return fmt::format("{}", fmt::join(all, ", "));
}

void Mess::spoil(SlowWorld& world) const {
  const Mess mess = *this;
  const std::vector<Traits> kinds = kinds_of(mess);
  world.traffic = traffic;
  world.kinds.clear();
  for (const Traits& kind : kinds)
    world.kinds.push_back(
        {{share_of(mess, kind, 0), share_of(mess, kind, 1)}, static_cast<int>(kind.segment), kind.leaks});
  world.mean = [mess, kinds](const std::vector<double>& means, int arm, int day, std::size_t kind) {
    return mean_of(mess, means, arm, day, kinds[kind]);
  };
  world.lasting = [mess](const std::vector<double>& means, int segment, int arm) {
    return lasting_of(mess, means, segment, arm);
  };
  if (report_days > 0) world.lag = [days = report_days](std::mt19937_64&) { return days; };
  if (report < 1)
    world.lag = [q = report](std::mt19937_64& engine) { return std::geometric_distribution<int>(q)(engine); };
  world.correlation = correlation;
  world.shift = shift;
  if (lost > 0) world.lost = {lost, 0};
  world.true_shares = true_shares;
  world.return_probability = returning;
  world.metrics = static_cast<int>(metrics.size());
  world.metric_correlation = alike;
  world.metric_effects.clear();
  for (double of_metric : metrics) world.metric_effects.push_back(of_metric / kNormalLead);
  world.requests = requests;
  world.requests_vary = vary;
  world.icc = icc;
}

Mess together(const std::vector<Mess>& messes) {
  Mess all;
  const auto number = [](double& into, double from, double none) { into = from != none ? from : into; };
  const auto numbers = [](std::vector<double>& into, const std::vector<double>& from) {
    if (!from.empty()) into = from;
  };
  for (const Mess& one : messes) {
    number(all.novelty, one.novelty, 0);
    number(all.novelty_half_life, one.novelty_half_life, 1);
    numbers(all.traffic, one.traffic);
    numbers(all.rate, one.rate);
    numbers(all.effect, one.effect);
    number(all.carry, one.carry, 0);
    number(all.carry_half_life, one.carry_half_life, 1);
    number(all.overlap, one.overlap, 0);
    number(all.leak, one.leak, 0);
    if (!one.segments.empty()) all.segments = one.segments;
    number(all.report, one.report, 1);
    if (one.report_days > 0) all.report_days = one.report_days;
    number(all.correlation, one.correlation, 0);
    number(all.shift, one.shift, 0);
    number(all.lost, one.lost, 0);
    numbers(all.true_shares, one.true_shares);
    number(all.returning, one.returning, 0);
    numbers(all.metrics, one.metrics);
    number(all.alike, one.alike, 0);
    if (one.requests > 0) all.requests = one.requests;
    all.vary = all.vary || one.vary;
    number(all.icc, one.icc, 0);
  }
  return all;
}

namespace {

/// Users after every day on which somebody comes.
std::vector<i64> daily_looks(const Mess& mess, int users_per_day, int days) {
  std::vector<i64> looks;
  double users = 0;
  for (int day = 0; day < days; ++day) {
    users += users_per_day * of_day(mess.traffic, day);
    if (of_day(mess.traffic, day) > 0) looks.push_back(static_cast<i64>(users));
  }
  return looks;
}

void add_teams_of_metrics(SlowStrategy peeking, const std::string& text, Duel& duel) {
  peeking.decide = SlowStrategy::Decide::all;
  duel.teams.push_back({text + R"(, "decide": "all")", peeking});
  peeking.decide = SlowStrategy::Decide::any;
  peeking.correction = SlowStrategy::Correction::bonferroni;
  duel.teams.push_back({text + R"(, "decide": "any", "correction": "bonferroni")", peeking});
}

/// All teams count requests, and one more counts users.
void count_requests(SlowStrategy peeking, const std::string& text, Duel& duel) {
  for (Duel::Team& team : duel.teams) team.slow.unit = SlowStrategy::Unit::request;
  peeking.unit = SlowStrategy::Unit::user;
  peeking.test = SlowStrategy::Test::welch_t;
  duel.teams.push_back({text + R"(, "unit": "user")", peeking});
}

}  // namespace

Duel messy_duel(const Mess& mess, bool is_normal) {
  constexpr int kUsers = 30, kDays = 3;
  using Rule = SlowStrategy::Rule;
  using Test = SlowStrategy::Test;
  const double base = is_normal ? 1 : 0.3;
  Duel duel;
  duel.slow.users_per_day = kUsers;
  duel.slow.days = kDays;
  duel.slow.rollout_days = 2;
  if (is_normal) duel.slow.sd = 1;
  mess.spoil(duel.slow);
  duel.world = fmt::format(
      R"("traffic": {{"users_per_day": {}, "days": {}, "rollout_days": 2}}, "outcome": {{{}}},
         "effect": {{"relative": {}}}, "features": {{{}}})",
      kUsers, kDays,
      is_normal ? R"("type": "normal", "mean": 1, "sd": 1)" : R"("type": "bernoulli", "rate": 0.3)", kLift,
      mess.features());
  duel.cells = {{"null", always({base, base})}, {"effect", always({base, (1 + kLift) * base})}};
  SlowStrategy peeking{.rule = Rule::naive_peeking,
                       .test = duel.slow.is_binary() ? Test::z_pooled : Test::welch_t};
  peeking.looks = daily_looks(mess, kUsers, kDays);
  const std::string text = R"("rule": "naive_peeking", "looks": {"every_days": 1})";
  SlowStrategy fixed = peeking, waiting = peeking, one = peeking, adjusted = peeking;
  fixed.rule = Rule::fixed_horizon;
  fixed.looks = {peeking.looks.back()};
  duel.slow_replications = 5'000;
  const bool draws_more = !mess.metrics.empty() || mess.requests > 0;
  duel.fast_replications = draws_more ? 20'000 : 200'000;
  duel.teams = {{text, peeking}, {R"("rule": "fixed_horizon")", fixed}};
  waiting.follow_up_days = 1;
  if (mess.report < 1 || mess.report_days > 0)
    duel.teams.push_back({text + R"(, "analyse": "matured", "follow_up_days": 1)", waiting});
  one.segment = 1;
  if (!mess.segments.empty()) duel.teams.push_back({text + R"(, "segment": "b")", one});
  adjusted.cuped = true;
  if (mess.correlation != 0) duel.teams.push_back({text + R"(, "adjust": "cuped")", adjusted});
  if (!mess.metrics.empty()) add_teams_of_metrics(peeking, text, duel);
  if (mess.requests > 0) count_requests(peeking, text, duel);
  return duel;
}

}  // namespace windtunnel
