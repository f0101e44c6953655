#include <algorithm>

#include "windtunnel/core/forms.hpp"
#include "windtunnel/core/reading.hpp"

namespace windtunnel {

namespace {

constexpr const char* kLiftForms = "{\"relative\": x} or {\"absolute\": x}";

/// One value for each treatment, by place in the list.
void read_list(const Json& list, const std::string& where, const std::string& key, const Range& range,
               Lift& lift, Reading& reading) {
  const std::size_t treatments = reading.arms.empty() ? list.size() : reading.arms.size() - 1;
  if (list.size() != treatments || list.empty())
    return reading.complain(where, "has " + counted(list.size(), "value") + " for " +
                                       counted(treatments, "treatment") + " (control has none)");
  for (std::size_t i = 0; i < list.size(); ++i)
    if (auto law = read_distribution(list[i], child(where, i), key, range, reading))
      lift.values.push_back(std::move(*law));
}

/// Values by the names of treatments.
void read_by_name(const Json& object, const std::string& where, const std::string& key, const Range& range,
                  Lift& lift, Reading& reading) {
  if (object.empty()) return reading.complain(where, "names no treatment");
  for (const auto& [name, value] : object.items()) {
    const std::string place = child(where, name);
    const auto arm = std::find(reading.arms.begin(), reading.arms.end(), name);
    if (!reading.arms.empty() && arm == reading.arms.begin())
      reading.complain(place, "is the control arm: it has no lift, the others are compared with it");
    else if (!reading.arms.empty() && arm == reading.arms.end())
      reading.complain(place, "is not an arm (needs " +
                                  listed({reading.arms.begin() + 1, reading.arms.end()}) + ")" +
                                  suggestion(name, reading.arms));
    else if (auto law = read_distribution(value, place, key, range, reading))
      lift.by_name.emplace(name, std::move(*law));
  }
}

}  // namespace

std::optional<Lift> read_lift(const Json& value, const std::string& where, const std::string& key,
                              const Range& range, Reading& reading) {
  if (!value.is_object() || value.size() != 1) {
    const bool number = value.is_number();
    reading.complain(
        where, shown(value) + " is not a lift (needs " +
                   (number ? "{\"relative\": " + shown(value) + "} or {\"absolute\": " + shown(value) + "}"
                           : std::string(kLiftForms)) +
                   ")");
    return {};
  }
  const std::string form = value.begin().key();
  if (form != "relative" && form != "absolute") {
    reading.complain(child(where, form), "unknown key" + suggestion(form, {"relative", "absolute"}) +
                                             " (a lift is " + kLiftForms + ")");
    return {};
  }
  const int before = reading.complaints();
  const Json& x = value.front();
  const std::string place = child(where, form);
  Lift lift;
  lift.scale = form == "relative" ? Lift::Scale::relative : Lift::Scale::absolute;
  if (x.is_array())
    read_list(x, place, key, range, lift, reading);
  else if (x.is_object() && !x.contains("type"))
    read_by_name(x, place, key, range, lift, reading);
  else if (auto law = read_distribution(x, place, key, range, reading))
    lift.values.push_back(std::move(*law));
  if (reading.complaints() != before) return {};
  return lift;
}

std::vector<Form> lift_forms() {
  const Json law = schema_reference("distribution");
  const Json list = {{"type", "array"}, {"items", law}};
  const Json by_name = {{"type", "object"}, {"additionalProperties", law}};
  const About about[] = {{"change as a share of the baseline", "", About::Need::required},
                         {"change on the scale of the outcome", "outcome", About::Need::required}};
  std::vector<Form> forms;
  for (const char* name : {"relative", "absolute"}) {
    FieldList keys;
    keys.other(name,
               "number or Distribution for every treatment, a list with one per treatment, or an object by "
               "arm name",
               "", {{"anyOf", {law, list, by_name}}}, about[forms.size()]);
    forms.push_back({name, keys.fields()});
  }
  return forms;
}

}  // namespace windtunnel
