#pragma once

#include <string>

namespace windtunnel {

/// A number as people write it: the shortest text that reads back as the same double.
std::string number_text(double value);

/// As `number_text`, but integral numbers below 2^53 without an exponent: for sentences.
std::string spoken_number(double value);

/// To 12 significant digits: what was computed from numbers of people, without the rounding of its last bits.
std::string rounded_number(double value);

}  // namespace windtunnel
