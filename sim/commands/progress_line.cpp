#include "progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "terminal.hpp"
#include "windtunnel/report/number_format.hpp"
#include "windtunnel/report/text_layout.hpp"

namespace windtunnel {

namespace {

double seconds_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// A rate to three digits: "1.23 million", "45.6 thousand", "789".
std::string rate_text(double rate) {
  if (rate >= 1e6) return fmt::format("{:.3g} million", rate / 1e6);
  if (rate >= 1e4) return fmt::format("{:.3g} thousand", rate / 1e3);
  return fmt::format("{:.0f}", rate);
}

/// A count that takes 15 columns at most: "1,000,000", "281,475 billion".
std::string count_text(i64 count) {
  constexpr i64 kBillion = 1'000'000'000;
  return count < 10 * kBillion ? grouped(count) : grouped(count / kBillion) + " billion";
}

}  // namespace

ProgressLine::ProgressLine(std::string name, i64 done, i64 total)
    : name_(std::move(name)), before_(done), total_(total), enabled_(shows_progress()) {}

void ProgressLine::update(i64 replications) {
  constexpr double kBetween = 0.1;  // seconds
  if (replications < piece_) pieces_ += piece_;
  piece_ = replications;
  const Clock::time_point now = Clock::now();
  if (!enabled_ || seconds_between(last_, now) < kBetween) return;
  last_ = now;
  shown_ = true;
  const i64 done = pieces_ + piece_;
  const double rate = static_cast<double>(done) / seconds_between(start_, now);
  const std::string text = progress_text(name_, before_ + done, total_, rate);
  fmt::print(stderr, "\r\033[K{}", encoded(shortened(text, terminal_width(STDERR_FILENO, 80) - 1)));
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (!shown_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
  shown_ = false;
}

std::string progress_text(const std::string& name, i64 done, i64 total, double rate) {
  const double share = 100 * static_cast<double>(done) / static_cast<double>(total);
  const double seconds = static_cast<double>(total - done) / rate;
  return fmt::format("{:.0f} % of {}, {}/s, {} left · {}", std::floor(share), count_text(total),
                     rate_text(rate), duration_text(seconds), name);
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<i64>(seconds + 0.5);
  if (seconds < 0.1) return "under 0.1 s";
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 48 * 3600) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} days", whole / 86'400);
}

}  // namespace windtunnel
