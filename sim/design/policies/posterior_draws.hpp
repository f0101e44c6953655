#pragma once

#include <algorithm>
#include <vector>

#include "../best_integral.hpp"
#include "../smooth_laws.hpp"
#include "chooser.hpp"

/// What choosers share that draw from posteriors, one of every arm.
namespace windtunnel {

/// Where one user's draw for an arm lies.
inline Address posterior_address(const ChoicePlace& place, int arm) {
  return {place.user, choice_row::kPosterior + static_cast<u32>(arm), 0};
}

namespace posterior_draws_detail {

inline void challenge(i32 arm, const double* __restrict drawn, double* __restrict best,
                      i32* __restrict leader, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    leader[l] = drawn[l] > best[l] ? arm : leader[l];
    best[l] = drawn[l] > best[l] ? drawn[l] : best[l];
  }
}

}  // namespace posterior_draws_detail

/// The arm with the largest draw; arms draw in order.
///   draw(arm, drawn)  fills `drawn` [lane]
///   drawn, best       scratch, [0][lane]
template <class Draw>
void choose_largest(int arms, Table<double>& drawn, Table<double>& best, i32* leader, Draw draw) {
  const int lanes = drawn.lanes();
  for (int arm = 0; arm < arms; ++arm) {
    draw(arm, drawn.span(0));
    if (arm == 0) {
      std::copy_n(drawn.row(0), lanes, best.row(0));
      std::fill_n(leader, lanes, 0);
    } else {
      posterior_draws_detail::challenge(arm, drawn.row(0), best.row(0), leader, lanes);
    }
  }
}

/// Tells every arm's probability to be the best.
///   chance             [arm][lane]
///   law_of(arm, lane)  one of smooth_laws
template <class LawOf>
void tell_best(Table<double>& chance, LawOf law_of) {
  BestIntegral<decltype(law_of(0, 0))> integral;
  std::vector<double> others(static_cast<std::size_t>(chance.rows()));
  for (int l = 0; l < chance.lanes(); ++l) {
    integral.begin(others.size());
    for (int a = 0; a < chance.rows(); ++a) integral.set(static_cast<std::size_t>(a), law_of(a, l));
    const BestShares shares = integral.find(others);
    for (int a = 0; a < chance.rows(); ++a)
      chance.row(a)[l] = shares.rest * others[static_cast<std::size_t>(a)];
    chance.row(static_cast<int>(shares.leader))[l] = 1 - shares.rest;
  }
}

/// Chooses arms for several users: for few of them one by one, while many are divided by the probabilities of
/// being the best, which cost as much as the draws of about two hundred.
inline void choose_by_best(Chooser& chooser, const ChoicePlace& place, i32 users, Table<i32>& counts) {
  constexpr i32 kMostOneByOne = 200;
  if (users <= kMostOneByOne) return choose_one_by_one(chooser, place, users, counts);
  Table<double> probability(counts.rows(), counts.lanes());
  chooser.tell_chances(probability);
  const std::vector<i32> all(static_cast<std::size_t>(counts.lanes()), users);
  split_users(place.choice, place.user, choice_row::kMany, probability, all, counts);
}

}  // namespace windtunnel
