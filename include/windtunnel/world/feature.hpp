#pragma once

#include "windtunnel/core/fields.hpp"
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
};

}  // namespace windtunnel
