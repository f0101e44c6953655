#include "windtunnel/design/correction.hpp"

#include <iterator>

namespace windtunnel {

namespace {

constexpr CorrectionRow kRows[] = {
    {kCorrectionNames[0], "every treatment is tested as if it were the only one",
     "reject every hypothesis with p <= alpha", "Rothman (1990), Epidemiology 1:43"},
    {kCorrectionNames[1], "each of m treatments gets its part of the level",
     "reject every hypothesis with p <= alpha/m", "Dunn (1961), JASA 56:52"},
    {kCorrectionNames[2], "one critical value for all treatments, which share a control",
     "reject iff |z| >= c, P(some |z| >= c without any effect) = alpha; z_i, z_j have correlation l_i l_j, "
     "l_i = sqrt(n_i/(n_i + n_0)) from the planned shares",
     "Dunnett (1955), JASA 50:1096"},
    {kCorrectionNames[3], "treatments in the order of their p, each at a milder level than the one before",
     "reject the k-th smallest p iff it and all smaller ones have p_(j) <= alpha/(m - j + 1)",
     "Holm (1979), Scand. J. Statist. 6:65"},
    {kCorrectionNames[4], "of all that is rejected, at most the share alpha is expected to be false",
     "reject the k smallest p, k the largest with p_(k) <= k alpha/m (p independent, or positively "
     "dependent)",
     "Benjamini & Hochberg (1995), JRSS B 57:289; Benjamini & Yekutieli (2001), Ann. Statist. 29:1165"},
};

static_assert(std::size(kRows) == std::size(kCorrectionNames));

}  // namespace

bool needs_fresh_tests(Correction correction) {
  return correction != Correction::none && correction != Correction::bonferroni;
}

std::span<const CorrectionRow> corrections() {
  return kRows;
}

}  // namespace windtunnel
