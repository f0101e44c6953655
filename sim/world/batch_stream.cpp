#include "windtunnel/world/batch_stream.hpp"

#include <utility>

namespace windtunnel {

namespace {

void add_users(PerLane<i32> more, int lanes, i32* __restrict users) {
  const i32 shared = more.shared;
  const i32* __restrict counts = more.lanes;
  if (more.is_shared())
    for (int l = 0; l < lanes; ++l) users[l] += shared;
  else
    for (int l = 0; l < lanes; ++l) users[l] += counts[l];
}

class BatchStream final : public Stream {
 public:
  BatchStream(const OutcomeModel& model, LaneSource outcome, LaneSource spread, Path path, const Truth& truth)
      : model_(model), outcome_(outcome), spread_(spread), path_(path), truth_(truth) {}

  void advance(const Step& step, const Allocation& allocation, Observed& observed) override {
    // Increments are addressed by step, users by their place on the axis of all users.
    const i64 time = path_ == Path::increments ? step.index : step.users_before;
    for (int arm = 0; arm < observed.arms; ++arm) {
      const Batch batch = make_batch(step, allocation, arm);
      const BatchSource source{outcome_, spread_, {static_cast<u32>(time), static_cast<u32>(arm), 0}};
      if (path_ == Path::increments)
        model_.add_batch(batch, source, observed);
      else
        model_.add_users(batch, source, observed);
      add_users(batch.users, observed.lanes, observed.users.row(arm));
    }
  }

 private:
  Batch make_batch(const Step& step, const Allocation& allocation, int arm) const {
    Batch batch;
    batch.arm = arm;
    if (allocation.kind == Allocation::Kind::shared)
      batch.users.shared = static_cast<i32>(allocation.shared[static_cast<std::size_t>(arm)]);
    else
      batch.users.lanes = allocation.counts.row(arm);
    const double* mean = truth_.mean.row(truth_.row(step.epoch, arm));
    if (truth_.kind == Truth::Kind::shared)
      batch.mean.shared = *mean;
    else
      batch.mean.lanes = mean;
    return batch;
  }

  const OutcomeModel& model_;
  LaneSource outcome_, spread_;
  Path path_;
  const Truth& truth_;
};

}  // namespace

BatchStreamPlan::BatchStreamPlan(std::unique_ptr<const OutcomeModel> model, u64 seed, Path path)
    : model_(std::move(model)),
      outcome_(seed, Purpose::outcome),
      spread_(seed, Purpose::spread),
      path_(path) {}

std::unique_ptr<Stream> BatchStreamPlan::open(u64 first_replication, const Truth& truth) const {
  return std::make_unique<BatchStream>(*model_, LaneSource{&outcome_, first_replication},
                                       LaneSource{&spread_, first_replication}, path_, truth);
}

std::string BatchStreamPlan::method() const {
  return path_ == Path::increments ? "increments: " + model_->method() : "users one by one";
}

}  // namespace windtunnel
