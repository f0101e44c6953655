#include <algorithm>

#include "intakes.hpp"
#include "value_pulls.hpp"

namespace windtunnel {

namespace {

void add_counts(PerLane<i32> more, int lanes, i32* __restrict users) {
  const i32 shared = more.shared;
  const i32* __restrict counts = more.lanes;
  if (more.is_shared())
    for (int l = 0; l < lanes; ++l) users[l] += shared;
  else
    for (int l = 0; l < lanes; ++l) users[l] += counts[l];
}

class PromptIntake final : public Intake {
 public:
  explicit PromptIntake(const IntakeSetting& setting) : setting_(setting) {}

  void add(const Step& step, int stratum, const Batch& batch, const BatchSource& source,
           Observed& observed) override {
    Observed& into = totals_of(observed, setting_.segment(stratum), -1);
    if (setting_.path == Path::increments)
      setting_.model->add_batch(batch, source, into);
    else
      setting_.model->add_users(batch, source, into);
    add_counts(batch.users, into.lanes, into.users.row(batch.arm));
    into.keep_exposures(batch.arm, step.index);
  }

 private:
  const IntakeSetting& setting_;
};

class PromptPlan final : public IntakePlan {
 public:
  explicit PromptPlan(const IntakeSetting& setting) : setting_(setting) {}

  std::unique_ptr<Intake> open(u64, RowMeans&) const override {
    return std::make_unique<PromptIntake>(setting_);
  }
  std::unique_ptr<Pulls> open_pulls(PullSource source) const override {
    if (is_by_user() || setting_.wanted.has(Channel::exposures)) return nullptr;
    if (auto own = setting_.model->open_pulls(source)) return own;
    return has_values() ? std::make_unique<ValuePulls>(*setting_.model, source) : nullptr;
  }
  double bytes_per_lane() const override {
    return by_pull() && has_values() ? ValuePulls::bytes_per_lane(setting_.arms()) : 0;
  }
  std::string method() const override {
    if (is_by_user()) return "";
    const char* pulls = "the j-th pull of an arm has one outcome, whoever pulls it; steps of several users: ";
    return (by_pull() ? pulls : "") + setting_.model->method();
  }
  bool is_by_user() const override { return setting_.path == Path::users; }
  double draws(double users) const override {
    return std::max(is_by_user() ? users : 0.0, setting_.model->draws(users));
  }

 private:
  bool by_pull() const { return setting_.pulls && !setting_.apart && open_pulls({}) != nullptr; }

  /// Whether outcomes are seen as numbers, and nothing else of their users is.
  bool has_values() const { return ValuePulls::suffice(setting_.wanted); }

  IntakeSetting setting_;
};

}  // namespace

std::unique_ptr<const IntakePlan> prompt_intake(const IntakeSetting& setting) {
  return std::make_unique<PromptPlan>(setting);
}

}  // namespace windtunnel
