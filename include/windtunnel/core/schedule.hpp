#pragma once

#include <vector>

namespace windtunnel {

/// When somebody looks, or a policy applies what it learned, as scenarios write it.
struct Schedule {
  enum class Kind { at_end, every_days, every_hours, every_users, at_days, at_users, equally_spaced };

  Kind kind = Kind::at_end;
  double every = 0;           ///< period in days, hours or users; > 0
  double from = 0;            ///< first moment in the same unit; 0 = `every`
  std::vector<double> times;  ///< at_days, at_users: increasing
  int count = 0;              ///< equally_spaced: number of looks

  bool operator==(const Schedule&) const = default;
};

}  // namespace windtunnel
