#include "support/program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "places.hpp"

extern char** environ;

namespace windtunnel {

namespace {

std::filesystem::path new_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "windtunnel-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return pattern;
}

/// The environment without what changes how tables look, and with what the caller adds.
std::vector<std::string> environment(const std::vector<std::string>& added) {
  std::vector<std::string> variables = added;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    bool is_kept = true;
    for (const char* name : {"NO_COLOR=", "TERM=", "COLUMNS=", "LC_", "LANG="})
      is_kept = is_kept && std::strncmp(*variable, name, std::strlen(name)) != 0;
    if (is_kept) variables.emplace_back(*variable);
  }
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

Child::Child(const std::vector<std::string>& arguments, const std::string& input,
             const std::vector<std::string>& variables)
    : folder_(new_folder()) {
  std::ofstream(folder_ / "in") << input;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const std::string in = folder_ / "in", out = folder_ / "out", err = folder_ / "err";
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT, 0600);
  std::vector<std::string> words = arguments, variables_and_all = environment(variables);
  const int failed = posix_spawn(&child_, words.front().c_str(), &actions, nullptr, pointers(words).data(),
                                 pointers(variables_and_all).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + words.front());
}

Child::~Child() {
  if (child_ > 0) {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  std::filesystem::remove_all(folder_);
}

void Child::send(int signal) const {
  kill(child_, signal);
}

Ended Child::wait() {
  int status = 0;
  waitpid(child_, &status, 0);
  child_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), file_text(folder_ / "out"),
          file_text(folder_ / "err")};
}

Ended windtunnel_program(std::vector<std::string> arguments, const std::string& input,
                         const std::vector<std::string>& variables) {
  arguments.insert(arguments.begin(), WINDTUNNEL_PROGRAM);
  return Child(arguments, input, variables).wait();
}

TemporaryFolder::TemporaryFolder() : path_(new_folder()) {}

TemporaryFolder::~TemporaryFolder() {
  std::filesystem::remove_all(path_);
}

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string scenario_file(const std::string& name) {
  return std::string(WINDTUNNEL_SOURCE_DIR) + "/scenarios/" + name + ".json";
}

}  // namespace windtunnel
