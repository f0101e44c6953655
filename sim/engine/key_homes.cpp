#include "key_homes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "windtunnel/engine/grammar.hpp"

namespace windtunnel {

namespace {

bool has_key(const std::vector<FieldInfo>& fields, const std::string& key) {
  return std::ranges::any_of(fields, [&](const FieldInfo& field) {
    return field.key == key && !field.of_object && !field.of_members;
  });
}

/// Whether members of a family give strategies the key.
template <class Row>
bool lenses_have(std::span<const Row> rows, const std::string& key) {
  return std::ranges::any_of(rows, [&](const Row& row) {
    const auto lens = row.make()->lens();
    return lens != nullptr && has_key(fields_of(*lens), key);
  });
}

/// Members of a family that have the key, or "most" where more than half do.
template <class Row>
void add_members(const std::string& key, const char* noun, const char* plural, std::span<const Row> rows,
                 std::vector<std::string>& homes) {
  std::vector<std::string> members;
  for (const Row& row : rows)
    if (has_key(fields_of(*row.make()), key)) members.push_back(fmt::format("{} {}", noun, row.name));
  if (2 * members.size() > rows.size()) members.assign(1, fmt::format("most {}", plural));
  homes.insert(homes.end(), members.begin(), members.end());
}

}  // namespace

std::vector<std::string> homes_of_key(const std::string& key, const Registry& registry) {
  std::vector<std::string> homes;
  if (has_key(scenario_keys(), key)) homes.push_back("the scenario itself");
  if (has_key(world_keys(), key)) homes.push_back("/world");
  if (has_key(traffic_keys(), key)) homes.push_back("/world/traffic");
  if (has_key(outcome_keys(), key)) homes.push_back("/world/outcome");
  if (has_key(strategy_keys(), key) || lenses_have(registry.outcomes, key) ||
      lenses_have(registry.features, key))
    homes.push_back("strategies");
  const auto is_it = [&](const auto& row) { return row.name == key; };
  if (std::ranges::any_of(registry.features, is_it)) homes.push_back("/world/features");
  add_members(key, "outcome", "outcomes", registry.outcomes, homes);
  add_members(key, "feature", "features", registry.features, homes);
  add_members(key, "rule", "rules", registry.rules, homes);
  add_members(key, "policy", "policies", registry.policies, homes);
  add_members(key, "test", "tests", registry.analyses, homes);
  return homes;
}

}  // namespace windtunnel
