#pragma once

#include "windtunnel/core/types.hpp"

/// Monte Carlo errors of what a run reports.
namespace windtunnel {

/// A closed interval, in the unit of the value it belongs to.
struct Interval {
  double low;
  double high;
};

/// Wilson's score interval of a proportion: the p for which |count/R - p| <= z sqrt(p (1 - p) / R).
/// Unlike the interval count/R +- z times the standard error it keeps near its level for rare events, never
/// leaves [0, 1] and has a width when every replication agrees.
///   count         successes, 0 <= count <= replications; 0 gives low = 0 exactly, all give high = 1 exactly
///   replications  at least 1
///   level         confidence, 0 < level < 1
///   throws        std::invalid_argument outside these ranges
///   source        Wilson (1927), J. Am. Statist. Assoc. 22:209
Interval wilson_interval(i64 count, i64 replications, double level);

/// mean +- z standard_error, for the mean of many replications.
///   standard_error  of the mean, >= 0, same unit; 0 gives the point `mean`
///   level           confidence, 0 < level < 1
///   throws          std::invalid_argument outside these ranges
Interval normal_interval(double mean, double standard_error, double level);

/// Standard error sqrt(p (1 - p) / R) of the proportion p = count / R; 0 when every replication agrees.
///   count, replications  as in wilson_interval
double binomial_standard_error(i64 count, i64 replications);

}  // namespace windtunnel
