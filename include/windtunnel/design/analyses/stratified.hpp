#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// Post-stratified z test: the difference within every segment g, weighted by the segment's share of all
/// users seen, sum over g of (N_g/N)(ybar_1g - ybar_0g), with the variance sum of (N_g/N)^2 (v_1g/n_1g +
/// v_0g/n_0g), v as in z_unpooled; normal critical value. Segments of whom nobody is seen do not count; where
/// one arm of a segment has too few users for a variance (none for 0-1 outcomes, one for others) there is no
/// evidence, for the segment's part of the effect is not known. Without segments it is z_unpooled.
///   source  Miratrix, Sekhon & Yu (2013), JRSS B 75:369, eq. 2 and 4, variances estimated
class Stratified final : public Analysis {
 public:
  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;
};

}  // namespace windtunnel
