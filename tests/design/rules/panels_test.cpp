#include <array>

#include "support/catch.hpp"
#include "support/design_lab.hpp"
#include "windtunnel/design/analyses/z_pooled.hpp"
#include "windtunnel/design/rules/probability_best.hpp"
#include "windtunnel/design/rules/ship_leader.hpp"

/// Rules that compare arms, in several panels.
namespace windtunnel {
namespace {

constexpr int kLanes = 500;

struct Judged {
  Calls calls;
  Table<double> estimates;  // [value, low, high][lane] of hypothesis lane % hypotheses
};

Judged judge(const StoppingRule& rule, const Setting& setting, const Evidence& evidence, const Sight& sight) {
  const auto plan = rule.plan(setting, Correction::none, Evidence::Law::normal);
  const auto judge = plan->open(kLanes);
  Judged judged{Calls(setting.hypotheses(), kLanes), Table<double>(3, kLanes)};
  judge->look(0, evidence, sight, judged.calls);
  std::vector<int> ended;
  std::vector<i32> hypothesis;
  for (int l = 0; l < kLanes; ++l) {
    ended.push_back(l);
    hypothesis.push_back(l % setting.hypotheses());
  }
  judge->report(0, evidence, sight, EndedLanes(ended), hypothesis.data(), judged.estimates);
  return judged;
}

Evidence evidence_of(const Setting& setting, const Observed& observed) {
  Evidence evidence = make_evidence(setting, Evidence::Law::normal, kLanes);
  ZPooled().open(setting)->weigh(observed, evidence);
  return evidence;
}

TEST_CASE("panels: a rule that compares arms says in each what it would say of it alone", "[rules]") {
  const ProbabilityBest best = with_parameters<ProbabilityBest>(R"({"threshold": 0.8})");
  const ShipLeader leader;
  for (const StoppingRule* rule :
       {static_cast<const StoppingRule*>(&best), static_cast<const StoppingRule*>(&leader)})
    for (int arms : {2, 3})
      for (double direction : {1.0, -1.0}) {
        const Setting one = make_setting(arms, kBinaryChannels, {60}, direction);
        Setting two = one;
        two.panels = 2;
        two.margin.insert(two.margin.end(), one.margin.begin(), one.margin.end());
        const std::array<Observed, 2> pictures{random_totals(one, kLanes, 40, 1),
                                               random_totals(one, kLanes, 40, 2)};
        const std::array<Evidence, 2> alone{evidence_of(one, pictures[0]), evidence_of(one, pictures[1])};
        Evidence both = make_evidence(two, Evidence::Law::normal, kLanes);
        for (int h = 0; h < two.hypotheses(); ++h)
          for (const auto table : {&Evidence::excess, &Evidence::variance})
            std::ranges::copy((alone[static_cast<std::size_t>(both.panel(h))].*table).span(both.arm(h) - 1),
                              (both.*table).row(h));
        const std::array<const Observed*, 2> panels{&pictures[0], &pictures[1]};
        const Judged together = judge(*rule, two, both, Sight(panels));
        int wrong = 0, calls = 0;
        for (int panel : {0, 1}) {
          const auto p = static_cast<std::size_t>(panel);
          const Judged expected = judge(*rule, one, alone[p], pictures[p]);
          for (int h = 0; h < one.hypotheses(); ++h)
            for (int l = 0; l < kLanes; ++l) {
              const i32 call = expected.calls.row(h)[l];
              wrong += together.calls.row(panel * one.hypotheses() + h)[l] != call ? 1 : 0;
              calls += call != kGoOn ? 1 : 0;
            }
        }
        CHECK(wrong == 0);
        CHECK(calls > 100);
      }
}

}  // namespace
}  // namespace windtunnel
