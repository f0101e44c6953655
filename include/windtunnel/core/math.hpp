#pragma once

/// Elementary and statistical functions whose bits are the same on every x86-64 level and compiler.
namespace windtunnel::math {

double exp(double x);
double log(double x);
double log1p(double x);
double expm1(double x);
double pow(double x, double y);
double log_gamma(double x);
double log_beta(double a, double b);
double normal_pdf(double x);
double normal_cdf(double x);
double normal_upper(double x);
double normal_quantile(double p);
double incomplete_beta(double a, double b, double x);
double incomplete_gamma(double a, double x);
double chi_square_upper(double x, double degrees_of_freedom);
double student_t_cdf(double t, double degrees_of_freedom);
double student_t_quantile(double p, double degrees_of_freedom);
double binomial_pmf(double k, double n, double p);

}  // namespace windtunnel::math
