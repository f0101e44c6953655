#include "windtunnel/design/rules/sprt.hpp"

#include <array>
#include <cmath>
#include <functional>

#include "support/catch.hpp"
#include "support/design_lab.hpp"
#include "support/references.hpp"

namespace windtunnel {
namespace {

constexpr int kLanes = 3000, kLooks = 12;
constexpr double kAlpha = 0.05, kPower = 0.8;

/// One SPRT of `delta` as scenario.md writes it: 0 going on, 1 crossed up, -1 crossed down; then it is over.
struct OneTest {
  double delta, alpha;
  int state = 0;

  void hear(double d, double s2) {
    if (state != 0 || !(s2 > 0)) return;
    const double llr = delta * (d - delta / 2) / s2;
    const double beta = 1 - kPower;
    if (llr >= std::log((1 - beta) / alpha)) state = 1;
    if (llr <= std::log(beta / (1 - alpha))) state = -1;
  }
};

/// One hypothesis in one lane.
struct Restated {
  Alternative alternative;
  OneTest better, worse;
  i32 call = kGoOn;

  Restated(Alternative a, double delta, double alpha)
      : alternative(a),
        better{delta, a == Alternative::two_sided ? alpha / 2 : alpha},
        worse{-delta, alpha / 2} {}

  i32 hear(double d, double s2) {
    better.hear(d, s2);
    if (alternative == Alternative::two_sided) worse.hear(d, s2);
    if (call != kGoOn) return call;
    if (better.state == 1) return call = kReject;
    if (alternative == Alternative::one_sided) return call = better.state == -1 ? kAccept : kGoOn;
    if (worse.state == 1) return call = kRejectWorse;
    if (better.state == -1 && worse.state == -1) call = kAccept;
    return call;
  }
};

/// Sizes of effect as a scenario writes them, and the delta each treatment is tested for.
struct Sizes {
  const char* mde;
  std::vector<double> delta;
};

TEST_CASE("sprt: says what its definition says at every look", "[rules]") {
  const Sizes one_size{R"({"relative": -0.4})", {0.02, 0.02}};
  for (const auto& [mde, delta] :
       {Sizes{R"({"relative": -0.4})", {0.02}}, one_size, Sizes{R"({"relative": [0.4, -1.2]})", {0.02, 0.06}},
        Sizes{R"({"absolute": {"arm 2": 0.03, "arm 1": 0.01}})", {0.01, 0.03}}})
    for (Alternative alternative : {Alternative::one_sided, Alternative::two_sided})
      for (Correction correction : {Correction::none, Correction::bonferroni}) {
        const bool two_sided = alternative == Alternative::two_sided;
        const int arms = static_cast<int>(delta.size()) + 1;
        const auto rule = with_parameters<Sprt>(std::string(R"({"mde": )") + mde +
                                                R"(, "baseline": 0.05, "alternative": ")" +
                                                (two_sided ? "two_sided" : "one_sided") + "\"}");
        const Setting setting = make_setting(arms, kBinaryChannels, std::vector<i64>(kLooks, 1));
        const auto plan = rule.plan(setting, correction, Evidence::Law::normal);
        const auto judge = plan->open(kLanes);
        const double alpha = correction == Correction::bonferroni ? kAlpha / (arms - 1) : kAlpha;
        std::vector<Restated> restated;
        for (double size : delta) restated.insert(restated.end(), kLanes, Restated(alternative, size, alpha));
        Evidence evidence = make_evidence(setting, Evidence::Law::normal, kLanes);
        Calls calls(arms - 1, kLanes);
        Dice dice(static_cast<unsigned>(arms) * 10 + (two_sided ? 1 : 0));
        int wrong = 0;
        std::array<int, 4> seen{};
        for (int k = 0; k < kLooks; ++k) {
          for (int h = 0; h < arms - 1; ++h)
            for (int l = 0; l < kLanes; ++l) {
              const double s2 = dice.below(10) == 0 ? 0 : 2e-3 / (k + 1) * (0.5 + dice.uniform());
              evidence.variance.row(h)[l] = s2;
              evidence.excess.row(h)[l] = 0.12 * (dice.uniform() - 0.5) + std::sqrt(s2) * dice.normal();
            }
          judge->look(k, evidence, Observed{}, calls);
          for (int h = 0; h < arms - 1; ++h)
            for (int l = 0; l < kLanes; ++l) {
              Restated& lane = restated[static_cast<std::size_t>(h * kLanes + l)];
              const i32 expected = lane.hear(evidence.excess.row(h)[l], evidence.variance.row(h)[l]);
              wrong += calls.row(h)[l] != expected ? 1 : 0;
              ++seen[static_cast<std::size_t>(expected)];
            }
        }
        CHECK(wrong == 0);
        CHECK(seen[kReject] > 100);
        CHECK((seen[kRejectWorse] > 100) == two_sided);
        CHECK(seen[kAccept] > 100);
      }
}

TEST_CASE("sprt: bounds are Wald's", "[rules]") {
  for (const auto& [id, power] : {std::pair("SPRT-bounds", 0.8), std::pair("SPRT-bounds-b1", 0.9)}) {
    const Reference known = reference(id);
    const auto [lower, upper] = Sprt::bounds(0.05, power);
    CHECK(std::fabs(upper - known.value(0)) < known.tol());
    CHECK(std::fabs(lower - known.value(1)) < known.tol());
  }
}

TEST_CASE("sprt: refuses what it cannot plan with", "[rules]") {
  CHECK_THROWS(with_parameters<Sprt>("{}"));
  CHECK_THROWS(with_parameters<Sprt>(R"({"mde": {"relative": 0.1}})"));
  CHECK_THROWS(with_parameters<Sprt>(R"({"mde": {"absolute": 0}})"));
  CHECK_THROWS(with_parameters<Sprt>(R"({"mde": {"absolute": 0.1}, "alpha": 0.3, "power": 0.2})"));
  CHECK_THROWS(with_parameters<Sprt>(R"({"mde": {"absolute": [0.1, 0]}})"));
  CHECK_THROWS(with_parameters<Sprt>(R"({"mde": {"absolute": {"type": "normal", "mean": 1, "sd": 1}}})"));
  const auto rule = with_parameters<Sprt>(R"({"mde": {"absolute": 0.1}})");
  CHECK_THROWS_AS(rule.plan(make_setting(3, kBinaryChannels, {1}), Correction::holm, Evidence::Law::normal),
                  InputError);
  CHECK_THROWS_AS(rule.own_analysis()->open(make_setting(2, kContinuousChannels, {1})), InputError);
  CHECK_THROWS_AS(rule.own_analysis()->open(make_setting(2, kBinaryChannels, {1})), InputError);
}

TEST_CASE("sprt: an effect by name that leaves a treatment out is refused by its name", "[rules]") {
  const auto rule = with_parameters<Sprt>(R"({"mde": {"absolute": {"arm 1": 0.1}}, "baseline": 0.2})");
  const Setting setting = make_setting(3, kBinaryChannels, {1});
  for (const auto& attempt :
       {std::function<void()>([&] { rule.plan(setting, Correction::none, Evidence::Law::normal); }),
        std::function<void()>([&] { rule.own_analysis()->open(setting); })}) {
    try {
      attempt();
      FAIL("nothing was refused");
    } catch (const InputError& error) {
      REQUIRE(error.problems().size() == 1);
      CHECK(error.problems()[0].where == "/mde");
      CHECK(error.problems()[0].message ==
            "leaves out treatment 'arm 2', but planning needs an effect other than 0 for each");
    }
  }
}

}  // namespace
}  // namespace windtunnel
