#include "windtunnel/engine/registry.hpp"

#include "windtunnel/design/analyses/adaptively_weighted.hpp"
#include "windtunnel/design/analyses/batch_z.hpp"
#include "windtunnel/design/analyses/bootstrap.hpp"
#include "windtunnel/design/analyses/ipw.hpp"
#include "windtunnel/design/analyses/mann_whitney.hpp"
#include "windtunnel/design/analyses/quantile.hpp"
#include "windtunnel/design/analyses/ratio.hpp"
#include "windtunnel/design/analyses/stratified.hpp"
#include "windtunnel/design/analyses/student_t.hpp"
#include "windtunnel/design/analyses/welch_t.hpp"
#include "windtunnel/design/analyses/z_known.hpp"
#include "windtunnel/design/analyses/z_pooled.hpp"
#include "windtunnel/design/analyses/z_unpooled.hpp"
#include "windtunnel/design/policies/bayes_ucb.hpp"
#include "windtunnel/design/policies/discounted_thompson.hpp"
#include "windtunnel/design/policies/epsilon_decreasing.hpp"
#include "windtunnel/design/policies/epsilon_greedy.hpp"
#include "windtunnel/design/policies/exp3.hpp"
#include "windtunnel/design/policies/explore_then_commit.hpp"
#include "windtunnel/design/policies/fixed_split.hpp"
#include "windtunnel/design/policies/kl_ucb.hpp"
#include "windtunnel/design/policies/moss.hpp"
#include "windtunnel/design/policies/sliding_window_ucb.hpp"
#include "windtunnel/design/policies/softmax.hpp"
#include "windtunnel/design/policies/thompson.hpp"
#include "windtunnel/design/policies/top_two_thompson.hpp"
#include "windtunnel/design/policies/tutorial_greedy.hpp"
#include "windtunnel/design/policies/ucb1.hpp"
#include "windtunnel/design/policies/ucb_tuned.hpp"
#include "windtunnel/design/rules/fixed_horizon.hpp"
#include "windtunnel/design/rules/group_sequential.hpp"
#include "windtunnel/design/rules/msprt.hpp"
#include "windtunnel/design/rules/naive_peeking.hpp"
#include "windtunnel/design/rules/probability_best.hpp"
#include "windtunnel/design/rules/ship_leader.hpp"
#include "windtunnel/design/rules/sprt.hpp"
#include "windtunnel/measures/arm_mean_bias.hpp"
#include "windtunnel/measures/arm_share.hpp"
#include "windtunnel/measures/coverage.hpp"
#include "windtunnel/measures/decision_rates.hpp"
#include "windtunnel/measures/discoveries.hpp"
#include "windtunnel/measures/duration.hpp"
#include "windtunnel/measures/estimate_errors.hpp"
#include "windtunnel/measures/overstatement.hpp"
#include "windtunnel/measures/regret.hpp"
#include "windtunnel/measures/regret_quantile.hpp"
#include "windtunnel/measures/rejection_rate.hpp"
#include "windtunnel/measures/simple_regret.hpp"
#include "windtunnel/measures/stop_by_look.hpp"
#include "windtunnel/measures/total_value.hpp"
#include "windtunnel/measures/users_quantile.hpp"
#include "windtunnel/measures/wrong_decisions.hpp"
#include "windtunnel/world/features/carryover.hpp"
#include "windtunnel/world/features/clusters.hpp"
#include "windtunnel/world/features/covariate.hpp"
#include "windtunnel/world/features/delay.hpp"
#include "windtunnel/world/features/leakage.hpp"
#include "windtunnel/world/features/metrics.hpp"
#include "windtunnel/world/features/novelty.hpp"
#include "windtunnel/world/features/returning_users.hpp"
#include "windtunnel/world/features/sample_ratio_mismatch.hpp"
#include "windtunnel/world/features/segments.hpp"
#include "windtunnel/world/features/weekday.hpp"
#include "windtunnel/world/outcomes/bernoulli.hpp"
#include "windtunnel/world/outcomes/beta.hpp"
#include "windtunnel/world/outcomes/empirical.hpp"
#include "windtunnel/world/outcomes/lognormal.hpp"
#include "windtunnel/world/outcomes/negative_binomial.hpp"
#include "windtunnel/world/outcomes/normal.hpp"
#include "windtunnel/world/outcomes/poisson.hpp"
#include "windtunnel/world/outcomes/revenue.hpp"

