#pragma once

#include <initializer_list>
#include <vector>

#include "windtunnel/core/types.hpp"
#include "windtunnel/data/lists.hpp"
#include "windtunnel/data/table.hpp"

namespace windtunnel {

/// A column of what is observed.
enum class Channel : u32 {
  users,       ///< users seen so far [arm][lane]
  successes,   ///< outcomes equal to one so far [arm][lane]; outcomes of 0 and 1 only
  sum,         ///< sum of outcomes so far [arm][lane]
  deviations,  ///< sum of squared deviations from the arm's own mean so far [arm][lane]
  segments,    ///< all of these again for every segment of the population
  covariate,   ///< sums and squared deviations of a covariate, and its products with the outcome [arm][lane]
  metrics,     ///< sum and deviations of further metrics of the same users
  values,      ///< every user's outcome that is not 0, one by one [arm][lane], and what else there is of
               ///< single users
  exposures,   ///< the step in which every user came, beside `values`, which then have the zeros, too
  requests,    ///< all of these again with requests in the place of users, and whose requests they are
  cohorts,     ///< all of these again for the users of every day of exposure
  known,       ///< all of these again for the users whose outcomes are known
  at_once,     ///< no totals: all that is ever seen of a user is seen at the end of the step it comes in
};

/// A set of channels.
class Channels {
 public:
  Channels() = default;
  Channels(std::initializer_list<Channel> channels) {
    for (Channel c : channels) bits_ |= bit(c);
  }

  bool has(Channel c) const { return (bits_ & bit(c)) != 0; }
  bool has_all(Channels other) const { return (bits_ & other.bits_) == other.bits_; }
  Channels operator|(Channels other) const { return Channels(bits_ | other.bits_); }
  Channels operator&(Channels other) const { return Channels(bits_ & other.bits_); }
  Channels without(Channel c) const { return Channels(bits_ & ~bit(c)); }
  Channels& operator|=(Channels other) { return *this = *this | other; }
  bool operator==(const Channels&) const = default;

 private:
  explicit Channels(u32 bits) : bits_(bits) {}
  static u32 bit(Channel c) { return u32{1} << static_cast<u32>(c); }

  u32 bits_ = 0;
};

/// How many segments, further metrics and days of exposure there are.
struct Breadth {
  int segments = 0, metrics = 0, days = 0;
};

/// What a strategy can see of a block of replications: totals so far, and nothing of the truth.
/// Tables of channels nobody asked for are empty.
struct Observed {
  int arms = 0, lanes = 0;
  bool is_of_metric = false;    ///< of a further metric: what belongs to the outcome alone is not seen in it
  Table<i32> users;             ///< [arm][lane], always there
  Table<i32> successes;         ///< [arm][lane]
  Table<double> sum;            ///< [arm][lane]
  Table<double> deviations;     ///< [arm][lane]
  Table<double> covariate_sum;  ///< [arm][lane]
  Table<double> covariate_deviations;  ///< [arm][lane]
  Table<double> cross_deviations;  ///< [arm][lane] sum of products of both deviations from the arm's means
  Lists values;      ///< [arm][lane] of users whose outcome is not 0, in no order; the others' are 0
  Lists covariates;  ///< [arm][lane] of all users in the order of `values`, which then have the zeros, too,
                     ///< or, of users who make requests, in that of `owner_sizes`; kept as values are
  Lists exposures;   ///< [arm][lane] index of the step in which a user came, of all users, ordered as
                     ///< `covariates` are
  std::vector<Observed> segments;  ///< [segment] the same totals of its users; without segments of their own
  std::vector<Observed> metrics;   ///< [metric] the same users with another outcome
  std::vector<Observed> requests;  ///< one: the same totals with every request counted as a user; or none.
                                   ///< Values are kept of requests then, not of users

  // Of requests only: whose they are. M = requests of a user, S = sum of their outcomes.
  Table<i32> owners;               ///< [arm][lane] users
  Table<double> owner_squares;     ///< [arm][lane] sum over users of M^2
  Table<double> owner_products;    ///< [arm][lane] sum over users of M S
  Table<double> owner_deviations;  ///< [arm][lane] sum over users of (S - M owner_products/owner_squares)^2
  Lists owner_sizes, owner_sums;   ///< [arm][lane] M and S of every user, 0 and 0 where nothing is known of
                                   ///< it; kept as values are

  // Of the arm that each lane's last user got, while users come one in every lane; or none.
  Table<i32> last_users, last_successes;  ///< [0][lane]
  Table<double> last_sums;                ///< [0][lane]

  std::vector<Observed> cohorts;  ///< [day of exposure] the same totals of its users
  std::vector<Observed> known;    ///< one: the same totals of users whose outcomes are known; or none

