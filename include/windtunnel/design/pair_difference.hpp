#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "windtunnel/design/analysis.hpp"
#include "windtunnel/design/planning.hpp"

namespace windtunnel {

/// The analysis that comes with `sprt` and `msprt`: the variance of the difference of means from V, the
/// variance of the difference between the two users of a pair. Not a test scenarios can ask for.
class PairDifference final : public Analysis {
 public:
  /// What takes the place of (V/2)(1/n_0 + 1/n_1) when V is estimated, with v_a = pq for 0-1 outcomes, else
  /// s^2.
  enum class PlugIn {
    pairs,  ///< the same with V = v_0 + v_1
    arms,   ///< v_0/n_0 + v_1/n_1
  };

  ///   variance  V; empty: estimated as `plug_in` says; 0: planned per treatment, V = 2 p (1 - p) with p
  ///             half-way between the baseline and an effect of the mde towards better
  PairDifference(std::optional<double> variance, PlugIn plug_in, PlannedEffect effect = {})
      : variance_(variance), plug_in_(plug_in), effect_(std::move(effect)) {}

  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  bool estimates_variance() const override { return !variance_; }

  ///   throws  InputError when V shall be planned and the outcome is not 0-1, or p is not a probability
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;

 private:
  std::vector<double> planned_variances(const Setting& setting) const;

  std::optional<double> variance_;
  PlugIn plug_in_;
  PlannedEffect effect_;
};

}  // namespace windtunnel
