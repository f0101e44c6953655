#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "chooser.hpp"

namespace windtunnel {

/// By how much of the larger, and at least, two indices in single precision differ if those in double
/// precision surely do. With u = 2^-24 values and widths are within 4 u, scale, product and sum within u
/// each: an index is within 7 u of value + scale * width, and the difference of two is within 15 u of the
/// larger, that of 16 u included. The rest is for numbers so small that their rounding errors are no longer
/// relative.
inline constexpr float kApart = 0x1p-20f, kLeastApart = 0x1p-100f;

/// The arm that leads in every lane, and which arms share its lead. Indices are compared in double precision
/// as they are: equal numbers of equal history must come out as equal doubles.
class Leads {
 public:
  explicit Leads(int lanes) : leader_(1, lanes) {}

  /// [lane] arms that lead alone, to be written; of those that `settle` sees it writes the first.
  i32* leader() { return leader_.row(0); }
  const i32* leader() const { return leader_.row(0); }

  /// Forgets which leads are shared.
  void clear() {
    ties_.clear();
    tied_.clear();
  }

  /// The largest index of a lane, and the largest of all other arms: the same where the lead is shared.
  struct Two {
    double best, second;
  };

  /// Lets arms of a lane compete.
  ///   competes(arm)        whether it can lead at all
  ///   index_of(arm, lane)
  template <class Competes, class IndexOf>
  Two settle(i32 lane, int arms, Competes competes, IndexOf index_of) {
    const auto first = static_cast<i32>(tied_.size());
    constexpr double kNone = -std::numeric_limits<double>::infinity();
    Two two{kNone, kNone};
    for (i32 arm = 0; arm < arms; ++arm) {
      if (!competes(arm)) continue;
      const double index = index_of(arm, lane);
      if (index > two.best) tied_.resize(static_cast<std::size_t>(first));
      if (index >= two.best) tied_.push_back(arm);
      two.second = std::max(two.second, std::min(index, two.best));
      two.best = std::max(two.best, index);
    }
    leader_.row(0)[lane] = tied_[static_cast<std::size_t>(first)];
    const i32 leaders = static_cast<i32>(tied_.size()) - first;
    if (leaders > 1)
      ties_.push_back({lane, first, leaders});
    else
      tied_.pop_back();
    return two;
  }

  /// Chooses the leader; where several are, one of them with equal chances.
  void choose(const ChoicePlace& place, i32* arm) const;

  /// Gives all users to the leader; where several are, every user to one of them with equal chances.
  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) const;

  /// An equal chance for every arm that shares the lead, none for the others.
  void tell_chances(Table<double>& chance) const;

 private:
  /// Arms that share the lead of a lane: tied_[first], ...
  struct Tie {
    i32 lane, first, arms;
  };

  i32 tied(const Tie& tie, int rank) const { return tied_[static_cast<std::size_t>(tie.first + rank)]; }

  Table<i32> leader_;  // [0][lane]
  std::vector<Tie> ties_;
  std::vector<i32> tied_;
};

/// Chooses who leads; what is left to others is to find that.
class LeadsChooser : public Chooser {
 public:
  void choose(const ChoicePlace& place, i32* arm) override { leads().choose(place, arm); }
  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    leads().choose_many(place, users, counts);
  }
  void tell_chances(Table<double>& chance) override { leads().tell_chances(chance); }

 private:
  virtual const Leads& leads() const = 0;
};

}  // namespace windtunnel