namespace windtunnel {

namespace {

template <class Family, class Leaf>
std::unique_ptr<Family> make() {
  return std::make_unique<Leaf>();
}

constexpr RegistryRow<Outcome> kOutcomes[] = {
    {"bernoulli", "conversions: 1 with probability rate, else 0", "successes of n users ~ Binomial(n, rate)",
     "Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, ch. 3", make<Outcome, Bernoulli>},
    {"normal", "a bell curve with one standard deviation for all arms",
     "sum of n users ~ N(n mean, n sd^2); squared deviations ~ sd^2 chi-square(n - 1)",
     "Cochran (1934), Math. Proc. Camb. Philos. Soc. 30:178", make<Outcome, Normal>},
    {"revenue", "nothing from most users, a lognormal amount from payers, many times that from whales",
     "0 with probability 1 - payer_rate, else exp(N(log_mean, log_sd^2)), times multiplier for whales",
     "Aitchison (1955), J. Am. Stat. Assoc. 50:901", make<Outcome, Revenue>},
    {"lognormal", "values that multiply rather than add, such as latencies",
     "exp(N(log_mean, log_sd^2)), mean exp(log_mean + log_sd^2/2)",
     "Johnson, Kotz & Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 14",
     make<Outcome, Lognormal>},
    {"poisson", "counts of events that know nothing of each other", "P(k) = e^-mean mean^k / k!",
     "Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, ch. 4", make<Outcome, Poisson>},
    {"negative_binomial", "counts of users who differ: more spread than poisson",
     "P(k) = C(k + d - 1, k) (d/(d + mean))^d (mean/(d + mean))^k, d = dispersion; variance mean + mean^2/d",
     "Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, ch. 5",
     make<Outcome, NegativeBinomial>},
    {"beta", "scores between 0 and 1, such as NDCG",
     "Beta(mean c, (1 - mean) c), c = concentration; variance mean (1 - mean)/(c + 1)",
     "Ferrari & Cribari-Neto (2004), J. Appl. Statist. 31:799", make<Outcome, Beta>},
    {"empirical", "values drawn again from a file of what was observed",
     "each value with the share it has in the file; a lift multiplies it", "Efron (1979), Ann. Statist. 7:1",
     make<Outcome, Empirical>},
};

/// Strategies look through the lenses of features in this order: whose outcomes, which metric, by which
/// unit, adjusted how.
constexpr RegistryRow<Feature> kFeatures[] = {
    {"novelty", "an extra lift of the treatments that fades; negative: users learn to like them (primacy)",
     "adds lift 2^(-t/half_life) to the mean on day t = 0, 1, ...",
     "Hohnhold, O'Brien & Tang (2015), Focusing on the long-term, KDD", make<Feature, Novelty>},
    {"weekday", "traffic, baseline and effect that differ from day to day of the week",
     "users traffic[t mod 7], baseline rate[t mod 7], lasting lift effect[t mod 7]",
     "Kohavi, Tang & Xu (2020), Trustworthy Online Controlled Experiments, ch. 2", make<Feature, Weekday>},
    {"segments", "groups of users who differ in baseline and effect",
     "baseline rate_multiplier, lasting lift effect_multiplier; a user is of the segment by its share",
     "Crook, Frasca, Kohavi & Longbotham (2009), Seven pitfalls to avoid, KDD", make<Feature, Segments>},
    {"delay", "outcomes that become known days after exposure",
     "P(lag <= k days) = 1 - (1 - q)^(k + 1), or always `days`; a look on day t sees lags <= t - day of "
     "exposure; "
     "exposed: users who have not reported count as 0; matured: users exposed follow_up_days ago or earlier",
     "Chapelle (2014), Modeling delayed feedback in display advertising, KDD", make<Feature, Delay>},
    {"returning_users", "users who come again, so that their metric grows until the end",
     "on each later day of `days` a user comes again with the probability; value at a look = sum over visits "
     "so "
     "far; lasting effect = effect per visit times the mean over users of 1 + probability (later days)",
     "Dmitriev et al. (2016), Pitfalls of long-term online controlled experiments, IEEE Big Data",
     make<Feature, ReturningUsers>},
    {"carryover", "users who still feel the arm of an earlier experiment",
     "adds lift 2^(-t/half_life) Z; P(Z = 1) = p + overlap (1 - p) in the treatment, p (1 - overlap) in "
     "control, p = share of the old treatment",
     "Kohavi et al. (2012), Trustworthy online controlled experiments: five puzzling outcomes, KDD",
     make<Feature, Carryover>},
    {"metrics", "further metrics of every user, any or all of which may decide",
     "standard normal in control, equally correlated with one another and the outcome",
     "Dunn (1961), JASA 56:52; Dmitrienko, Tamhane & Bretz (2009), Multiple Testing Problems",
     make<Feature, Metrics>},
    {"clusters", "users who come several times, with outcomes that are alike",
     "M requests of a user, size or 1 + Poisson(size - 1), with intraclass correlation icc; user: "
     "R = sum S/sum M, variance over users of (S - M R)/mean(M), S = sum of a user's outcomes",
     "Deng, Knoblich & Lu (2018), Applying the delta method in metric analytics, KDD",
     make<Feature, Clusters>},
    {"covariate", "a number known of every user that goes with the outcome, for adjusted estimates (CUPED)",
     "X standard normal, correlated with the outcome; cuped: estimate less theta times the difference in X, "
     "theta = regression within arms at each look, 0 below 16 degrees of freedom",
     "Deng, Xu, Kohavi & Walker (2013), WSDM", make<Feature, Covariate>},
    {"sample_ratio_mismatch", "users who are lost, or assigned by other shares than planned",
     "each user of `arm` is lost with drop_rate, or users are assigned by `shares`; guard: chi-square of the "
     "users against the planned shares (or, added up, the chances a policy gave them), at every look",
     "Fabijan et al. (2019), Diagnosing sample ratio mismatch, KDD", make<Feature, SampleRatioMismatch>},
    {"leakage", "users who are not served the arm they are assigned to and analysed in",
     "a share `rate` of treatment users is served control; two_way: also of control users a treatment",
     "Imbens & Rubin (2015), Causal Inference, ch. 23 (noncompliance)", make<Feature, Leakage>},
};

constexpr RegistryRow<Policy> kPolicies[] = {
    {"fixed_split", "every arm has a share of the users, whatever is observed",
     "balanced: largest-remainder share of the users so far; bernoulli: every user flips a coin",
     "Rosenberger & Lachin (2015), Randomization in Clinical Trials, ch. 3", make<Policy, FixedSplit>},
    {"epsilon_greedy", "the arm with the largest mean, and any arm for a share of the users",
     "argmax s/n; with probability epsilon any of all arms; first users: each arm once, in order",
     "Sutton & Barto (2018), Reinforcement Learning, 2.2", make<Policy, EpsilonGreedy>},
    {"epsilon_decreasing", "the arm with the largest mean, and any arm less and less often",
     "argmax s/n; with probability min(1, c K/(d^2 n)) any of all arms, n = number of the user; first users: "
     "each "
     "arm once, in order",
     "Auer, Cesa-Bianchi & Fischer (2002), Mach. Learn. 47:235, figure 3", make<Policy, EpsilonDecreasing>},
    {"explore_then_commit", "arms in turn, then the one with the largest mean for good",
     "user u <= K m gets arm u mod K; then argmax s/n of that moment, ties with equal chances",
     "Lattimore & Szepesvari (2020), Bandit Algorithms, ch. 6", make<Policy, ExploreThenCommit>},
    {"softmax", "better arms get more users, by their means alone",
     "P(arm) proportional to exp((s/n)/temperature); first users: each arm once, in order",
     "Sutton & Barto (2018), Reinforcement Learning, 2.8", make<Policy, Softmax>},
    {"ucb1", "the arm with the largest upper confidence bound",
     "argmax s/n + scale sqrt(2 ln t / n), t = users with known outcomes before this choice; first users: "
     "each "
     "arm once, in order",
     "Auer, Cesa-Bianchi & Fischer (2002), Mach. Learn. 47:235", make<Policy, Ucb1>},
    {"ucb_tuned", "ucb1 with bounds that know the variance",
     "argmax s/n + scale sqrt(ln t / n min(1/4, V)), V = variance/scale^2 + sqrt(2 ln t / n); first "
     "users: each arm once, in order",
     "Auer, Cesa-Bianchi & Fischer (2002), Mach. Learn. 47:235, section 4", make<Policy, UcbTuned>},
    {"kl_ucb", "the arm whose mean may be largest, by the divergence of Bernoulli laws",
     "argmax max{q: n kl(s/n, q) <= ln t}, t = users with known outcomes before this choice; first users: "
     "each "
     "arm once, in order",
     "Garivier & Cappe (2011), COLT", make<Policy, KlUcb>},
    {"moss", "upper confidence bounds for a known horizon",
     "argmax s/n + scale sqrt(max(0, ln(horizon/(K n)))/n); first users: each arm once, in order",
     "Audibert & Bubeck (2009), COLT", make<Policy, Moss>},
    {"bayes_ucb", "the arm with the largest posterior quantile",
     "argmax quantile of Beta(1 + s, 1 + n - s) at 1 - 1/((t + 1)(ln H)^c), H = users of the experiment",
     "Kaufmann, Cappe & Garivier (2012), AISTATS", make<Policy, BayesUcb>},
    {"thompson", "an arm gets a user with the probability that it is the best",
     "argmax theta, theta ~ posterior: Beta(1 + s, 1 + n - s) for outcomes of 0 and 1; model normal or "
     "gamma_poisson elsewhere",
     "Thompson (1933), Biometrika 25:285; Russo et al. (2018), A Tutorial on Thompson Sampling",
     make<Policy, Thompson>},
    {"top_two_thompson", "Thompson sampling that also tries the runner-up, to find the best arm",
     "with probability beta argmax theta, else argmax of the first later draw in which another arm leads",
     "Russo (2020), Oper. Res. 68:1625", make<Policy, TopTwoThompson>},
    {"exp3", "exponential weights of importance-weighted rewards",
     "p = (1 - gamma) w/sum w + gamma/K; w *= exp(gamma reward/(p K)) for the arm served",
     "Auer, Cesa-Bianchi, Freund & Schapire (2002), SIAM J. Comput. 32:48", make<Policy, Exp3>},
    {"discounted_thompson", "Thompson sampling that forgets, for worlds that change",
     "argmax theta, theta ~ Beta(1 + S, 1 + F); every user: S, F *= discount, then its outcome is added",
     "Raj & Kalyani (2017), arXiv:1707.09727", make<Policy, DiscountedThompson>},
    {"sliding_window_ucb", "ucb1 on the last users alone, for worlds that change",
     "argmax s/n + scale sqrt(2 ln min(t, window) / n), s and n of the last `window` users, whole rounds of "
     "them; first users: each arm once, in order",
     "Garivier & Moulines (2011), ALT", make<Policy, SlidingWindowUcb>},
    {"tutorial_greedy", "greedy as tutorials write it",
     "argmax s/(n + 1), s the sum of rewards; where less is better those are 1 - outcome of outcomes 0 and "
     "1, "
     "else -outcome, so that arms nobody has had, whose score is 0, come first instead of last",
     "cf. Sutton & Barto (2018), Reinforcement Learning, 2.4", make<Policy, TutorialGreedy>},
};

constexpr RegistryRow<Analysis> kAnalyses[] = {
    {"z_known", "z test with a standard deviation known beforehand", "variance = sd^2 (1/n0 + 1/n1)",
     "Casella & Berger (2002), Statistical Inference, 8.2", make<Analysis, ZKnown>},
    {"z_pooled", "z test with one variance for both arms",
     "variance = pq (1/n0 + 1/n1), p over both arms; other outcomes (SS0 + SS1)/(n0 + n1 - 2) (1/n0 + 1/n1)",
     "Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, ch. 3",
     make<Analysis, ZPooled>},
    {"z_unpooled", "z test with a variance per arm",
     "variance = p0 q0/n0 + p1 q1/n1; other outcomes s0^2/n0 + s1^2/n1",
     "Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, ch. 3",
     make<Analysis, ZUnpooled>},
    {"student_t", "t test with one variance for both arms",
     "variance = (SS0 + SS1)/(n0 + n1 - 2) (1/n0 + 1/n1), n0 + n1 - 2 degrees of freedom",
     "Student (1908), Biometrika 6:1; Fisher (1925), Metron 5:90 (two samples)", make<Analysis, StudentT>},
    {"welch_t", "t test with a variance per arm",
     "variance = w0 + w1, w = s^2/n; degrees of freedom (w0 + w1)^2 / (w0^2/(n0 - 1) + w1^2/(n1 - 1))",
     "Welch (1947), Biometrika 34:28; Satterthwaite (1946), Biometrics Bulletin 2:110",
     make<Analysis, WelchT>},
    {"ratio", "z test of a mean per request whose variance is that of users, by the delta method",
     "estimate = R1 - R0, R = sum S/sum M; variance = v0 + v1, v = n/(n - 1) sum (S - M R)^2/(sum M)^2, M = "
     "requests and S = sum of outcomes of each of n users",
     "Deng, Knoblich & Lu (2018), Applying the delta method in metric analytics, KDD, eq. 5",
     make<Analysis, Ratio>},
    {"stratified", "z test of the difference within every segment, weighted by the segments' shares",
     "estimate = sum (N_g/N)(m1g - m0g), variance = sum (N_g/N)^2 (v0g/n0g + v1g/n1g), g = segments",
     "Miratrix, Sekhon & Yu (2013), JRSS B 75:369", make<Analysis, Stratified>},
    {"ipw", "z test of means that weigh every user by 1/e, e = the chance to get its arm",
     "estimate = m1 - m0, m = sum(Y/e)/sum(1/e); variance = v0 + v1, v = sum((Y - m)^2/e^2)/(sum(1/e))^2",
     "Hajek (1971), Foundations of Statistical Inference, 236; Hadad et al. (2021), PNAS 118:e2014602118",
     make<Analysis, Ipw>},
    {"adaptively_weighted",
     "z test of means that weigh every user by 1/sqrt(e), e = the chance to get its arm",
     "estimate = m1 - m0, m = sum(Y/r)/sum(1/r), r = sqrt(e); variance = v0 + v1, v = sum((Y - "
     "m)^2/e)/(sum(1/r))^2",
     "Zhang, Janson & Murphy (2021), NeurIPS 34:7460; Hadad et al. (2021), PNAS 118:e2014602118",
     make<Analysis, AdaptivelyWeighted>},
    {"batch_z", "z tests of the policy's rounds, added up",
     "z = sum(d_b/s_b)/sqrt(B); estimate = sum(d_b/s_b)/sum(1/s_b), variance = B/(sum(1/s_b))^2, over "
     "rounds b = 1 ... B with both arms; d_b = difference of means, s_b^2 = "
     "sum of squares around the common mean/(n0 + n1 - 1) (1/n0 + 1/n1)",
     "Zhang, Janson & Murphy (2020), Inference for batched bandits, NeurIPS 33:9818", make<Analysis, BatchZ>},
    {"mann_whitney", "rank test: how often a treatment's user has the larger outcome",
     "estimate = P(Y1 > Y0) + P(Y1 = Y0)/2 - 1/2 over all pairs; variance = ((N + 1) - sum (t^3 - t) / (N (N "
     "- 1))) / (12 n0 n1), N = n0 + n1, t = users who share an outcome",
     "Mann & Whitney (1947), Ann. Math. Statist. 18:50; Lehmann (1975), Nonparametrics, 1.4",
     make<Analysis, MannWhitney>},
    {"quantile", "difference of sample quantiles, such as medians or p99",
     "estimate = difference of y_(ceil(n p)); error of an arm = (y_(u) - y_(l)) s / (u - l), l, u = "
     "ceil(n p -/+ 1.96 s), s = sqrt(n p (1 - p))",
     "Woodruff (1952), J. Am. Stat. Assoc. 47:635; Deng, Knoblich & Lu (2018), KDD, section 4",
     make<Analysis, Quantile>},
    {"bootstrap", "difference of means, judged by drawing the users again",
     "interval = [d*_(k), d*_(B + 1 - k)] of B resampled differences, k = floor((B + 1) alpha/2); rejects "
     "where "
     "the margin lies outside the interval of the rule's level",
     "Efron (1979), Ann. Statist. 7:1; Davison & Hinkley (1997), Bootstrap Methods, eq. 5.18",
     make<Analysis, Bootstrap>},
};

constexpr RegistryRow<StoppingRule> kRules[] = {
    {"fixed_horizon", "test once, at the end", "reject iff |z| >= c at the last look",
     "Neyman & Pearson (1933), Philos. Trans. R. Soc. A 231:289", make<StoppingRule, FixedHorizon>,
     Guarantee::asymptotic},
    {"naive_peeking", "the same test at every look, as if each were the only one",
     "reject iff |z| >= c at any look", "Armitage, McPherson & Rowe (1969), JRSS A 132:235",
     make<StoppingRule, NaivePeeking>, Guarantee::none},
    {"group_sequential", "critical values that share alpha among planned looks",
     "reject iff |z_k| >= c (pocock) or c/sqrt(t_k) (obrien_fleming), t_k = planned users at look k / at the "
     "end",
     "Pocock (1977), Biometrika 64:191; O'Brien & Fleming (1979), Biometrics 35:549",
     make<StoppingRule, GroupSequential>, Guarantee::asymptotic},
    {"sprt", "Wald's sequential test of no effect against an effect of mde",
     "LLR = delta (d - delta/2)/s^2, delta = mde, d = estimate - margin, s^2 = (variance/2)(1/n0 + 1/n1); "
     "ship at LLR >= ln((1 - beta)/alpha), keep at LLR <= ln(beta/(1 - alpha)); two_sided: +delta and "
     "-delta, both at alpha/2",
     "Wald (1945), Ann. Math. Statist. 16:117", make<StoppingRule, Sprt>, Guarantee::asymptotic},
    {"msprt", "mixture sequential test, valid at any number of looks",
     "reject iff sqrt(s^2/(s^2 + tau^2)) exp(tau^2 d^2 / (2 s^2 (s^2 + tau^2))) >= 1/alpha, tau = mixing_sd, "
     "d = estimate - margin, s^2 its variance; interval: estimate -/+ sqrt(s^2 (s^2 + tau^2)/tau^2 "
     "(ln((s^2 + tau^2)/s^2) - 2 ln alpha))",
     "Robbins (1970), Ann. Math. Statist. 41:1397; Johari et al. (2022), Oper. Res. 70:1806",
     make<StoppingRule, Msprt>, Guarantee::asymptotic},
    {"probability_best", "stop when an arm is the best with a posterior probability above the threshold",
     "stop iff P(arm is best | data) > threshold, under independent priors",
     "Cook (2005), Exact calculation of beta inequalities; Stucchio (2015), Bayesian A/B testing at VWO",
     make<StoppingRule, ProbabilityBest>, Guarantee::none},
    {"ship_leader", "ship what looks best at the end, without any test",
     "arm with the largest posterior mean under the prior of the policy, (s + 1)/(n + 2) for Beta(1, 1), "
     "else the "
     "largest mean s/n",
     "Manski (2004), Econometrica 72:1221 (empirical success rule)", make<StoppingRule, ShipLeader>,
     Guarantee::none},
};

constexpr const char* kMorris = "Morris, White & Crowther (2019), Stat. Med. 38:2074";
constexpr const char* kGelman = "Gelman & Carlin (2014), Perspect. Psychol. Sci. 9:641";
constexpr const char* kLai = "Lai & Robbins (1985), Adv. Appl. Math. 6:4";
constexpr const char* kStorey = "Storey (2003), Ann. Statist. 31:2013";

constexpr RegistryRow<Measure> kMeasures[] = {
    {"rejection_rate", "share that rejects: false positives without, power with an effect",
     "mean of rejected", kMorris, make_rejection_rate},
    {"ship_rate", "share that ships a treatment", "mean of [end = ship]", kMorris, make_ship_rate},
    {"keep_rate", "share that keeps control", "mean of [end = keep]", kMorris, make_keep_rate},
    {"undecided_rate", "share that ends undecided", "mean of [end = undecided]", kMorris,
     make_undecided_rate},
    {"abort_rate", "share that a guard breaks off, part of the undecided ones", "mean of [a guard fires]",
     kMorris, make_abort_rate},
    {"wrong_ship_rate", "share that ships a treatment that is not better",
     "mean of [ships a treatment with effect <= margin]", kMorris, make_wrong_ship_rate},
    {"missed_rate", "share that ships nothing although a treatment is better",
     "mean of [no ship, some effect > margin]", kMorris, make_missed_rate},
    {"correct_rate", "share that serves the best arm after the end",
     "mean of [arm served has the largest lasting mean]", kMorris, make_correct_rate},
    {"mean_users", "users exposed, all arms", "mean of users at the end", kMorris, make_mean_users},
    {"users_quantile", "quantiles .1 .5 .9 .99 of the users exposed",
     "smallest u with share of (users <= u) >= q",
     "Hyndman & Fan (1996), Am. Stat. 50:361, definition 1; "
     "interval: David & Nagaraja (2003), Order Statistics, 7.1",
     make_users_quantile},
    {"mean_days", "calendar days begun until the end", "mean of days at the end", kMorris, make_mean_days},
    {"stop_by_look", "share stopped by the criterion by look k",
     "mean of [stopped by the rule at a look <= k]", kMorris, make_stop_by_look},
    {"estimate_bias", "estimate at the end minus the truth", "mean of estimate - effect", kMorris,
     make_estimate_bias},
    {"estimate_rmse", "typical error of the estimate", "root of the mean of (estimate - effect)^2", kMorris,
     make_estimate_rmse},
    {"estimate_given_ship", "estimate of what is shipped", "mean of the estimate, given ship", kGelman,
     make_estimate_given_ship},
    {"exaggeration", "how far a rejection overstates the effect (type M)",
     "mean of |estimate|/|effect|, given rejected", kGelman, make_exaggeration},
    {"sign_error", "share of rejections with the wrong sign (type S)",
     "mean of [sign differs], given rejected", kGelman, make_sign_error},
    {"coverage", "share of intervals that contain the truth", "mean of [low <= effect <= high]", kMorris,
     make_coverage},
    {"arm_mean_bias", "observed minus true mean of an arm's users", "mean of (mean - true mean), given users",
     "Nie, Tian, Taylor & Zou (2018), AISTATS, PMLR 84:1261", make_arm_mean_bias},
    {"regret", "users' loss against the best arm, rollout included",
     "sum over users of best mean - mean served", kLai, make_regret},
    {"regret_curve", "users' loss after 1, 2, 5, 10 ... users", "the same sum over the first users", kLai,
     make_regret_curve},
    {"regret_quantile", "quantiles .1 .5 .9 .99 of regret, which is skewed",
     "smallest r with share of (regret <= r) >= q, to 3 %", "David & Nagaraja (2003), Order Statistics, 7.1",
     make_regret_quantile},
    {"simple_regret", "how far what is served after the end falls short of the best arm",
     "mean of best lasting mean - lasting mean served",
     "Bubeck, Munos & Stoltz (2011), Theor. Comput. Sci. 412:1832", make_simple_regret},
    {"total_value", "expected sum of all users' outcomes, rollout included",
     "sum over users of the mean of the arm served", kLai, make_total_value},
    {"arm_share", "share of the first 1, 2, 5, 10 ... users served each arm (policies that learn)",
     "mean of users served the arm / users", kLai, make_arm_share},
    {"best_arm_share", "share of users served an arm that is best at that moment",
     "mean of best-served users / users", kLai, make_best_arm_share},
    {"false_discovery_rate", "share of ships without a better treatment (drawn effects)",
     "mean of [effect <= 0], given ship", kStorey, make_false_discovery_rate},
    {"true_winner_share", "share of ships with a better treatment (drawn effects)",
     "mean of [effect > 0], given ship", kStorey, make_true_winner_share},
    {"mean_effect_shipped", "effect of what is shipped (drawn effects)", "mean of the effect, given ship",
     kStorey, make_mean_effect_shipped},
    {"wrong_given_decision", "share of decisions for an arm that is not better (drawn effects)",
     "mean of [chosen arm not strictly better], given stopped by the criterion", kStorey,
     make_wrong_given_decision},
};

constexpr Registry kRegistry{kOutcomes, kFeatures, kPolicies, kAnalyses, kRules, kMeasures};

}  // namespace

const Registry& registry() {
  return kRegistry;
}

}  // namespace windtunnel
