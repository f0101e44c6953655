#pragma once

#include <cmath>
#include <cstddef>
#include <iterator>
#include <vector>

namespace windtunnel {

/// Laws as columns of their numbers, so that loops over laws become vectors; a multiple of kLawsTogether.
template <class Law>
class LawColumns {
 public:
  static constexpr std::size_t kLawsTogether = 8;

  void resize(std::size_t laws) {
    size_ = (laws + kLawsTogether - 1) / kLawsTogether * kLawsTogether;
    numbers_.resize(std::size(Law::kNumbers) * size_);
  }
  std::size_t size() const { return size_; }

  void set(std::size_t k, const Law& law) {
    for (std::size_t i = 0; i < std::size(Law::kNumbers); ++i)
      numbers_[i * size_ + k] = law.*Law::kNumbers[i];
  }

  /// What a loop reads laws with: nothing that the loop writes can change where the numbers lie.
  struct Reader {
    const double* __restrict numbers;
    std::size_t size;

    Law operator[](std::size_t k) const {
      Law law;
      for (std::size_t i = 0; i < std::size(Law::kNumbers); ++i)
        law.*Law::kNumbers[i] = numbers[i * size + k];
      return law;
    }
  };
  Reader reader() const { return {numbers_.data(), size_}; }
  Law operator[](std::size_t k) const { return reader()[k]; }

 private:
  std::size_t size_ = 0;
  std::vector<double> numbers_;  // [number][law]
};

/// Where the densities of laws have fallen by drop[k] e-folds since `from`, or a little farther out. What is
/// concave lies below its tangents: once a step has gone too far, all others stay so.
///   direction  -1, +1: towards smaller or larger y, downhill
///   at         scratch
template <class Law>
void reach(const std::vector<double>& drops, const LawColumns<Law>& columns, const std::vector<double>& from,
           double direction, std::vector<double>& at, std::vector<double>& y) {
  constexpr int kSteps = 4;
  const auto reach_all = [direction](const typename LawColumns<Law>::Reader laws,
                                     const double* __restrict drop, const double* __restrict start,
                                     double* __restrict level, double* __restrict out) {
    for (std::size_t k = 0; k < laws.size; ++k) {
      const Law law = laws[k];
      const double slope = std::fabs(law.slope(start[k]));
      const double square = 2.0 * drop[k] / (law.spread * law.spread);
      const double bell = 2.0 * drop[k] / (slope + std::sqrt(slope * slope + square));
      const double farthest = law.farthest(drop[k]);
      level[k] = law.log_density(start[k]) - drop[k];
      out[k] = start[k] + direction * (bell < farthest ? bell : farthest);
    }
    for (int i = 0; i < kSteps; ++i)
      for (std::size_t k = 0; k < laws.size; ++k) {
        const Law law = laws[k];
        out[k] -= (law.log_density(out[k]) - level[k]) / law.slope(out[k]);
      }
  };
  reach_all(columns.reader(), drops.data(), from.data(), at.data(), y.data());
}

}  // namespace windtunnel
