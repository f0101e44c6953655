#include "windtunnel/report/reference.hpp"

#include <fmt/format.h>

#include <type_traits>

#include "windtunnel/core/forms.hpp"
#include "windtunnel/design/correction.hpp"
#include "windtunnel/engine/grammar.hpp"
#include "windtunnel/engine/lint.hpp"

namespace windtunnel {

namespace {

constexpr const char* kLints = "lints";

/// Calls `visit(family, rows)` for every family, in the order people meet them.
template <class Visit>
void for_each_family(const Registry& registry, Visit&& visit) {
  visit("rules", registry.rules);
  visit("policies", registry.policies);
  visit("tests", registry.analyses);
  visit("corrections", corrections());
  visit("outcomes", registry.outcomes);
  visit("features", registry.features);
  visit("measures", registry.measures);
}

/// Parameters of a member; measures and corrections have none.
template <class Row>
std::vector<FieldInfo> parameters(const Row& row) {
  if constexpr (std::is_same_v<Row, RegistryRow<Measure>> || std::is_same_v<Row, CorrectionRow>)
    return {};
  else
    return fields_of(*row.make());
}

/// What an outcome has beside the lift in `world.effect`.
template <class Row>
std::vector<FieldInfo> effect_keys(const Row& row) {
  FieldList list;
  if constexpr (std::is_same_v<Row, RegistryRow<Outcome>>) row.make()->describe_effect(list);
  return list.fields();
}

/// Keys that strategies get with an outcome or a feature.
template <class Row>
std::vector<FieldInfo> lens_keys(const Row& row) {
  if constexpr (std::is_same_v<Row, RegistryRow<Outcome>> || std::is_same_v<Row, RegistryRow<Feature>>)
    if (const std::unique_ptr<Lens> lens = row.make()->lens()) return fields_of(*lens);
  return {};
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

template <class Row>
std::string explanation(const Row& row, const char* family) {
  std::string text =
      fmt::format("{} ({})\n  {}\n\n  formula    {}\n", row.name, family, row.summary, row.formula);
  if constexpr (std::is_same_v<Row, RegistryRow<StoppingRule>>)
    text += fmt::format("  guarantee  {}\n", guarantee_text(row.guarantee));
  text += fmt::format("  source     {}\n", row.source);
  const std::string lines = parameter_lines(parameters(row)) + parameter_lines(effect_keys(row));
  if (!lines.empty()) text += "  parameters\n" + lines;
  const std::string keys = parameter_lines(lens_keys(row));
  if (!keys.empty()) text += "  keys of strategies\n" + keys;
  return text;
}

std::string fallback_text(const FieldInfo& field) {
  if (field.need == About::Need::required) return "required";
  if (!field.default_value.empty()) return "`" + field.default_value + "`";
  return field.otherwise.empty() ? "–" : field.otherwise;
}

constexpr const char* kKeyTable =
    "| key | type | unit | range | default | meaning |\n| --- | --- | --- | --- | --- | --- |\n";

/// Rows of keys below `path`, such as "world.".
std::string key_rows(const std::string& path, const std::vector<FieldInfo>& fields) {
  const auto or_dash = [](const std::string& text) { return text.empty() ? "–" : text; };
  std::string text;
  for (const FieldInfo& field : fields)
    text += fmt::format("| `{}{}` | {} | {} | {} | {} | {} |\n", path, field.key, field.type,
                        or_dash(field.unit), or_dash(field.allowed), fallback_text(field), field.summary);
  return text;
}

std::string key_table(const std::vector<FieldInfo>& fields) {
  return kKeyTable + key_rows("", fields);
}

std::string markdown_grammar() {
  return std::string("## The grammar\n\n") + kKeyTable + key_rows("", scenario_keys()) +
         key_rows("precision.", precision_keys()) + key_rows("world.", world_keys()) +
         key_rows("world.traffic.", traffic_keys()) + key_rows("world.outcome.", outcome_keys()) +
         key_rows("strategies.*.", strategy_keys()) + key_rows("expect[].", expectation_keys());
}

/// A reusable type.
std::string markdown_forms(const char* title, const std::vector<Form>& forms) {
  std::string text = fmt::format("\n## {}\n", title);
  for (const Form& form : forms) text += fmt::format("\n### `{}`\n\n", form.name) + key_table(form.keys);
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
    const std::string keys = key_rows("", fields) + key_rows("effect.", effect_keys(row)) +
                             key_rows("strategies.*.", lens_keys(row));
    if (!keys.empty()) text += "\n" + (kKeyTable + keys);
  }
  return text;
}

/// A family whose members have no parameters.
template <class Row>
std::string markdown_names(const char* title, const char* noun, std::span<const Row> rows) {
  std::string text = fmt::format("\n## {}\n\n| {} | meaning |\n| --- | --- |\n", title, noun);
  for (const Row& row : rows) text += fmt::format("| `{}` | {} |\n", row.name, row.summary);
  return text;
}

}  // namespace

std::string key_reference(const Registry& registry) {
  return markdown_grammar() + markdown_forms("Lift (every treatment's change of the mean)", lift_forms()) +
         markdown_forms("Distribution (a number, or one of these by `type`)", distribution_forms()) +
         markdown_forms("Schedule (one of these)", schedule_forms()) +
         markdown_family("Outcomes (`world.outcome`)", registry.outcomes) +
         markdown_family("Features (`world.features`, by name)", registry.features) +
         markdown_family("Policies (`policy` of a strategy)", registry.policies) +
         markdown_family("Rules (`rule` of a strategy, parameters beside it)", registry.rules) +
         markdown_family("Tests (`test` of a strategy)", registry.analyses) +
         markdown_names("Corrections (`correction` of a strategy)", "correction", corrections()) +
         markdown_names("Measures (`measure` of an expectation)", "measure", registry.measures);
}

std::string list_members(const Registry& registry, const std::string& family) {
  std::string text;
  for_each_family(registry, [&](const char* name, const auto& rows) {
    if (!family.empty() && family != name) return;
    text += fmt::format("{}{}\n", text.empty() ? "" : "\n", name);
    for (const auto& row : rows) text += fmt::format("  {:<22} {}\n", row.name, row.summary);
  });
  if (!family.empty() && family != kLints) return text;
  text += fmt::format("{}{}\n", text.empty() ? "" : "\n", kLints);
  for (const LintRow& row : lint_rows()) text += fmt::format("  {:<22} {}\n", row.id, row.summary);
  return text;
}

std::vector<std::string> family_names() {
  return {"rules", "policies", "tests", "corrections", "outcomes", "features", "measures", kLints};
}

std::vector<std::string> member_names(const Registry& registry) {
  std::vector<std::string> names;
  for_each_family(registry, [&](const char*, const auto& rows) {
    for (const auto& row : rows) names.emplace_back(row.name);
  });
  for (const LintRow& row : lint_rows()) names.emplace_back(row.id);
  return names;
}

std::string explain_member(const Registry& registry, const std::string& name) {
  std::string text;
  for_each_family(registry, [&](const char* family, const auto& rows) {
    for (const auto& row : rows)
      if (name == row.name) text += (text.empty() ? "" : "\n") + explanation(row, family);
  });
  for (const LintRow& row : lint_rows())
    if (name == row.id)
      text += fmt::format("{} ({})\n  {}\n\n  source     {}\n  silenced   by \"allow\": [\"{}\"]\n", row.id,
                          kLints, row.summary, row.source, row.id);
  return text;
}

}  // namespace windtunnel
