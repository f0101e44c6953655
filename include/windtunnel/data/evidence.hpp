#pragma once

#include <vector>

#include "windtunnel/data/moment.hpp"
#include "windtunnel/data/table.hpp"

namespace windtunnel {

/// What an analysis makes of the data, per hypothesis: a treatment against control, in one or (see Lens)
/// several panels. Better is always up: for outcomes of which less is better the sign is turned.
struct Evidence {
  /// Which law the standardised excess follows when the excess is 0.
  enum class Law { normal, student };

  /// Where intervals come from: estimate and variance, or the analysis gives them itself.
  enum class Intervals { by_variance, own };

  int treatments = 0;  ///< hypothesis h is about treatment h % treatments + 1, in panel h / treatments
  int hypotheses = 0, lanes = 0;
  Law law = Law::normal;
  Intervals intervals = Intervals::by_variance;
  Moment moment;               ///< when it was weighed
  double direction = 1;        ///< +1 higher is better, -1 lower is better
  std::vector<double> margin;  ///< [hypothesis], natural scale: the null says "effect <= margin"
  Table<double> excess;  ///< [hypothesis][lane] direction * (estimate - margin); 0 where there is no evidence
  Table<double> variance;   ///< [hypothesis][lane] of the estimate; 0 = no evidence: go on
  Table<double> freedom;    ///< [hypothesis][lane] degrees of freedom, Law::student only
  Table<double> low, high;  ///< [hypothesis][lane] interval, natural scale; Intervals::own only

  /// Makes room for the hypotheses of a block; law, intervals, direction and margin stay.
  void begin(int treatment_count, int panel_count, int lane_count);

  int panels() const { return treatments > 0 ? hypotheses / treatments : 1; }
  int arm(int hypothesis) const { return hypothesis % treatments + 1; }
  int panel(int hypothesis) const { return hypothesis / treatments; }

  /// The estimate on the natural scale.
  double estimate(int hypothesis, int lane) const {
    return direction * excess.row(hypothesis)[lane] + margin[static_cast<std::size_t>(hypothesis)];
  }
};

}  // namespace windtunnel
