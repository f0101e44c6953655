#include "windtunnel/world/features/segments.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_document.hpp"
#include "windtunnel/core/reading.hpp"

namespace windtunnel {

namespace {

constexpr const char* kEverybody = "all";

/// One segment of the users, or all segments side by side, each with hypotheses of its own.
class SegmentLens final : public Lens {
 public:
  explicit SegmentLens(std::vector<std::string> names) : names_(std::move(names)) {}

  void describe(Fields& fields) override {
    std::vector<const char*> choices{kEverybody};
    for (const std::string& name : names_) choices.push_back(name.c_str());
    int choice = segment_ + 1;
    fields.choice("segment", choice, choices, {"whose data are analysed"});
    segment_ = choice - 1;
    fields.flag("any_segment", any_, {"tests every segment against its own control"});
    if (any_ != 0 && segment_ >= 0) fields.refuse("any_segment", "contradicts the choice of one segment");
  }

  bool is_plain() const override { return segment_ < 0 && any_ == 0; }
  Channels needs(Channels) const override { return {Channel::segments}; }
  int panels() const override { return any_ != 0 ? static_cast<int>(names_.size()) : 1; }
  int segment() const override { return segment_; }
  bool is_of_segments() const override { return any_ != 0; }

  const Observed& see(const Observed& observed, const Moment&, int panel, Observed&) const override {
    return observed.segments[static_cast<std::size_t>(any_ != 0 ? panel : segment_)];
  }

 private:
  std::vector<std::string> names_;
  int segment_ = -1, any_ = 0;
};

/// Weights made shares.
std::vector<double> normalised(const std::vector<double>& weights) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> shares;
  for (double weight : weights) shares.push_back(weight / total);
  return shares;
}

}  // namespace

void Segments::describe(Fields& fields) {
  fields.members(names_, [this](Fields& of_one, std::size_t i) {
    segments_.resize(std::max(segments_.size(), i + 1));
    Segment& segment = segments_[i];
    of_one.number("share", segment.share, {0, 1, Range::Ends::open_low},
                  {"share of the users", "", About::Need::required});
    of_one.number("rate_multiplier", segment.rate_multiplier, kNotNegative, {"multiplier of the baseline"});
    of_one.number("effect_multiplier", segment.effect_multiplier, {}, {"multiplier of the lasting lift"});
    of_one.numbers("shares", segment.shares, kNotNegative,
                   {"weights of the arms within the segment; absent: the policy's"});
  });
  double total = 0;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    total += segments_[i].share;
    if (names_[i] == kEverybody)
      fields.refuse(kEverybody, "is the word for the whole population, not a name for a segment");
  }
  if (!names_.empty() && std::fabs(total - 1) > 1e-9)
    fields.refuse(names_.back().c_str(), "ends shares that do not add to 1");
}

void Segments::shape(Climate& climate) const {
  const auto arms = static_cast<std::size_t>(climate.arms());
  // Share of every segment among the users of every arm.
  std::vector<std::vector<double>> share(segments_.size());
  std::vector<double> of_arm(arms, 0.0);
  for (std::size_t g = 0; g < segments_.size(); ++g) {
    const Segment& segment = segments_[g];
    if (!segment.shares.empty() && segment.shares.size() != arms)
      throw InputError(child("", names_[g]) + "/shares",
                       "has " + counted(segment.shares.size(), "weight") + " for " + counted(arms, "arm"));
    const std::vector<double> equal(arms, 1.0);
    const std::vector<double> mixed = normalised(segment.shares.empty() ? equal : segment.shares);
    for (std::size_t a = 0; a < arms; ++a) {
      share[g].push_back(segment.share * mixed[a]);
      of_arm[a] += share[g][a];
    }
  }
  climate.segments = static_cast<int>(segments_.size());
  climate.split(climate.segments, [&](Stratum& stratum, int part) {
    const auto g = static_cast<std::size_t>(part);
    stratum.segment = part;
    stratum.share *= segments_[g].share;
    for (std::size_t a = 0; a < arms; ++a)
      stratum.share_of_arm[a] *= of_arm[a] > 0 ? share[g][a] / of_arm[a] : 0;
    stratum.rate *= segments_[g].rate_multiplier;
    stratum.weight[Climate::kLasting] *= segments_[g].effect_multiplier;
  });
}

std::unique_ptr<Lens> Segments::lens() const {
  return std::make_unique<SegmentLens>(names_);
}

}  // namespace windtunnel
