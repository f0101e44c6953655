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

Table<i32> RequestSizes::divide(LaneSource source, Address address, std::span<const i32> users) const {
  constexpr u32 kUniformDraws = 2;
  const std::size_t lanes = users.size();
  const int numbers = largest() - smallest_ + 1;
  Table<i32> divided(numbers, static_cast<int>(lanes));
  std::vector<i32> left(lanes), alone(lanes);
  for (std::size_t l = 0; l < lanes; ++l) (users[l] < numbers ? alone[l] : left[l]) = users[l];
  std::vector<double> chances(lanes), uniform(lanes);
  const auto any = [](std::span<const i32> counts) {
    return std::any_of(counts.begin(), counts.end(), [](i32 n) { return n > 0; });
  };
  for (int size = smallest_; size <= largest() && any(left); ++size) {
    const auto at = static_cast<u32>(size - smallest_);
    const std::span<i32> taken = divided.span(size - smallest_);
    std::ranges::fill(chances, chance(size));
    sample_binomial(source, place_of(address, at, kBinomialDraws), left, chances, taken);
    for (std::size_t l = 0; l < lanes; ++l) left[l] -= taken[l];
  }
  // The chain and the single users of a lane never meet, so that they may share the draws.
  const i32 most = *std::max_element(alone.begin(), alone.end());
  for (i32 user = 0; user < most; ++user) {
    sample_uniform(source, place_of(address, static_cast<u32>(user), kUniformDraws), uniform);
    for (std::size_t l = 0; l < lanes; ++l)
      if (user < alone[l]) ++divided.row(at(uniform[l]) - smallest_)[l];
  }
  return divided;
}

}  // namespace windtunnel
