#include "key_homes.hpp"

#include <algorithm>

#include "windtunnel/engine/grammar.hpp"

namespace windtunnel {

namespace {

bool has_key(const std::vector<FieldInfo>& fields, const std::string& key) {
  return std::ranges::any_of(fields, [&](const FieldInfo& field) {
    return field.key == key && !field.of_object && !field.of_members;
  });
}

/// Members of a family that have the key.
template <class Row>
void add_members(const std::string& key, const char* noun, std::span<const Row> rows,
                 std::vector<std::string>& homes) {
  for (const Row& row : rows)
    if (has_key(fields_of(*row.make()), key)) homes.push_back(std::string(noun) + " " + row.name);
}

}  // namespace

std::vector<std::string> homes_of_key(const std::string& key, const Registry& registry) {
  std::vector<std::string> homes;
  if (has_key(scenario_keys(), key)) homes.push_back("the scenario itself");
  if (has_key(world_keys(), key)) homes.push_back("/world");
  if (has_key(traffic_keys(), key)) homes.push_back("/world/traffic");
  if (has_key(outcome_keys(), key)) homes.push_back("/world/outcome");
  if (has_key(strategy_keys(), key)) homes.push_back("strategies");
  const auto is_it = [&](const auto& row) { return row.name == key; };
  if (std::ranges::any_of(registry.features, is_it)) homes.push_back("/world/features");
  add_members(key, "outcome", registry.outcomes, homes);
  add_members(key, "feature", registry.features, homes);
  add_members(key, "rule", registry.rules, homes);
  add_members(key, "policy", registry.policies, homes);
  add_members(key, "test", registry.analyses, homes);
  return homes;
}

}  // namespace windtunnel
