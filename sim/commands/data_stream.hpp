#pragma once

#include <string>

#include "windtunnel/report/output.hpp"

namespace windtunnel {

/// Standard output of a run of several scenarios: JSON results become one list, CSV has one header, pages
/// have an empty line between them. A single result is printed as it is.
class DataStream {
 public:
  DataStream(Format format, std::size_t scenarios) : format_(format), is_list_(scenarios > 1) {}

  /// Prints the result of the next scenario.
  void print(const std::string& text);

  /// Ends the list.
  void finish() const;

 private:
  Format format_;
  bool is_list_;
  int printed_ = 0;
};

}  // namespace windtunnel
