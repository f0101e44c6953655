#pragma once

#include <optional>

#include "windtunnel/world/feature.hpp"

namespace windtunnel {

/// Outcomes that become known only some days after exposure: on each day with the same probability, or all
/// after the same time. What becomes known on a day is known from its start on, and what comes without a lag
/// at once. A user's mean is that of the day of exposure, and users who have not reported count as 0: for
/// those who analyse everybody `exposed`, the earlier the look the smaller every effect. Whoever analyses
/// `matured` users alone, those exposed `follow_up_days` days before the present day or earlier, loses users
/// instead. What is known of a user beforehand (a covariate) has no lag. The lasting effect is not touched.
///   source  Chapelle (2014), Modeling delayed feedback in display advertising, KDD
class Delay final : public Feature {
 public:
  void describe(Fields& fields) override;
  void shape(Climate& climate) const override;
  Channels offers(Channels without) const override;
  std::unique_ptr<Lens> lens() const override;

 private:
  Lag lag() const;

  std::optional<double> daily_probability_;
  std::optional<double> days_;
};

}  // namespace windtunnel
