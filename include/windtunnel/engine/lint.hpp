#pragma once

#include <span>
#include <string>
#include <vector>

#include "windtunnel/engine/study.hpp"

namespace windtunnel {

/// One kind of finding.
struct LintRow {
  const char* id;       ///< as `allow` writes it
  const char* summary;  ///< one line
  const char* source;
};

/// Every id that a finding can have and that `allow` takes.
std::span<const LintRow> lint_rows();

/// What a scenario says that is legal but probably not meant, one sentence each with its id first; ids that
/// `allow` names are left out.
std::vector<std::string> lint(const Scenario& scenario, const Study& study);

}  // namespace windtunnel
