#pragma once

#include <string>
#include <vector>

#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// Numbers somebody has observed, to be drawn from again.
struct SampleFile {
  std::string file;            ///< name as written, relative to the scenario
  std::string column;          ///< empty: the file is a histogram with the columns value and count
  std::vector<double> values;  ///< distinct, increasing
  std::vector<i64> counts;     ///< [value] how often it was seen, at least once

  double mean() const;

  /// Mean of the k-th powers of the distances from the mean.
  double central_moment(int k) const;
};

/// Reads the numbers of a CSV text whose first line names its columns; cells may stand in quotes.
///   sample  file (for messages) and column; values and counts are filled
///   throws  InputError "file:line: what is wrong" at the first cell that is not a finite number, or count
///           that is not a whole one; without any number; or when there is no such column
void read_sample(const std::string& text, SampleFile& sample);

}  // namespace windtunnel
