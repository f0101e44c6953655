#include "windtunnel/core/number_text.hpp"

#include <array>
#include <charconv>

namespace windtunnel {

std::string number_text(double value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return std::string(text.data(), end);
}

}  // namespace windtunnel
