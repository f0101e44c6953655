#include "windtunnel/core/binomial_table.hpp"

#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/alias_lookup.hpp"
#include "core/binomial_masses.hpp"
#include "support/catch.hpp"
#include "support/chi_square.hpp"
#include "support/references.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {
namespace {

struct Case {
  i64 count;
  double probability;
};

/// Every table size and entry width, both edges, both ends of the probability scale.
const Case kCases[] = {{0, 0.3},      {1, 0.3},         {1, 0.999},     {2, 0.5},         {20, 0.05},
                       {160, 0.05},   {250, 0.05},      {1000, 0.02},   {1000, 0.05},     {1000, 0.0575},
                       {1000, 0.95},  {2000, 0.0575},   {5000, 0.05},   {10000, 0.5},     {31234, 0.2},
                       {50, 0.0},     {50, 1.0},        {1000000, 0.3}, {1000000, 1e-7},  {100000000, 5e-7},
                       {1000, 1e-12}, {1000, 1 - 1e-9}, {7, 5e-324},    {100000000, 1e-3}};

std::vector<i32> draw(const BinomialTable& table, LaneSource source, Address address, std::size_t lanes) {
  std::vector<i32> total(lanes, 0);
  table.add(source, address, total);
  return total;
}

/// Chi-square of `draws` draws over many looks against the law computed by log-gamma functions.
double standardised(Case c, i64 draws, u64 seed) {
  const Random random(seed, Purpose::outcome);
  const BinomialTable table(c.count, c.probability);
  std::vector<i64> observed(static_cast<std::size_t>(c.count) + 1);
  std::vector<double> law;
  constexpr std::size_t kLanes = 4096;
  const i64 rounds = draws / static_cast<i64>(kLanes);
  for (i64 time = 0; time < rounds; ++time)
    for (const i32 outcome : draw(table, {&random, 0}, {static_cast<u32>(time), 0, 0}, kLanes))
      ++observed.at(static_cast<std::size_t>(outcome));
  for (i64 k = 0; k <= c.count; ++k)
    law.push_back(math::binomial_pmf(static_cast<double>(k), static_cast<double>(c.count), c.probability));
  return chi_square(observed, law, rounds * static_cast<i64>(kLanes)).standardised();
}

}  // namespace

TEST_CASE("binomial table: masses are integers that sum to 2^63", "[core]") {
  for (const Case c : kCases) {
    INFO("count " << c.count << " probability " << c.probability);
    const LatticeMasses lattice = binomial_masses(c.count, c.probability);
    u64 sum = 0;
    for (const u64 mass : lattice.masses) sum += mass;
    CHECK(sum == u64{1} << 63);
    CHECK(lattice.masses.front() > 0);
    CHECK(lattice.masses.back() > 0);
    CHECK(lattice.first >= 0);
    CHECK(lattice.first + static_cast<i64>(lattice.masses.size()) <= c.count + 1);
  }
}

TEST_CASE("binomial table: masses are the binomial probabilities", "[core]") {
  for (const Case c : kCases) {
    INFO("count " << c.count << " probability " << c.probability);
    const LatticeMasses lattice = binomial_masses(c.count, c.probability);
    const double count = static_cast<double>(c.count);
    double worst = 0.0;
    for (std::size_t i = 0; i < lattice.masses.size(); ++i) {
      const double k = static_cast<double>(lattice.first + static_cast<i64>(i));
      const double exact = math::binomial_pmf(k, count, c.probability);
      const double mass = static_cast<double>(lattice.masses[i]) * 0x1p-63;
      // The promised 5e-16 times the distance from the mode, the 2e-12 that binomial_pmf is trusted with
      // here, rounding of masses (one unit each, the mode takes them all) and the tail folded into the ends.
      const double distance = std::fabs(k - count * c.probability) + 1.0;
      const double units = static_cast<double>(lattice.masses.size()) + 16.0;
      worst =
          std::max(worst, std::fabs(mass - exact) / (exact * (5e-16 * distance + 2e-12) + units * 0x1p-63));
    }
    CHECK(worst < 1.0);
  }
}

TEST_CASE("binomial table: alias cells give back every mass exactly", "[core]") {
  for (const Case c : kCases) {
    const LatticeMasses lattice = binomial_masses(c.count, c.probability);
    for (int cell_bits = 7; cell_bits <= 16; ++cell_bits) {
      if (lattice.masses.size() > std::size_t{1} << cell_bits) continue;
      const std::vector<AliasCell> cells = alias_cells(lattice.masses, cell_bits);
      const u64 capacity = (u64{1} << 63) >> cell_bits;
      std::vector<u64> rebuilt(cells.size(), 0);
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const u64 own = cells[i].threshold >> (cell_bits + 1);
        rebuilt[i] += own;
        rebuilt[cells[i].alias] += capacity - own;
      }
      INFO("count " << c.count << " probability " << c.probability << " cell bits " << cell_bits);
      std::vector<u64> padded = lattice.masses;
      padded.resize(cells.size(), 0);
      CHECK(rebuilt == padded);
    }
  }
}

