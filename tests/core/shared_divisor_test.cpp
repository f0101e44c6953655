#include "windtunnel/core/shared_divisor.hpp"

#include <bit>
#include <cmath>
#include <random>

#include "support/catch.hpp"
#include "windtunnel/core/types.hpp"

namespace windtunnel {

namespace {

/// Quotients of x = random (or whole) numbers that are not x / divisor to the last bit.
int differing_quotients(double divisor, bool whole, std::mt19937_64& random) {
  const SharedDivisor shared(divisor);
  int differing = 0;
  for (int i = 0; i < 2000; ++i) {
    const u64 word = random();
    const double exact = std::bit_cast<double>((word >> 2) % (u64{0x7fe} << 52) / 4 + (u64{0x300} << 52));
    const double x = (word & 1) != 0 ? -1 : 1;
    const double numerator = x * (whole ? static_cast<double>(word >> 12) : exact);
    differing +=
        std::bit_cast<u64>(shared.divide(numerator)) != std::bit_cast<u64>(numerator / divisor) ? 1 : 0;
  }
  return differing;
}

}  // namespace

TEST_CASE("shared divisor: quotients have the bits of a division") {
  std::mt19937_64 random(20261127);
  int differing = 0;
  for (int i = 0; i < 200; ++i) {
    const auto users = static_cast<double>(random() % 1'000'000 + 1);
    differing += differing_quotients(users * static_cast<double>(random() % 1'000'000 + 1), true, random);
    const double mantissa = std::bit_cast<double>((random() >> 12) | (u64{0x3ff} << 52));
    differing += differing_quotients(mantissa, false, random);
    differing += differing_quotients(std::nextafter(2, 0) - static_cast<double>(i) * 0x1p-52, false, random);
    differing += differing_quotients(1 + static_cast<double>(i) * 0x1p-52, false, random);
  }
  CHECK(differing == 0);
}

TEST_CASE("shared divisor: nothing divided is nothing") {
  CHECK(std::bit_cast<u64>(SharedDivisor(3).divide(0.0)) == 0);
  CHECK(SharedDivisor(7).divide(-49) == -7);
}

}  // namespace windtunnel
