#include "windtunnel/report/number_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace windtunnel {

namespace {

constexpr int kMostDecimals = 15;
constexpr double kRoundingSlack = 1e-9;  // .3 * 10 must not be rounded up to 4

double scale_of(Unit unit) {
  return unit == Unit::percent ? 100 : 1;
}

const char* suffix_of(Unit unit) {
  return unit == Unit::percent ? " %" : unit == Unit::times ? " ×" : "";
}

/// Puts a comma between groups of three digits in front of the point.
std::string with_separators(std::string digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  const std::size_t end = std::min(digits.find_first_not_of("0123456789", first), digits.size());
  for (std::size_t at = end; at > first + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

/// An error rounded up to its leading digit.
std::string rounded_up(double error) {
  const int decimals = decimals_for(error);
  double unit = 1;
  for (int d = 0; d < decimals; ++d) unit /= 10;
  while (error / unit >= 10) unit *= 10;
  return fixed_text(std::ceil(error / unit - kRoundingSlack) * unit, decimals);
}

/// Decimals of a number without an error: those it needs of its first three digits, but not more than four.
int decimals_of_exact(double value) {
  const std::string text = fmt::format("{:.3g}", value);
  const std::size_t point = text.find('.');
  if (point == std::string::npos || text.find('e') != std::string::npos) return 0;
  return std::min(4, static_cast<int>(text.size() - point) - 1);
}

}  // namespace

int decimals_for(double error) {
  int decimals = 0;
  for (double x = error; x < 1 - kRoundingSlack && decimals < kMostDecimals; x *= 10) ++decimals;
  return decimals;
}

std::string fixed_text(double value, int decimals) {
  std::string digits = fmt::format("{:.{}f}", value, decimals);
  if (digits.find_first_of("123456789") == std::string::npos && digits.starts_with('-')) digits.erase(0, 1);
  return with_separators(std::move(digits));
}

std::string grouped(i64 value) {
  return with_separators(std::to_string(value));
}

std::string plain_text(double value) {
  const bool is_whole = std::floor(value) == value, is_large = std::fabs(value) >= 1e5;
  if (std::fabs(value) < 1e15 && (is_whole || is_large)) return fixed_text(value, is_whole ? 0 : 1);
  return with_separators(fmt::format("{:.6g}", value));
}

std::string percent_text(double share) {
  return fmt::format("{:.6g} %", share * 100);
}

std::string error_text(double error, Unit unit) {
  return error > 0 ? "± " + rounded_up(error * scale_of(unit)) : "";
}

double half_width(const Value& value) {
  if (!value.absent.empty()) return 0;
  return std::max({value.conf_high - value.value, value.value - value.conf_low, 0.0});
}

NumberColumn number_column(std::span<const Value* const> values, Unit unit, int most_decimals) {
  double error = 0;
  int exact_decimals = unit == Unit::plain ? 0 : 1;
  for (const Value* value : values) {
    if (value == nullptr || !value->absent.empty()) continue;
    error = std::max(error, half_width(*value));
    exact_decimals = std::max(exact_decimals, decimals_of_exact(value->value * scale_of(unit)));
  }
  const int decimals =
      std::min(most_decimals, error > 0 ? decimals_for(error * scale_of(unit)) : exact_decimals);
  NumberColumn column{{}, error_text(error, unit)};
  for (const Value* value : values)
    column.numbers.push_back(value == nullptr || !value->absent.empty()
                                 ? kNoValue
                                 : fixed_text(value->value * scale_of(unit), decimals) + suffix_of(unit));
  return column;
}

std::string number_with_error(const Value& value, Unit unit) {
  if (!value.absent.empty()) return kNoValue;
  const double error = half_width(value) * scale_of(unit);
  const double shown = value.value * scale_of(unit);
  const int decimals = error > 0 ? decimals_for(error) : decimals_of_exact(shown);
  const std::string with = error > 0 ? " ± " + rounded_up(error) : "";
  return fixed_text(shown, decimals) + with + suffix_of(unit);
}

}  // namespace windtunnel
