#include "scenario_lenses.hpp"

#include "windtunnel/core/field_list.hpp"

namespace windtunnel {

namespace {

constexpr const char* kNoValues = " needs every user's value, which this outcome does not give";

}  // namespace

void LensReader::read(Strategy& strategy) {
  ObjectWriter chosen;
  for (const auto& [name, feature] : world_.spec.features) read_lens(feature->lens(), chosen);
  if (world_.spec.outcome) read_lens(world_.spec.outcome->lens(), chosen);
  for (const RegistryRow<Outcome>& row : registry_.outcomes) pass_by_keys_of(row);
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

/// Keys that another outcome would bring make no sense with this one; with none nobody can tell.
void LensReader::pass_by_keys_of(const RegistryRow<Outcome>& row) {
  const std::unique_ptr<Lens> lens = row.make()->lens();
  if (lens == nullptr) return;
  for (const FieldInfo& field : fields_of(*lens)) {
    if (field.of_object || reader_.knows(field.key)) continue;
    if (world_.spec.outcome)
      reader_.forbid(field.key, field.key + kNoValues);
    else
      reader_.take(field.key);
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
