#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/data/lens.hpp"

namespace windtunnel {

/// Most further metrics there can be.
inline constexpr double kMostMetrics = 100;

/// Further metrics that are no hypotheses of the decision, but veto it: where one of them is significantly
/// worse under a treatment that would ship, by a one-sided z test with a variance per arm of
/// "effect >= -margin", control is kept. Worse is lower, or higher where less is better. All users count,
/// whoever the decision is about.
///   source  Kohavi, Tang & Xu (2020), Trustworthy Online Controlled Experiments, ch. 7; with a margin:
///           Schultzberg, Ankargren & Franberg (2024), arXiv:2402.11609
struct Guardrails {
  std::vector<double> metrics;  ///< their numbers, counted from 1; empty: there are none
  std::optional<double> alpha;  ///< level of the test
  double margin = 0;            ///< loss that is tolerated, in standard deviations

  /// Visits the strategy's key `guardrails`.
  ///   count  metrics there are
  void describe(Fields& fields, int count);

  /// Whether a metric, counted from 0, is one of them.
  bool hold(int metric) const;

  /// What vetoes, or nullptr.
  ///   direction  +1 higher is better, -1 lower is better
  std::unique_ptr<const Veto> veto(double direction) const;
};

}  // namespace windtunnel
