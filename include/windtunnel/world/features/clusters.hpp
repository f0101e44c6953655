#pragma once

#include "windtunnel/world/feature.hpp"

namespace windtunnel {

/// Requests within users: a user is assigned once, but comes M times, and its requests are alike. Effects,
/// means and regret are those of a request; every request of a user has the mean of the user's arm, day and
/// stratum, and two requests of one user have the intraclass correlation `icc`:
///   0-1 outcomes  the user has a rate p ~ Beta(a, b) with the mean a/(a + b) and icc = 1/(a + b + 1);
///                 requests are Bernoulli(p)
///   normal        the user has an intercept of variance icc sd^2, requests vary by (1 - icc) sd^2 around it;
///                 what is drawn together with a user (covariate, metrics) goes with the mean of its requests
///   others        the user has a draw V of the outcome's law; each request repeats it with the probability
///                 sqrt(icc) and is a draw of its own otherwise
/// so that icc = 0 are independent requests and icc = 1 identical ones; every request has the law of the
/// outcome. M = size, or 1 + Poisson(size - 1), independent of the outcomes; with size 1 nothing is drawn.
///
/// What policies and arm means see of a user is the mean of its requests, or, of 0-1 outcomes, the first of
/// them, which is 0 or 1 as well.
///   source  Killip, Mahfoud & Pearce (2004), Ann. Fam. Med. 2:204 (intraclass correlation); Skellam (1948),
///           JRSS B 10:257 (beta-binomial); Liang & Zeger (1986), Biometrika 73:13 (exchangeable correlation)
class Clusters final : public Feature {
 public:
  void describe(Fields& fields) override;
  void shape(Climate& climate) const override;
  Channels offers(Channels without) const override;
  std::unique_ptr<const OutcomeModel> unfold(std::unique_ptr<const OutcomeModel> model,
                                             const Climate& climate, const Outcome& outcome,
                                             Channels wanted) const override;
  bool keeps_mixtures() const override { return has_one_request(); }
  std::unique_ptr<Lens> lens() const override;

 private:
  enum class Sizes { fixed, one_plus_poisson };

  bool has_one_request() const { return size_ == 1; }

  double size_ = 1, icc_ = 0;
  Sizes sizes_ = Sizes::fixed;
};

}  // namespace windtunnel
