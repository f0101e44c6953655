#pragma once

#include <functional>

#include "scenario_reading.hpp"

namespace windtunnel {

/// See WorldReading::absent.
std::map<std::string, std::string> absent_keys(const WorldReading& world, const Registry& registry);

/// Reads the keys that features of the world and its outcome bring to one strategy, as lenses that are looked
/// through one after the other.
class LensReader {
 public:
  LensReader(ObjectReader& reader, ObjectWriter& writer, const WorldReading& world, Reading& reading)
      : reader_(reader), writer_(writer), world_(world), reading_(reading) {}

  /// Fills the strategy's lenses.
  void read(Strategy& strategy);

  /// Columns the strategy sees through them; none while the world's outcome is not known.
  Channels offered() const;

  /// Complains of an analysis, rule or lens that reads a column which the outcome does not give, or which the
  /// lenses so far do not show; returns whether it does not.
  ///   who  it is, the beginning of a sentence
  template <class Leaf>
  bool check_offer(const Leaf& leaf, const std::string& where, const std::string& who) const {
    return check_needs([&leaf](Channels offers) { return leaf.needs(offers); }, where, who);
  }

 private:
  void read_lens(std::shared_ptr<Lens> lens, ObjectWriter& chosen);
  void pass_by_absent_keys();
  bool check_needs(const std::function<Channels(Channels)>& needs, const std::string& where,
                   const std::string& who) const;
  std::string culprit(const std::function<Channels(Channels)>& needs, Channels seen) const;

  ObjectReader& reader_;
  ObjectWriter& writer_;
  const WorldReading& world_;
  Reading& reading_;
  std::vector<std::shared_ptr<const Lens>> lenses_;
  std::vector<std::string> keys_;  // [lens] its first one
};

}  // namespace windtunnel
