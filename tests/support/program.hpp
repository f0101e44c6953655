#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace windtunnel {

/// How a call of the program ended.
struct Ended {
  int status = 0;  ///< exit status; 128 + signal when a signal ended it
  std::string out, err;
};

/// A running program; its environment has no terminal, colour or locale
/// settings.
class Child {
 public:
  /// Starts it with nothing on standard input but `input`.
  ///   arguments   first is the program
  ///   variables   "NAME=value" added to the environment
  explicit Child(const std::vector<std::string>& arguments, const std::string& input = "",
                 const std::vector<std::string>& variables = {});
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void send(int signal) const;

  /// Waits for its end.
  Ended wait();

 private:
  pid_t child_ = -1;
  std::filesystem::path folder_;  // holds what it reads and writes
};

/// Runs windtunnel as a user would.
Ended windtunnel_program(std::vector<std::string> arguments, const std::string& input = "",
                         const std::vector<std::string>& variables = {});

/// A folder of its own, removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  /// The path of a file in it.
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// A file's bytes; throws std::runtime_error when there is no such file.
std::string file_text(const std::string& path);

/// Whether a text has a part.
inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Path of a scenario of the repository.
std::string scenario_file(const std::string& name);

}  // namespace windtunnel
