#include "weighing.hpp"

#include <algorithm>
#include <utility>

namespace windtunnel {

Weighing::Weighing(const StreamGroup::EvidencePlan& plan, double direction)
    : plan_(plan), scratch_(static_cast<std::size_t>(plan.panels)) {
  for (std::vector<Observed>& of_panel : scratch_) of_panel.resize(plan.lenses.size());
  evidence_.law = plan.law;
  evidence_.intervals = plan.intervals;
  evidence_.margin = plan.margin;
  evidence_.direction = direction;
}

void Weighing::begin(int treatments, int lanes) {
  evidence_.begin(treatments, plan_.panels, lanes);
  pictures_.clear();
  followers_.clear();
  for (int panel = 0; panel < plan_.panels; ++panel)
    if (auto follower = plan_.evaluator->of_block(lanes)) followers_.push_back(std::move(follower));
  if (plan_.panels == 1) return;
  of_panel_.law = plan_.law;
  of_panel_.intervals = plan_.intervals;
  of_panel_.margin = {plan_.margin.begin(), plan_.margin.begin() + treatments};
  of_panel_.direction = evidence_.direction;
  of_panel_.begin(treatments, 1, lanes);
}

void Weighing::follow(const Step& step, const Moment& moment, const Table<double>& chances,
                      const Observed& observed) {
  for (int panel = 0; panel < static_cast<int>(followers_.size()); ++panel) {
    Evaluator& follower = *followers_[static_cast<std::size_t>(panel)];
    follower.follow(step, chances,
                    follower.follows_totals() ? look_through(observed, moment, panel) : observed);
  }
}

/// A panel is one of every lens: those of the first lens that has several come one after the other.
const Observed& Weighing::look_through(const Observed& observed, const Moment& moment, int panel) {
  const Observed* seen = &observed;
  std::vector<Observed>& scratch = scratch_[static_cast<std::size_t>(panel)];
  for (std::size_t i = 0; i < plan_.lenses.size(); ++i) {
    const int panels = plan_.lenses[i]->panels();
    seen = &plan_.lenses[i]->see(*seen, moment, panel % panels, scratch[i]);
    panel /= panels;
  }
  return *seen;
}

void Weighing::weigh(const Observed& observed, const Moment& moment) {
  evidence_.moment = of_panel_.moment = moment;
  pictures_.clear();
  for (int panel = 0; panel < plan_.panels; ++panel)
    pictures_.push_back(&look_through(observed, moment, panel));
  if (plan_.panels == 1) return evaluator(0).weigh(*pictures_[0], evidence_);
  for (int panel = 0; panel < plan_.panels; ++panel) {
    evaluator(panel).weigh(*pictures_[static_cast<std::size_t>(panel)], of_panel_);
    for (int h = 0; h < of_panel_.hypotheses; ++h) {
      const int row = panel * of_panel_.hypotheses + h;
      for (const auto table :
           {&Evidence::excess, &Evidence::variance, &Evidence::freedom, &Evidence::low, &Evidence::high})
        if ((of_panel_.*table).rows() > 0)
          std::ranges::copy((of_panel_.*table).span(h), (evidence_.*table).row(row));
    }
  }
}

}  // namespace windtunnel
