#include "windtunnel/core/sample.hpp"

#include "support/catch.hpp"
#include "windtunnel/core/error.hpp"

namespace windtunnel {
namespace {

SampleFile sample_of(const std::string& text, const std::string& column) {
  SampleFile sample{"ms.csv", column, {}, {}};
  read_sample(text, sample);
  return sample;
}

std::string complaint(const std::string& text, const std::string& column) {
  try {
    sample_of(text, column);
  } catch (const InputError& error) {
    return error.problems().at(0).message;
  }
  return "good";
}

TEST_CASE("sample: a column is read whatever stands around it", "[core]") {
  const SampleFile sample =
      sample_of("\xEF\xBB\xBFpage,\"load, ms\"\r\n\"a \"\"b\"\"\", 3 \r\nc,1e1\r\n\r\nd,\"3\"\n", "load, ms");
  CHECK(sample.values == std::vector<double>{3, 10});
  CHECK(sample.counts == std::vector<i64>{2, 1});
  CHECK(sample.mean() == Approx(16.0 / 3).epsilon(1e-15));
}

TEST_CASE("sample: a histogram has values and counts in any order", "[core]") {
  const SampleFile sample = sample_of("count,value\n2,5\n0,7\n3,-1\n1,5", "");
  CHECK(sample.values == std::vector<double>{-1, 5});
  CHECK(sample.counts == std::vector<i64>{3, 3});
}

TEST_CASE("sample: what is wrong is told with file and line", "[core]") {
  CHECK(complaint("", "ms") == "ms.csv:1: the file is empty (its first line must name the columns)");
  CHECK(complaint("page,time\n", "tme") ==
        "ms.csv:1: there is no column 'tme' (the header names page or time); did you mean \"time\"?");
  CHECK(complaint("value,n\n1,2\n", "") ==
        "ms.csv:1: there is no column 'count' (the header names value or n)");
  CHECK(complaint("ms\n1\n\nfast\n", "ms") == "ms.csv:4: 'fast' is not a number");
  CHECK(complaint("ms\n1e999\n", "ms") == "ms.csv:2: '1e999' is not a number");
  CHECK(complaint("ms\nnan\n", "ms") == "ms.csv:2: 'nan' is not a number");
  CHECK(complaint("page,ms\na,1\nb\n", "ms") == "ms.csv:3: has 1 cell, too few to have one in column 2");
  CHECK(complaint("value,count\n1,1.5\n", "") ==
        "ms.csv:2: '1.5' is not a count (needs a whole number, at least 0)");
  CHECK(complaint("value,count\n1,0\n", "") == "ms.csv:2: there is no value (needs at least 1)");
  CHECK(complaint("ms\n", "ms") == "ms.csv:1: there is no value (needs at least 1)");
}

}  // namespace
}  // namespace windtunnel
