#include "windtunnel/report/number_format.hpp"

#include "made.hpp"
#include "support/catch.hpp"

using namespace windtunnel;
using Numbers = std::vector<std::string>;

namespace {

NumberColumn column(const std::vector<Value>& values, Unit unit, int most_decimals = 12) {
  std::vector<const Value*> pointers;
  for (const Value& value : values) pointers.push_back(&value);
  return number_column(pointers, unit, most_decimals);
}

}  // namespace

TEST_CASE("number format: an error allows the digits up to its leading one", "[report]") {
  CHECK(decimals_for(400) == 0);
  CHECK(decimals_for(1) == 0);
  CHECK(decimals_for(0.31) == 1);
  CHECK(decimals_for(0.1) == 1);  // though .1 * 10 could fall short of 1
  CHECK(decimals_for(0.027) == 2);
  CHECK(decimals_for(3e-7) == 7);
}

TEST_CASE("number format: errors are rounded up to one digit", "[report]") {
  CHECK(error_text(0.0025, Unit::percent) == "± 0.3");
  CHECK(error_text(0.003, Unit::percent) == "± 0.3");  // exactly .3: not .4
  CHECK(error_text(0.0031, Unit::percent) == "± 0.4");
  CHECK(error_text(3.1, Unit::plain) == "± 4");
  CHECK(error_text(37, Unit::plain) == "± 40");
  CHECK(error_text(2345, Unit::plain) == "± 3,000");
  CHECK(error_text(0.097, Unit::plain) == "± 0.10");
  CHECK(error_text(0, Unit::plain) == "");
}

TEST_CASE("number format: thousands are separated and zero has no sign", "[report]") {
  CHECK(fixed_text(1234567.891, 1) == "1,234,567.9");
  CHECK(fixed_text(-1234.5, 1) == "-1,234.5");
  CHECK(fixed_text(-123.4, 0) == "-123");
  CHECK(fixed_text(-0.04, 1) == "0.0");
  CHECK(fixed_text(999, 0) == "999");
  CHECK(grouped(-1000) == "-1,000");
  CHECK(grouped(100) == "100");
  CHECK(plain_text(2000) == "2,000");
  CHECK(plain_text(0.1 + 0.2) == "0.3");
  CHECK(plain_text(1'000'000.3) == "1,000,000.3");
  CHECK(percent_text(0.05 * 1.15) == "5.75 %");
}

TEST_CASE("number format: a column has one format and an error that no value exceeds", "[report]") {
  const NumberColumn rates =
      column({made::share(0.049, 100'000), made::share(0.219, 100'000)}, Unit::percent);
  CHECK(rates.numbers == Numbers{"4.9 %", "21.9 %"});
  CHECK(rates.error == "± 0.3");  // 1.96 sqrt(.219 .781 / 1e5) = .256 %
  const NumberColumn few = column({made::share(0.049, 100), made::share(0.219, 100)}, Unit::percent);
  CHECK(few.numbers == Numbers{"5 %", "22 %"});
  CHECK(few.error == "± 9");  // 8.1 % rounded up
  const NumberColumn days = column({made::mean(14, 0), made::mean(6.72, 0.027)}, Unit::plain, 1);
  CHECK(days.numbers == Numbers{"14.0", "6.7"});
  CHECK(days.error == "± 0.03");
}

TEST_CASE("number format: without an error numbers show three digits at most", "[report]") {
  const NumberColumn exact = column({made::mean(14, 0), made::mean(7.5, 0)}, Unit::plain);
  CHECK(exact.numbers == Numbers{"14.0", "7.5"});
  CHECK(exact.error == "");
  CHECK(column({made::mean(1203, 0)}, Unit::plain).numbers == Numbers{"1,203"});
  CHECK(column({made::mean(78.085, 0)}, Unit::plain).numbers == Numbers{"78.1"});
  CHECK(column({made::mean(60.539999999999, 0)}, Unit::plain).numbers == Numbers{"60.5"});
  CHECK(number_with_error(made::mean(78.085, 0), Unit::plain) == "78.1");
}

TEST_CASE("number format: an absent value is a dash and not a zero", "[report]") {
  CHECK(column({made::none("no rejections"), made::mean(1.5, 0.01)}, Unit::times, 2).numbers ==
        Numbers{"–", "1.50 ×"});
  const std::vector<const Value*> missing{nullptr};
  CHECK(number_column(missing, Unit::plain, 3).numbers == Numbers{"–"});
  CHECK(number_with_error(made::none("why"), Unit::plain) == "–");
}

TEST_CASE("number format: a number carries its own error", "[report]") {
  CHECK(number_with_error(made::share(0.219, 100'000), Unit::percent) == "21.9 ± 0.3 %");
  CHECK(number_with_error(made::mean(339.2, 3.1), Unit::plain) == "339 ± 4");
  CHECK(number_with_error(made::mean(14, 0), Unit::plain) == "14");
}

TEST_CASE("number format: of an interval that is not symmetric the larger side counts", "[report]") {
  const Value wilson{"", 0.0, 0, 0, 0.04, 100, Value::Kind::proportion, ""};  // nothing seen in 100
  CHECK(half_width(wilson) == 0.04);
  CHECK(number_with_error(wilson, Unit::percent) == "0 ± 4 %");
}
