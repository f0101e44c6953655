#include "windtunnel/design/lai_robbins.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/references.hpp"

namespace windtunnel {
namespace {

TEST_CASE("lai_robbins: constants of known problems", "[design]") {
  std::vector<double> nine_tenths(10, 0.8), tenths;
  nine_tenths[0] = 0.9;
  for (int arm = 1; arm <= 9; ++arm) tenths.push_back(arm / 10.0);
  const std::pair<const char*, std::vector<double>> cases[] = {
      {"LR-.9,.6", {0.9, 0.6}},    {"LR-.9,.8", {0.9, 0.8}},       {"LR-.55,.45", {0.55, 0.45}},
      {"LR-.9,.8x9", nine_tenths}, {"LR-.05,.055", {0.05, 0.055}}, {"LR-.1..9 by .1", tenths}};
  for (const auto& [id, rates] : cases) {
    const Reference known = reference(id);
    CAPTURE(id);
    CHECK(std::fabs(lai_robbins_constant(rates) - known.value()) <= known.tol());
  }
}

TEST_CASE("lai_robbins: nothing to lose, and arms ruled out at once", "[design]") {
  CHECK(lai_robbins_constant(std::vector{0.3, 0.3}) == 0);
  CHECK(lai_robbins_constant(std::vector{1.0, 0.3}) == 0);
  CHECK(lai_robbins_constant(std::vector{0.0, 0.5}) == Approx(0.5 / std::log(2.0)));
}

}  // namespace
}  // namespace windtunnel
