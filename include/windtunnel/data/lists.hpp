#pragma once

#include <cstddef>
#include <vector>

namespace windtunnel {

/// Lists of numbers that grow, [row][lane]. Without rows nothing is kept.
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

  /// Puts a number behind those of a list, so many times.
  void push(int row, int lane, double number, std::size_t copies = 1) {
    if (rows_ == 0) return;
    std::vector<double>& list = at(row, lane);
    list.insert(list.end(), copies, number);
  }

  /// Puts the numbers of another list behind those of a list.
  void append(int row, int lane, const std::vector<double>& more) {
    std::vector<double>& list = at(row, lane);
    list.insert(list.end(), more.begin(), more.end());
  }

  /// Puts the numbers of a row of other lists behind those of the same row, in every lane.
  void append(int row, const Lists& more) {
    for (int lane = 0; rows_ > 0 && lane < lanes_; ++lane) append(row, lane, more.at(row, lane));
  }

  /// Empties the lists of a row.
  void clear(int row) {
    for (int lane = 0; rows_ > 0 && lane < lanes_; ++lane) at(row, lane).clear();
  }

  /// Takes over the lists of another.
  void copy(const Lists& other) {
    begin(other.rows_, other.lanes_);
    for (int row = 0; row < rows_; ++row) append(row, other);
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
