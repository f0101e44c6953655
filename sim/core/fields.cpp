#include "windtunnel/core/fields.hpp"

#include <cmath>

#include "windtunnel/core/number_text.hpp"

namespace windtunnel {

bool Range::contains(double x) const {
  const bool open_low = ends == Ends::open || ends == Ends::open_low;
  const bool open_high = ends == Ends::open || ends == Ends::open_high;
  return (open_low ? x > low : x >= low) && (open_high ? x < high : x <= high);
}

bool Range::is_bounded() const {
  return std::isfinite(low) || std::isfinite(high);
}

std::string Range::text(const std::string& key) const {
  const char* below = ends == Ends::open || ends == Ends::open_low ? "<" : "<=";
  const char* above = ends == Ends::open || ends == Ends::open_high ? "<" : "<=";
  const bool has_low = std::isfinite(low), has_high = std::isfinite(high);
  if (!has_low && !has_high) return "any " + key;
  if (!has_low) return key + " " + above + " " + spoken_number(high);
  if (!has_high) return key + (below[1] == '=' ? " >= " : " > ") + spoken_number(low);
  return spoken_number(low) + " " + below + " " + key + " " + above + " " + spoken_number(high);
}

}  // namespace windtunnel
