#pragma once

#include <memory>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/data/lens.hpp"
#include "windtunnel/world/climate.hpp"

namespace windtunnel {

/// A piece of the mess of real traffic. Leaves live in world/features.
class Feature {
 public:
  virtual ~Feature() = default;

  virtual void describe(Fields& fields) = 0;

  /// Edits traffic, means and population of a world that is being compiled.
  ///   throws  InputError, places relative to the feature, when they cannot go together
  virtual void shape(Climate& climate) const = 0;

  /// Columns it adds to those of the outcome.
  virtual Channels offers() const { return {}; }

  /// The keys strategies get with it, or nullptr.
  virtual std::unique_ptr<Lens> lens() const { return nullptr; }
};

}  // namespace windtunnel