TEST_CASE("binomial table: a draw compares all its bits with the threshold of its cell", "[core]") {
  const Random random(3, Purpose::outcome);
  const Address address{1, 2, 3};
  for (const Case c : {Case{1000, 0.05}, Case{2000, 0.0575}, Case{5000, 0.05}, Case{10000, 0.5}}) {
    const LatticeMasses lattice = binomial_masses(c.count, c.probability);
    int cell_bits = 7;
    while (lattice.masses.size() > std::size_t{1} << cell_bits) ++cell_bits;
    const int word_bits = cell_bits <= 9 ? 16 : 32, compared = word_bits - cell_bits;
    const std::vector<AliasCell> cells = alias_cells(lattice.masses, cell_bits);
    const auto outcomes = draw(BinomialTable(c.count, c.probability), {&random, 0}, address, 200000);
    i64 wrong = 0, ties = 0;
    for (u64 replication = 0; replication < outcomes.size(); ++replication) {
      u64 word = random.word(replication, address);
      if (word_bits == 16) word = random.word(replication / 2, address) >> (16 * (replication % 2)) & 0xffff;
      const u64 cell = word % cells.size();
      const u64 next =
          static_cast<u64>(random.word(replication, {1, 2, 4})) << 32 | random.word(replication, {1, 2, 5});
      // The whole fraction of 64 bits: those of the word first, then those of the next two draws.
      const u64 fraction = (word >> cell_bits) << (64 - compared) | next >> compared;
      const u64 outcome = fraction < cells[cell].threshold ? cell : cells[cell].alias;
      wrong += outcomes[replication] != lattice.first + static_cast<i64>(outcome);
      ties += (word >> cell_bits) == cells[cell].threshold >> (64 - compared);
    }
    INFO("count " << c.count << " probability " << c.probability);
    CHECK(wrong == 0);
    // 200,000 draws tie with probability 2^-compared: 390 to 1,560 times with halves, once or so with words.
    if (word_bits == 16) CHECK(ties > 300);
  }
}

TEST_CASE("binomial table: vector lookups are those of the plain loop", "[core]") {
  const Random random(19, Purpose::outcome);
  const auto check = [&](auto word, int cell_bits) {
    using Word = decltype(word);
    std::vector<Word> entries(std::size_t{1} << cell_bits), words(700);
    for (std::size_t i = 0; i < entries.size(); ++i)
      entries[i] = static_cast<Word>(random.word(i, {1, 0, 0}));
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = static_cast<Word>(random.word(i, {2, 0, 0}));
    // Every third word ties with its cell.
    const u32 mask = (u32{1} << cell_bits) - 1;
    for (std::size_t i = 0; i < words.size(); i += 3)
      words[i] = static_cast<Word>((entries[words[i] & mask] & ~mask) | (words[i] & mask));
    for (int lanes = 0; lanes <= 700; lanes += lanes < 70 ? 1 : 63) {
      std::vector<i32> fast(700, 5), plain(700, 5);
      std::vector<u16> fast_ties(700), plain_ties(700);
      const int fast_count =
          add_alias(entries.data(), cell_bits, words.data(), lanes, -3, fast.data(), fast_ties.data());
      const int plain_count = add_alias_portable(entries.data(), cell_bits, words.data(), lanes, -3,
                                                 plain.data(), plain_ties.data());
      fast_ties.resize(static_cast<std::size_t>(fast_count));
      plain_ties.resize(static_cast<std::size_t>(plain_count));
      INFO("bits of a word " << 8 * sizeof(Word) << " cell bits " << cell_bits << " lanes " << lanes);
      CHECK(fast == plain);
      CHECK(fast_ties == plain_ties);
      CHECK(plain_count >= lanes / 3);
    }
  };
  for (int cell_bits = 7; cell_bits <= 9; ++cell_bits) check(u16{}, cell_bits);
  for (int cell_bits = 10; cell_bits <= 16; ++cell_bits) check(u32{}, cell_bits);
}

TEST_CASE("binomial table: any split of the lanes and the plain loop give the same draws", "[core]") {
  const Random random(23, Purpose::outcome);
  for (const Case c :
       {Case{1, 0.3}, Case{1000, 0.05}, Case{2000, 0.0575}, Case{5000, 0.05}, Case{31234, 0.2}}) {
    INFO("count " << c.count << " probability " << c.probability);
    const BinomialTable table(c.count, c.probability);
    const u64 first = 1000;
    const auto whole = draw(table, {&random, first}, {4, 5, 0}, 3000);
    std::vector<i32> pieces(3000, 0), portable(3000, 0);
    for (std::size_t begin = 0, size = 1; begin < pieces.size(); begin += size, size = 2 * size + 1)
      table.add({&random, first + begin}, {4, 5, 0},
                std::span(pieces).subspan(begin, std::min(size, pieces.size() - begin)));
    table.add_portable({&random, first}, {4, 5, 0}, portable);
    CHECK(whole == pieces);
    CHECK(whole == portable);
  }
}

