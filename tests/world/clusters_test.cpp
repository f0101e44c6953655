#include "windtunnel/world/features/clusters.hpp"

#include <cmath>
#include <map>

#include "support/chi_square.hpp"
#include "world/outcome_lab.hpp"

/// Users with several requests against closed forms, on both paths.
namespace windtunnel {
namespace {

struct Case {
  std::string type;
  Json parameters;
  double variance;  // of one request
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {{"bernoulli", {{"rate", 0.3}}, 0.21},
                                        {"normal", {{"mean", 2}, {"sd", 1.5}}, 2.25},
                                        {"poisson", {{"mean", 1.7}}, 1.7},
                                        {"beta", {{"mean", 0.3}, {"concentration", 4}}, 0.21 / 5},
                                        {"revenue",
                                         {{"payer_rate", 0.4}, {"log_mean", 0}, {"log_sd", 0.3}},
                                         0.4 * std::exp(0.18) - 0.16 * std::exp(0.09)}};
  return all;
}

/// Means of the number M of requests of a user: of M, of M^2 and of 1/M.
struct Sizes {
  double mean, square, inverse;

  double variance() const { return square - mean * mean; }
};

Sizes sizes_of(const Json& parameters) {
  const double mean = parameters["size"], more = mean - 1;
  if (parameters["size_distribution"] == "fixed") return {mean, mean * mean, 1 / mean};
  return {mean, mean * mean + more, (1 - std::exp(-more)) / more};
}

Clusters make_clusters(const Json& parameters) {
  Clusters clusters;
  read_keys(clusters, parameters);
  return clusters;
}

/// Totals of arm 1 after batches of the given sizes.
///   means  [lane]; one for all when there is one
Observed draw(const Outcome& outcome, const Json& parameters, const std::vector<i32>& steps,
              const std::vector<double>& means, int lanes, Path path, u64 first_replication = 0) {
  const Random values(12, Purpose::outcome), spread(12, Purpose::spread), company(12, Purpose::company);
  const Clusters clusters = make_clusters(parameters);
  const bool is_binary = outcome.offers().has(Channel::successes);
  const Channels totals =
      is_binary ? Channels{Channel::successes} : Channels{Channel::sum, Channel::deviations};
  const Channels wanted = totals | Channels{Channel::users, Channel::requests};
  LiftTerm none;
  none.law.assign(2, Distribution::point(0));
  const Climate climate({"a", "b"}, 1, none);
  const auto model = clusters.unfold(outcome.plan({}, wanted), climate, outcome, wanted);
  Observed observed;
  observed.begin(2, lanes, wanted);
  u32 time = 0;
  for (const i32 users : steps) {
    const Batch batch{1, 1, {users, nullptr}, {means[0], means.size() > 1 ? means.data() : nullptr}};
    const BatchSource source{{&values, first_replication},
                             {&spread, first_replication},
                             {&company, first_replication},
                             {time, 1, 0}};
    if (path == Path::increments)
      model->add_batch(batch, source, observed);
    else
      model->add_users(batch, source, observed);
    time += static_cast<u32>(path == Path::increments ? 1 : users);
    for (int l = 0; l < lanes; ++l) observed.users.row(1)[l] += users;
  }
  return observed;
}

/// Numbers of all lanes, with checks of their mean and variance.
class Numbers {
 public:
  void add(double x) {
    ++count_;
    const double before = x - mean_;
    mean_ += before / count_;
    squares_ += before * (x - mean_);
    numbers_.push_back(x);
  }

  void check(const char* what, double mean) const {
    const double error = std::sqrt(squares_ / (count_ - 1) / count_);
    INFO(what << ": " << mean_ << " +- " << error << ", expected " << mean);
    CHECK(std::fabs(mean_ - mean) <= 4 * error + 1e-9 * std::fabs(mean));
  }

  void check(const char* what, double mean, double variance) const {
    check(what, mean);
    Numbers of_squares;
    for (double x : numbers_) of_squares.add((x - mean) * (x - mean));
    of_squares.check((std::string("variance of ") + what).c_str(), variance);
  }

