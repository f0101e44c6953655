#include "windtunnel/core/json_document.hpp"

#include "support/catch.hpp"
#include "windtunnel/core/error.hpp"

namespace windtunnel {
namespace {

std::string complaint(const std::string& text) {
  try {
    parse_document(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string edit_complaint(Json document, const std::string& pointer) {
  try {
    set_at(document, pointer, 1);
  } catch (const InputError& error) {
    return error.problems().front().message;
  }
  return "";
}

TEST_CASE("documents: comments are skipped and keys keep their order", "[core]") {
  const Json json = parse_document("{ // one\n \"b\": 1, /* two\n */ \"a\": [true, null, \"x\"] }");
  CHECK(json.dump() == R"({"b":1,"a":[true,null,"x"]})");
}

TEST_CASE("documents: syntax errors name line and column", "[core]") {
  CHECK(complaint("{\"a\": 1\n \"b\": 2}") == "line 2, column 2: a comma is missing before \"b\"");
  CHECK(complaint("{\"a\" 1}") == "line 1, column 6: a colon is missing before 1");
  CHECK(complaint("{\"\xc3\xa4\": tru}") ==
        "line 1, column 7: tru is not JSON: strings stand in double quotes; the only bare words are true, "
        "false "
        "and null");
  CHECK(complaint("[1, 2,]") == "line 1, column 7: a comma with nothing after it");
  CHECK(complaint("{\"a\":}") == "line 1, column 6: a value is missing before }");
  CHECK(complaint("[1] 2") == "line 1, column 5: the document ends before 2");
  CHECK(complaint("{\"a\": [") == "line 1, column 8: the text ends before everything is closed");
  CHECK(complaint("") == "line 1, column 1: there is nothing to read");
  CHECK(complaint("{\"a\": -1e999}") == "line 1, column 7: -1e999 is too large for a number");
  CHECK(complaint("/* never closed") == "line 1, column 16: invalid comment; missing closing '*/'");
}

TEST_CASE("documents: every duplicate key is told with its place", "[core]") {
  CHECK(complaint(R"({"a": 1, "a/b": {"c": [{"d": 1, "d": 2}]}, "a": 3})") ==
        "/a~1b/c/0/d: duplicate key\n/a: duplicate key");
}

TEST_CASE("documents: nesting is limited", "[core]") {
  const auto nested = [](int levels) {
    return std::string(static_cast<std::size_t>(levels), '[') +
           std::string(static_cast<std::size_t>(levels), ']');
  };
  CHECK(complaint(nested(kDeepestNesting)) == "");
  CHECK(complaint(nested(kDeepestNesting + 1)) == "nested more than 32 levels deep");
  CHECK(complaint(std::string(1'000'000, '[')) == "nested more than 32 levels deep");
}

TEST_CASE("documents: an object of very many keys is read in a moment", "[core]") {
  std::string text = "{";
  for (int i = 0; i < 100'000; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  CHECK(parse_document(text + "}").size() == 100'000);
}

TEST_CASE("documents: messages show values on one line and cut them short", "[core]") {
  CHECK(shown(parse_document("{\"a\": 1e6, \"b\": 0.5}")) == R"({"a":1000000,"b":0.5})");
  CHECK(shown(std::string(100, 'x')) == "\"" + std::string(59, 'x') + "...");
  CHECK(shown("\xff") == "\"\xef\xbf\xbd\"");
}

TEST_CASE("pointers: steps are escaped and unescaped", "[core]") {
  CHECK(child("/strategies", "a/b~c") == "/strategies/a~1b~0c");
  CHECK(pointer_steps("/strategies/a~1b~0c") == std::vector<std::string>{"strategies", "a/b~c"});
  CHECK(pointer_steps("").empty());
  CHECK(pointer_steps("/") == std::vector<std::string>{""});
  CHECK_THROWS_AS(pointer_steps("a/b"), InputError);
  CHECK_THROWS_AS(pointer_steps("/a~2"), InputError);
}

TEST_CASE("pointers: a place lies within itself and its parents alone", "[core]") {
  CHECK(lies_within("/a/b", "/a"));
  CHECK(lies_within("/a", "/a"));
  CHECK(!lies_within("/ab", "/a"));
  CHECK(!lies_within("/a", "/a/b"));
}

TEST_CASE("pointers: setting a value makes the objects on the way", "[core]") {
  Json json = parse_document(R"({"world": {"arms": [1, 2]}})");
  set_at(json, "/world/effect/relative", 0.1);
  set_at(json, "/world/arms/1", 3);
  CHECK(json.dump() == R"({"world":{"arms":[1,3],"effect":{"relative":0.1}}})");
}

TEST_CASE("pointers: what blocks the way is named", "[core]") {
  const Json json = parse_document(R"({"days": 14, "arms": ["a"]})");
  CHECK(edit_complaint(json, "/days/x") == "/days is 14: it has no key \"x\"");
  CHECK(edit_complaint(json, "/arms/1") == "/arms is a list of 1: it has no element \"1\" (counted from 0)");
  CHECK(edit_complaint(json, "/arms/-") == "/arms is a list of 1: it has no element \"-\" (counted from 0)");
  CHECK(edit_complaint(json, "/arms/00") ==
        "/arms is a list of 1: it has no element \"00\" (counted from 0)");
}

TEST_CASE("documents: what is no text in UTF-8 gets one message", "[core]") {
  const std::string message = ": not text in UTF-8 (another encoding, or a binary file)";
  CHECK(complaint("\xff\xfe{\0}\0") == "line 1, column 1" + message);
  CHECK(complaint(std::string("{\0\"\0a\0", 6)) == "line 1, column 2" + message);
  CHECK(complaint("{\n\"\xc3\xa4\xe4\": 1}") == "line 2, column 3" + message);
  CHECK(complaint("\"\xc3") == "line 1, column 2" + message);
  CHECK(complaint("{\"\xf0\x9f\x8e\x89\": 1}") == "");
}

}  // namespace
}  // namespace windtunnel
