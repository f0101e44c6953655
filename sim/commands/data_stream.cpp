#include "data_stream.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace windtunnel {

void DataStream::print(const std::string& text) {
  const bool is_first = printed_++ == 0;
  if (is_list_ && format_ == Format::json)
    fmt::print("{}{}", is_first ? "[\n" : ",\n", text);
  else if (is_list_ && format_ == Format::csv)
    fmt::print("{}", is_first ? text : text.substr(text.find('\n') + 1));
  else
    fmt::print("{}{}", is_first ? "" : "\n", text);
  std::fflush(stdout);
}

void DataStream::finish() const {
  if (is_list_ && format_ == Format::json) fmt::print("{}]\n", printed_ == 0 ? "[" : "");
}

}  // namespace windtunnel
