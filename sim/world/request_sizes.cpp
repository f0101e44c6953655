#include "request_sizes.hpp"

namespace windtunnel {

void RequestSizes::sample(LaneSource source, Address address, std::span<i32> sizes) const {
  if (is_fixed()) {
    std::ranges::fill(sizes, smallest_);
    return;
  }
  std::vector<double> uniform(sizes.size());
  sample_uniform(source, address, uniform);
  std::ranges::transform(uniform, sizes.begin(), [this](double u) { return at(u); });
}

void RequestSizes::take(LaneSource source, Address address, int size, std::span<i32> left,
                        std::span<double> chances, std::span<i32> taken) const {
  if (size == largest()) {
    std::ranges::copy(left, taken.begin());
    std::ranges::fill(left, 0);
    return;
  }
  std::ranges::fill(chances, chance(size));
  sample_binomial(source, place_of(address, static_cast<u32>(size - smallest_), kBinomialDraws), left,
                  chances, taken);
  for (std::size_t l = 0; l < left.size(); ++l) left[l] -= taken[l];
}

}  // namespace windtunnel
