#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "outcomes/count_law.hpp"
#include "windtunnel/core/samplers.hpp"
#include "windtunnel/data/table.hpp"

namespace windtunnel {

/// How many requests a user has: a fixed number, or 1 + Poisson.
class RequestSizes {
 public:
  /// The same number of every user.
  static RequestSizes fixed(int size) { return RequestSizes(size, size, std::nullopt); }

  /// 1 + Poisson(mean - 1).
  ///   mean  1 ... 1 + kLargestCountMean
  static RequestSizes one_plus_poisson(double mean) {
    return RequestSizes(1, mean, CountTable(mean - 1, {}));
  }

  int smallest() const { return smallest_; }
  int largest() const { return smallest_ + (counts_ ? counts_->values() - 1 : 0); }
  double mean() const { return mean_; }
  bool is_fixed() const { return !counts_; }

  /// Share of the users with this many requests among those who do not have fewer.
  double chance(int size) const {
    if (size >= largest()) return 1;
    const auto value = static_cast<std::size_t>(size - smallest_);
    return std::min(1.0, counts_->mass[value] / counts_->upper[value]);
  }

  /// The number of requests of a user, by inversion.
  int at(double uniform) const {
    if (is_fixed()) return smallest_;
    const auto& lower = counts_->lower;
    const auto found = std::upper_bound(lower.begin() + 1, lower.end() - 1, uniform);
    return smallest_ + static_cast<int>(found - lower.begin()) - 1;
  }

  /// Numbers of requests of one user in every lane; draws 0 and 1 of the address.
  void sample(LaneSource source, Address address, std::span<i32> sizes) const;

  /// Divides users among the numbers of requests they have, and calls visit(size, users) with every number
  /// that somebody has, users of shape [lane].
  ///   users  [lane]
  template <class Visit>
  void divide(LaneSource source, Address address, std::span<const i32> users, Visit visit) const {
    if (is_fixed()) return visit(smallest_, users);
    const Table<i32> divided = divide(source, address, users);
    for (int size = smallest_; size <= largest(); ++size) {
      const std::span<const i32> of_size = divided.span(size - smallest_);
      if (std::any_of(of_size.begin(), of_size.end(), [](i32 n) { return n > 0; })) visit(size, of_size);
    }
  }

 private:
  RequestSizes(int smallest, double mean, std::optional<CountTable> counts)
      : smallest_(smallest), mean_(mean), counts_(std::move(counts)) {}

  /// Users by number of requests, [size - smallest][lane]: by a chain of binomials, or one by one in lanes
  /// with fewer users than numbers.
  Table<i32> divide(LaneSource source, Address address, std::span<const i32> users) const;

  int smallest_;
  double mean_;
  std::optional<CountTable> counts_;  // of requests beyond the first
};

}  // namespace windtunnel
