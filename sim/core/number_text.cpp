#include "windtunnel/core/number_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace windtunnel {

std::string number_text(double value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return std::string(text.data(), end);
}

std::string spoken_number(double value) {
  const bool integral = std::fabs(value) < 0x1p53 && value == std::floor(value);
  return integral ? std::to_string(static_cast<long long>(value)) : number_text(value);
}

std::string rounded_number(double value) {
  std::array<char, 32> text;
  const auto format = std::chars_format::general;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, format, 12).ptr;
  return std::string(text.data(), end);
}

}  // namespace windtunnel
