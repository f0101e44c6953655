#include "windtunnel/world/features/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "guardrails.hpp"
#include "windtunnel/core/reading.hpp"
#include "windtunnel/core/samplers.hpp"
#include "windtunnel/world/company.hpp"

namespace windtunnel {

namespace {

constexpr u32 kFirstDraw = 1u << 13;  // those below belong to a covariate
constexpr u32 kNormalDraws = 2;
constexpr double kLargestEffect = 1e9;  // as far from 0 as a normal outcome's mean may be, in its sd

/// Rows of the Cholesky factor of a matrix of ones on and r beside the diagonal.
std::vector<std::vector<double>> equicorrelated_root(int size, double r) {
  std::vector<std::vector<double>> root;
  for (int j = 0; j < size; ++j) {
    std::vector<double> row;
    double left = 1;
    for (int i = 0; i < j; ++i) {
      double product = r;
      for (int c = 0; c < i; ++c)
        product -=
            row[static_cast<std::size_t>(c)] * root[static_cast<std::size_t>(i)][static_cast<std::size_t>(c)];
      const double pivot = root[static_cast<std::size_t>(i)][static_cast<std::size_t>(i)];
      row.push_back(pivot > 0 ? product / pivot : 0);
      left -= row.back() * row.back();
    }
    row.push_back(std::sqrt(std::max(0.0, left)));
    root.push_back(std::move(row));
  }
  return root;
}

/// Sums and squared deviations of all metrics, given those of the outcome, which is the first of them. With L
/// the root of the correlations, sums are n mu_j + sqrt(n) (L z)_j; deviations are the diagonal of
/// L T T' L' with T lower triangular: T_jj^2 ~ chi-square(n - j), counted from 1, and T_jc ~ N(0, 1) for
/// c < j, as far as n users span so many directions.
///   source  Bartlett (1933), Proc. R. Soc. Edinb. 53:260
class MetricsModel final : public CompanyModel {
 public:
  MetricsModel(std::unique_ptr<const OutcomeModel> outcome, Channels wanted, std::vector<double> effects,
               double correlation, double sd)
      : CompanyModel(std::move(outcome), wanted, {0, static_cast<int>(effects.size())}),
        effects_(std::move(effects)),
        root_(equicorrelated_root(static_cast<int>(effects_.size()) + 1, correlation)),
        sd_(sd) {}

  std::string method() const override {
    return outcome().method() + ", and " + std::to_string(effects_.size()) + " metrics given them";
  }

 protected:
  void accompany(const Batch& batch, LaneSource source, Address address, Observed& more) const override {
    const i32* users = more.users.row(batch.arm);
    const int size = static_cast<int>(root_.size());
    Table<double> z(size, more.lanes), t(size * size, more.lanes);
    for (int l = 0; l < more.lanes; ++l) {
      const double n = std::max(1, users[l]);
      z.row(0)[l] = (more.sum.row(batch.arm)[l] / n - batch.mean.at(l)) / sd_ * std::sqrt(n);
      t.row(0)[l] = std::sqrt(more.deviations.row(batch.arm)[l]) / sd_;
    }
    u32 draw = kFirstDraw;
    for (int j = 1; j < size; ++j) {
      sample_normal(source, later(address, draw), z.span(j));
      draw += kNormalDraws;
      if (most_users(batch, more.lanes) > 1) draw_directions(j, users, source, later(address, draw), t);
      draw += static_cast<u32>(j) * kNormalDraws;
      add_metric(j, batch, z, t, more);
    }
  }

 private:
  static constexpr u32 kRowsOfMetric = 1u << 20;  // beyond all rows of arms and strata

  /// Row j of T; of a single user it is 0.
  void draw_directions(int j, const i32* users, LaneSource source, Address address, Table<double>& t) const {
    const int size = static_cast<int>(root_.size()), lanes = t.lanes();
    for (int c = 0; c < j; ++c) {
      sample_normal(source, later(address, static_cast<u32>(c) * kNormalDraws), t.span(j * size + c));
      for (int l = 0; l < lanes; ++l) t.row(j * size + c)[l] *= users[l] > c + 1 ? 1 : 0;
    }
    // Gamma variates own many draws: each metric's lie at a row of its own.
    std::vector<double> shape(static_cast<std::size_t>(lanes));
    for (int l = 0; l < lanes; ++l)
      shape[static_cast<std::size_t>(l)] = std::max(0.0, 0.5 * (users[l] - 1.0 - j));
    sample_gamma(source, {address.time, address.row + static_cast<u32>(j) * kRowsOfMetric, 0}, shape,
                 t.span(j * size + j));
    for (int l = 0; l < lanes; ++l) t.row(j * size + j)[l] = std::sqrt(2 * t.row(j * size + j)[l]);
  }

