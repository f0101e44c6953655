#include "windtunnel/world/row_means.hpp"

namespace windtunnel {

RowMeans::RowMeans(const Means* strata, const Truth& truth) : strata_(strata), truth_(truth) {
  if (strata_ != nullptr) by_epoch_.resize(static_cast<std::size_t>(truth.epochs));
}

PerLane<double> RowMeans::of(int epoch, int row) {
  if (strata_ != nullptr && by_epoch_[static_cast<std::size_t>(epoch)].rows() == 0) find(epoch);
  const double* mean = strata_ == nullptr ? truth_.mean.row(truth_.row(epoch, row))
                                          : by_epoch_[static_cast<std::size_t>(epoch)].row(row);
  if (truth_.kind == Truth::Kind::shared) return {*mean, nullptr};
  return {0, mean};
}

int RowMeans::served(int row) const {
  if (strata_ == nullptr) return row;
  const Stratum& stratum = strata_->climate().strata[static_cast<std::size_t>(row / truth_.arms)];
  return stratum.served[static_cast<std::size_t>(row % truth_.arms)];
}

void RowMeans::find(int epoch) {
  const std::vector<Stratum>& strata = strata_->climate().strata;
  const int width = truth_.kind == Truth::Kind::shared ? 1 : truth_.lanes;
  Table<double>& means = by_epoch_[static_cast<std::size_t>(epoch)];
  means.reshape(static_cast<int>(strata.size()) * truth_.arms, width);
  for (int g = 0; g < static_cast<int>(strata.size()); ++g)
    for (int arm = 0; arm < truth_.arms; ++arm)
      for (int c = 0; c < width; ++c)
        means.row(g * truth_.arms + arm)[c] =
            strata_->of_stratum(truth_, epoch, arm, strata[static_cast<std::size_t>(g)], c);
}

}  // namespace windtunnel
