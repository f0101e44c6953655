#include "windtunnel/design/analyses/stratified.hpp"

#include <algorithm>
#include <span>

#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

constexpr int kChunk = 256;  // lanes whose totals are held on the stack at a time

/// What the strata heard so far come to, [lane].
struct Chunk {
  double users[kChunk] = {};  ///< of all strata and arms
  double difference[kChunk], variance[kChunk];
  double is_seen[kChunk], is_known[kChunk];  ///< 1: no stratum so far leaves a mean, or a variance, open
  double in_stratum[kChunk];                 ///< users of the present stratum, all arms
};

void add_users(const i32* __restrict users, double* __restrict total, int lanes) {
  for (int l = 0; l < lanes; ++l) total[l] += users[l];
}

/// Adds the share that one stratum has in difference and variance.
template <class Columns>
void add_stratum(const Columns control_columns, const Columns treatment_columns, int first, int lanes,
                 Chunk& chunk) {
  constexpr double kLeast = UnpooledVariance::least_users(Columns::kOutcomes);
  const UnpooledVariance formula;
  for (int l = 0; l < lanes; ++l) {
    const ArmTotals control = control_columns.at(first + l), treatment = treatment_columns.at(first + l);
    const double fewest = control.users < treatment.users ? control.users : treatment.users;
    const double weight = chunk.in_stratum[l] / chunk.users[l];
    const double difference = (treatment.total * control.users - control.total * treatment.users) /
                              (control.users * treatment.users);
    const double variance = formula.template variance<Columns::kOutcomes>(control, treatment);
    const double is_empty = chunk.in_stratum[l] > 0 ? 0.0 : 1.0;
    chunk.difference[l] += fewest > 0 ? weight * difference : 0.0;
    chunk.variance[l] += fewest >= kLeast ? weight * weight * variance : 0.0;
    chunk.is_seen[l] *= fewest > 0 ? 1.0 : is_empty;
    chunk.is_known[l] *= fewest >= kLeast ? 1.0 : is_empty;
  }
}

void finish(const Chunk& chunk, double direction, double margin, double* __restrict excess,
            double* __restrict variance, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const double seen = chunk.users[l] > 0 ? chunk.is_seen[l] : 0.0;
    const double known = chunk.is_known[l] > 0 && chunk.variance[l] > 0 ? chunk.variance[l] : 0.0;
    excess[l] = seen > 0 ? direction * (chunk.difference[l] - margin) : 0.0;
    variance[l] = seen > 0 ? known : 0.0;
  }
}

class StratifiedEvaluator final : public Evaluator {
 public:
  explicit StratifiedEvaluator(const Setting& setting) : binary_(setting.binary()) {}

  void weigh(const Observed& observed, Evidence& evidence) const override {
    const std::span<const Observed> strata =
        observed.segments.empty() ? std::span(&observed, 1) : std::span(observed.segments);
    for (int h = 0; h < evidence.hypotheses; ++h)
      for (int first = 0; first < evidence.lanes; first += kChunk)
        weigh_chunk(strata, h, first, std::min(kChunk, evidence.lanes - first), evidence);
  }

 private:
  void weigh_chunk(std::span<const Observed> strata, int h, int first, int lanes, Evidence& evidence) const {
    Chunk chunk;
    std::fill_n(chunk.difference, lanes, 0.0);
    std::fill_n(chunk.variance, lanes, 0.0);
    std::fill_n(chunk.is_seen, lanes, 1.0);
    std::fill_n(chunk.is_known, lanes, 1.0);
    for (const Observed& stratum : strata)
      for (int arm = 0; arm < stratum.arms; ++arm)
        add_users(stratum.users.row(arm) + first, chunk.users, lanes);
    for (const Observed& stratum : strata) {
      std::fill_n(chunk.in_stratum, lanes, 0.0);
      for (int arm = 0; arm < stratum.arms; ++arm)
        add_users(stratum.users.row(arm) + first, chunk.in_stratum, lanes);
      const auto users = [&](int arm) { return LaneUsers{stratum.users.row(arm)}; };
      if (binary_)
        add_stratum(binary_columns(users(0), stratum, 0), binary_columns(users(h + 1), stratum, h + 1), first,
                    lanes, chunk);
      else
        add_stratum(continuous_columns(users(0), stratum, 0),
                    continuous_columns(users(h + 1), stratum, h + 1), first, lanes, chunk);
    }
    finish(chunk, evidence.direction, evidence.margin[static_cast<std::size_t>(h)],
           evidence.excess.row(h) + first, evidence.variance.row(h) + first, lanes);
  }

  bool binary_;
};

}  // namespace

Channels Stratified::needs(Channels offered) const {
  const Channels totals = two_sample_channels(offered);
  return offered.has(Channel::segments) ? totals | Channels{Channel::segments} : totals;
}

std::unique_ptr<const Evaluator> Stratified::open(const Setting& setting) const {
  return std::make_unique<StratifiedEvaluator>(setting);
}

}  // namespace windtunnel
