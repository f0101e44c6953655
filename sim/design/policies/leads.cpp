#include "leads.hpp"

#include "leader.hpp"

namespace windtunnel {

void Leads::choose(const ChoicePlace& place, i32* arm) const {
  std::copy_n(leader(), leader_.lanes(), arm);
  for (const Tie& tie : ties_) arm[tie.lane] = tied(tie, draw_rank(place, tie.lane, tie.arms));
}

void Leads::choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) const {
  for (int l = 0; l < leader_.lanes(); ++l) counts.row(leader()[l])[l] += users;
  for (const Tie& tie : ties_) {
    counts.row(leader()[tie.lane])[tie.lane] -= users;
    split_evenly(place, tie.lane, users, tie.arms,
                 [&](int rank, i32 part) { counts.row(tied(tie, rank))[tie.lane] += part; });
  }
}

void Leads::tell_chances(Table<double>& chance) const {
  for (int arm = 0; arm < chance.rows(); ++arm)
    for (int l = 0; l < leader_.lanes(); ++l) chance.row(arm)[l] = leader()[l] == arm ? 1 : 0;
  for (const Tie& tie : ties_)
    for (int rank = 0; rank < tie.arms; ++rank) chance.row(tied(tie, rank))[tie.lane] = 1.0 / tie.arms;
}

}  // namespace windtunnel