 private:
  double count_ = 0, mean_ = 0, squares_ = 0;
  std::vector<double> numbers_;
};

void check_moments(const Case& c, const Json& parameters, const Observed& observed, double n) {
  const Observed& requests = observed.requests.front();
  const bool is_binary = requests.successes.rows() > 0;
  const double m = make_outcome(c.type, c.parameters)->levels()[0].expectation(), v = c.variance;
  const double icc = parameters["icc"];
  const Sizes sizes = sizes_of(parameters);
  const double of_sum = v * (icc * sizes.square + (1 - icc) * sizes.mean);  // E Var(S | M)
  const double of_mean = v * (icc + (1 - icc) * sizes.inverse);
  Numbers count, sum, mean, deviations, spread, squares, request_deviations;
  for (int l = 0; l < observed.lanes; ++l) {
    count.add(requests.users.row(1)[l]);
    sum.add(is_binary ? requests.successes.row(1)[l] : requests.sum.row(1)[l]);
    mean.add(is_binary ? observed.successes.row(1)[l] : observed.sum.row(1)[l]);
    spread.add(requests.owner_spread(1, l, m));
    squares.add(requests.owner_squares.row(1)[l]);
    CHECK(requests.owners.row(1)[l] == observed.users.row(1)[l]);
    if (is_binary) continue;
    deviations.add(observed.deviations.row(1)[l]);
    request_deviations.add(requests.deviations.row(1)[l]);
  }
  count.check("requests", n * sizes.mean, n * sizes.variance());
  sum.check("sum over requests", n * sizes.mean * m, n * (of_sum + m * m * sizes.variance()));
  squares.check("squares of requests", n * sizes.square);
  spread.check("spread of users' sums", n * of_sum);
  if (is_binary) return mean.check("first requests", n * m, n * v);
  mean.check("sum of users' means", n * m, n * of_mean);
  deviations.check("deviations of users' means", (n - 1) * of_mean);
  // Of k requests each: n k v less what the mean of all varies by, v (1 + (k - 1) icc).
  if (sizes.variance() == 0)
    request_deviations.check("deviations of requests", v * (n * sizes.mean - 1 - (sizes.mean - 1) * icc));
}

TEST_CASE("clusters: sums over requests have their moments on both paths", "[world]") {
  for (const Case& c : cases())
    for (const Json& parameters :
         {Json{{"size", 4}, {"size_distribution", "fixed"}, {"icc", 0.3}},
          Json{{"size", 2.5}, {"size_distribution", "one_plus_poisson"}, {"icc", 0.3}},
          Json{{"size", 3}, {"size_distribution", "fixed"}, {"icc", 0}},
          Json{{"size", 3}, {"size_distribution", "one_plus_poisson"}, {"icc", 1}}})
      for (const Path path : {Path::increments, Path::users}) {
        INFO(c.type << ", " << parameters.dump() << (path == Path::users ? ", users one by one" : ""));
        const auto outcome = make_outcome(c.type, c.parameters);
        const int lanes = static_cast<int>(test_draws(20'000));
        check_moments(
            c, parameters,
            draw(*outcome, parameters, {30, 1, 9}, {outcome->levels()[0].expectation()}, lanes, path), 40);
      }
}

/// P(s of k Bernoulli requests succeed), the rate having the law Beta(a, b).
double beta_binomial(int s, int k, double a, double b) {
  const auto log_beta = [](double x, double y) {
    return std::lgamma(x) + std::lgamma(y) - std::lgamma(x + y);
  };
  return std::exp(std::lgamma(k + 1.0) - std::lgamma(s + 1.0) - std::lgamma(k - s + 1.0) +
                  log_beta(s + a, k - s + b) - log_beta(a, b));
}

TEST_CASE("clusters: successes of a user are beta-binomial, and of many users counts of them", "[world]") {
  constexpr int kSize = 6;
  const double mean = 0.35, nu = 1 / 0.25 - 1;
  const auto outcome = make_outcome("bernoulli", {{"rate", mean}});
  const Json parameters{{"size", kSize}, {"size_distribution", "fixed"}, {"icc", 0.25}};
  const int lanes = static_cast<int>(test_draws(300'000));
  std::vector<double> law;
  for (int s = 0; s <= kSize; ++s) law.push_back(beta_binomial(s, kSize, mean * nu, (1 - mean) * nu));
  for (const Path path : {Path::increments, Path::users}) {
    const Observed one = draw(*outcome, parameters, {1}, {mean}, lanes, path);
    std::vector<i64> seen(kSize + 1);
    for (int l = 0; l < lanes; ++l) ++seen[static_cast<std::size_t>(one.requests[0].successes.row(1)[l])];
    CHECK(std::fabs(chi_square(seen, law, lanes).standardised()) < 4);
  }
  // Sum and sum of squares of 15 users, by adding user after user.
  std::map<std::pair<int, int>, double> joint{{{0, 0}, 1.0}};
  for (int user = 0; user < 15; ++user) {
    std::map<std::pair<int, int>, double> next;
    for (const auto& [at, p] : joint)
      for (int s = 0; s <= kSize; ++s)
        next[{at.first + s, at.second + s * s}] += p * law[static_cast<std::size_t>(s)];
    joint = std::move(next);
  }
  const Observed many = draw(*outcome, parameters, {15}, {mean}, lanes, Path::increments);
  std::map<std::pair<int, int>, i64> seen;
  for (int l = 0; l < lanes; ++l) {
    const double sum = many.requests[0].successes.row(1)[l];
    const double squares = many.requests[0].owner_deviations.row(1)[l] + sum * sum / 15;
    ++seen[{static_cast<int>(sum), static_cast<int>(std::lround(squares))}];
  }
  std::vector<double> probabilities;
  std::vector<i64> observed;
  for (const auto& [at, p] : joint) {
    probabilities.push_back(p);
    observed.push_back(seen[at]);
  }
  CHECK(std::fabs(chi_square(observed, probabilities, lanes).standardised()) < 4);
}

TEST_CASE("clusters: a replication is the same in every block", "[world]") {
  for (const Case& c : cases())
    for (const char* law : {"fixed", "one_plus_poisson"}) {
      INFO(c.type << ", " << law);
      const Json parameters{{"size", 3}, {"size_distribution", law}, {"icc", 0.4}};
      const auto outcome = make_outcome(c.type, c.parameters);
      const double mean = outcome->levels()[0].expectation();
      std::vector<double> means;  // so that lanes differ in all that decides how they are drawn
      for (int l = 0; l < 150; ++l) means.push_back(mean * (0.5 + 0.01 * l / 1.5));
      for (const Path path : {Path::increments, Path::users}) {
        const Observed whole = draw(*outcome, parameters, {20, 3}, means, 150, path, 64);
        const std::vector<double> tail(means.begin() + 83, means.end());
        const Observed part = draw(*outcome, parameters, {20, 3}, tail, 67, path, 64 + 83);
        const Observed &all = whole.requests.front(), &some = part.requests.front();
        for (int l = 0; l < 67; ++l) {
          CHECK(some.users.row(1)[l] == all.users.row(1)[83 + l]);
          CHECK(some.owner_products.row(1)[l] == all.owner_products.row(1)[83 + l]);
          CHECK(some.owner_deviations.row(1)[l] == all.owner_deviations.row(1)[83 + l]);
        }
      }
    }
}

TEST_CASE("clusters: outcomes that do not differ leave no spread at all", "[world]") {
  for (double rate : {0.0, 1.0})
    for (double icc : {0.0, 0.3, 1.0})
      for (const Path path : {Path::increments, Path::users}) {
        const auto outcome = make_outcome("bernoulli", {{"rate", rate}});
        const Json parameters{{"size", 3}, {"size_distribution", "one_plus_poisson"}, {"icc", icc}};
        const Observed observed = draw(*outcome, parameters, {37, 1, 5}, {rate}, 100, path);
        const Observed& requests = observed.requests.front();
        for (int l = 0; l < 100; ++l) {
          CHECK(requests.successes.row(1)[l] == rate * requests.users.row(1)[l]);
          CHECK(requests.owner_spread(1, l, rate) == 0);
        }
      }
}

}  // namespace
}  // namespace windtunnel
