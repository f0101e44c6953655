#include "windtunnel/report/reference.hpp"

#include <fmt/format.h>

#include <type_traits>

#include "grammar_keys.hpp"
#include "windtunnel/core/field_list.hpp"

namespace windtunnel {

namespace {

/// Calls `visit(family, rows)` for every family, in the order people meet them.
template <class Visit>
void for_each_family(const Registry& registry, Visit&& visit) {
  visit("rules", registry.rules);
  visit("policies", registry.policies);
  visit("tests", registry.analyses);
  visit("outcomes", registry.outcomes);
  visit("measures", registry.measures);
}

/// Parameters of a member; measures have none.
template <class Leaf>
std::vector<FieldInfo> parameters(const RegistryRow<Leaf>& row) {
  if constexpr (std::is_same_v<Leaf, Measure>) {
    return {};
  } else {
    return fields_of(*row.make());
  }
}

std::string parameter_lines(const std::vector<FieldInfo>& fields) {
  std::string text;
  for (const FieldInfo& field : fields) {
    text += fmt::format("    {}: {}", field.key, field.type);
    if (!field.allowed.empty()) text += fmt::format(", {}", field.allowed);
    if (field.need == About::Need::required) text += ", required";
    if (!field.default_value.empty()) text += fmt::format(", default {}", field.default_value);
    text += fmt::format("\n      {}\n", field.summary);
  }
  return text;
}

const char* guarantee_text(Guarantee guarantee) {
  switch (guarantee) {
    case Guarantee::none:
      return "none on false positives";
    case Guarantee::asymptotic:
      return "asymptotic: false positives near alpha with many users";
    case Guarantee::exact:
      return "exact: false positives at most alpha";
  }
  return "";
}

template <class Leaf>
std::string explanation(const RegistryRow<Leaf>& row, const char* family) {
  std::string text =
      fmt::format("{} ({})\n  {}\n\n  formula    {}\n", row.name, family, row.summary, row.formula);
  if (std::is_same_v<Leaf, StoppingRule>)
    text += fmt::format("  guarantee  {}\n", guarantee_text(row.guarantee));
  text += fmt::format("  source     {}\n", row.source);
  const std::string lines = parameter_lines(parameters(row));
  if (!lines.empty()) text += "  parameters\n" + lines;
  return text;
}

std::string markdown_rows(const std::vector<FieldInfo>& fields) {
  std::string text =
      "| key | type | unit | range | default | meaning |\n| --- | --- | --- | --- | --- | --- |\n";
  for (const FieldInfo& field : fields) {
    const std::string fallback = field.need == About::Need::required ? "required"
                                 : field.default_value.empty()       ? "–"
                                                                     : "`" + field.default_value + "`";
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", field.key, field.type,
                        field.unit.empty() ? "–" : field.unit, field.allowed.empty() ? "–" : field.allowed,
                        fallback, field.summary);
  }
  return text;
}

std::string capitalised(std::string text) {
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

template <class Leaf>
std::string markdown_family(const char* title, std::span<const RegistryRow<Leaf>> rows) {
  std::string text = fmt::format("\n## {}\n", title);
  for (const RegistryRow<Leaf>& row : rows) {
    text += fmt::format("\n### `{}`\n\n{}.\n", row.name, capitalised(row.summary));
    const std::vector<FieldInfo> fields = parameters(row);
    if (!fields.empty()) text += "\n" + markdown_rows(fields);
  }
  return text;
}

std::string markdown_measures(std::span<const RegistryRow<Measure>> rows) {
  std::string text = "\n## Measures (`measure` of an expectation)\n\n| measure | meaning |\n| --- | --- |\n";
  for (const RegistryRow<Measure>& row : rows) text += fmt::format("| `{}` | {} |\n", row.name, row.summary);
  return text;
}

}  // namespace

std::string key_reference(const Registry& registry) {
  return "## The grammar\n\n" + markdown_rows(grammar_keys()) +
         markdown_family("Outcomes (`world.outcome`)", registry.outcomes) +
         markdown_family("Policies (`policy` of a strategy)", registry.policies) +
         markdown_family("Rules (`rule` of a strategy, parameters beside it)", registry.rules) +
         markdown_family("Tests (`test` of a strategy)", registry.analyses) +
         markdown_measures(registry.measures);
}

std::string list_members(const Registry& registry, const std::string& family) {
  std::string text;
  for_each_family(registry, [&](const char* name, const auto& rows) {
    if (!family.empty() && family != name) return;
    text += fmt::format("{}{}\n", text.empty() ? "" : "\n", name);
    for (const auto& row : rows) text += fmt::format("  {:<22} {}\n", row.name, row.summary);
  });
  return text;
}

std::vector<std::string> family_names() {
  return {"rules", "policies", "tests", "outcomes", "measures"};
}

std::vector<std::string> member_names(const Registry& registry) {
  std::vector<std::string> names;
  for_each_family(registry, [&](const char*, const auto& rows) {
    for (const auto& row : rows) names.emplace_back(row.name);
  });
  return names;
}

std::string explain_member(const Registry& registry, const std::string& name) {
  std::string text;
  for_each_family(registry, [&](const char* family, const auto& rows) {
    for (const auto& row : rows)
      if (name == row.name) text += (text.empty() ? "" : "\n") + explanation(row, family);
  });
  return text;
}

}  // namespace windtunnel
