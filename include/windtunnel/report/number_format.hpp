#pragma once

#include <span>
#include <string>
#include <vector>

#include "windtunnel/measures/measure.hpp"

/// Numbers as a table shows them: to the digit their error allows, one format per column.
namespace windtunnel {

/// What stands behind a number: "21.9 %", "1.64 ×", "203".
enum class Unit { plain, percent, times };

/// Written where there is no value.
inline constexpr const char* kNoValue = "–";

/// Digits after the point up to the leading digit of a positive error: 1 for .25, 2 for .03, 0 for 4.
int decimals_for(double error);

/// A number with thousands separators; never "-0".
///   decimals  digits after the point, 0 ... 15
std::string fixed_text(double value, int decimals);

/// A whole number with thousands separators.
std::string grouped(i64 value);

/// A number that was written by people, to 6 significant digits or one after the point, and with thousands
/// separators.
std::string plain_text(double value);

/// A share as people write it: "5.75 %".
std::string percent_text(double share);

/// "± 0.3": an error, rounded up to its leading digit; empty for an error of 0.
std::string error_text(double error, Unit unit);

/// The larger side of a value's 95 % interval, in its own unit; 0 for a value that is absent.
double half_width(const Value& value);

/// Values under one format.
struct NumberColumn {
  std::vector<std::string> numbers;  ///< [value], with the unit; kNoValue where there is none
  std::string error;                 ///< "± 0.3", at least every half_width; empty when all are 0
};

/// Formats values that stand under each other with the same number of decimals, so that points align.
///   values         nullptr where there is none
///   most_decimals  never more than these
NumberColumn number_column(std::span<const Value* const> values, Unit unit, int most_decimals);

/// One value with its error: "21.9 ± 0.3 %".
std::string number_with_error(const Value& value, Unit unit);

}  // namespace windtunnel
