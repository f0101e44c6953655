#include "windtunnel/data/tally.hpp"

#include <stdexcept>

#include "windtunnel/core/exact_sum.hpp"

namespace windtunnel {

void Tally::add(const Tally& other) {
  if (slots.size() != other.slots.size())
    throw std::logic_error("tallies of " + std::to_string(slots.size()) + " and " +
                           std::to_string(other.slots.size()) + " slots cannot be added");
  std::vector<i128> sums(slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i) sums[i] = checked_add(slots[i], other.slots[i]);
  slots = std::move(sums);
}

}  // namespace windtunnel
