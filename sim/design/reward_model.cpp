#include "windtunnel/design/reward_model.hpp"

namespace windtunnel {

namespace {

/// Demands a key of the model that is chosen, and refuses one of another.
void check(Fields& fields, const char* key, bool is_given, bool is_needed) {
  if (is_needed && !is_given) fields.refuse(key, "required but missing: the model has no default for it");
  if (!is_needed && is_given) fields.refuse(key, "belongs to another model");
}

}  // namespace

void RewardModel::describe(Fields& fields) {
  const auto describe_model = [this](Fields& keys) {
    describe_choice(keys, "type", kind, {"beta", "normal", "gamma_poisson"},
                    {"beta: outcomes of 0 and 1, Beta(1, 1) priors; the others for other outcomes"});
    keys.number("observation_sd", observation_sd, kPositive,
                {"normal: standard deviation of one user's outcome"});
    keys.number("prior_mean", prior_mean, {}, {"normal: prior mean of an arm's mean"});
    keys.number("prior_sd", prior_sd, kPositive, {"normal: prior standard deviation of an arm's mean"});
    keys.number("shape", shape, kPositive, {"gamma_poisson: shape of the prior of an arm's mean"});
    keys.number("rate", rate, kPositive, {"gamma_poisson: rate of the prior of an arm's mean"});
    const bool normal = kind == Kind::normal, gamma = kind == Kind::gamma_poisson;
    check(keys, "observation_sd", observation_sd.has_value(), normal);
    check(keys, "prior_mean", prior_mean.has_value(), normal);
    check(keys, "prior_sd", prior_sd.has_value(), normal);
    check(keys, "shape", shape.has_value(), gamma);
    check(keys, "rate", rate.has_value(), gamma);
  };
  fields.object("model", describe_model, {"what it believes of outcomes; required unless they are 0 and 1"});
}

PriorWorth RewardModel::prior_worth() const {
  switch (kind) {
    case Kind::beta:
      break;
    case Kind::normal: {
      const double ratio = *observation_sd / *prior_sd;
      return {ratio * ratio, ratio * ratio * *prior_mean};
    }
    case Kind::gamma_poisson:
      return {*rate, *shape};
  }
  return kUniformWorth;
}

std::string RewardModel::objection(Channels offered, Range values) const {
  const bool binary = offered.has(Channel::successes);
  if (kind == Kind::beta)
    return binary ? ""
                  : "needs a \"model\" of outcomes other than 0 and 1 (sums over visits or requests, too), "
                    "such as {\"type\": \"normal\", ...}";
  if (binary) return "has a \"model\" for other outcomes: those of 0 and 1 are beta";
  if (kind == Kind::gamma_poisson && values.low < 0)
    return "has a \"model\" of counts, but these outcomes can be negative";
  return {};
}

}  // namespace windtunnel
