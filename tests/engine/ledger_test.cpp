#include "windtunnel/engine/ledger.hpp"

#include <array>

#include "support/catch.hpp"

/// Two arms, thirty users. Epoch of the first ten: control's mean is 1, the treatment's 3, so every user of
/// control loses 2. Then control's is 3 and the treatment's 2, so every user of the treatment loses 1. Steps
/// of 4, 6 and 6 users are split in half.
namespace windtunnel {
namespace {

constexpr int kLanes = 3;
constexpr int kEarly = 0;   // ends after 4 users and ships the treatment
constexpr int kLate = 1;    // ends after 16 users and keeps control
constexpr int kMiddle = 2;  // ends after 10 users and keeps control

const Horizon& horizon() {
  static const Horizon thirty({0, 10}, 30);
  return thirty;
}

Truth make_truth(Truth::Kind kind) {
  constexpr std::array mean{1.0, 3.0, 3.0, 2.0}, gap{2.0, 0.0, 0.0, 1.0};  // [epoch * arms + arm]
  Truth truth;
  truth.kind = kind;
  truth.arms = truth.epochs = 2;
  truth.lanes = kLanes;
  const int width = kind == Truth::Kind::shared ? 1 : kLanes;
  truth.mean.assign(4, width);
  truth.gap.assign(4, width);
  for (int row = 0; row < 4; ++row)
    for (int c = 0; c < width; ++c) {
      truth.mean.row(row)[c] = mean[static_cast<std::size_t>(row)];
      truth.gap.row(row)[c] = gap[static_cast<std::size_t>(row)];
    }
  return truth;
}

Allocation in_half(const Step& step, Allocation::Kind kind) {
  Allocation allocation{kind, {step.users() / 2, step.users() / 2}, {}, {}};
  allocation.counts.assign(2, kLanes, static_cast<i32>(step.users() / 2));
  return allocation;
}

/// Replays the block; `ends` [lane] step after which the lane ends.
Endings keep_accounts(Ledger& ledger, const Truth& truth, Allocation::Kind allocation) {
  constexpr std::array<int, kLanes> ends{0, 2, 1}, served{1, 0, 0};
  const Timeline timeline({4, 10, 16}, {0, 10}, 16);
  Endings endings;
  endings.begin(2, static_cast<int>(horizon().curve_points.size()), kLanes);
  Table<i32> users(2, kLanes);
  ledger.begin(truth, allocation, kLanes);
  for (const Step& step : timeline.steps()) {
    std::vector<int> ended;
    for (int arm = 0; arm < 2; ++arm)
      for (int l = 0; l < kLanes; ++l) users.row(arm)[l] += static_cast<i32>(step.users() / 2);
    ledger.advance(step, in_half(step, allocation), users);
    for (int l = 0; l < kLanes; ++l) {
      if (ends[static_cast<std::size_t>(l)] != step.index) continue;
      ended.push_back(l);
      endings.served.row(0)[l] = served[static_cast<std::size_t>(l)];
      endings.users.row(0)[l] = static_cast<double>(step.users_after);
    }
    ledger.settle(step, users, EndedLanes(ended), endings);
  }
  ledger.draw_curve(endings);
  return endings;
}

std::vector<double> curve(const Endings& endings, int lane) {
  std::vector<double> points;
  for (int p = 0; p < endings.curve.rows(); ++p) points.push_back(endings.curve.row(p)[lane]);
  return points;
}

TEST_CASE("ledger: points of the curve", "[engine]") {
  CHECK(Horizon({0}, 30).curve_points == std::vector<i64>{1, 2, 5, 10, 20, 30});
  CHECK(Horizon({0}, 1).curve_points == std::vector<i64>{1});
  CHECK(Horizon({0}, 10).curve_points == std::vector<i64>{1, 2, 5, 10});
  CHECK(Horizon({0, 10}, 30).epoch_end(0) == 10);
  CHECK(Horizon({0, 10}, 30).epoch_end(1) == 30);
}

TEST_CASE("ledger: regret and curve as computed by hand", "[engine]") {
  const auto truth_kind = GENERATE(Truth::Kind::shared, Truth::Kind::drawn);
  const auto allocation = GENERATE(Allocation::Kind::shared, Allocation::Kind::counts);
  const Truth truth = make_truth(truth_kind);
  Ledger ledger(horizon());
  for (int block = 0; block < 2; ++block) {  // a ledger starts every block afresh
    const Endings endings = keep_accounts(ledger, truth, allocation);
    // 2 of 4 users lose 2; later the treatment loses nothing until user 10 and 1 for each of the 20 after it.
    CHECK(endings.regret.row(0)[kEarly] == 4 + 20);
    CHECK(endings.best_users.row(0)[kEarly] == 2 + 6);
    CHECK(curve(endings, kEarly) == std::vector<double>{1, 2, 4, 4, 14, 24});
    // 4 + 6, then 3 of 6 users lose 1; then control is best.
    CHECK(endings.regret.row(0)[kLate] == 13);
    CHECK(endings.best_users.row(0)[kLate] == 2 + 3 + 3 + 14);
    CHECK(curve(endings, kLate) == std::vector<double>{1, 2, 5, 10, 13, 13});
    CHECK(endings.regret.row(0)[kMiddle] == 10);
    CHECK(endings.best_users.row(0)[kMiddle] == 2 + 3 + 20);
    CHECK(curve(endings, kMiddle) == std::vector<double>{1, 2, 5, 10, 10, 10});
  }
}

TEST_CASE("ledger: true means of the users an arm had", "[engine]") {
  const auto truth_kind = GENERATE(Truth::Kind::shared, Truth::Kind::drawn);
  Ledger ledger(horizon());
  const Truth truth = make_truth(truth_kind);
  const Endings endings = keep_accounts(ledger, truth, Allocation::Kind::shared);
  CHECK(endings.arm_truth.row(0)[kEarly] == 1);
  CHECK(endings.arm_truth.row(1)[kEarly] == 3);
  CHECK(endings.arm_truth.row(0)[kLate] == (5 * 1 + 3 * 3) / 8.0);
  CHECK(endings.arm_truth.row(1)[kLate] == (5 * 3 + 3 * 2) / 8.0);
}

TEST_CASE("ledger: between ends of steps the curve is linear", "[engine]") {
  // One step of 10 users, 7 of them lose 2: 1.4 a user.
  Ledger ledger(horizon());
  const Truth truth = make_truth(Truth::Kind::shared);
  const Step step{0, 0, 0, 0, 10};
  ledger.begin(truth, Allocation::Kind::shared, 1);
  ledger.advance(step, {Allocation::Kind::shared, {7, 3}, {}, {}}, Table<i32>(2, 1, 5));
  Endings endings;
  endings.begin(2, 6, 1);
  endings.served.row(0)[0] = 0;
  endings.users.row(0)[0] = 10;
  const Table<i32> users(2, 1, 5);
  ledger.settle(step, users, EndedLanes(std::vector<int>{0}), endings);
  ledger.draw_curve(endings);
  const std::vector<double> expected{1.4, 2.8, 7, 14, 14, 14};
  for (std::size_t p = 0; p < expected.size(); ++p)
    CHECK(curve(endings, 0)[p] == Approx(expected[p]).epsilon(1e-14));
}

/// Sixteen users one by one, lane l's user u in arm (u + l) % 3 % 2; lanes end as above.
Endings one_by_one(const Truth& truth, Allocation::Kind kind) {
  constexpr std::array<i64, kLanes> ends{4, 16, 10};
  constexpr std::array<i32, kLanes> served{1, 0, 0};
  Ledger ledger(horizon());
  Endings endings;
  endings.begin(2, static_cast<int>(horizon().curve_points.size()), kLanes);
  Table<i32> users(2, kLanes);
  Allocation one;
  one.kind = Allocation::Kind::arm;
  one.arm.assign(1, kLanes);
  ledger.begin(truth, kind, kLanes);
  const Timeline timeline({}, {0, 10}, 16, nullptr, {{}, 1, 1});
  for (const Step& step : timeline.steps()) {
    std::vector<int> ended;
    one.kind = Allocation::Kind::arm;
    for (int l = 0; l < kLanes; ++l) {
      one.arm.row(0)[l] = static_cast<i32>((step.users_before + l) % 3 % 2);
      ++users.row(one.arm.row(0)[l])[l];
      if (ends[static_cast<std::size_t>(l)] != step.users_after) continue;
      ended.push_back(l);
      endings.served.row(0)[l] = served[static_cast<std::size_t>(l)];
      endings.users.row(0)[l] = static_cast<double>(step.users_after);
    }
    if (kind == Allocation::Kind::counts) one.spread(2, kLanes, one);
    ledger.advance(step, one, users);
    if (!ended.empty()) ledger.settle(step, users, EndedLanes(ended), endings);
  }
  ledger.draw_curve(endings);
  return endings;
}

TEST_CASE("ledger: single users are booked as steps of one user are", "[engine]") {
  for (const Truth::Kind kind : {Truth::Kind::shared, Truth::Kind::drawn}) {
    const Truth truth = make_truth(kind);
    const Endings single = one_by_one(truth, Allocation::Kind::arm);
    const Endings steps = one_by_one(truth, Allocation::Kind::counts);
    for (int l = 0; l < kLanes; ++l) {
      CHECK(single.regret.row(0)[l] == steps.regret.row(0)[l]);  // whole numbers: exact whatever the order
      CHECK(single.best_users.row(0)[l] == steps.best_users.row(0)[l]);
      CHECK(curve(single, l) == curve(steps, l));
      for (int arm = 0; arm < 2; ++arm) CHECK(single.arm_truth.row(arm)[l] == steps.arm_truth.row(arm)[l]);
    }
  }
}

TEST_CASE("ledger: users who return lose what the mean of the day loses in the arm served", "[engine]") {
  // Three days of ten users, of which the last is rollout; half of the first day's come again on the second.
  const Calendar calendar({10, 10, 10}, 2);
  const Horizon returning({0, 10}, 30, Returns(0.5, calendar));
  Ledger ledger(returning);
  const Truth truth = make_truth(GENERATE(Truth::Kind::shared, Truth::Kind::drawn));
  const Timeline timeline({10, 20}, {0, 10}, 20, &calendar);
  Endings endings;
  endings.begin(2, static_cast<int>(returning.curve_points.size()), kLanes);
  ledger.begin(truth, Allocation::Kind::shared, kLanes);
  Table<i32> users(2, kLanes);
  for (const Step& step :
       timeline.steps()) {  // lane 0 ends after a day and ships, lane 1 after two and keeps
    const int lane = step.index;
    for (int arm = 0; arm < 2; ++arm)
      for (int l = 0; l < kLanes; ++l) users.row(arm)[l] += 5;
    ledger.advance(step, in_half(step, Allocation::Kind::shared), users);
    endings.served.row(0)[lane] = 1 - lane;
    endings.users.row(0)[lane] = static_cast<double>(step.users_after);
    ledger.settle(step, users, EndedLanes(std::vector<int>{lane}), endings);
  }
  endings.served.row(0)[2] = 0;
  endings.users.row(0)[2] = 20;
  ledger.draw_curve(endings);
  // 5 users of control lose 2 on the first day; then everybody is served the treatment and loses 1: 5 who
  // return, and 10 new ones on either day.
  CHECK(endings.regret.row(0)[0] == 10 + 5 + 20);
  CHECK(curve(endings, 0) == std::vector<double>{1, 2, 5, 10, 10 + 5 + 10, 35});
  // On the second day 2.5 return to the treatment and 5 are new to it.
  CHECK(endings.regret.row(0)[1] == 10 + 2.5 + 5);
  CHECK(curve(endings, 1) == std::vector<double>{1, 2, 5, 10, 17.5, 17.5});
  CHECK(endings.best_users.row(0)[1] == 5 + 5 + 10);
  CHECK(endings.arm_truth.row(0)[1] == (5 * 1 + 2.5 * 3 + 5 * 3) / 10);
  CHECK(endings.arm_truth.row(1)[1] == (5 * 3 + 2.5 * 2 + 5 * 2) / 10);
}

}  // namespace
}  // namespace windtunnel
