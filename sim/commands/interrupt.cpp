#include "interrupt.hpp"

#include <csignal>

namespace windtunnel {

namespace {

// A signal handler reaches nothing but static storage.
std::atomic<int> stop_requested{0};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void request_stop(int signal) {
  if (stop_requested.exchange(1) == 0) return;
  std::signal(signal, SIG_DFL);
  std::raise(signal);  // comes when this returns
}

void handle(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
  struct sigaction before = {};  // whoever started it with nohup wants it to go on
  sigaction(SIGHUP, nullptr, &before);
  if (before.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  stop_requested = 0;
  handle(request_stop);
}

Interrupt::~Interrupt() {
  handle(SIG_DFL);
}

const std::atomic<int>& Interrupt::flag() const {
  return stop_requested;
}

void survive_full_files() {
  std::signal(SIGXFSZ, SIG_IGN);
}

void die_quietly_of_broken_pipes() {
  std::signal(SIGPIPE, SIG_DFL);
}

}  // namespace windtunnel
