#include "measures/expected.hpp"
#include "measures/replications.hpp"
#include "windtunnel/measures/stop_by_look.hpp"
#include "windtunnel/measures/users_quantile.hpp"

using namespace windtunnel;
using namespace windtunnel::measure_tests;

namespace {

std::vector<double> sorted_users(const Sample& sample) {
  std::vector<double> users = numbers(sample, everyone, [](const Replication& r) { return r.users; });
  std::sort(users.begin(), users.end());
  return users;
}

/// Share of replications stopped by the criterion within the first `looks` looks.
std::vector<double> stopped_within(const Sample& sample, int looks) {
  return numbers(sample, everyone,
                 [looks](const Replication& r) { return r.by_criterion && r.look < looks; });
}

}  // namespace

TEST_CASE("users quantile: order statistics of the replications", "[measures]") {
  const int looks = GENERATE(14, 20000);  // few and many are counted by different loops
  const int count = GENERATE(1, 2, 99, 1000, 1003);
  const Sample sample = draw({.looks = looks, .count = count, .seed = 21});
  const std::vector<double> users = sorted_users(sample);
  const std::vector<Value> values = values_of(*make_users_quantile(), sample);
  REQUIRE(values.size() == 4);
  const std::string names[] = {"0.1", "0.5", "0.9", "0.99"};
  const int percents[] = {10, 50, 90, 99};
  for (std::size_t q = 0; q < 4; ++q) {
    const int rank = (count * percents[q] + 99) / 100;  // the least share that is reached: ceil(R p)
    CHECK(values[q].at == names[q]);
    CHECK(values[q].replications == count);
    CHECK(values[q].value == users[static_cast<std::size_t>(rank - 1)]);
    CHECK(values[q].conf_low <= values[q].value);
    CHECK(values[q].conf_high >= values[q].value);
  }
}

TEST_CASE("users quantile: the interval lies between binomial ranks", "[measures]") {
  const Sample sample = draw({.looks = 5000, .count = 1000, .seed = 22});
  const std::vector<double> users = sorted_users(sample);
  const Value median = values_of(*make_users_quantile(), sample)[1];
  // 500 -+ 1.96 sqrt(1000 / 4) = 469.01, 530.99: ranks 469 and 532.
  CHECK(median.conf_low == users[468]);
  CHECK(median.conf_high == users[531]);
  CHECK(median.mcse == Approx((users[531] - users[468]) / (2 * kZ)).epsilon(1e-12));
  // 990 + 1.96 sqrt(9.9) = 996.2 lies inside, 997 + 1 = 998 is the rank.
  CHECK(values_of(*make_users_quantile(), sample)[3].conf_high == users[997]);
}

TEST_CASE("users quantile: no replications have no quantile", "[measures]") {
  CHECK(value_of(make_users_quantile(), draw({.count = 0})).absent == "no replications");
}

TEST_CASE("stop by look: cumulative shares without forced ends", "[measures]") {
  const Sample sample = draw({.looks = 14, .count = 900, .seed = 23});
  const std::vector<Value> values = values_of(*make_stop_by_look(), sample);
  REQUIRE(values.size() == 14);
  for (int look = 1; look <= 14; ++look) {
    const Value& value = values[static_cast<std::size_t>(look - 1)];
    CHECK(value.at == std::to_string(look));
    check_share(value, stopped_within(sample, look));
  }
}

TEST_CASE("stop by look: many looks are thinned and still counted exactly", "[measures]") {
  const int looks = GENERATE(200, 201, 399, 1013, 20000);
  const Sample sample = draw({.looks = looks, .count = 3000, .seed = 24});
  const std::vector<Value> values = values_of(*make_stop_by_look(), sample);
  REQUIRE(values.size() == 200);
  CHECK(values.back().at == std::to_string(looks));
  int before = 0;
  for (const Value& value : values) {
    const int look = std::stoi(value.at);
    CHECK(look > before);
    CHECK(look - before <= looks / 200 + 1);
    before = look;
    const std::vector<double> stopped = stopped_within(sample, look);
    CHECK(value.value == Approx(mean_and_error(stopped).mean).epsilon(1e-12).margin(1e-15));
  }
}

TEST_CASE("stop by look: a rule without a criterion never stops by it", "[measures]") {
  Sample sample = draw({.count = 10});
  sample.setting.tests = false;
  CHECK(value_of(make_stop_by_look(), sample).absent == "the rule does not test");
}
