#include "thompson_values.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "windtunnel/core/samplers.hpp"
#include "windtunnel/design/posterior.hpp"

namespace windtunnel {

namespace {

/// More users at once than this are divided by the probabilities of being the best.
constexpr i32 kMostOneByOne = 1000;

void challenge(i32 arm, const double* __restrict drawn, double* __restrict best, i32* __restrict leader,
               int lanes) {
  for (int l = 0; l < lanes; ++l) {
    leader[l] = drawn[l] > best[l] ? arm : leader[l];
    best[l] = drawn[l] > best[l] ? drawn[l] : best[l];
  }
}

/// What the chooser of either model does: arms draw in order.
///   draw(arm)  fills `drawn` [lane]
template <class Draw>
void choose_largest(int arms, Table<double>& drawn, Table<double>& best, i32* leader, Draw draw) {
  const int lanes = drawn.lanes();
  for (int arm = 0; arm < arms; ++arm) {
    draw(arm, drawn.span(0));
    if (arm == 0) {
      std::copy_n(drawn.row(0), lanes, best.row(0));
      std::fill_n(leader, lanes, 0);
    } else {
      challenge(arm, drawn.row(0), best.row(0), leader, lanes);
    }
  }
}

Address posterior_address(const ChoicePlace& place, int arm) {
  return {place.user, choice_row::kPosterior + static_cast<u32>(arm), 0};
}

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
    if (users <= kMostOneByOne) return choose_one_by_one(*this, place, users, counts);
    const int lanes = mean_.lanes();
    Table<double> probability(arms_, lanes);
    tell_chances(probability);
    const std::vector<i32> all(static_cast<std::size_t>(lanes), users);
    split_users(place.choice, place.user, choice_row::kMany, probability, all, counts);
  }

  void tell_chances(Table<double>& chance) override {
    const int lanes = mean_.lanes();
    std::vector<NormalPosterior> posteriors(static_cast<std::size_t>(arms_));
    std::vector<double> best(posteriors.size());
    for (int l = 0; l < lanes; ++l) {
      for (int a = 0; a < arms_; ++a)
        posteriors[static_cast<std::size_t>(a)] = {mean_.row(a)[l], sd_.row(a)[l]};
      probability_best(posteriors, best);
      for (int a = 0; a < arms_; ++a) chance.row(a)[l] = best[static_cast<std::size_t>(a)];
    }
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
    if (users <= kMostOneByOne) return choose_one_by_one(*this, place, users, counts);
    Table<double> probability(arms_, counts.lanes());
    tell_chances(probability);
    const std::vector<i32> all(static_cast<std::size_t>(counts.lanes()), users);
    split_users(place.choice, place.user, choice_row::kMany, probability, all, counts);
  }

  void tell_chances(Table<double>& chance) override {
    std::vector<GammaPosterior> posteriors(static_cast<std::size_t>(arms_));
    std::vector<double> best(posteriors.size());
    for (int l = 0; l < chance.lanes(); ++l) {
      for (int a = 0; a < arms_; ++a)
        posteriors[static_cast<std::size_t>(a)] = {shape_.row(a)[l], rate_.row(a)[l]};
      probability_best(posteriors, direction_, best);
      for (int a = 0; a < arms_; ++a) chance.row(a)[l] = best[static_cast<std::size_t>(a)];
    }
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
