#pragma once

#include <initializer_list>

#include "windtunnel/core/types.hpp"
#include "windtunnel/data/table.hpp"

namespace windtunnel {

/// A column of what is observed.
enum class Channel : u32 {
  users,       ///< users seen so far [arm][lane]
  successes,   ///< outcomes equal to one so far [arm][lane]; outcomes of 0 and 1 only
  sum,         ///< sum of outcomes so far [arm][lane]
  deviations,  ///< sum of squared deviations from the arm's own mean so far [arm][lane]
};

/// A set of channels.
class Channels {
 public:
  Channels() = default;
  Channels(std::initializer_list<Channel> channels) {
    for (Channel c : channels) bits_ |= bit(c);
  }

  bool has(Channel c) const { return (bits_ & bit(c)) != 0; }
  bool has_all(Channels other) const { return (bits_ & other.bits_) == other.bits_; }
  Channels operator|(Channels other) const { return Channels(bits_ | other.bits_); }
  Channels& operator|=(Channels other) { return *this = *this | other; }
  bool operator==(const Channels&) const = default;

 private:
  explicit Channels(u32 bits) : bits_(bits) {}
  static u32 bit(Channel c) { return u32{1} << static_cast<u32>(c); }

  u32 bits_ = 0;
};

/// What a strategy can see of a block of replications: totals so far, and nothing of the truth.
/// Tables of channels nobody asked for are empty.
struct Observed {
  int arms = 0, lanes = 0;
  Table<i32> users;          ///< [arm][lane], always there
  Table<i32> successes;      ///< [arm][lane]
  Table<double> sum;         ///< [arm][lane]
  Table<double> deviations;  ///< [arm][lane]

  /// Empties all totals of a block of `lane_count` replications.
  void begin(int arm_count, int lane_count, Channels wanted);
};

}  // namespace windtunnel
