#include "windtunnel/report/result_json.hpp"

#include "made.hpp"
#include "support/catch.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_document.hpp"
#include "windtunnel/report/manifest.hpp"

using namespace windtunnel;

namespace {

std::string written(const made::Run& run) {
  return result_json(run.report(), run.progress);
}

/// What reading a text complains of; empty when it reads.
std::string complaint(const std::string& text) {
  try {
    read_result(text, "a.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// A good result with one member replaced.
std::string with(const char* key, const Json& value) {
  Json json = Json::parse(written(made::daily_peeking()));
  json[key] = value;
  return json.dump();
}

}  // namespace

TEST_CASE("result json: it begins with what it is and holds no host facts", "[report]") {
  made::Run run = made::daily_peeking();
  run.result.cells.resize(1);
  run.result.cells[0].strategies.resize(1);
  run.result.cells[0].strategies[0] = {{"mean_days", {{"", 14, 0, 14, 14, 5, Value::Kind::mean, ""}}},
                                       {"exaggeration", {made::none("the effect is 0")}}};
  run.result.cells[0].pairs = {{0, 1, "mean_days", {"", 2, 0.5, 1, 3, 5, Value::Kind::mean, ""}}};
  run.result.expectations = {{ExpectationResult::State::fails, "mean_days of 'fixed horizon' near 13", 0}};
  run.cells.resize(1);
  CHECK(written(run) ==
        "{\n"
        " \"windtunnel_result\": 1,\n"
        " \"law\": 2,\n"
        " \"grammar\": 1,\n"
        " \"name\": \"daily-peeking\",\n"
        " \"hash\": \"00112233445566778899aabbccddeeff\",\n"
        " \"replications\": [\n"
        "  [0,100000]\n"
        " ],\n"
        " \"tallies\": [\n"
        "  [100000,4900,\"1152921504606846976\"],\n"
        "  [100000,-3]\n"
        " ],\n"
        " \"cells\": [\n"
        "  {\n"
        "   \"cell\": \"null\",\n"
        "   \"at\": {},\n"
        "   \"experiment\": 0,\n"
        "   \"strategies\": {\n"
        "    \"fixed horizon\": {\n"
        "     \"mean_days\": [{\"value\":14.0,\"mcse\":0.0,\"conf_low\":14.0,\"conf_high\":14.0,"
        "\"replications\":5}],\n"
        "     \"exaggeration\": [{\"absent\":\"the effect is 0\"}]\n"
        "    }\n"
        "   },\n"
        "   \"differences\": [\n"
        "    {\"strategy\":\"fixed horizon\",\"versus\":\"daily "
        "peeking\",\"measure\":\"mean_days\",\"value\":2.0,"
        "\"mcse\":0.5,\"conf_low\":1.0,\"conf_high\":3.0,\"replications\":5}\n"
        "   ]\n"
        "  }\n"
        " ],\n"
        " \"expectations\": [\n"
        "  {\"state\":\"fails\",\"sentence\":\"mean_days of 'fixed horizon' near 13\"}\n"
        " ],\n"
        " \"scenario\": {\"windtunnel\":1,\"seed\":1},\n"
        " \"resolved\": {\n"
        "  \"windtunnel\": 1,\n"
        "  \"world\": {\"outcome\":{\"type\":\"bernoulli\",\"rate\":0.05}}\n"
        " }\n"
        "}\n");
}

TEST_CASE("result json: what was written reads back", "[report]") {
  made::Run run = made::daily_peeking();
  run.progress.done = RangeSet({5, 10});
  run.progress.done.add({40, 2});
  const i128 huge = (i128{1} << 126) + 12345;
  run.progress.tallies = {{{huge, -huge, (i64{1} << 53) + 1}}, {{0}}};
  const StoredResult stored = read_result(written(run), "a.json");
  CHECK(stored.file == "a.json");
  CHECK(stored.name == "daily-peeking");
  CHECK(stored.hash == run.scenario.hash);
  CHECK(Json::parse(stored.scenario) == Json::parse(run.scenario.written));
  CHECK(stored.progress.done == run.progress.done);
  CHECK(stored.progress.tallies == run.progress.tallies);
}

TEST_CASE("result json: the digits of every number read back as the same double", "[report]") {
  made::Run run = made::daily_peeking();
  for (double x : {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -2.5e-5}) {
    run.result.cells[0].strategies[0][0].values[0].value = x;
    const Json json = Json::parse(written(run));
    CHECK(json["cells"][0]["strategies"]["fixed horizon"]["rejection_rate"][0]["value"].get<double>() == x);
  }
}

TEST_CASE("result json: a file that was cut off is refused wherever the cut is", "[report]") {
  const std::string whole = written(made::daily_peeking());
  REQUIRE(complaint(whole) == "");
  for (std::size_t length = 0; length + 2 < whole.size(); length += 7) {
    INFO(length);
    CHECK(complaint(whole.substr(0, length)).starts_with("is cut off or is no JSON: "));
  }
}

TEST_CASE("result json: wrong files are refused in words", "[report]") {
  CHECK(complaint("[]") == "is not a result of windtunnel");
  CHECK(complaint(R"({"windtunnel": 1, "world": {}})") == "is not a result of windtunnel");
  CHECK(complaint(R"({"windtunnel_result": 1})") == "has no \"law\", as if it had been cut off or edited");
  CHECK(complaint(with("windtunnel_result", 2)) == "has layout version 2; this program reads version 1 only");
  CHECK(complaint(with("law", 7)) == "has law version 7; this program reads version 2 only");
  CHECK(complaint(with("grammar", 2)) == "has grammar version 2; this program reads version 1 only");
  CHECK(complaint(with("hash", 12)) == "\"hash\" is 12, not a text");
  CHECK(complaint(with("tallies", "none")) == "\"tallies\" is \"none\", not a list");
  CHECK(complaint(with("tallies", {{1, 2.5}})) == "\"tallies\" holds 2.5, not an integer");
  CHECK(complaint(with("tallies", {{"12x"}})) == "\"tallies\" holds \"12x\", not an integer");
  CHECK(complaint(with("tallies", Json::array({5}))) == "\"tallies\" holds 5, not a list");
  CHECK(complaint(with("replications", Json::array({Json::array({0})}))) ==
        "\"replications\" holds [0], not [first, count]");
  CHECK(complaint(with("replications", Json::array({Json::array({-1, 5})}))) ==
        "\"replications\" holds [-1,5], not [first, count]");
  CHECK(complaint(with("replications", Json::array({Json::array({0, 5}), Json::array({4, 2})}))) ==
        "lists the replications [4,2] twice");
  CHECK(complaint(with("scenario", 3)) == "\"scenario\" is not an object");
}

TEST_CASE("manifest: it names the program and the command", "[report]") {
  const Manifest manifest{{"windtunnel", "run", "a.json"}, "2024-05-01T12:00:00Z", 0.5, 2};
  const Json json = Json::parse(manifest_json(made::daily_peeking().report(), manifest));
  CHECK(json["scenario_hash"] == "00112233445566778899aabbccddeeff");
  CHECK(json["command_line"] == Json{"windtunnel", "run", "a.json"});
  CHECK(json["threads"] == 2);
  CHECK(json["seconds"] == 0.5);
  CHECK(json["date"] == "2024-05-01T12:00:00Z");
  for (const char* key : {"program", "git_revision", "compiler", "instruction_set"})
    CHECK(!json[key].get<std::string>().empty());
  const std::string date = utc_date();
  CHECK(date.size() == 20);
  CHECK(date[10] == 'T');
  CHECK(date.back() == 'Z');
}
