#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace windtunnel {

/// Columns [row][lane]: lanes are contiguous, every row starts on its own cache line and fills whole lines.
template <class T>
class Table {
 public:
  Table() = default;
  Table(int rows, int lanes, T value = T{}) { assign(rows, lanes, value); }

  /// Makes a table of the given shape, every element `value`.
  void assign(int rows, int lanes, T value = T{}) {
    reshape(rows, lanes);
    const std::size_t size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(stride_);
    for (std::size_t i = 0; i < size; ++i) data_.get()[i] = value;
  }

  /// Makes a table of the given shape whose elements are still to be written; frees nothing. With the same
  /// lanes and no more rows than before the rows that are left keep their elements.
  void reshape(int rows, int lanes) {
    constexpr int per_line = static_cast<int>(kAlignment / sizeof(T));
    // An odd number of lines: rows a power of two apart would push each other out of the same cache sets.
    const int stride = (((lanes + per_line - 1) / per_line) | 1) * per_line;
    const std::size_t size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(stride);
    if (size > capacity_) {
      data_.reset(static_cast<T*>(::operator new (size * sizeof(T), std::align_val_t{kAlignment})));
      capacity_ = size;
    }
    rows_ = rows;
    lanes_ = lanes;
    stride_ = stride;
  }

  T* row(int r) { return data_.get() + static_cast<std::ptrdiff_t>(r) * stride_; }
  const T* row(int r) const { return data_.get() + static_cast<std::ptrdiff_t>(r) * stride_; }
  std::span<T> span(int r) { return {row(r), static_cast<std::size_t>(lanes_)}; }
  std::span<const T> span(int r) const { return {row(r), static_cast<std::size_t>(lanes_)}; }

  /// Elements from one row to the next.
  std::ptrdiff_t stride() const { return stride_; }

  int rows() const { return rows_; }
  int lanes() const { return lanes_; }

 private:
  static constexpr std::size_t kAlignment = 64;
  struct Free {
    void operator()(T* p) const { ::operator delete (p, std::align_val_t{kAlignment}); }
  };

  std::unique_ptr<T, Free> data_;
  std::size_t capacity_ = 0;
  int rows_ = 0, lanes_ = 0, stride_ = 0;
};

}  // namespace windtunnel
