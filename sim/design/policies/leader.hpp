#pragma once

#include <span>

#include "chooser.hpp"
#include "windtunnel/core/independent.hpp"

namespace windtunnel {

/// One of several arms that share the lead, with equal chances: its number among them.
i32 draw_rank(const ChoicePlace& place, int lane, int ties);

/// How many of `left` users fall to the arm that is number `rank` of those that share the lead, when `shares`
/// of them are left.
i32 draw_part(const ChoicePlace& place, int lane, int rank, i32 left, int shares);

/// Splits users among arms that share the lead, every user to one of them with equal chances.
///   give(rank, users)  takes what falls to the arm that is number `rank` among them
template <class Give>
void split_evenly(const ChoicePlace& place, int lane, i32 users, int ties, Give give) {
  i32 left = users;
  for (int rank = 0; rank < ties; ++rank) {
    const i32 part = rank + 1 == ties ? left : draw_part(place, lane, rank, left, ties - rank);
    give(rank, part);
    left -= part;
  }
}

/// The arm with the largest index in every lane, and how many arms share it. Indices are compared as they
/// are, so equal numbers of equal history must come out as equal doubles.
class Leader {
 public:
  void begin(int lanes);

  /// Gives the lead to arm 0, in lanes from `first` on.
  ///   index  something with [lane]
  template <class Index>
  void take_lead(Index index, int first, int lanes) {
    double* __restrict best = best_.row(0) + first;
    double* __restrict leader = leader_.row(0) + first;
    WINDTUNNEL_INDEPENDENT
    for (int l = 0; l < lanes; ++l) {
      best[l] = index[first + l];
      leader[l] = 0;
    }
  }

  /// Lets another arm challenge the leader so far; arms come in order.
  template <class Index>
  void challenge(int arm, Index index, int first, int lanes) {
    double* __restrict best = best_.row(0) + first;
    double* __restrict leader = leader_.row(0) + first;
    const double challenger = arm;
    WINDTUNNEL_INDEPENDENT
    for (int l = 0; l < lanes; ++l) {
      const double own = index[first + l];
      const double shared = own == best[l] ? leader[l] + kOneMore : leader[l];
      leader[l] = own > best[l] ? challenger : shared;
      best[l] = own > best[l] ? own : best[l];
    }
  }

  /// The same for whole rows, arm 0 first.
  void challenge(int arm, const double* index) {
    if (arm == 0)
      take_lead(index, 0, lanes_);
    else
      challenge(arm, index, 0, lanes_);
  }

  /// Chooses the leader; where several are, one of them with equal chances.
  ///   index_of(arm)  the rows that challenged
  template <class IndexOf>
  void choose(const ChoicePlace& place, int arms, IndexOf index_of, i32* arm) {
    const bool has_ties = write_leaders(arm);
    if (!has_ties) return;
    for (int l = 0; l < lanes_; ++l)
      if (ties(l) > 1) arm[l] = tied(arms, index_of, l, draw_rank(place, l, ties(l)));
  }

  /// Gives all users to the leader; where several are, every user to one of them with equal chances.
  template <class IndexOf>
  void choose_many(const ChoicePlace& place, int arms, i32 users, IndexOf index_of, Table<i32>& counts) {
    for (int l = 0; l < lanes_; ++l)
      split_evenly(place, l, users, ties(l),
                   [&](int rank, i32 part) { counts.row(tied(arms, index_of, l, rank))[l] += part; });
  }

  /// An equal chance for every arm that shares the lead, none for the others.
  template <class IndexOf>
  void tell_chances(int arms, IndexOf index_of, Table<double>& chance) const {
    for (int arm = 0; arm < arms; ++arm)
      for (int l = 0; l < lanes_; ++l)
        chance.row(arm)[l] = index_of(arm)[l] == best_.row(0)[l] ? 1.0 / ties(l) : 0;
  }

 private:
  /// What one more arm of the same index adds to a lane's leader: more than there are arms.
  static constexpr double kOneMore = 1024;

  /// Arms that share the lead of a lane.
  int ties(int lane) const { return 1 + static_cast<int>(leader_.row(0)[lane] / kOneMore); }

  bool write_leaders(i32* arm) const;

  /// The arm that is number `rank` among the leading ones.
  template <class IndexOf>
  i32 tied(int arms, IndexOf index_of, int lane, int rank) const {
    for (i32 arm = 0; arm < arms; ++arm)
      if (index_of(arm)[lane] == best_.row(0)[lane] && rank-- == 0) return arm;
    return 0;
  }

  int lanes_ = 0;
  Table<double> best_;    // [0][lane]
  Table<double> leader_;  // [0][lane] the first arm of the largest index, and kOneMore for every other one
};

}  // namespace windtunnel
