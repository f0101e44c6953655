#include <algorithm>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_document.hpp"

namespace windtunnel {

namespace {

/// The element of a list that `step` names.
Json& element(Json& list, const std::string& step, const std::string& where) {
  const bool digits = !step.empty() && step.size() < 10 &&
                      std::all_of(step.begin(), step.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits && (step == "0" || step[0] != '0') && std::stoul(step) < list.size())
    return list[std::stoul(step)];
  throw InputError("", where + " is a list of " + std::to_string(list.size()) + ": it has no element \"" +
                           step + "\" (counted from 0)");
}

}  // namespace

std::string child(const std::string& pointer, const std::string& key) {
  std::string escaped = pointer + "/";
  for (char c : key) {
    if (c == '~')
      escaped += "~0";
    else if (c == '/')
      escaped += "~1";
    else
      escaped += c;
  }
  return escaped;
}

std::string child(const std::string& pointer, std::size_t index) {
  return pointer + "/" + std::to_string(index);
}

std::vector<std::string> pointer_steps(const std::string& pointer) {
  std::vector<std::string> steps;
  if (!pointer.empty() && pointer[0] != '/') throw InputError("", "not a JSON Pointer: it must begin with /");
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      steps.emplace_back();
    } else if (pointer[i] != '~') {
      steps.back() += pointer[i];
    } else if (i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1')) {
      steps.back() += pointer[++i] == '0' ? '~' : '/';
    } else {
      throw InputError("", "not a JSON Pointer: ~ must be written ~0, and / inside a key ~1");
    }
  }
  return steps;
}

bool lies_within(const std::string& inner, const std::string& outer) {
  return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

void set_at(Json& document, const std::string& pointer, const Json& value) {
  Json* place = &document;
  std::string where;
  for (const std::string& step : pointer_steps(pointer)) {
    if (place->is_array())
      place = &element(*place, step, where);
    else if (place->is_object())
      place = &(*place)[step];  // makes a null where nothing is
    else
      throw InputError("", (where.empty() ? "the document" : where) + " is " + shown(*place) +
                               ": it has no key \"" + step + "\"");
    where = child(where, step);
    if (place->is_null() && where != pointer) *place = Json::object();
  }
  *place = value;
}

}  // namespace windtunnel
