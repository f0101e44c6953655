#include "world/outcome_lab.hpp"

/// Conversions drawn one by one: what is the same in all lanes is drawn without looking lane by lane.
namespace windtunnel {
namespace {

std::vector<i32> successes(const Batch& batch, int lanes) {
  const Random random(3, Purpose::outcome);
  const auto model =
      make_outcome("bernoulli", {{"rate", 0.3}})->plan({}, {Channel::users, Channel::successes});
  Observed observed;
  observed.begin(2, lanes, {Channel::users, Channel::successes});
  model->add_users(batch, {{&random, 64}, {&random, 64}, {&random, 64}, {7, 1, 0}}, observed);
  return {observed.successes.row(1), observed.successes.row(1) + lanes};
}

TEST_CASE("bernoulli: users and rates shared by all lanes are drawn as told lane by lane", "[world]") {
  constexpr int kLanes = 150, kUsers = 40;
  const std::vector<i32> users(kLanes, kUsers);
  const std::vector<double> rates(kLanes, 0.3);
  const std::vector<i32> shared = successes({1, 1, {kUsers, nullptr}, {0.3, nullptr}}, kLanes);
  CHECK(shared == successes({1, 1, {0, users.data()}, {0.3, nullptr}}, kLanes));
  CHECK(shared == successes({1, 1, {kUsers, nullptr}, {0, rates.data()}}, kLanes));
}

}  // namespace
}  // namespace windtunnel
