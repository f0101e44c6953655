#include "commands/progress_line.hpp"

#include "support/catch.hpp"
#include "windtunnel/report/text_layout.hpp"

using namespace windtunnel;

TEST_CASE("progress: the line tells the share and the rate and the time left first", "[commands]") {
  CHECK(progress_text("peeking", 250'000, 1'000'000, 12'345) ==
        "25 % of 1,000,000, 12.3 thousand/s, 1 min 1 s left · peeking");
  CHECK(progress_text("x", 999'999, 1'000'000, 2e6) ==
        "99 % of 1,000,000, 2 million/s, under 0.1 s left · x");
  CHECK(progress_text("x", 5, 281'474'976'710'656, 789) ==
        "0 % of 281,474 billion, 789/s, 4129039 days left · x");
}

TEST_CASE("progress: what counts fits into 60 columns", "[commands]") {
  const std::string name(200, 'x');
  for (i64 total : {10'000LL, 9'999'999'999LL, 281'474'976'710'656LL})
    for (double rate : {0.4, 7.0, 9'999.4, 999'000.0, 1.23e6, 9.99e8}) {
      const std::string line = progress_text(name, total / 2, total, rate);
      INFO(line);
      CHECK(display_width(line.substr(0, line.find(" · "))) <= 60);
    }
}
