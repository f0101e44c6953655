#include "scenario_lenses.hpp"

#include <fmt/format.h>

#include "windtunnel/core/field_list.hpp"

namespace windtunnel {

namespace {

constexpr const char* kNoValues = " needs every user's value, which this outcome does not give";

/// Names of the keys that a feature or an outcome brings to strategies.
template <class Leaf>
std::vector<std::string> brought_by(const RegistryRow<Leaf>& row) {
  std::vector<std::string> keys;
  if (const std::unique_ptr<Lens> lens = row.make()->lens(); lens != nullptr)
    for (const FieldInfo& field : fields_of(*lens))
      if (!field.of_object) keys.push_back(field.key);
  return keys;
}

}  // namespace

std::map<std::string, std::string> absent_keys(const WorldReading& world, const Registry& registry) {
  std::map<std::string, std::string> absent;
  const bool is_world = world.resolved.is_object();
  for (const RegistryRow<Feature>& row : registry.features)
    for (const std::string& key : brought_by(row))
      absent[key] =
          is_world ? fmt::format("{} needs the feature {}, which this world does not have", key, row.name)
                   : "";
  for (const RegistryRow<Outcome>& row : registry.outcomes)
    for (const std::string& key : brought_by(row)) absent[key] = world.spec.outcome ? key + kNoValues : "";
  return absent;
}

void LensReader::read(Strategy& strategy) {
  ObjectWriter chosen;
  for (const auto& [name, feature] : world_.spec.features) read_lens(feature->lens(), chosen);
  if (world_.spec.outcome) read_lens(world_.spec.outcome->lens(), chosen);
  pass_by_absent_keys();
  strategy.lenses = lenses_;
  if (!lenses_.empty()) strategy.lens_text = chosen.object().dump();
}

void LensReader::read_lens(std::shared_ptr<Lens> lens, ObjectWriter& chosen) {
  if (lens == nullptr) return;
  lens->describe(reader_);
  lens->describe(writer_);
  if (lens->is_plain()) return;
  lens->describe(chosen);
  const std::string key = fields_of(*lens).front().key;
  if (!check_offer(*lens, reader_.place(key), key)) return;
  keys_.push_back(key);
  lenses_.push_back(std::move(lens));
}

/// Keys that another world would bring make no sense in this one; where nobody can tell they are taken.
void LensReader::pass_by_absent_keys() {
  for (const auto& [key, why] : world_.absent) {
    if (reader_.knows(key)) continue;
    if (why.empty())
      reader_.take(key);
    else
      reader_.forbid(key, why);
  }
}

Channels LensReader::offered() const {
  return world_.spec.outcome ? seen_through(lenses_, world_.spec.offers()) : Channels{};
}

bool LensReader::check_needs(const std::function<Channels(Channels)>& needs, const std::string& where,
                             const std::string& who) const {
  if (!world_.spec.outcome) return true;
  const Channels needed = needs(offered()), given = world_.spec.offers(), of_world = needs(given);
  if (offered().has_all(needed)) return true;
  std::string problem = needed.has(Channel::successes) ? " needs outcomes of 0 and 1, as bernoulli gives"
                                                       : " needs data that this outcome does not give";
  if (needed.has(Channel::values) && !given.has(Channel::values)) problem = kNoValues;
  if (given.has_all(of_world))
    problem = " needs " + std::string(needed.has(Channel::values) ? "every user's value" : "data") +
              ", which " + culprit(needs, given) + " does not leave";
  reading_.complain(where, who + problem);
  return false;
}

/// The key of the first lens that does not show what it sees of what is needed.
std::string LensReader::culprit(const std::function<Channels(Channels)>& needs, Channels seen) const {
  std::size_t i = 0;
  for (; i + 1 < lenses_.size(); ++i)
    if (seen = lenses_[i]->shows(seen); !seen.has_all(needs(seen))) break;
  return keys_[i];
}

}  // namespace windtunnel
