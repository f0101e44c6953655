#pragma once

#include <memory>

namespace windtunnel {

/// What a rule promises about its false positives. Its tests hold it to an `exact` one.
enum class Guarantee { none, asymptotic, exact };

/// One member of a family of leaves: all that `list`, `explain`, the readers and the conformance tests know
/// of it.
template <class Leaf>
struct RegistryRow {
  const char* name;     ///< as scenarios write it
  const char* summary;  ///< one line
  const char* formula;  ///< what it computes, in words and symbols
  const char* source;   ///< paper and equation
  std::unique_ptr<Leaf> (*make)();
  Guarantee guarantee = Guarantee::none;
};

}  // namespace windtunnel
