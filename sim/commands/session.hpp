#pragma once

#include <optional>

#include "data_stream.hpp"
#include "interrupt.hpp"
#include "run_request.hpp"
#include "windtunnel/engine/precision.hpp"

namespace windtunnel {

/// One scenario of a call of `run`: goes on where an interrupted run stopped, replays, writes and prints.
class Session {
 public:
  Session(const LoadedScenario& loaded, const RunRequest& request, const Interrupt& interrupt,
          DataStream& stream);

  /// Returns the exit status.
  ///   throws  RefusedInput when what an interrupted run left belongs to something else; OutputError
  int run();

 private:
  Progress resumed() const;
  void replay_all();
  bool is_complete() const;
  void publish(const Report& report);
  std::vector<std::string> write(const Report& report) const;
  void print(const Report& report, const std::vector<std::string>& files);
  /// Whether people read standard output: its page tells lints and expectations itself.
  bool prints_page() const;
  void tell_lints(const Result& result) const;
  void tell_interrupted(const std::string& kept) const;
  int judge(const Result& result) const;

  const Scenario& scenario_;
  const Study& study_;
  const RunRequest& request_;
  const Interrupt& interrupt_;
  DataStream& stream_;
  ReplicationRange range_;  // what the command asks for
  Progress progress_;
  std::optional<PrecisionResult> precision_;
  double seconds_ = 0;
};

}  // namespace windtunnel
