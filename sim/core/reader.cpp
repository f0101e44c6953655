#include "windtunnel/core/reader.hpp"

#include <algorithm>

namespace windtunnel {

const Json* Defaults::take(const std::string& key) {
  const auto found = object_.find(key);
  if (found == object_.end()) return nullptr;
  taken_.insert(key);
  return &*found;
}

ObjectReader::Entry ObjectReader::take(const std::string& key) {
  if (!knows(key)) keys_.push_back(key);
  const auto found = object_.find(key);
  if (found != object_.end()) return {&*found, child(pointer_, key)};
  if (defaults_ != nullptr)
    if (const Json* value = defaults_->take(key)) return {value, defaults_->place(key)};
  return {nullptr, child(pointer_, key)};
}

ObjectReader::Entry ObjectReader::take_required(const std::string& key, const char* summary,
                                                const std::string& needs) {
  Entry entry = take(key);
  if (entry.value == nullptr) {
    broken_ = true;
    reading_.complain(entry.where, std::string("required but missing: ") + summary +
                                       (needs.empty() ? "" : " (needs " + needs + ")"));
  }
  return entry;
}

void ObjectReader::forbid(const std::string& key, const std::string& message, const char* harmless) {
  const auto found = object_.find(key);
  if (found == object_.end()) return;
  forbidden_.insert(key);
  if (harmless != nullptr && *found == harmless) return;
  reading_.complain(child(pointer_, key), message);
}

bool ObjectReader::knows(const std::string& key) const {
  return std::find(keys_.begin(), keys_.end(), key) != keys_.end();
}

bool ObjectReader::gives(const std::string& key) const {
  return object_.contains(key) || (defaults_ != nullptr && defaults_->has(key));
}

std::string ObjectReader::place(const std::string& key) const {
  const bool inherited = !object_.contains(key) && defaults_ != nullptr && defaults_->has(key);
  return inherited ? defaults_->place(key) : child(pointer_, key);
}

void ObjectReader::finish(const std::string& owner) {
  std::string allowed;
  for (const std::string& key : keys_) allowed += (allowed.empty() ? "" : ", ") + key;
  for (const auto& [key, value] : object_.items()) {
    if (knows(key) || forbidden_.contains(key)) continue;
    const std::string alike = suggestion(key, keys_);
    const std::string meant = alike.empty() ? reading_.belongs_elsewhere(key) : alike;
    reading_.complain(child(pointer_, key), "unknown key" + meant + " (" + owner + " takes " + allowed + ")");
  }
}

template <class Read>
void ObjectReader::read(const char* key, const About& about, const std::string& needs, Read&& read_value) {
  const Entry entry =
      about.need == About::Need::required ? take_required(key, about.summary, needs) : take(key);
  if (entry.value == nullptr) return;
  const int before = reading_.complaints();
  read_value(*entry.value, entry.where);
  broken_ = broken_ || reading_.complaints() != before;
}

void ObjectReader::number(const char* key, double& value, Range range, About about) {
  read(key, about, range.text(key), [&](const Json& json, const std::string& where) {
    value = read_number(json, where, key, range, reading_).value_or(value);
  });
}

void ObjectReader::number(const char* key, std::optional<double>& value, Range range, About about) {
  read(key, about, range.text(key), [&](const Json& json, const std::string& where) {
    if (const auto x = read_number(json, where, key, range, reading_)) value = x;
  });
}

void ObjectReader::integer(const char* key, i64& value, Range range, About about) {
  read(key, about, range.text(key), [&](const Json& json, const std::string& where) {
    value = read_integer(json, where, key, range, reading_).value_or(value);
  });
}

void ObjectReader::choice(const char* key, int& value, std::span<const char* const> names, About about) {
  const std::vector<std::string> words(names.begin(), names.end());
  read(key, about, listed(words), [&](const Json& json, const std::string& where) {
    value = read_choice(json, where, "allowed", words, reading_).value_or(value);
  });
}

void ObjectReader::number_or(const char* key, const char* word, std::optional<double>& value, Range range,
                             About about) {
  const std::string needs = range.text(key) + " or \"" + word + "\"";
  read(key, about, needs, [&](const Json& json, const std::string& where) {
    if (!json.is_string()) {
      if (const auto x = read_number(json, where, key, range, reading_)) value = x;
    } else if (json.get<std::string>() == word) {
      value.reset();
    } else {
      reading_.complain(where, shown(json) + " is neither a number nor the word \"" + word + "\" (needs " +
                                   needs + ")" + suggestion(json.get<std::string>(), {word}));
    }
  });
}

void ObjectReader::number_or_object(const char* key, std::optional<double>& value, Range range,
                                    const std::function<void(Fields&)>& describe, About about) {
  const std::string needs = range.text(key) + " or an object";
  read(key, about, needs, [&](const Json& json, const std::string& where) {
    if (json.is_object()) {
      value.reset();
      return read_object(key, json, where, describe);
    }
    if (!json.is_number())
      return reading_.complain(
          where, shown(json) + " is neither a number nor an object {...} (needs " + needs + ")");
    if (const auto x = read_number(json, where, key, range, reading_)) value = x;
  });
}

void ObjectReader::numbers(const char* key, std::vector<double>& value, Range range, About about) {
  read(key, about, "a list of numbers", [&](const Json& json, const std::string& where) {
    if (!json.is_array() || json.empty())
      return reading_.complain(where, shown(json) + " is not a list of numbers (needs [x, ...]" +
                                          (range.is_bounded() ? ", each " + range.text("x") : "") + ")");
    std::vector<double> read_values;
    for (std::size_t i = 0; i < json.size(); ++i)
      if (const auto x = read_number(json[i], child(where, i), key, range, reading_))
        read_values.push_back(*x);
    if (read_values.size() == json.size()) value = std::move(read_values);
  });
}

void ObjectReader::arm(const char* key, std::string& name, About about) {
  read(key, about, listed(reading_.arms), [&](const Json& json, const std::string& where) {
    const auto given = read_text(json, where, reading_);
    if (!given) return;
    const auto& arms = reading_.arms;
    if (arms.empty() || std::find(arms.begin(), arms.end(), *given) != arms.end())
      name = *given;
    else
      reading_.complain(
          where, shown(json) + " is not an arm (needs " + listed(arms) + ")" + suggestion(*given, arms));
  });
}

void ObjectReader::flag(const char* key, int& value, About about) {
  read(key, about, "true or false", [&](const Json& json, const std::string& where) {
    if (json.is_boolean())
      value = json.get<bool>() ? 1 : 0;
    else
      reading_.complain(where, shown(json) + " is not true or false");
  });
}

void ObjectReader::lift(const char* key, std::optional<Lift>& value, Range range, About about) {
  read(key, about, "{\"relative\": x} or {\"absolute\": x}", [&](const Json& json, const std::string& where) {
    if (auto lift = read_lift(json, where, key, range, reading_)) value = std::move(lift);
  });
}

void ObjectReader::lift_beside(std::optional<Lift>& value, About about) {
  const Entry relative = take("relative"), absolute = take("absolute");
  const int before = reading_.complaints();
  if (relative.value == nullptr && absolute.value == nullptr) {
    reading_.complain(pointer_,
                      std::string("has no lift (needs \"relative\" or \"absolute\": ") + about.summary + ")");
  } else if (relative.value != nullptr && absolute.value != nullptr) {
    reading_.complain(absolute.where, "stands beside \"relative\"; a lift is one of them");
  } else {
    const char* form = relative.value != nullptr ? "relative" : "absolute";
    const Json& x = relative.value != nullptr ? *relative.value : *absolute.value;
    if (auto lift = read_lift(Json{{form, x}}, pointer_, form, {}, reading_)) value = std::move(lift);
  }
  if (reading_.complaints() != before) broken_ = true;
}

void ObjectReader::distribution(const char* key, std::optional<Distribution>& value, Range support,
                                About about) {
  read(key, about, "a number or {\"type\": ...}", [&](const Json& json, const std::string& where) {
    if (auto law = read_distribution(json, where, key, support, reading_)) value = std::move(law);
  });
}

void ObjectReader::levels(const char* key, std::vector<Distribution>& value, Range support, About about) {
  read(key, about, support.text(key), [&](const Json& json, const std::string& where) {
    if (!json.is_array()) {
      if (auto law = read_distribution(json, where, key, support, reading_)) value = {std::move(*law)};
      return;
    }
    if (json.empty()) return reading_.complain(where, "has no values");
    if (!reading_.arms.empty() && json.size() != reading_.arms.size())
      return reading_.complain(
          where, "has " + counted(json.size(), "value") + " for " + counted(reading_.arms.size(), "arm"));
    std::vector<Distribution> laws;
    bool all_numbers = true;
    for (std::size_t i = 0; i < json.size(); ++i)
      if (auto law = read_distribution(json[i], child(where, i), key, support, reading_)) {
        all_numbers = all_numbers && law->is_point();
        laws.push_back(std::move(*law));
      }
    if (laws.size() != json.size()) return;
    if (all_numbers) listed_levels_ = key;
    value = std::move(laws);
  });
}

void ObjectReader::schedule(const char* key, Schedule& value, About about) {
  read(key, about, "a schedule such as {\"every_days\": 1}", [&](const Json& json, const std::string& where) {
    value = read_schedule(json, where, reading_).value_or(value);
  });
}

void ObjectReader::text(const char* key, std::string& value, About about) {
  read(key, about, "a text", [&](const Json& json, const std::string& where) {
    value = read_text(json, where, reading_).value_or(value);
  });
}

void ObjectReader::object(const char* key, const std::function<void(Fields&)>& describe, About about) {
  read(key, about, "an object", [&](const Json& json, const std::string& where) {
    if (is_object(json, where, "an object", reading_)) read_object(key, json, where, describe);
  });
}

void ObjectReader::read_object(const char* key, const Json& json, const std::string& where,
                               const std::function<void(Fields&)>& describe) {
  ObjectReader reader(json, where, reading_);
  describe(reader);
  reader.finish(std::string("'") + key + "'");
}

void ObjectReader::members(std::vector<std::string>& names, const DescribeMember& describe) {
  names.clear();
  const int before = reading_.complaints();
  for (const auto& [name, member] : object_.items()) {
    const Entry entry = take(name);
    if (!is_object(*entry.value, entry.where, "an object", reading_)) continue;
    names.push_back(name);
    ObjectReader reader(*entry.value, entry.where, reading_);
    describe(reader, names.size() - 1);
    reader.finish("'" + name + "'");
  }
  broken_ = broken_ || reading_.complaints() != before;
}

void ObjectReader::sample(const char* file_key, const char* column_key, SampleFile& value, About about) {
  const int before = reading_.complaints();
  text(file_key, value.file, about);
  text(column_key, value.column, {"column to read"});
  if (reading_.complaints() != before || value.file.empty()) return;
  try {
    Files none;
    read_sample((reading_.files != nullptr ? *reading_.files : none).text(value.file), value);
  } catch (const InputError& error) {
    broken_ = true;
    reading_.complain(place(file_key), error.problems().front().message);
  }
}

void ObjectReader::refuse(const char* key, const std::string& message) {
  if (!broken_) reading_.complain(place(key), message);
}

}  // namespace windtunnel
