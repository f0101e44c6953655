#include "design/policies/incumbent.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace windtunnel;

namespace {

constexpr int kArms = 5, kLanes = 83;  // no whole number of vectors

/// What is known of an arm: its index is s / n.
struct Record {
  i32 n = 1;
  double s = 0;

  double index() const { return s / n; }
};

/// Histories that tie often, and some that single precision cannot tell apart.
Record draw_record(std::mt19937& random, bool is_signed) {
  const auto below = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  if (below(8) == 0) {
    const i32 n = (1 << 25) + below(3);
    return {n, static_cast<double>(n / 2 + below(3) - (is_signed ? n : 0))};
  }
  const i32 n = 1 + below(6);
  return {n, static_cast<double>(below(n + 1) - (is_signed ? n : 0))};
}

/// An equal chance for all arms of a lane that have the largest index.
void tell_chances(const std::vector<Record>& records, Table<double>& chance) {
  for (int l = 0; l < kLanes; ++l) {
    const auto at = [&](int arm) { return records[static_cast<std::size_t>(arm * kLanes + l)].index(); };
    double best = at(0);
    int leaders = 0;
    for (int arm = 1; arm < kArms; ++arm) best = std::max(best, at(arm));
    for (int arm = 0; arm < kArms; ++arm) leaders += at(arm) == best ? 1 : 0;
    for (int arm = 0; arm < kArms; ++arm) chance.row(arm)[l] = at(arm) == best ? 1.0 / leaders : 0;
  }
}

void check_against_all_indices(bool is_signed) {
  std::mt19937 random(1);
  std::vector<Record> records(kArms * kLanes);
  Incumbent incumbent(kArms, kLanes);
  Table<i32> changed(1, kLanes);
  Table<double> told(kArms, kLanes), expected(kArms, kLanes);
  const auto record = [&](int arm, int lane) -> Record& {
    return records[static_cast<std::size_t>(arm * kLanes + lane)];
  };
  for (int step = 0; step < 2000; ++step) {
    const bool is_whole = step % 500 == 0;
    for (int l = 0; l < kLanes; ++l) {
      const i32 arm = static_cast<i32>(random() % kArms);
      record(arm, l) = draw_record(random, is_signed);
      changed.row(0)[l] = arm;
      incumbent.changed_index()[l] =
          static_cast<float>(record(arm, l).s) / static_cast<float>(record(arm, l).n);
    }
    incumbent.hold(is_whole ? nullptr : changed.row(0), is_signed,
                   [&](int arm, int lane) { return record(arm, lane).index(); });
    incumbent.leads().tell_chances(told);
    tell_chances(records, expected);
    int wrong = 0;
    for (int arm = 0; arm < kArms; ++arm)
      for (int l = 0; l < kLanes; ++l) wrong += told.row(arm)[l] != expected.row(arm)[l] ? 1 : 0;
    CAPTURE(step);
    REQUIRE(wrong == 0);
  }
}

}  // namespace

TEST_CASE("incumbent: who leads is who has the largest index of all, ties included") {
  check_against_all_indices(false);
  check_against_all_indices(true);
}
