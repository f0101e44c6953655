#include "windtunnel/design/learning.hpp"

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/number_text.hpp"

namespace windtunnel {

namespace {

constexpr double kMostBurnIn = 1e9;

}  // namespace

void Learning::describe(Fields& fields) {
  fields.schedule("rounds", rounds, {"when what was learned is applied; absent = after every user"});
  fields.number("floor", floor, {0, 0.5, Range::Ends::closed},
                {"least share of the users of every arm; they are allocated evenly"});
  fields.integer("burn_in", burn_in, {0, kMostBurnIn},
                 {"first users per arm, who get the arms in turn", "users per arm"});
}

std::vector<double> Learning::planned_shares(int arms) const {
  // 1/3 + 1/3 + 1/3 is what people mean by a third each.
  constexpr double kRounding = 1e-12;
  if (floor * arms > 1 + kRounding)
    throw InputError("/floor", number_text(floor) + " of the users for each of " + std::to_string(arms) +
                                   " arms is more than all (needs floor <= " + number_text(1.0 / arms) + ")");
  return std::vector<double>(static_cast<std::size_t>(arms), 1.0 / arms);
}

}  // namespace windtunnel
