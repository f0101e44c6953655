#include <algorithm>

#include "strategy_block.hpp"
#include "weighing.hpp"

namespace windtunnel {

namespace {

/// Strategies of one policy at work on one block of replications.
class StreamBlock {
 public:
  StreamBlock(const StreamGroup& group, std::vector<StrategyBlock>& blocks, const Horizon& horizon, int arms,
              double direction)
      : group_(group), blocks_(blocks), ledger_(horizon), arms_(arms), expected_(group.shares) {
    for (const StreamGroup::EvidencePlan& plan : group.evidence) weighings_.emplace_back(plan, direction);
  }

  /// Replays the block's replications from first user to last decision; false if the recorder has broken that
  /// off.
  bool run(u64 first_replication, int lanes, const Truth& truth, Recorder* recorder) {
    begin(lanes);
    ledger_.begin(truth, group_.allocation, lanes);
    const auto allocator = group_.policy->open(first_replication, lanes);
    const auto stream = group_.stream->open(first_replication, truth);
    for (const Step& step : group_.timeline.steps()) {
      stream->begin(step, observed_);
      allocator->allocate(step, observed_, allocation_);
      if (allocation_.kind == Allocation::Kind::arm && group_.allocation != Allocation::Kind::arm)
        allocation_.spread(arms_, lanes, allocation_);
      stream->assign(step, allocation_);
      stream->advance(step, allocation_, observed_);
      ledger_.advance(step, allocation_, observed_.users);
      const Moment moment{first_replication, step.index, step.day};
      for (Weighing& weighing : weighings_) weighing.follow(step, moment, allocation_.chances, observed_);
      if (group_.follows_chances) expected_.follow(step, allocation_.chances);
      weigh(moment);
      for (int s : group_.strategies) {
        StrategyBlock& block = blocks_[static_cast<std::size_t>(s)];
        const Weighing& weighing = weighings_[static_cast<std::size_t>(block.evidence())];
        block.look({step, observed_, expected_}, weighing.evidence(), weighing.sight(observed_), ledger_,
                   recorder, s);
      }
      if (all_ended()) break;
      if (recorder != nullptr && !recorder->goes_on(group_.timeline, step)) return false;
    }
    for (int s : group_.strategies) ledger_.draw_curve(blocks_[static_cast<std::size_t>(s)].endings());
    return true;
  }

 private:
  void begin(int lanes) {
    observed_.begin(arms_, lanes, group_.wanted, group_.breadth);
    for (Weighing& weighing : weighings_) weighing.begin(arms_ - 1, lanes);
    if (group_.follows_chances) expected_.begin(arms_, lanes);
    for (int s : group_.strategies) blocks_[static_cast<std::size_t>(s)].begin(lanes);
  }

  /// Weighs, once each, the evidence that some strategy wants at the end of this step.
  void weigh(const Moment& moment) {
    for (std::size_t e = 0; e < weighings_.size(); ++e) {
      const auto wants = [&](int s) {
        const StrategyBlock& block = blocks_[static_cast<std::size_t>(s)];
        return block.evidence() == static_cast<int>(e) && block.wants(moment.step);
      };
      if (std::any_of(group_.strategies.begin(), group_.strategies.end(), wants))
        weighings_[e].weigh(observed_, moment);
    }
  }

  bool all_ended() const {
    return std::all_of(group_.strategies.begin(), group_.strategies.end(),
                       [&](int s) { return blocks_[static_cast<std::size_t>(s)].has_ended(); });
  }

  const StreamGroup& group_;
  std::vector<StrategyBlock>& blocks_;
  Ledger ledger_;
  int arms_;
  Observed observed_;
  Allocation allocation_;
  std::vector<Weighing> weighings_;
  ExpectedUsers expected_;
};

}  // namespace

void Experiment::run(ReplicationRange range, Tally& tally, Recorder* recorder) const {
  const int curve_points = static_cast<int>(horizon_.curve_points.size());
  std::vector<StrategyBlock> blocks;
  blocks.reserve(strategies_.size());
  for (const StrategyPlan& plan : strategies_) blocks.emplace_back(plan, world_.arms(), curve_points);
  std::vector<StreamBlock> streams;
  streams.reserve(streams_.size());
  for (const StreamGroup& group : streams_)
    streams.emplace_back(group, blocks, horizon_, world_.arms(), direction());
  std::vector<const Endings*> endings;
  for (const StrategyBlock& block : blocks) endings.push_back(&block.endings());
  Truth truth;
  Scratch scratch;
  for (i64 first = range.first; first < range.end(); first += options_.block_size) {
    const int lanes = static_cast<int>(std::min<i64>(options_.block_size, range.end() - first));
    const auto replication = static_cast<u64>(first);
    world_.reveal(replication, lanes, truth);
    bool is_whole = true;
    for (StreamBlock& stream : streams)
      is_whole = stream.run(replication, lanes, truth, recorder) && is_whole;
    if (!is_whole) continue;
    layout_->record(endings, truth, scratch, tally);
    if (recorder != nullptr) recorder->ended(first, endings, truth);
  }
}

}  // namespace windtunnel