  void add_metric(int j, const Batch& batch, const Table<double>& z, const Table<double>& t,
                  Observed& more) const {
    const int size = static_cast<int>(root_.size());
    const std::vector<double>& row = root_[static_cast<std::size_t>(j)];
    Observed& metric = more.metrics[static_cast<std::size_t>(j - 1)];
    const int arm = batch.arm;
    const double mean = batch.served > 0 ? effects_[static_cast<std::size_t>(j - 1)] : 0;
    for (int l = 0; l < more.lanes; ++l) {
      const double n = more.users.row(arm)[l];
      double sum = 0, squares = 0;
      for (int i = 0; i <= j; ++i) sum += row[static_cast<std::size_t>(i)] * z.row(i)[l];
      for (int c = 0; c <= j; ++c) {
        double part = 0;
        for (int i = c; i <= j; ++i) part += row[static_cast<std::size_t>(i)] * t.row(i * size + c)[l];
        squares += part * part;
      }
      metric.users.row(arm)[l] = more.users.row(arm)[l];
      metric.sum.row(arm)[l] = n > 0 ? n * mean + std::sqrt(n) * sum : 0;
      metric.deviations.row(arm)[l] = n > 1 ? squares : 0;
      if (n > 0) metric.keep(arm, l, metric.sum.row(arm)[l]);
    }
  }

  std::vector<double> effects_;            // [metric] of every treatment
  std::vector<std::vector<double>> root_;  // [outcome and metrics][columns up to its own]
  double sd_;
};

/// The outcome alone, or with all metrics but those that are guardrails.
class MetricsLens final : public Lens {
 public:
  explicit MetricsLens(int count) : count_(count) {}

  void describe(Fields& fields) override {
    describe_choice(fields, "decide", decide_, {"primary", "any", "all"},
                    {"which metrics are tested: the outcome alone, or all, of which any or all must agree"});
    guardrails_.describe(fields, count_);
    tested_.clear();
    for (int metric = 0; metric < count_; ++metric)
      if (decide_ != Decide::primary && !guardrails_.hold(metric))
        tested_.push_back(static_cast<std::size_t>(metric));
  }

  bool is_plain() const override { return decide_ == Decide::primary && guardrails_.metrics.empty(); }
  Channels needs(Channels) const override { return {Channel::sum, Channel::deviations, Channel::metrics}; }
  /// A covariate and requests are the outcome's alone, and whoever reads them does without in other panels.
  Channels shows(Channels offered) const override {
    if (decide_ == Decide::primary) return offered;
    return offered & Channels{Channel::users,    Channel::sum,      Channel::deviations,
                              Channel::values,   Channel::segments, Channel::covariate,
                              Channel::requests, Channel::at_once,  Channel::exposures};
  }
  bool keeps_outcomes() const override { return tested_.empty(); }
  int panels() const override { return 1 + static_cast<int>(tested_.size()); }
  bool all_panels() const override { return decide_ == Decide::all; }
  std::unique_ptr<const Veto> veto(double direction) const override { return guardrails_.veto(direction); }

  const Observed& see(const Observed& observed, const Moment&, int panel, Observed& scratch) const override {
    if (panel == 0) return observed;
    const std::size_t metric = tested_[static_cast<std::size_t>(panel - 1)];
    if (observed.segments.empty()) return observed.metrics[metric];
    scratch.copy_totals(observed.metrics[metric]);
    scratch.segments.resize(observed.segments.size());
    for (std::size_t g = 0; g < observed.segments.size(); ++g)
      scratch.segments[g].copy_totals(observed.segments[g].metrics[metric]);
    return scratch;
  }

 private:
  enum class Decide { primary, any, all };

  int count_;
  Decide decide_ = Decide::primary;
  Guardrails guardrails_;
  std::vector<std::size_t> tested_;  // metrics tested beside the outcome, counted from 0
};

}  // namespace

void Metrics::describe(Fields& fields) {
  fields.integer("count", count_, {1, kMostMetrics},
                 {"metrics beside the outcome", "", About::Need::required});
  fields.number("correlation", correlation_, {0, 1},
                {"correlation between any two of them, and with the outcome"});
  fields.numbers("effects", effects_, {-kLargestEffect, kLargestEffect},
                 {"lasting effects of a treatment; absent: none", "sd"});
  if (!effects_.empty() && static_cast<i64>(effects_.size()) != count_)
    fields.refuse("effects", "has " + counted(effects_.size(), "number") + " for " +
                                 counted(static_cast<std::size_t>(count_), "metric"));
}

void Metrics::shape(Climate& climate) const {
  climate.metrics = static_cast<int>(count_);
}

bool Metrics::has_effects() const {
  return std::any_of(effects_.begin(), effects_.end(), [](double effect) { return effect != 0; });
}

std::unique_ptr<const OutcomeModel> Metrics::together(std::unique_ptr<const OutcomeModel> model,
                                                      const Climate& climate, double sd, Channels wanted,
                                                      u64) const {
  if (!wanted.has(Channel::metrics)) return model;
  std::vector<double> effects = effects_;
  if (effects.empty() || climate.is_null_twin) effects.assign(static_cast<std::size_t>(count_), 0.0);
  return std::make_unique<MetricsModel>(std::move(model), wanted, std::move(effects), correlation_, sd);
}

std::unique_ptr<Lens> Metrics::lens() const {
  return std::make_unique<MetricsLens>(static_cast<int>(count_));
}

}  // namespace windtunnel
