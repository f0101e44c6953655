#include <cmath>

#include "support/catch.hpp"
#include "support/design_lab.hpp"
#include "windtunnel/engine/registry.hpp"

namespace windtunnel {
namespace {

/// Parameters that make any rule or test ready to run; keys a leaf does not take are defaults it passes by.
template <class Leaf>
std::shared_ptr<Leaf> made_ready(const RegistryRow<Leaf>& row, bool binary) {
  const Json all = parse_document(
      std::string(R"({"boundary": "pocock", "mde": {"absolute": 0.05}, "sd": 1,
      "baseline": 0.05, "variance": 0.1, "resamples": 99, "prior": )") +
      (binary ? R"({"type": "beta", "a": 1, "b": 1}})" : R"({"type": "normal", "mean": 0, "sd": 1}})"));
  const Json none = Json::object();
  Reading reading;
  Defaults defaults(all, "");
  ObjectReader reader(none, "", reading, &defaults);
  std::shared_ptr<Leaf> leaf = row.make();
  leaf->describe(reader);
  INFO(row.name);
  REQUIRE(reading.problems().empty());
  return leaf;
}

const Channels kValueChannels = kContinuousChannels | Channels{Channel::values};

/// Weighs totals as they came in one step, all arms having equal chances.
void weigh(const Evaluator& evaluator, const Observed& observed, Evidence& evidence) {
  const auto follower = evaluator.of_block(observed.lanes);
  if (follower == nullptr) return evaluator.weigh(observed, evidence);
  follower->follow({}, Table<double>(observed.arms, observed.lanes, 1.0 / observed.arms), observed);
  follower->weigh(observed, evidence);
}

/// Runs every rule with every analysis it can have on the same data.
///   check  (what is estimated, evidence, calls at the last look)
template <class Check>
void with_every_strategy(const Setting& offered, const Observed& observed, Check check) {
  for (const auto& rule_row : registry().rules) {
    const auto rule = made_ready(rule_row, offered.binary());
    if (!rule->tests()) continue;
    std::vector<std::pair<std::string, std::shared_ptr<const Analysis>>> analyses;
    if (auto own = rule->own_analysis()) analyses.emplace_back("its own analysis", std::move(own));
    for (const auto& row : registry().analyses)
      analyses.emplace_back(row.name, made_ready(row, offered.binary()));
    for (const auto& [name, analysis] : analyses) {
      Setting setting = offered;
      setting.offers =
          analysis->needs(offered.offers | Channels{Channel::at_once}) | rule->needs(offered.offers);
      setting.estimand = analysis->estimand();
      setting.weighs_variance = rule->weighs_variance();
      Evidence evidence = make_evidence(setting, analysis->law(), observed.lanes, analysis->intervals());
      weigh(*analysis->open(setting), observed, evidence);
      const auto plan = rule->plan(setting, Correction::none, analysis->law());
      Calls calls(setting.hypotheses(), observed.lanes, 99);
      plan->open(observed.lanes)->look(static_cast<int>(setting.looks.size()) - 1, evidence, observed, calls);
      INFO(rule_row.name << " with " << name);
      check(setting.estimand, evidence, calls);
    }
  }
}

constexpr int kLanes = 64;

/// Users at equal distances around a mean, with squared deviations `squares`.
void add_users(double mean, i32 users, double squares, int arm, int lane, Observed& observed) {
  const double n = users, width = users > 1 ? std::sqrt(12 * squares * (n - 1) / (n * (n + 1))) : 0;
  for (i32 i = 0; i < users; ++i)
    observed.keep(arm, lane, mean + (users > 1 ? width * (i / (n - 1) - 0.5) : 0));
}

Observed totals(const Setting& setting, i32 control_users, i32 treatment_users, double share,
                double squares) {
  Observed observed;
  observed.begin(setting.arms, kLanes, setting.offers);
  for (int a = 0; a < setting.arms; ++a)
    for (int l = 0; l < kLanes; ++l) {
      const i32 users = a == 0 ? control_users : treatment_users;
      observed.users.row(a)[l] = users;
      if (setting.binary()) {
        observed.successes.row(a)[l] = static_cast<i32>(share * users);
      } else {
        observed.sum.row(a)[l] = share * users * (1 + a);
        observed.deviations.row(a)[l] = users > 1 ? squares : 0;
        add_users(share * (1 + a), users, squares, a, l, observed);
      }
    }
  return observed;
}

void nobody_calls(const Setting& setting, const Observed& observed) {
  with_every_strategy(setting, observed, [&](const Estimand&, const Evidence& evidence, const Calls& calls) {
    for (int h = 0; h < setting.hypotheses(); ++h)
      for (int l = 0; l < kLanes; ++l) {
        CHECK(evidence.variance.row(h)[l] == 0);
        CHECK(calls.row(h)[l] == kGoOn);
      }
  });
}

TEST_CASE("conformance: no rule calls on an empty arm", "[design]") {
  for (Channels offers : {kBinaryChannels, kValueChannels})
    for (int arms : {2, 3}) {
      const Setting setting = make_setting(arms, offers, {1000, 2000});
      nobody_calls(setting, totals(setting, 0, 0, 0, 0));
      nobody_calls(setting, totals(setting, 1000, 0, 0.5, 3));
      nobody_calls(setting, totals(setting, 0, 1000, 0.5, 3));
    }
}

TEST_CASE("conformance: no rule calls where no outcome differs from another", "[design]") {
  for (double share : {0.0, 1.0})
    for (int arms : {2, 3}) {
      const Setting setting = make_setting(arms, kBinaryChannels, {1000, 2000});
      with_every_strategy(setting, totals(setting, 900, 10, share, 0),
                          [&](const Estimand&, const Evidence& evidence, const Calls& calls) {
                            for (int h = 0; h < setting.hypotheses(); ++h)
                              if (evidence.variance.row(h)[0] == 0) CHECK(calls.row(h)[0] == kGoOn);
                          });
    }
}

TEST_CASE("conformance: every rule with a test calls on overwhelming evidence", "[design]") {
  for (Channels offers : {kBinaryChannels, kValueChannels}) {
    const Setting setting = make_setting(2, offers, {1000, 2000});
    Observed observed = totals(setting, 1000, 1000, 0.4, 50);
    for (int l = 0; l < kLanes; ++l) {
      if (setting.binary()) {
        observed.successes.row(1)[l] = 600;
      } else {
        observed.sum.row(1)[l] = 600;
        observed.values.at(1, l).clear();
        add_users(0.6, 1000, 50, 1, l, observed);
      }
    }
    with_every_strategy(setting, observed,
                        [&](const Estimand& estimand, const Evidence& evidence, const Calls& calls) {
                          using Kind = Estimand::Kind;
                          // Medians of outcomes of 0 and 1 are 0 or 1, without an error.
                          const bool is_evident = estimand.kind != Kind::quantiles || !setting.binary();
                          for (int l = 0; l < kLanes; ++l) {
                            if (estimand.kind == Kind::ranks) CHECK(evidence.excess.row(0)[l] > 0.09);
                            if (estimand.kind == Kind::means)
                              CHECK(evidence.excess.row(0)[l] == Approx(0.2).epsilon(1e-12));
                            CHECK(calls.row(0)[l] == (is_evident ? kReject : kGoOn));
                          }
                        });
  }
}

}  // namespace
}  // namespace windtunnel
