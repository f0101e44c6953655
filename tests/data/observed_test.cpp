#include "windtunnel/data/observed.hpp"

#include <algorithm>

#include "support/catch.hpp"

/// Values of users, one by one, beside their totals.
namespace windtunnel {
namespace {

const Channels kWanted{Channel::users, Channel::sum, Channel::deviations, Channel::values};

void add_user(double value, int arm, int lane, Observed& observed) {
  i32& users = observed.users.row(arm)[lane];
  observed.add(arm, lane, users, 1, value, 0);
  observed.keep(arm, lane, value);
  ++users;
}

TEST_CASE("observed: values are kept unless they are 0, and only where they are wanted", "[data]") {
  Observed observed;
  observed.begin(2, 3, kWanted);
  for (const double value : {2.0, 0.0, -1.0}) add_user(value, 1, 2, observed);
  CHECK(observed.values.at(1, 2) == std::vector<double>{2, -1});
  CHECK(observed.values.at(1, 1).empty());
  CHECK(observed.sum.row(1)[2] == 1);
  observed.begin(2, 3, kWanted);
  CHECK(observed.values.at(1, 2).empty());
  observed.begin(2, 3, kWanted.without(Channel::values));
  add_user(2, 1, 2, observed);
  CHECK(observed.values.rows() == 0);
}

TEST_CASE("observed: values of segments are those of the whole population together", "[data]") {
  Observed observed;
  observed.begin(2, 2, kWanted | Channels{Channel::segments}, {3, 0});
  for (int step = 1; step <= 2; ++step) {
    for (std::size_t segment = 0; segment < 3; ++segment)
      for (int arm = 0; arm < 2; ++arm)
        add_user(step + 10.0 * static_cast<double>(segment), arm, 1, observed.segments[segment]);
    observed.add_up_segments();
    CHECK(observed.users.row(0)[1] == 3 * step);
    std::vector<double> values = observed.values.at(1, 1);
    std::sort(values.begin(), values.end());
    CHECK(values == (step == 1 ? std::vector<double>{1, 11, 21} : std::vector<double>{1, 2, 11, 12, 21, 22}));
    CHECK(observed.values.at(1, 0).empty());
  }
}

}  // namespace
}  // namespace windtunnel
