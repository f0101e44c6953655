#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/sample_files.hpp"
#include "windtunnel/core/reader.hpp"
#include "windtunnel/engine/registry.hpp"
#include "windtunnel/world/world.hpp"

/// Outcomes outside any scenario: their totals after one step.
namespace windtunnel {

/// Gives a leaf, or a lens, these keys and no others.
template <class Leaf>
void read_keys(Leaf& leaf, const Json& keys) {
  Reading reading;
  ObjectReader reader(keys, "", reading);
  leaf.describe(reader);
  reader.finish("test");
  REQUIRE(reading.problems().empty());
}

/// An outcome of the registry with these parameters.
///   effect  keys that stand in `world.effect`
inline std::unique_ptr<Outcome> make_outcome(const std::string& type, const Json& parameters,
                                             const Json& effect = Json::object()) {
  Files files(sample_file);
  Reading reading;
  reading.files = &files;
  for (const auto& row : registry().outcomes) {
    if (row.name != type) continue;
    std::unique_ptr<Outcome> outcome = row.make();
    ObjectReader reader(parameters, "", reading), beside(effect, "", reading);
    outcome->describe(reader);
    outcome->describe_effect(beside);
    reader.finish(type);
    REQUIRE(reading.problems().empty());
    return outcome;
  }
  throw std::logic_error("no outcome " + type);
}

/// Totals of one arm, [lane].
struct ArmTotals {
  std::vector<double> sum, deviations;
};

/// Totals after batches of the given sizes, drawn by either path.
///   means  [lane]; one for all when there is one
inline ArmTotals draw_totals(const Outcome& outcome, const std::vector<i32>& steps,
                             const std::vector<double>& means, int lanes, Path path,
                             u64 first_replication = 0) {
  const Random values(11, Purpose::outcome), spread(11, Purpose::spread);
  const Channels wanted{Channel::users, Channel::sum, Channel::deviations};
  const auto model = outcome.plan({}, wanted);
  Observed observed;
  observed.begin(2, lanes, wanted);
  u32 time = 0;
  for (const i32 users : steps) {
    Batch batch{1, 1, {users, nullptr}, {means[0], means.size() > 1 ? means.data() : nullptr}};
    const BatchSource source{{&values, first_replication},
                             {&spread, first_replication},
                             {&spread, first_replication},
                             {time, 1, 0}};
    if (path == Path::increments)
      model->add_batch(batch, source, observed);
    else
      model->add_users(batch, source, observed);
    time += static_cast<u32>(path == Path::increments ? 1 : users);
    for (int l = 0; l < lanes; ++l) observed.users.row(1)[l] += users;
  }
  return {{observed.sum.row(1), observed.sum.row(1) + lanes},
          {observed.deviations.row(1), observed.deviations.row(1) + lanes}};
}

}  // namespace windtunnel
