#include "support/slow_bandit.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <numeric>
#include <tuple>

namespace windtunnel {

namespace {

using Numbers = std::vector<double>;

/// One arm's past, as the policy sees it: rewards are better when larger.
struct Past {
  double n = 0, sum = 0, squares = 0;

  double mean() const { return sum / n; }
};

double kl(double p, double q) {
  const auto part = [](double x, double y) { return x > 0 ? x * std::log(x / y) : 0; };
  return part(p, q) + part(1 - p, 1 - q);
}

/// P(Beta(a, b) <= x) for whole a, b: a binomial tail, summed.
double beta_cdf(double a, double b, double x) {
  const double n = a + b - 1;
  double term = std::exp(std::lgamma(n + 1) - std::lgamma(a + 1) - std::lgamma(n - a + 1) + a * std::log(x) +
                         (n - a) * std::log1p(-x));
  double sum = 0;
  for (double k = a; k <= n; ++k) {
    sum += term;
    term *= (n - k) / (k + 1) * x / (1 - x);
  }
  return sum;
}

template <class Below>
double bisect(double low, double high, Below below) {
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (below(middle) ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

class Player {
 public:
  Player(const SlowBandit& bandit, std::mt19937_64& dice)
      : b_(bandit), dice_(dice), arms_(bandit.means.size()), now_(arms_), known_(arms_), discounted_(arms_) {
    weights_.assign(arms_, 0);
    chances_.assign(arms_, 1.0 / static_cast<double>(arms_));
  }

  std::size_t choose(i64 user) {
    if (user % b_.round == 0) begin_round(user);
    const auto k = static_cast<i64>(arms_);
    const bool commits = b_.policy == "explore_then_commit";
    if ((commits ? round_ : user) < in_turn()) return static_cast<std::size_t>(user % k);
    std::size_t arm = own_choice();
    if (uniform() < exploration()) arm = any();
    if (uniform() < b_.floor * static_cast<double>(arms_)) arm = any();
    return arm;
  }

  void see(std::size_t arm, double reward) {
    now_[arm].n += 1;
    now_[arm].sum += reward;
    now_[arm].squares += reward * reward;
    fresh_.emplace_back(arm, reward);
  }

 private:
  double uniform() { return std::uniform_real_distribution<double>()(dice_); }
  std::size_t any() { return std::uniform_int_distribution<std::size_t>(0, arms_ - 1)(dice_); }
  double get(const char* key, double otherwise) const {
    const auto found = b_.parameters.find(key);
    return found != b_.parameters.end() ? found->second : otherwise;
  }

  i64 start() const {
    if (b_.policy == "explore_then_commit") return static_cast<i64>(get("m", 1));
    for (const char* bayesian :
         {"thompson", "top_two_thompson", "discounted_thompson", "bayes_ucb", "exp3", "tutorial_greedy"})
      if (b_.policy == bayesian) return 0;
    return 1;
  }

  i64 in_turn() const { return static_cast<i64>(arms_) * std::max(b_.burn_in, start()); }

  double exploration() const {
    if (b_.policy == "epsilon_greedy") return get("epsilon", 0.1);
    if (b_.policy != "epsilon_decreasing") return 0;
    const double c = get("c", 1), d = get("d", 0.5), k = static_cast<double>(arms_);
    return std::min(1.0, c * k / (d * d * static_cast<double>(round_ + 1)));
  }

  void begin_round(i64 user) {
    const double turns = static_cast<double>(std::clamp<i64>(in_turn() - round_, 0, b_.round));
    own_share_ = (1 - turns / static_cast<double>(b_.round)) * (1 - b_.floor * static_cast<double>(arms_));
    round_ = user;
    known_ = now_;
    t_ = 0;
    for (const Past& past : known_) t_ += past.n;
    const double discount = get("discount", 1);
    for (Past& past : discounted_) {
      past.n *= std::pow(discount, static_cast<double>(fresh_.size()));
      past.sum *= std::pow(discount, static_cast<double>(fresh_.size()));
    }
    const double k = static_cast<double>(arms_), gamma = get("gamma", 0.1);
    for (const auto& [arm, reward] : fresh_) {
      discounted_[arm].n += 1;
      discounted_[arm].sum += reward;
      weights_[arm] += gamma * reward / (own_share_ * chances_[arm] * k + 1 - own_share_);
      window_.push_back({arm, reward, t_});
    }
    fresh_.clear();
    // A round is remembered or forgotten as a whole.
    while (!window_.empty() && window_.front().round_end <= t_ - get("window", 1e18)) window_.pop_front();
    const double most = *std::max_element(weights_.begin(), weights_.end());
    double total = 0;
    for (double w : weights_) total += std::exp(w - most);
    for (std::size_t a = 0; a < arms_; ++a)
      chances_[a] = (1 - gamma) * std::exp(weights_[a] - most) / total + gamma / k;
  }

  std::size_t own_choice() {
    if (b_.policy == "thompson") return posterior_best(known_);
    if (b_.policy == "discounted_thompson") return posterior_best(discounted_);
    if (b_.policy == "top_two_thompson") return top_two();
    if (b_.policy == "softmax") return softmax();
    if (b_.policy == "exp3") return by_weights(chances_);
    if (b_.policy == "explore_then_commit") {
      if (!committed_) commitment_ = largest();
      committed_ = true;
      return commitment_;
    }
    return largest();
  }

  std::size_t by_weights(const Numbers& weights) {
    return std::discrete_distribution<std::size_t>(weights.begin(), weights.end())(dice_);
  }

  std::size_t softmax() {
    Numbers weights;
    double most = -std::numeric_limits<double>::infinity();
    for (const Past& past : known_) most = std::max(most, past.n > 0 ? past.mean() : 0);
    for (const Past& past : known_)
      weights.push_back(std::exp(((past.n > 0 ? past.mean() : 0) - most) / get("temperature", 0.1)));
    return by_weights(weights);
  }

  std::size_t top_two() {
    const std::size_t first = posterior_best(known_);
    if (uniform() < get("beta", 0.5)) return first;
    if (arms_ == 2) return 1 - first;
    for (;;) {
      const std::size_t second = posterior_best(known_);
      if (second != first) return second;
    }
  }

  double posterior_draw(const Past& past) {
    if (b_.sd >= 0) {
      const double sd = get("observation_sd", 1), prior_sd = get("prior_sd", 1);
      const double precision = 1 / (prior_sd * prior_sd) + past.n / (sd * sd);
      const double prior_mean = (b_.lower ? -1 : 1) * get("prior_mean", 0);
      const double mean = (prior_mean / (prior_sd * prior_sd) + past.sum / (sd * sd)) / precision;
      return std::normal_distribution<double>(mean, 1 / std::sqrt(precision))(dice_);
    }
    if (b_.poisson) {
      const double sum = b_.lower ? -past.sum : past.sum;
      const double drawn = std::gamma_distribution<double>(get("shape", 1) + sum, 1)(dice_);
      return (b_.lower ? -1 : 1) * drawn / (get("rate", 1) + past.n);
    }
    const double a = std::gamma_distribution<double>(1 + past.sum, 1)(dice_);
    const double c = std::gamma_distribution<double>(1 + past.n - past.sum, 1)(dice_);
    return a / (a + c);
  }

  std::size_t posterior_best(const std::vector<Past>& pasts) {
    std::size_t best = 0;
    double most = -std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a < arms_; ++a) {
      const double drawn = posterior_draw(pasts[a]);
      if (drawn > most) best = a;
      most = std::max(most, drawn);
    }
    return best;
  }

  double index(std::size_t a) const {
    const Past& past = known_[a];
    const double unknown = std::numeric_limits<double>::infinity();
    const double n = past.n, log_t = t_ > 0 ? std::log(t_) : 0;
    if (b_.policy == "tutorial_greedy") return past.sum / (n + 1);
    if (b_.policy == "bayes_ucb") {
      const double tail = 1 / ((t_ + 1) * std::pow(std::log(static_cast<double>(b_.users)), get("c", 0)));
      double& known = quantiles()[{n, past.sum, tail}];
      if (known == 0)
        known =
            bisect(0, 1, [&](double x) { return beta_cdf(past.sum + 1, n - past.sum + 1, x) < 1 - tail; });
      return known;
    }
    if (b_.policy == "sliding_window_ucb") return window_index(a);
    if (n == 0) return unknown;
    if (b_.policy == "ucb1") return past.mean() + get("scale", 1) * std::sqrt(2 * log_t / n);
    if (b_.policy == "ucb_tuned") {
      const double v = past.squares / n - past.mean() * past.mean() + std::sqrt(2 * log_t / n);
      return past.mean() + std::sqrt(log_t / n * std::min(0.25, v));
    }
    if (b_.policy == "moss") {
      const double ratio = get("horizon", static_cast<double>(b_.users)) / (static_cast<double>(arms_) * n);
      return past.mean() + std::sqrt(std::max(0.0, std::log(ratio)) / n);
    }
    if (b_.policy == "kl_ucb")
      return bisect(past.mean(), 1, [&](double q) { return n * kl(past.mean(), q) <= log_t; });
    return past.mean();
  }

  /// Quantiles found before, by users, successes and tail.
  static std::map<std::tuple<double, double, double>, double>& quantiles() {
    static std::map<std::tuple<double, double, double>, double> found;
    return found;
  }

  double window_index(std::size_t a) const {
    double n = 0, sum = 0;
    for (const Seen& seen : window_) {
      n += seen.arm == a ? 1 : 0;
      sum += seen.arm == a ? seen.reward : 0;
    }
    if (n == 0) return std::numeric_limits<double>::infinity();
    return sum / n + get("scale", 1) * std::sqrt(2 * std::log(std::min(t_, get("window", 1))) / n);
  }

  /// Largest index, ties with equal chances; equal but for the rounding of logarithms and bisections.
  std::size_t largest() {
    Numbers values;
    for (std::size_t a = 0; a < arms_; ++a) values.push_back(index(a));
    const double most = *std::max_element(values.begin(), values.end());
    std::vector<std::size_t> tied;
    for (std::size_t a = 0; a < arms_; ++a)
      if (values[a] == most || values[a] > most - 1e-11) tied.push_back(a);
    return tied[std::uniform_int_distribution<std::size_t>(0, tied.size() - 1)(dice_)];
  }

  const SlowBandit& b_;
  std::mt19937_64& dice_;
  std::size_t arms_;
  std::vector<Past> now_, known_, discounted_;
  struct Seen {
    std::size_t arm;
    double reward, round_end;
  };
  std::deque<Seen> window_;
  std::vector<std::pair<std::size_t, double>> fresh_;  // since the last round
  Numbers weights_, chances_;                          // exp3
  double own_share_ = 1;  // of the last round's users, who were not allocated evenly or in turn
  i64 round_ = 0;
  double t_ = 0;
  bool committed_ = false;
  std::size_t commitment_ = 0;
};

double draw_outcome(const SlowBandit& bandit, double mean, std::mt19937_64& dice) {
  if (bandit.sd >= 0) return std::normal_distribution<double>(mean, bandit.sd)(dice);
  if (bandit.poisson) return std::poisson_distribution<int>(mean)(dice);
  return std::uniform_real_distribution<double>()(dice) < mean ? 1 : 0;
}

/// What a policy that likes more is told of an outcome.
double reward_of(const SlowBandit& bandit, double outcome) {
  if (!bandit.lower) return outcome;
  return bandit.sd >= 0 || bandit.poisson ? -outcome : 1 - outcome;
}

/// The mean by which an arm is judged at the end.
double judged_mean(const SlowBandit& bandit, const Past& arm) {
  const auto parameter = [&](const char* name) { return bandit.parameters.at(name); };
  if (bandit.policy == "thompson" && bandit.sd >= 0) {
    const double of_prior = std::pow(parameter("prior_sd"), -2),
                 of_user = std::pow(parameter("observation_sd"), -2);
    return (of_prior * parameter("prior_mean") + of_user * arm.sum) / (of_prior + of_user * arm.n);
  }
  if (bandit.policy == "thompson" && bandit.poisson)
    return (parameter("shape") + arm.sum) / (parameter("rate") + arm.n);
  for (const char* bayesian : {"thompson", "top_two_thompson", "discounted_thompson", "bayes_ucb"})
    if (bandit.policy == bayesian) return (1 + arm.sum) / (2 + arm.n);
  return arm.mean();
}

/// Whether the best of all arms that had users looks best; of arms that look alike the first counts.
bool finds_best(const SlowBandit& bandit, const std::vector<Past>& arms) {
  const double sign = bandit.lower ? -1 : 1;
  std::size_t leader = arms.size(), best = 0;
  for (std::size_t a = 0; a < arms.size(); ++a) {
    if (sign * bandit.means[a] > sign * bandit.means[best]) best = a;
    if (arms[a].n == 0) continue;
    if (leader == arms.size() ||
        sign * judged_mean(bandit, arms[a]) > sign * judged_mean(bandit, arms[leader]))
      leader = a;
  }
  return leader == best;
}

}  // namespace

SlowBanditResult slow_bandits(const SlowBandit& bandit, i64 replications, unsigned seed) {
  std::mt19937_64 dice(seed);
  SlowBanditResult result;
  result.users.resize(bandit.means.size());
  result.arm_mean.resize(bandit.means.size());
  const auto [least, most] = std::minmax_element(bandit.means.begin(), bandit.means.end());
  for (i64 r = 0; r < replications; ++r) {
    Player player(bandit, dice);
    std::vector<Past> arms(bandit.means.size());
    double regret = 0;
    for (i64 user = 0; user < bandit.users; ++user) {
      const std::size_t arm = player.choose(user);
      const double outcome = draw_outcome(bandit, bandit.means[arm], dice);
      player.see(arm, reward_of(bandit, outcome));
      regret += bandit.lower ? bandit.means[arm] - *least : *most - bandit.means[arm];
      arms[arm].n += 1;
      arms[arm].sum += outcome;
    }
    result.regret.add(regret);
    result.correct.add(finds_best(bandit, arms) ? 1 : 0);
    for (std::size_t a = 0; a < arms.size(); ++a) {
      result.users[a].add(arms[a].n);
      if (arms[a].n > 0) result.arm_mean[a].add(arms[a].mean());
    }
  }
  return result;
}

}  // namespace windtunnel
