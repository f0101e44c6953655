#include "windtunnel/world/winsorising.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "support/catch.hpp"
#include "windtunnel/core/reader.hpp"
#include "windtunnel/core/writer.hpp"

/// Capped outcomes against users written out one by one.
namespace windtunnel {
namespace {

const Channels kWanted{Channel::users, Channel::sum, Channel::deviations, Channel::values};

std::unique_ptr<Lens> cap_lens(const std::string& strategy) {
  const Json keys = parse_document(strategy);
  Reading reading;
  ObjectReader reader(keys, "", reading);
  std::unique_ptr<Lens> lens = make_cap_lens();
  lens->describe(reader);
  reader.finish("test");
  REQUIRE(reading.problems().empty());
  return lens;
}

using Users = std::vector<std::vector<double>>;  // [arm]

Observed observed_of(const std::vector<Users>& lanes) {
  Observed observed;
  observed.begin(static_cast<int>(lanes[0].size()), static_cast<int>(lanes.size()), kWanted);
  for (int l = 0; l < observed.lanes; ++l)
    for (int arm = 0; arm < observed.arms; ++arm)
      for (const double value : lanes[static_cast<std::size_t>(l)][static_cast<std::size_t>(arm)]) {
        observed.add(arm, l, observed.users.row(arm)[l], 1, value, 0);
        observed.keep(arm, l, value);
        ++observed.users.row(arm)[l];
      }
  return observed;
}

double pooled_quantile(const Users& arms, double q) {
  std::vector<double> all;
  for (const auto& arm : arms) all.insert(all.end(), arm.begin(), arm.end());
  std::sort(all.begin(), all.end());
  return all.empty()
             ? 0
             : all[static_cast<std::size_t>(std::ceil(q * static_cast<double>(all.size()) - 1e-9)) - 1];
}

/// Checks totals and values of all lanes.
///   cap  of a lane
template <class Cap>
void check_capped(const std::vector<Users>& lanes, const Lens& lens, Cap cap) {
  const Observed observed = observed_of(lanes);
  Observed scratch;
  const Observed& seen = lens.see(observed, {}, 0, scratch);
  for (int l = 0; l < seen.lanes; ++l)
    for (int arm = 0; arm < seen.arms; ++arm) {
      std::vector<double> users = lanes[static_cast<std::size_t>(l)][static_cast<std::size_t>(arm)], kept;
      double sum = 0, squares = 0;
      for (double& value : users) value = std::min(value, cap(lanes[static_cast<std::size_t>(l)]));
      for (const double value : users) sum += value;
      const double mean = users.empty() ? 0 : sum / static_cast<double>(users.size());
      for (const double value : users) squares += (value - mean) * (value - mean);
      for (const double value : users)
        if (value != 0) kept.push_back(value);
      std::vector<double> values = seen.values.at(arm, l);
      std::sort(values.begin(), values.end());
      std::sort(kept.begin(), kept.end());
      CHECK(seen.users.row(arm)[l] == static_cast<i32>(users.size()));
      CHECK(values == kept);
      CHECK(seen.sum.row(arm)[l] == Approx(sum).epsilon(1e-12).margin(1e-12));
      CHECK(seen.deviations.row(arm)[l] == Approx(squares).epsilon(1e-12).margin(1e-12));
    }
}

std::vector<Users> made_up(double share_of_zeros, double centre) {
  std::mt19937_64 engine(4);
  std::vector<Users> lanes(120, Users(3));
  for (Users& arms : lanes)
    for (auto& arm : arms) {
      arm.resize(engine() % 30);
      for (double& value : arm) {
        const bool is_zero = static_cast<double>(engine() % 1000) < 1000 * share_of_zeros;
        value = is_zero ? 0 : centre + std::normal_distribution<>(0, 3)(engine);
      }
    }
  return lanes;
}

TEST_CASE("cap: a number bounds every outcome, and no other", "[world]") {
  for (const double zeros : {0.0, 0.6})
    for (const double centre : {2.0, -4.0}) {
      const auto lens = cap_lens(R"({"cap": 1.5})");
      check_capped(made_up(zeros, centre), *lens, [](const Users&) { return 1.5; });
    }
}

TEST_CASE("cap: a quantile is that of all arms together, zeros among them", "[world]") {
  for (const double q : {0.9, 0.5, 0.05})
    for (const double zeros : {0.0, 0.6})  // caps above, at and below 0
      for (const double centre : {2.0, -4.0}) {
        CAPTURE(q, zeros, centre);
        const auto lens = cap_lens(R"({"cap": {"quantile": )" + std::to_string(q) + "}}");
        check_capped(made_up(zeros, centre), *lens,
                     [q](const Users& arms) { return pooled_quantile(arms, q); });
      }
}

TEST_CASE("cap: segments are capped where the whole population is", "[world]") {
  Observed observed;
  observed.begin(2, 1, kWanted | Channels{Channel::segments}, {2, 0});
  const std::vector<double> outcomes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    Observed& segment = observed.segments[i < 5 ? 0 : 1];
    const int arm = i % 2 == 0 ? 0 : 1;
    segment.add(arm, 0, segment.users.row(arm)[0], 1, outcomes[i], 0);
    segment.keep(arm, 0, outcomes[i]);
    ++segment.users.row(arm)[0];
  }
  observed.add_up_segments();
  Observed scratch;
  const auto lens = cap_lens(R"({"cap": {"quantile": 0.7}})");
  const Observed& seen = lens->see(observed, {}, 0, scratch);
  REQUIRE(seen.segments.size() == 2);
  CHECK(seen.sum.row(0)[0] == 1 + 3 + 5 + 7 + 7);
  CHECK(seen.segments[0].sum.row(0)[0] == 1 + 3 + 5);
  CHECK(seen.segments[1].sum.row(0)[0] == 7 + 7);
  CHECK(seen.segments[1].sum.row(1)[0] == 6 + 7 + 7);
  CHECK(lens->shows(kWanted | Channels{Channel::segments, Channel::covariate}) ==
        (kWanted | Channels{Channel::segments}));
}

TEST_CASE("cap: outcomes that all reach it have no deviations, not even of rounding", "[world]") {
  const auto lens = cap_lens(R"({"cap": 0.1})");
  const Observed observed = observed_of({{{3, 7, 0.2, 5, 1, 0.7, 9}, {4, 4, 8}}});
  Observed scratch;
  const Observed& seen = lens->see(observed, {}, 0, scratch);
  CHECK(seen.deviations.row(0)[0] == 0);
  CHECK(seen.deviations.row(1)[0] == 0);
}

TEST_CASE("cap: absent it leaves what is seen alone; both of its forms are written as they are read",
          "[world]") {
  CHECK(cap_lens("{}")->is_plain());
  for (const char* text : {R"({"cap":205.7})", R"({"cap":{"quantile":0.99}})"}) {
    const auto lens = cap_lens(text);
    CHECK_FALSE(lens->is_plain());
    ObjectWriter writer;
    lens->describe(writer);
    CHECK(writer.object().dump() == text);
  }
}

}  // namespace
}  // namespace windtunnel
