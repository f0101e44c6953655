#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "windtunnel/core/types.hpp"
#include "windtunnel/data/calendar.hpp"

namespace windtunnel {

/// A segment of the timeline with constant means, from `users_before` to `users_after` (users over all arms).
struct Step {
  int index = 0;  ///< the `time` of every random number drawn for it
  int epoch = 0;  ///< which set of means holds (World::epochs)
  int day = 0;    ///< calendar day of its last user, counted from 0
  i64 users_before = 0, users_after = 0;
  bool begins_round = true;  ///< a policy applies what it has learned; else it goes on as before
  i64 round_end = 0;         ///< users when the step's round ends, perhaps beyond the last step

  i64 users() const { return users_after - users_before; }
};

/// When a policy applies what it has learned: at positions, or after every so many users.
struct Rounds {
  std::vector<i64> at;       ///< positions, increasing
  i64 first = 0, every = 0;  ///< also after first, first + every, ... users; every 0: no such positions

  bool operator==(const Rounds&) const = default;
};

/// The steps of one stream: looks, rounds and changes of the means are ends of steps. Periodic rounds are not
/// stored but made on the way, so that a round of every user costs no memory.
class Timeline {
 public:
  Timeline() = default;

  /// Cuts (0, end] at `cuts` (any order, repeats allowed; positions beyond `end` are ignored), at the first
  /// users of the epochs and where rounds begin.
  ///   epoch_starts  increasing, first is 0
  ///   calendar      tells the days of the steps; nullptr: all lie in day 0
  Timeline(std::vector<i64> cuts, const std::vector<i64>& epoch_starts, i64 end,
           const Calendar* calendar = nullptr, Rounds rounds = {});

  class Iterator;
  struct Sentinel {};
  /// Range of all steps, in order.
  class Steps {
   public:
    explicit Steps(const Timeline& timeline) : timeline_(timeline) {}
    Iterator begin() const;
    Sentinel end() const { return {}; }
    std::size_t size() const { return static_cast<std::size_t>(timeline_.rank(timeline_.end_)); }

   private:
    const Timeline& timeline_;
  };

  Steps steps() const { return Steps(*this); }
  i64 end() const { return end_; }

  const Rounds& rounds() const { return rounds_; }

  /// Users of the largest round; without rounds all users are one.
  i64 largest_round() const;

  /// Users after which the first round begins before which `users` or more have come; the end if none does.
  i64 first_round_after(i64 users) const;

  /// Rounds that end within so many users, at most.
  i64 most_rounds_within(i64 users) const;

  /// Whether some step is of one user.
  bool has_single_users() const;

  /// Index of the step that ends at `position`; -1 if none does.
  int step_ending_at(i64 position) const;

 private:
  /// Whether a periodic round begins after `position` users; those that have begun by then.
  bool is_periodic(i64 position) const;
  i64 periodic_until(i64 position) const;

  /// Steps that end at `position` or before.
  i64 rank(i64 position) const;

  std::vector<i64> cuts_;          // increasing, the last is the end; periodic rounds are not among them
  std::vector<i64> not_periodic_;  // [i] of the first i cuts, those where no periodic round begins
  std::vector<i64> epoch_starts_;
  Rounds rounds_;
  std::optional<Calendar> calendar_;
  i64 end_ = 0;
};

/// Walks along the steps.
class Timeline::Iterator {
 public:
  explicit Iterator(const Timeline& timeline);

  const Step& operator*() const { return step_; }
  const Step* operator->() const { return &step_; }
  Iterator& operator++();
  bool operator==(Sentinel) const { return step_.users_before >= timeline_.end_; }

 private:
  void find_end();

  const Timeline& timeline_;
  Step step_;
  std::size_t next_cut_ = 0, next_round_ = 0;
  i64 next_periodic_;
};

inline Timeline::Iterator Timeline::Steps::begin() const {
  return Iterator(timeline_);
}

}  // namespace windtunnel
