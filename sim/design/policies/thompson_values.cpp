#include "thompson_values.hpp"

#include <cmath>
#include <vector>

#include "posterior_draws.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {

namespace {

class NormalThompson final : public Chooser {
 public:
  NormalThompson(const RewardModel& model, const PolicySetting& setting, int lanes)
      : arms_(setting.arms),
        prior_precision_(1 / (*model.prior_sd * *model.prior_sd)),
        prior_mean_(setting.direction * *model.prior_mean),
        user_precision_(1 / (*model.observation_sd * *model.observation_sd)),
        mean_(arms_, lanes),
        sd_(arms_, lanes),
        drawn_(1, lanes),
        best_(1, lanes) {}

  void learn(const Known& known) override {
    for (int arm = 0; arm < arms_; ++arm)
      for (int l = 0; l < known.lanes; ++l) {
        const double precision = prior_precision_ + known.users(arm)[l] * user_precision_;
        mean_.row(arm)[l] =
            (prior_precision_ * prior_mean_ + known.sums(arm)[l] * user_precision_) / precision;
        sd_.row(arm)[l] = 1 / std::sqrt(precision);
      }
  }

  void choose(const ChoicePlace& place, i32* leader) override {
    choose_largest(arms_, drawn_, best_, leader, [&](int arm, std::span<double> drawn) {
      sample_normal(place.choice, posterior_address(place, arm), drawn);
      const double* __restrict mean = mean_.row(arm);
      const double* __restrict sd = sd_.row(arm);
      for (std::size_t l = 0; l < drawn.size(); ++l) drawn[l] = mean[l] + sd[l] * drawn[l];
    });
  }

  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    choose_by_best(*this, place, users, counts);
  }

  void tell_chances(Table<double>& chance) override {
    tell_best(chance, [this](int arm, int l) {
      return smooth_laws::Bell({mean_.row(arm)[l], sd_.row(arm)[l]});
    });
  }

 private:
  int arms_;
  double prior_precision_, prior_mean_, user_precision_;
  Table<double> mean_, sd_;     // [arm][lane] posterior, more is better
  Table<double> drawn_, best_;  // [0][lane]
};

class GammaThompson final : public Chooser {
 public:
  GammaThompson(const RewardModel& model, const PolicySetting& setting, int lanes)
      : arms_(setting.arms),
        direction_(setting.direction),
        prior_shape_(*model.shape),
        prior_rate_(*model.rate),
        shape_(arms_, lanes),
        rate_(arms_, lanes),
        drawn_(1, lanes),
        best_(1, lanes) {}

  void learn(const Known& known) override {
    for (int arm = 0; arm < arms_; ++arm)
      for (int l = 0; l < known.lanes; ++l) {
        shape_.row(arm)[l] = prior_shape_ + direction_ * known.sums(arm)[l];
        rate_.row(arm)[l] = prior_rate_ + known.users(arm)[l];
      }
  }

  void choose(const ChoicePlace& place, i32* leader) override {
    choose_largest(arms_, drawn_, best_, leader, [&](int arm, std::span<double> drawn) {
      sample_gamma(place.choice, posterior_address(place, arm), shape_.span(arm), drawn);
      const double* __restrict rate = rate_.row(arm);
      for (std::size_t l = 0; l < drawn.size(); ++l) drawn[l] = direction_ * (drawn[l] / rate[l]);
    });
  }

  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    choose_by_best(*this, place, users, counts);
  }

  void tell_chances(Table<double>& chance) override {
    tell_best(chance, [this](int arm, int l) {
      return smooth_laws::LogGamma({shape_.row(arm)[l], rate_.row(arm)[l]}, direction_);
    });
  }

 private:
  int arms_;
  double direction_, prior_shape_, prior_rate_;
  Table<double> shape_, rate_;  // [arm][lane]
  Table<double> drawn_, best_;  // [0][lane]
};

}  // namespace

std::unique_ptr<Chooser> make_thompson_values(const RewardModel& model, const PolicySetting& setting,
                                              int lanes) {
  if (model.kind == RewardModel::Kind::normal) return std::make_unique<NormalThompson>(model, setting, lanes);
  return std::make_unique<GammaThompson>(model, setting, lanes);
}

}  // namespace windtunnel
