#include "windtunnel/core/reading.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "windtunnel/core/json_document.hpp"
#include "windtunnel/core/number_text.hpp"

namespace windtunnel {

namespace {

/// What is wrong with a number outside its range.
std::string out_of_range(const Json& value, const std::string& key, const Range& range) {
  const bool probability = range.low >= 0 && range.high == 1;
  const double x = value.get<double>();
  const bool percentage = probability && x >= 2 && range.contains(x / 100);
  return shown(value) + (probability ? " is not a probability" : " is out of range") + " (needs " +
         range.text(key) + ")" + (percentage ? "; did you mean " + spoken_number(x / 100) + "?" : "");
}

std::string wrong_type(const Json& value, const std::string& noun, const std::string& key,
                       const Range& range) {
  return shown(value) + " is not " + noun + (range.is_bounded() ? " (needs " + range.text(key) + ")" : "") +
         share_meant(value, range);
}

}  // namespace

std::string share_meant(const Json& value, const Range& range) {
  if (!value.is_string()) return "";
  const std::string text = value.get<std::string>();
  char* end = nullptr;
  const double percents = std::strtod(text.c_str(), &end);
  const std::string unit = end == text.c_str() ? "" : end;
  const bool is_share = (unit == "%" || unit == " %") && range.contains(percents / 100);
  return is_share ? "; did you mean " + spoken_number(percents / 100) + "?" : "";
}

const std::string& Files::text(const std::string& name) {
  const auto found = texts_.find(name);
  if (found != texts_.end()) return found->second;
  if (!source_) throw InputError("", "'" + name + "' cannot be read here: this scenario stands alone");
  std::string text = source_(name);
  try {
    Json(text).dump();  // results hold it, and they are UTF-8
  } catch (const Json::exception&) {
    throw InputError("", "'" + name + "' is not text in UTF-8");
  }
  return texts_[name] = std::move(text);
}

void Reading::complain(const std::string& where, const std::string& message) {
  constexpr std::size_t kEnough = 100;
  ++complaints_;
  const bool known = std::any_of(problems_.begin(), problems_.end(), [&](const Problem& problem) {
    return problem.where == where && problem.message == message;
  });
  if (known || problems_.size() > kEnough) return;
  if (problems_.size() == kEnough)
    problems_.push_back({"", "and more problems of this kind"});
  else
    problems_.push_back({where, message});
}

std::string Reading::belongs_elsewhere(const std::string& key) const {
  constexpr std::size_t kMost = 3;
  const std::vector<std::string> owners = homes ? homes(key) : std::vector<std::string>{};
  return owners.empty() || owners.size() > kMost ? "" : "; it is a key of " + listed(owners);
}

std::string suggestion(const std::string& written, const std::vector<std::string>& candidates) {
  const std::string meant = did_you_mean(written, candidates);
  return meant.empty() ? "" : "; did you mean \"" + meant + "\"?";
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return text;
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string with_article(const std::string& noun) {
  return (std::string("aeiou").find(noun.front()) == std::string::npos ? "a " : "an ") + noun;
}

bool is_object(const Json& value, const std::string& where, const std::string& noun, Reading& reading) {
  if (!value.is_object())
    reading.complain(where, shown(value) + " is not " + noun + " (needs an object {...})");
  return value.is_object();
}

std::optional<double> read_number(const Json& value, const std::string& where, const std::string& key,
                                  const Range& range, Reading& reading) {
  if (!value.is_number()) {
    reading.complain(where, wrong_type(value, "a number", key, range));
    return {};
  }
  const double x = value.get<double>();
  if (std::isfinite(x) && range.contains(x)) return x;
  reading.complain(where, out_of_range(value, key, range));
  return {};
}

std::optional<i64> read_integer(const Json& value, const std::string& where, const std::string& key,
                                const Range& range, Reading& reading) {
  constexpr double kExact = 0x1p53;
  const bool integral = value.is_number() && value.get<double>() == std::floor(value.get<double>());
  if (!integral) {
    reading.complain(where, wrong_type(value, "an integer", key, range));
    return {};
  }
  const Range exact{std::max(range.low, 1 - kExact), std::min(range.high, kExact - 1), range.ends};
  const double x = value.get<double>();
  if (exact.contains(x)) return static_cast<i64>(x);
  reading.complain(where, out_of_range(value, key, exact));
  return {};
}

std::optional<int> read_choice(const Json& value, const std::string& where, const std::string& noun,
                               const std::vector<std::string>& names, Reading& reading) {
  if (value.is_string()) {
    const auto found = std::find(names.begin(), names.end(), value.get<std::string>());
    if (found != names.end()) return static_cast<int>(found - names.begin());
  }
  const std::string hint = value.is_string() ? suggestion(value.get<std::string>(), names) : "";
  reading.complain(where, shown(value) + " is not " + noun + " (needs " + listed(names) + ")" + hint);
  return {};
}

std::optional<std::string> read_text(const Json& value, const std::string& where, Reading& reading) {
  if (value.is_string()) return value.get<std::string>();
  reading.complain(where, shown(value) + " is not a text in double quotes");
  return {};
}

}  // namespace windtunnel