TEST_CASE("binomial table: draws are added to what is there", "[core]") {
  const Random random(29, Purpose::outcome);
  const BinomialTable table(1000, 0.05);
  std::vector<i32> total(100, 0);
  table.add({&random, 0}, {0, 0, 0}, total);
  table.add({&random, 0}, {1, 0, 0}, total);
  const auto a = draw(table, {&random, 0}, {0, 0, 0}, 100), b = draw(table, {&random, 0}, {1, 0, 0}, 100);
  for (std::size_t i = 0; i < total.size(); ++i) CHECK(total[i] == a[i] + b[i]);
}

TEST_CASE("binomial table: lanes that share a word and neighbouring places are uncorrelated", "[core]") {
  const Random random(37, Purpose::outcome);
  const BinomialTable table(1000, 0.05);
  const std::size_t size = 1 << 20;
  const auto base = draw(table, {&random, 0}, {0, 0, 0}, size);
  const auto correlation = [&](const std::vector<i32>& other, std::size_t lag) {
    double sum = 0.0;
    for (std::size_t i = 0; i + lag < size; ++i) sum += (base[i + lag] - 50) * (other[i] - 50);
    return sum / (47.5 * std::sqrt(static_cast<double>(size - lag)));
  };
  for (const std::size_t lag : std::initializer_list<std::size_t>{1, 2, 32, 128})
    CHECK(std::fabs(correlation(base, lag)) < 4.0);
  for (const Address address : {Address{1, 0, 0}, Address{0, 1, 0}, Address{0, 0, 3}})
    CHECK(std::fabs(correlation(draw(table, {&random, 0}, address, size), 0)) < 4.0);
}

TEST_CASE("binomial table: certain outcomes are drawn as such", "[core]") {
  const Random random(31, Purpose::outcome);
  for (const auto& [c, outcome] :
       {std::pair{Case{0, 0.4}, 0}, std::pair{Case{9, 0.0}, 0}, std::pair{Case{9, 1.0}, 9}})
    for (const i32 drawn : draw(BinomialTable(c.count, c.probability), {&random, 0}, {}, 5000))
      CHECK(drawn == outcome);
}

/// Reads "(160,.05),(250,.05)".
std::vector<Case> cases_of(const std::string& text) {
  std::vector<Case> cases;
  std::istringstream in(text);
  char open = 0, comma = 0, close = 0;
  for (Case c{}; in >> open >> c.count >> comma >> c.probability >> close; in >> comma) cases.push_back(c);
  return cases;
}

TEST_CASE("binomial table: draws follow the binomial law", "[core]") {
  // Cases on which std::binomial_distribution of libstdc++ 12 is 6.7 to 109 standard deviations off.
  std::vector<Case> cases = cases_of(reference("RNG-stdbinom").params["cases"]);
  REQUIRE(cases.size() == reference("RNG-stdbinom").size());
  cases.insert(cases.end(), {{1, 0.3},
                             {2, 0.5},
                             {20, 0.05},
                             {1000, 0.95},
                             {2000, 0.0575},
                             {5000, 0.05},
                             {10000, 0.5},
                             {31234, 0.2},
                             {1000000, 0.3},
                             {1000000, 2e-6},
                             {1000, 1 - 1e-5}});
  u64 seed = 100;
  for (const Case& c : cases) {
    INFO("count " << c.count << " probability " << c.probability);
    CHECK(std::fabs(standardised(c, test_draws(10'000'000), ++seed)) < 4.0);
  }
}

TEST_CASE("binomial table: what is too wide or no binomial law is refused", "[core]") {
  CHECK(BinomialTable::fits(0, 0.0));
  CHECK(BinomialTable::fits(1000, 0.05));
  CHECK(BinomialTable::fits(10'000'000, 0.5));
  CHECK(BinomialTable::fits(100'000'000, 1e-3));
  CHECK(BinomialTable::fits(i64{1} << 40, 1e-6));
  for (const Case c :
       {Case{100'000'000, 0.5}, Case{i64{1} << 40, 0.5}, Case{i64{1} << 40, 1e-2}, Case{i64{1} << 53, 0.0},
        Case{i64{1} << 40, 1.0}, Case{-1, 0.5}, Case{10, -0.1}, Case{10, 1.1}, Case{10, std::nan("")}}) {
    INFO("count " << c.count << " probability " << c.probability);
    CHECK_FALSE(BinomialTable::fits(c.count, c.probability));
    CHECK_THROWS_AS(BinomialTable(c.count, c.probability), std::invalid_argument);
  }
}

}  // namespace windtunnel
