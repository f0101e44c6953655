#include "design/policies/beta_quantile.hpp"
#include "support/catch.hpp"

namespace windtunnel {
namespace {

TEST_CASE("posterior quantiles: what is remembered has the bits of what is found anew", "[design]") {
  PosteriorQuantiles quantiles;
  // More histories than can be remembered, and each of them under two tails and after many others.
  for (const double tail : {0.25, 0.01, 0.25})
    for (int successes = 0; successes < 110; ++successes)
      for (int failures = 0; failures < 110; failures += 1 + failures / 8)
        CHECK(quantiles.upper(tail, successes, failures) ==
              beta_upper_quantile(tail, successes + 1, failures + 1));
}

TEST_CASE("posterior quantiles: histories are told apart by successes, failures and tail", "[design]") {
  PosteriorQuantiles quantiles;
  const double first = quantiles.upper(0.1, 3, 5);
  CHECK(quantiles.upper(0.1, 3, 5) == first);
  CHECK(quantiles.upper(0.1, 5, 3) > first);
  CHECK(quantiles.upper(0.2, 3, 5) < first);
  CHECK(quantiles.upper(0.1, 3, 5) == first);
}

}  // namespace
}  // namespace windtunnel
