#pragma once

#include <cstddef>
#include <vector>

namespace windtunnel {

/// Lists of numbers that grow, [row][lane].
class Lists {
 public:
  /// Makes all lists empty; frees nothing.
  void begin(int rows, int lanes) {
    rows_ = rows;
    lanes_ = lanes;
    const std::size_t size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(lanes);
    if (lists_.size() < size) lists_.resize(size);
    for (std::size_t i = 0; i < size; ++i) lists_[i].clear();
  }

  std::vector<double>& at(int row, int lane) { return lists_[index(row, lane)]; }
  const std::vector<double>& at(int row, int lane) const { return lists_[index(row, lane)]; }

  /// Puts the numbers of another list behind those of a list.
  void append(int row, int lane, const std::vector<double>& more) {
    std::vector<double>& list = at(row, lane);
    list.insert(list.end(), more.begin(), more.end());
  }

  int rows() const { return rows_; }

 private:
  std::size_t index(int row, int lane) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(lanes_) + static_cast<std::size_t>(lane);
  }

  std::vector<std::vector<double>> lists_;  // [row * lanes + lane], and perhaps more
  int rows_ = 0, lanes_ = 0;
};

}  // namespace windtunnel
