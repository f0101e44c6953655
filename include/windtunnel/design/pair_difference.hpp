#pragma once

#include <optional>

#include "windtunnel/design/analysis.hpp"
#include "windtunnel/design/planning.hpp"

namespace windtunnel {

/// The analysis that comes with `sprt`: the variance of the difference of means is (V/2)(1/n_0 + 1/n_1),
/// where V is the variance of the difference between the two users of a pair. Not a test scenarios can ask
/// for.
class PairDifference final : public Analysis {
 public:
  ///   variance  V; empty: plug_in, V = v_0 + v_1 estimated per arm (0-1 outcomes pq, else s^2); 0: planned,
  ///             V = 2 p (1 - p) with p half-way between the baseline and an effect of the mde towards better
  PairDifference(std::optional<double> variance, PlannedEffect effect)
      : variance_(variance), effect_(std::move(effect)) {}

  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  bool estimates_variance() const override { return !variance_; }

  ///   throws  InputError when V shall be planned and the outcome is not 0-1, or p is not a probability
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;

 private:
  double planned_variance(const Setting& setting) const;

  std::optional<double> variance_;
  PlannedEffect effect_;
};

}  // namespace windtunnel
