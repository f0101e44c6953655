#include "windtunnel/core/error.hpp"

#include "support/catch.hpp"

namespace windtunnel {
namespace {

TEST_CASE("errors: a report has a line for every problem, with file and place", "[core]") {
  const InputError error(
      std::vector<Problem>{{"/seed", "-1 is out of range"}, {"", "line 3, column 1: a comma is missing"}});
  CHECK(error.report("a.json") ==
        "a.json: /seed: -1 is out of range\na.json: line 3, column 1: a comma is missing\n");
  CHECK(std::string(error.what()) == "/seed: -1 is out of range\nline 3, column 1: a comma is missing");
}

TEST_CASE("errors: control characters are made visible", "[core]") {
  CHECK(visible("plain é ✓ text") == "plain é ✓ text");
  CHECK(visible("\033[31m\n\x7f") == "\\u001b[31m\\u000a\\u007f");
  CHECK(visible("\302\233") == "\\u009b");
  CHECK(visible("\302") == "\\xc2");  // cut off
  CHECK(visible("a\x9b") == "a\\x9b");
  CHECK(InputError("/a\033", "b").report("c\033") == "c\\u001b: /a\\u001b: b\n");
}

TEST_CASE("did you mean: small slips find their name", "[core]") {
  const std::vector<std::string> names{"fixed_horizon", "naive_peeking", "sprt", "msprt", "rejection_rate"};
  CHECK(did_you_mean("fixed-horizon", names) == "fixed_horizon");
  CHECK(did_you_mean("Fixed Horizon", names) == "fixed_horizon");
  CHECK(did_you_mean("nive_peeking", names) == "naive_peeking");
  CHECK(did_you_mean("sprt", names) == "sprt");
  CHECK(did_you_mean("srpt", names) == "sprt");
  CHECK(did_you_mean("rejection", names) == "rejection_rate");
}

TEST_CASE("did you mean: at most a third of the letters may differ", "[core]") {
  CHECK(did_you_mean("abcxyz", {"abcdef"}) == "");
  CHECK(did_you_mean("abcdyz", {"abcdef"}) == "abcdef");
  CHECK(did_you_mean("x", {"y"}) == "");
  CHECK(did_you_mean("", {"alpha"}) == "");
  CHECK(did_you_mean("alpha", {}) == "");
}

TEST_CASE("did you mean: nearest name wins and the first of equals", "[core]") {
  CHECK(did_you_mean("betta", {"bettas", "beta", "betts"}) == "bettas");
  CHECK(did_you_mean("bta", {"eta", "beta"}) == "eta");
}

TEST_CASE("did you mean: very long words are left alone", "[core]") {
  CHECK(did_you_mean(std::string(100'000, 'a'), {std::string(100'000, 'a')}) == "");
}

TEST_CASE("errors: what is wrong with several parts is told together, each problem once", "[core]") {
  Problems problems;
  CHECK_NOTHROW(problems.tell());
  for (const char* place : {"/a", "/b", "/a"})
    problems.gather(place, [] { throw InputError("/x", "is wrong"); });
  bool is_done = false;
  problems.gather("/c", [&] { is_done = true; });
  CHECK(is_done);
  CHECK_THROWS_AS(problems.gather("", [] { throw std::logic_error("of the program"); }), std::logic_error);
  try {
    problems.tell();
    FAIL("nothing was told");
  } catch (const InputError& error) {
    REQUIRE(error.problems().size() == 2);
    CHECK(error.problems()[0].where == "/a/x");
    CHECK(error.problems()[1].where == "/b/x");
    CHECK(error.problems()[1].message == "is wrong");
  }
}

}  // namespace
}  // namespace windtunnel
