#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <initializer_list>

/// Prints a hash of what libm returns, so that one can see whether it took another variant of its functions.
int main() {
  std::uint64_t hash = 0;
  for (int i = 1; i < 200'000; ++i) {
    const double x = i * 1.37e-4;
    for (const double value : {std::exp(x), std::log(x), std::pow(x, 1.3), std::sin(x), std::cos(x)}) {
      std::uint64_t bits;
      std::memcpy(&bits, &value, sizeof bits);
      hash = hash * 1099511628211U ^ bits;
    }
  }
  std::printf("%016llx\n", static_cast<unsigned long long>(hash));
}