  /// Empties all totals of a block of `lane_count` replications.
  ///   breadth  how many segments, metrics and days there are, as far as they are wanted
  void begin(int arm_count, int lane_count, Channels wanted, Breadth breadth = {});

  /// The columns there are of all users together: not those of segments, cohorts and known users.
  Channels columns() const;

  /// The users whose outcomes are known: all, unless outcomes come late.
  const Observed& known_users() const { return known.empty() ? *this : known.front(); }

  /// Empties the totals of an arm, those of segments, cohorts and known users excepted.
  void clear(int arm);

  /// Adds the outcomes of `more` users with the given sum and squared deviations to one lane of an arm, which
  /// had those of `before` users; deviations as far as they are wanted.
  void add(int arm, int lane, double before, double more, double more_sum, double more_deviations);

  /// Adds to the requests of one lane of an arm what is known of other users who own some: see the tables.
  void add_owners(int arm, int lane, i32 more, double squares, double products, double more_deviations);

  /// Keeps how many requests some users have each and what they sum to, if values are wanted.
  void keep_owners(int arm, int lane, double requests_of_each, double sum_of_each, std::size_t copies = 1) {
    owner_sizes.push(arm, lane, requests_of_each, copies);
    owner_sums.push(arm, lane, sum_of_each, copies);
  }

  /// Sum over users of (S - M ratio)^2: how far the sums of their requests are from a mean per request.
  double owner_spread(int arm, int lane, double ratio) const;

  /// Whether values are kept of all users, with the zeros.
  bool keeps_zeros() const { return covariates.rows() > 0 || exposures.rows() > 0; }

  /// Keeps one user's outcome among the values, if they are wanted; what is kept beside them the caller adds.
  void keep(int arm, int lane, double value) {
    if (values.rows() > 0 && (value != 0 || keeps_zeros())) values.at(arm, lane).push_back(value);
  }

  /// Keeps the step of the users of an arm, already counted, whose step is not kept yet, if it is wanted, and
  /// their zeros where only other outcomes are kept.
  void keep_exposures(int arm, int step);

  /// Adds to an arm the outcomes of other users of it, counted in `more.users`; `users` is left to the
  /// caller.
  void merge(int arm, const Observed& more);

  /// Takes over the totals of another; its own parts stay as they are.
  void copy_totals(const Observed& other);

  /// As `merge` for users whose outcomes are not known and count as 0; `more` need not have the columns of
  /// outcomes.
  void merge_unreported(int arm, const Observed& more);

  /// As `merge`, and counts the users; also those whose outcomes are known, where both tell them apart.
  void take(int arm, const Observed& more);

  /// Makes the totals those of all segments together.
  void add_up_segments();
};

/// Squared deviations of n1 and n2 users, of the given sums, from their common mean.
///   source  Chan, Golub & LeVeque (1983), Am. Stat. 37:242, eq. 1.5
inline double merged_deviations(double n1, double sum1, double deviations1, double n2, double sum2,
                                double deviations2) {
  if (n1 == 0) return deviations2;
  if (n2 == 0) return deviations1;
  const double difference = sum2 / n2 - sum1 / n1;
  return deviations1 + deviations2 + difference * difference * (n1 * n2 / (n1 + n2));
}

inline void Observed::add(int arm, int lane, double before, double more, double more_sum,
                          double more_deviations) {
  double& total = sum.row(arm)[lane];
  if (deviations.rows() > 0) {
    double& so_far = deviations.row(arm)[lane];
    so_far = merged_deviations(before, total, so_far, more, more_sum, more_deviations);
  }
  total += more_sum;
}

inline void Observed::add_owners(int arm, int lane, i32 more, double squares, double products,
                                 double more_deviations) {
  double &weight = owner_squares.row(arm)[lane], &total = owner_products.row(arm)[lane];
  double& so_far = owner_deviations.row(arm)[lane];
  // Means of users' requests, weighted by M^2: sums of deviations merge as those of M^2 users would.
  so_far = merged_deviations(weight, total, so_far, squares, products, more_deviations);
  weight += squares;
  total += products;
  owners.row(arm)[lane] += more;
}

inline double Observed::owner_spread(int arm, int lane, double ratio) const {
  const double weight = owner_squares.row(arm)[lane];
  if (weight == 0) return 0;
  const double off = owner_products.row(arm)[lane] / weight - ratio;
  return owner_deviations.row(arm)[lane] + weight * off * off;
}

/// Sum of products of the deviations of two quantities x and y from their means, of n1 and n2 users together.
inline double merged_products(double n1, double x1, double y1, double products1, double n2, double x2,
                              double y2, double products2) {
  if (n1 == 0) return products2;
  if (n2 == 0) return products1;
  return products1 + products2 + (x2 / n2 - x1 / n1) * (y2 / n2 - y1 / n1) * (n1 * n2 / (n1 + n2));
}

}  // namespace windtunnel
