#include "windtunnel/core/reader.hpp"

#include "support/catch.hpp"
#include "windtunnel/core/writer.hpp"

namespace windtunnel {
namespace {

/// A leaf with one key of every kind.
struct Everything {
  enum class Colour { red, green };

  double alpha = 0.05;
  std::optional<double> sd;
  i64 count = 3;
  Colour colour = Colour::red;
  std::optional<double> variance = 1.0;
  std::vector<double> shares{1, 2};
  int flag = 0;
  std::optional<Lift> lift;
  std::optional<Distribution> prior;
  std::vector<Distribution> levels{Distribution::point(0.5)};
  Schedule looks;

  void describe(Fields& fields) {
    fields.number("alpha", alpha, kOpenProbability, {"level"});
    fields.number("sd", sd, kPositive, {"spread"});
    fields.integer("count", count, {1, 10}, {"how many"});
    describe_choice(fields, "colour", colour, {"red", "green"}, {"which"});
    fields.number_or("variance", "plug_in", variance, kPositive, {"of a pair"});
    fields.numbers("shares", shares, kPositive, {"weights"});
    fields.flag("flag", flag, {"yes or no"});
    fields.lift("lift", lift, {}, {"change"});
    fields.distribution("prior", prior, {}, {"belief"});
    fields.levels("levels", levels, kProbability, {"per arm"});
    fields.schedule("looks", looks, {"when"});
    if (count == 7) fields.refuse("count", "7 is unlucky");
  }
};

Everything read(const std::string& text, Reading& reading) {
  const Json json = parse_document(text);
  Everything leaf;
  ObjectReader reader(json, "", reading);
  leaf.describe(reader);
  reader.finish("everything");
  return leaf;
}

std::vector<std::string> complaints(const std::string& text) {
  Reading reading;
  reading.arms = {"control", "blue", "green"};
  read(text, reading);
  std::vector<std::string> lines;
  for (const Problem& problem : reading.problems()) lines.push_back(problem.where + ": " + problem.message);
  return lines;
}

std::string rewritten(const std::string& text) {
  Reading reading;
  Everything leaf = read(text, reading);
  INFO(text);
  CHECK(reading.problems().empty());
  ObjectWriter writer;
  leaf.describe(writer);
  return writer.object().dump();
}

TEST_CASE("reader: absent keys keep their defaults and the writer writes them out", "[core]") {
  CHECK(rewritten("{}") ==
        R"({"alpha":0.05,"count":3,"colour":"red","variance":1,"shares":[1,2],"flag":false,"levels":0.5,)"
        R"("looks":{"equally_spaced":1}})");
}

TEST_CASE("reader: what the writer writes reads back as the same", "[core]") {
  const std::string texts[] = {
      "{}",
      R"({"alpha": 0.1, "sd": 2, "count": 1e0, "colour": "green", "variance": "plug_in", "shares": [0.5], "flag": true})",
      R"({"lift": {"relative": 0.15}, "prior": 3, "levels": [0.1, {"type": "beta", "a": 1, "b": 2}, 0.3]})",
      R"({"lift": {"absolute": {"blue": 0.1, "green": {"type": "normal", "mean": 0, "sd": 1, "max": 2}}}})",
      R"({"lift": {"relative": [0.1, {"type": "discrete", "values": [1, 2], "weights": [1, 3]}]}})",
      R"({"prior": {"type": "mixture", "weights": [1, 1], "components": [{"type": "beta", "a": 1, "b": 1}, 0.5], "min": 0.1}})",
      R"({"looks": {"every_days": 1}})",
      R"({"looks": {"every_hours": 6, "from": 24}})",
      R"({"looks": {"every_users": 100, "from": 1000}})",
      R"({"looks": {"at_days": [1.5, 7]}})",
      R"({"looks": {"at_users": [10, 20]}})",
      R"({"looks": {"equally_spaced": 5}})"};
  for (const std::string& text : texts) {
    const std::string once = rewritten(text);
    CHECK(rewritten(once) == once);
  }
}

TEST_CASE("reader: the default start of a schedule is its period", "[core]") {
  Reading reading;
  CHECK(read(R"({"looks": {"every_days": 3}})", reading).looks ==
        read(R"({"looks": {"every_days": 3, "from": 3}})", reading).looks);
}

TEST_CASE("reader: integral numbers are integers however they are written", "[core]") {
  Reading reading;
  CHECK(read(R"({"count": 1e1})", reading).count == 10);
  CHECK(read(R"({"count": 4.0})", reading).count == 4);
  CHECK(reading.problems().empty());
}

TEST_CASE("reader: everything that is wrong is told at once", "[core]") {
  CHECK(
      complaints(
          R"({"alpha": 1, "count": 2.5, "colour": "gren", "flag": 1, "lift": {"relative": [1]}, "kolour": 1})") ==
      std::vector<std::string>{
          "/alpha: 1 is not a probability (needs 0 < alpha < 1)",
          "/count: 2.5 is not an integer (needs 1 <= count <= 10)",
          "/colour: \"gren\" is not allowed (needs red or green); did you mean \"green\"?",
          "/flag: 1 is not true or false", "/lift/relative: has 1 value for 2 treatments (control has none)",
          "/kolour: unknown key; did you mean \"colour\"? (everything takes alpha, sd, count, colour, "
          "variance, "
          "shares, flag, lift, prior, levels, looks)"});
}

TEST_CASE("reader: integers beyond 2^53 are out of range however they are written", "[core]") {
  CHECK(complaints(R"({"count": 18446744073709551615})").size() == 1);
  CHECK(complaints(R"({"count": -9223372036854775808})").size() == 1);
  CHECK(complaints(R"({"count": 1e300})").size() == 1);
}

TEST_CASE("reader: a contradiction is told only when its parts were right", "[core]") {
  CHECK(complaints(R"({"count": 7})") == std::vector<std::string>{"/count: 7 is unlucky"});
  CHECK(complaints(R"({"count": 7, "alpha": 2})").size() == 1);
}

TEST_CASE("reader: defaults serve keys that are asked for and pass by the others", "[core]") {
  const Json object = parse_document(R"({"alpha": 0.01})");
  const Json shared = parse_document(R"({"alpha": 0.2, "count": 5, "foreign": 1, "colour": "blue"})");
  Reading reading;
  Defaults defaults(shared, "/defaults");
  ObjectReader reader(object, "/strategies/a", reading, &defaults);
  Everything leaf;
  leaf.describe(reader);
  reader.finish("everything");
  CHECK(leaf.alpha == 0.01);
  CHECK(leaf.count == 5);
  CHECK(defaults.taken() == std::set<std::string>{"count", "colour"});
  REQUIRE(reading.problems().size() == 1);
  CHECK(reading.problems()[0].where == "/defaults/colour");
}

TEST_CASE("reader: a hostile number of problems is cut short", "[core]") {
  std::string text = "{";
  for (int i = 0; i < 5000; ++i) text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":0";
  const std::vector<std::string> lines = complaints(text + "}");
  CHECK(lines.size() == 101);
  CHECK(lines.back() == ": and more problems of this kind");
}

}  // namespace
}  // namespace windtunnel
