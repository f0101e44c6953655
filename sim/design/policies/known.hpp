#pragma once

#include "windtunnel/core/types.hpp"
#include "windtunnel/data/observed.hpp"
#include "windtunnel/data/table.hpp"
#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// The part of what is observed that a policy may learn from: users whose outcomes are known.
inline const Observed& known_part(const Observed& observed) {
  return observed.known_users();
}

/// Columns that tell rewards: successes of outcomes of 0 and 1, else their sum.
inline Channels reward_channels(Channels offered) {
  return offered.has(Channel::successes) ? Channels{Channel::users, Channel::successes}
                                         : Channels{Channel::users, Channel::sum};
}

/// What a policy knows of a block at the beginning of a round. More is always better: where less is, outcomes
/// of 0 and 1 are counted as their opposites and other sums change their sign, here and nowhere else.
class Known {
 public:
  explicit Known(const PolicySetting& setting)
      : arms(setting.arms),
        binary(setting.binary()),
        mirrored_(setting.direction < 0),
        is_served_(setting.is_served) {}

  /// Takes in what is observed.
  ///   users_before  users that have come, over all arms
  ///   last_arm      [lane] the only arm that has had a user since the last time, or nullptr
  void update(const Observed& observed, i64 users_before, const i32* last_arm);

  const i32* users(int arm) const { return observed_->users.row(arm); }
  /// Outcomes that are good: of 0 and 1 only.
  const i32* wins(int arm) const { return mirrored_ ? wins_.row(arm) : observed_->successes.row(arm); }
  /// Sum of outcomes: others only.
  const double* sums(int arm) const { return mirrored_ ? sums_.row(arm) : observed_->sum.row(arm); }

  /// Squared deviations from the arm's mean, where they were asked for.
  const double* deviations(int arm) const { return observed_->deviations.row(arm); }

  /// [lane] users with known outcomes, over all arms; nullptr where they are `time` in every lane.
  const double* times() const { return all_known_ ? nullptr : times_.row(0); }

  /// Calls visit(rewards of the arm that has changed, rewards_of), wins or sums; rewards_of(arm) is [lane].
  template <class Visit>
  void with_rewards(Visit visit) const {
    if (binary)
      visit(changed_wins, [this](int arm) { return wins(arm); });
    else
      visit(changed_sums, [this](int arm) { return sums(arm); });
  }

  int arms, lanes = 0;
  bool binary;
  i64 time = 0;                  ///< users that have come, over all arms
  double even = 0;               ///< share of the last round's users who got any arm, or the arms in turn,
                                 ///< whatever was known
  const i32* changed = nullptr;  ///< [lane] the only arm of which more is known than at the last round

  // The same of the arm that has changed, [lane].
  const i32 *changed_users = nullptr, *changed_wins = nullptr;
  const double* changed_sums = nullptr;

 private:
  void find_changed();
  void read_last(const Observed& observed);

  bool mirrored_, is_served_, all_known_ = true;
  const Observed* observed_ = nullptr;
  Table<i32> wins_;                    // [arm][lane] when mirrored
  Table<double> sums_;                 // [arm][lane] when mirrored
  Table<double> times_;                // [0][lane]
  Table<i32> last_users_, last_wins_;  // [0][lane] of the arm that has changed
  Table<double> last_sums_;            // [0][lane]
};

}  // namespace windtunnel
