#include "windtunnel/world/outcomes/normal.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "drawn_users.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {

namespace {

constexpr int kChunk = 256;  // lanes whose variates are held on the stack at a time

/// Largest |mean| in units of sd. Sums of n users are held to a relative 2^-53, so a mean of them to about
/// |mean| 2^-53, while it varies by sd/sqrt(n): at this limit and 1e8 users the rounding is a thousandth of
/// that.
constexpr double kLargestMean = 1e9;
constexpr double kSmallestScale = 1e-12, kLargestScale = 1e12;  // of sd: tests form its fourth power

using Column = std::array<double, kChunk>;

class NormalModel final : public OutcomeModel {
 public:
  NormalModel(double sd, Channels wanted) : sd_(sd), wanted_(wanted) {}

  std::string method() const override {
    return wanted_.has(Channel::deviations)
               ? "one normal sum per arm and step, and its chi-square sum of squares"
               : "one normal sum per arm and step";
  }

  void add_batch(const Batch& batch, BatchSource source, Observed& observed) const override {
    Column z, half_chi_square = {}, half_freedom;
    const bool deviates = wanted_.has(Channel::deviations) && most_users(batch, observed.lanes) > 1;
    for (int first = 0; first < observed.lanes; first += kChunk) {
      const int count = std::min(kChunk, observed.lanes - first);
      const auto size = static_cast<std::size_t>(count);
      sample_normal(shifted(source.outcome, first), source.address, std::span(z).first(size));
      if (deviates) {
        for (int l = 0; l < count; ++l)
          half_freedom[at(l)] = std::max(0.0, 0.5 * (static_cast<double>(batch.users.at(first + l)) - 1));
        const std::span<double> out = std::span(half_chi_square).first(size);
        if (batch.users.is_shared())
          sample_gamma(shifted(source.spread, first), source.address, half_freedom[0], out);
        else
          sample_gamma(shifted(source.spread, first), source.address, std::span(half_freedom).first(size),
                       out);
      }
      add_chunk(batch, first, count, z, half_chi_square, observed);
    }
  }

  void add_users(const Batch& batch, BatchSource source, Observed& observed) const override {
    const i32 most = most_users(batch, observed.lanes);
    std::vector<double> z(static_cast<std::size_t>(observed.lanes));
    for (i32 user = 0; user < most; ++user, ++source.address.time) {
      sample_normal(source.outcome, source.address, z);
      for (int l = 0; l < observed.lanes; ++l)
        if (user < batch.users.at(l))
          observed.add(batch.arm, l, observed.users.row(batch.arm)[l] + user, 1,
                       batch.mean.at(l) + sd_ * z[at(l)], 0);
    }
  }

 private:
  static std::size_t at(int lane) { return static_cast<std::size_t>(lane); }

  void add_chunk(const Batch& batch, int first, int count, const Column& z, const Column& half_chi_square,
                 Observed& observed) const {
    const double variance = sd_ * sd_;
    for (int l = 0; l < count; ++l) {
      const double users = batch.users.at(first + l);
      const double sum = users * batch.mean.at(first + l) + sd_ * std::sqrt(users) * z[at(l)];
      observed.add(batch.arm, first + l, observed.users.row(batch.arm)[first + l], users, sum,
                   2 * variance * half_chi_square[at(l)]);
    }
  }

  double sd_;
  Channels wanted_;
};

/// Drawn value by value; only where somebody wants to see them, since sums have a law of their own.
struct NormalLaw {
  static constexpr u32 kDraws = 2;

  double sd;

  std::string method() const { return "users one by one, because their values are kept"; }
  double centre(double mean) const { return mean; }

  void draw(LaneSource source, Address address, const double* mean, std::span<double> values) const {
    sample_normal(source, address, values);
    for (std::size_t l = 0; l < values.size(); ++l) values[l] = mean[l] + sd * values[l];
  }
};

}  // namespace

void Normal::describe(Fields& fields) {
  fields.levels("mean", mean_, {}, {"mean of an arm without a lasting effect", "", About::Need::required});
  fields.number("sd", sd_, kPositive,
                {"standard deviation of one user's outcome", "", About::Need::required});
  if (sd_ < kSmallestScale || sd_ > kLargestScale)
    fields.refuse("sd",
                  "is of a size whose powers doubles do not hold (needs 1e-12 <= sd <= 1e12); choose "
                  "another unit");
}

Range Normal::summable_means() const {
  return {-kLargestMean * sd_, kLargestMean * sd_};
}

double Normal::largest(double mean) const {
  return std::fabs(mean) + kFarthestNormal * sd_;
}

std::function<double(double)> Normal::distribution(double mean) const {
  return [mean, sd = sd_](double x) { return math::normal_cdf((x - mean) / sd); };
}

double Normal::variance(double) const {
  return sd_ * sd_;
}

double Normal::skewness(double) const {
  return 0;
}

std::unique_ptr<const OutcomeModel> Normal::plan(const std::vector<SharedBatch>&, Channels wanted) const {
  if (wanted.has(Channel::values)) return std::make_unique<EveryUserModel<NormalLaw>>(NormalLaw{sd_});
  return std::make_unique<NormalModel>(sd_, wanted);
}

}  // namespace windtunnel
