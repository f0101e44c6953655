#include "windtunnel/design/rules/msprt.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/design_lab.hpp"
#include "support/references.hpp"

namespace windtunnel {
namespace {

double mixture_ratio(double d, double s2, double tau2) {
  return std::sqrt(s2 / (s2 + tau2)) * std::exp(tau2 * d * d / (2 * s2 * (s2 + tau2)));
}

TEST_CASE("msprt: rejects iff Lambda is at least 1 / alpha", "[rules]") {
  constexpr int kLanes = 4000;
  constexpr double kAlpha = 0.1;
  struct Sizes {
    const char* parameters;
    std::vector<double> tau;
  };
  const char* one_number = R"("mixing_sd": {"relative": 0.4}, "baseline": 0.05)";
  for (const auto& [parameters, tau] :
       {Sizes{one_number, {0.02}}, Sizes{one_number, {0.02, 0.02}},
        Sizes{R"("mixing_sd": {"absolute": [0.01, -0.03]}, "mde": {"absolute": 1})", {0.01, 0.03}},
        Sizes{R"("mde": {"relative": {"arm 2": 0.2, "arm 1": 0.8}}, "baseline": 0.05)", {0.04, 0.01}}})
    for (Correction correction : {Correction::none, Correction::bonferroni}) {
      const auto rule = with_parameters<Msprt>(std::string("{") + parameters + R"(, "alpha": 0.1})");
      const int arms = static_cast<int>(tau.size()) + 1;
      const Setting setting = make_setting(arms, kBinaryChannels, {1});
      const double alpha = correction == Correction::bonferroni ? kAlpha / (arms - 1) : kAlpha;
      Evidence evidence = make_evidence(setting, Evidence::Law::normal, kLanes);
      fill_at_random(evidence, 0.01, static_cast<unsigned>(arms));
      Calls calls(arms - 1, kLanes, 99);
      const auto plan = rule.plan(setting, correction, Evidence::Law::normal);
      plan->open(kLanes)->look(0, evidence, Observed{}, calls);
      int wrong = 0, rejected = 0;
      for (int h = 0; h < arms - 1; ++h)
        for (int l = 0; l < kLanes; ++l) {
          const double d = evidence.excess.row(h)[l], s2 = evidence.variance.row(h)[l];
          i32 expected = kGoOn;
          const double tau_of_h = tau[static_cast<std::size_t>(h)];
          if (s2 > 0 && mixture_ratio(d, s2, tau_of_h * tau_of_h) >= 1 / alpha)
            expected = d > 0 ? kReject : kRejectWorse;
          wrong += calls.row(h)[l] != expected ? 1 : 0;
          rejected += expected != kGoOn ? 1 : 0;
        }
      CHECK(wrong == 0);
      CHECK(rejected > kLanes / 10);
    }
}

TEST_CASE("msprt: Lambda and the half-width are the known ones", "[rules]") {
  const Reference known = reference("MS-unit");
  const struct {
    double n, d, v, tau2;
  } cases[] = {{1000, 0.02, 0.1, 1e-4}, {5000, 0.01, 0.1, 1e-4}, {100, 0.5, 2, 0.25}};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [n, d, v, tau2] = cases[i];
    const double s2 = v / n, tau = std::sqrt(tau2);
    CHECK(std::fabs(Msprt::half_width(s2, tau, 0.05) - known.value(3 + i)) < known.tol());
    // The d whose Lambda is L is the half-width at alpha = 1/L. Lambda is printed to 1e-9: with
    // d(ln Lambda)/dd of at most 200 here that is 1e-8 of d.
    CHECK(std::fabs(Msprt::half_width(s2, tau, 1 / known.value(i)) - d) < 1e-8);
  }
}

TEST_CASE("msprt: its interval is the effects that would not be rejected", "[rules]") {
  const auto rule = with_parameters<Msprt>(R"({"mde": {"absolute": 0.02}})");
  const Setting setting = make_setting(2, kBinaryChannels, {1}, -1, 0.003);
  const auto plan = rule.plan(setting, Correction::none, Evidence::Law::normal);
  const auto judge = plan->open(2);
  Evidence evidence = make_evidence(setting, Evidence::Law::normal, 2);
  evidence.excess.row(0)[0] = 0.01;
  evidence.variance.row(0)[0] = 1e-5;
  const i32 hypothesis[] = {0, 0};
  const int ended[] = {0, 1};
  Table<double> estimates(3, 2);
  judge->report(0, evidence, Observed{}, EndedLanes(ended), hypothesis, estimates);
  CHECK(estimates.row(0)[0] == Approx(-0.007).epsilon(1e-14));  // direction * excess + margin
  for (int end : {1, 2})
    CHECK(mixture_ratio(estimates.row(end)[0] - estimates.row(0)[0], 1e-5, 4e-4) ==
          Approx(20).epsilon(1e-10));
  CHECK(estimates.row(1)[0] < estimates.row(2)[0]);
  CHECK(estimates.row(1)[1] > estimates.row(2)[1]);  // without evidence, no interval
}

TEST_CASE("msprt: each treatment has the interval of its own mixture", "[rules]") {
  const auto rule = with_parameters<Msprt>(R"({"mixing_sd": {"absolute": [0.01, 0.03]}})");
  const Setting setting = make_setting(3, kBinaryChannels, {1});
  const auto plan = rule.plan(setting, Correction::bonferroni, Evidence::Law::normal);
  const auto judge = plan->open(2);
  Evidence evidence = make_evidence(setting, Evidence::Law::normal, 2);
  for (int h : {0, 1}) evidence.variance.row(h)[h] = 1e-5;
  const i32 hypothesis[] = {0, 1};
  const int ended[] = {0, 1};
  Table<double> estimates(3, 2);
  judge->report(0, evidence, Observed{}, EndedLanes(ended), hypothesis, estimates);
  CHECK(estimates.row(2)[0] == Msprt::half_width(1e-5, 0.01, 0.05));
  CHECK(estimates.row(2)[1] == Msprt::half_width(1e-5, 0.03, 0.05));
}

TEST_CASE("msprt: brings its own analysis", "[rules]") {
  const auto plug_in = with_parameters<Msprt>(R"({"mde": {"absolute": 0.02}})").own_analysis();
  CHECK(plug_in->needs(kContinuousChannels).has(Channel::deviations));
  const auto known = with_parameters<Msprt>(R"({"mde": {"absolute": 0.02}, "variance": 8})").own_analysis();
  CHECK_FALSE(known->needs(kContinuousChannels).has(Channel::deviations));
  const Setting setting = make_setting(2, kContinuousChannels, {1});
  Observed observed;
  observed.begin(2, 1, known->needs(kContinuousChannels));
  observed.users.row(0)[0] = 10;
  observed.users.row(1)[0] = 40;
  Evidence evidence = make_evidence(setting, Evidence::Law::normal, 1);
  known->open(setting)->weigh(observed, evidence);
  CHECK(evidence.variance.row(0)[0] == Approx(4 * (0.1 + 0.025)).epsilon(1e-14));
}

TEST_CASE("msprt: refuses to run without a size of effect", "[rules]") {
  CHECK_THROWS(with_parameters<Msprt>("{}"));
  CHECK_THROWS(with_parameters<Msprt>(R"({"mde": {"relative": 0.1}})"));
  CHECK_THROWS(with_parameters<Msprt>(R"({"mixing_sd": {"absolute": 0}})"));
  CHECK_THROWS(with_parameters<Msprt>(R"({"mixing_sd": {"absolute": {"blue": 0.1, "red": 0}}})"));
  const auto of_one = with_parameters<Msprt>(R"({"mixing_sd": {"absolute": {"arm 1": 0.1}}})");
  CHECK_THROWS_AS(of_one.plan(make_setting(3, kBinaryChannels, {1}), Correction::none, Evidence::Law::normal),
                  InputError);
  CHECK_THROWS(with_parameters<Msprt>(R"({"mde": {"absolute": 0.1}, "alternative": "one_sided"})"));
}

}  // namespace
}  // namespace windtunnel
