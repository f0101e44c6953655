#include "windtunnel/report/text_layout.hpp"

#include "support/catch.hpp"

using namespace windtunnel;
using Lines = std::vector<std::string>;

TEST_CASE("text layout: width counts places and not bytes", "[report]") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("± 0.3 %") == 7);
  CHECK(display_width("▲ 4.4 × α") == 9);
  CHECK(display_width("Größe") == 5);
  CHECK(display_width("e\u0301") == 1);   // a letter and a combining accent
  CHECK(display_width("試験") == 4);      // wide letters
  CHECK(display_width("🚀") == 2);         // four bytes
  CHECK(display_width("\xff\xc3") == 2);  // no UTF-8: each byte takes a place
  CHECK(display_width("\xe2\x96") == 2);  // a letter cut short
}

TEST_CASE("text layout: padding fills up to a width", "[report]") {
  CHECK(padded("±", 3, Align::left) == "±  ");
  CHECK(padded("試", 3, Align::right) == " 試");
  CHECK(padded("long", 2, Align::left) == "long");
}

TEST_CASE("text layout: shortening never cuts through a letter", "[report]") {
  CHECK(shortened("abcdef", 6) == "abcdef");
  CHECK(shortened("abcdef", 4) == "abc…");
  CHECK(shortened("試験計画", 4) == "試…");
  CHECK(shortened("ab", 1) == "…");
}

TEST_CASE("text layout: lines are broken at spaces", "[report]") {
  CHECK(wrapped("one two three", 7, 2) == Lines{"one two", "  three"});
  CHECK(wrapped("incomprehensibilities are long", 10, 0) == Lines{"incomprehensibilities", "are long"});
  CHECK(wrapped("", 10, 0) == Lines{""});
  CHECK(joined_lines({"aa", "", "bb", "cc"}, " · ", 7) == Lines{"aa · bb", "cc"});
}

TEST_CASE("text layout: ASCII keeps the meaning of every sign the tables use", "[report]") {
  CHECK(in_ascii("▲ 4.4 × α ± 0.3 – ─ → · ≤ ✗ …") == "! 4.4 x alpha +- 0.3 - - -> - <= x ...");
  CHECK(in_ascii("試a") == "?a");
}

TEST_CASE("text layout: names cannot steer a terminal", "[report]") {
  CHECK(printable("a\x1b[31mb\nc\x7f") == "a?[31mb?c?");
  CHECK(printable("\xc2\x9b"
                  "1m") == "?1m");  // the one-letter form of an escape sequence
  CHECK(printable("a\xff") == "a?");
  CHECK(printable("P(best) > 95 % ▲ ä") == "P(best) > 95 % ▲ ä");
}
