#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "windtunnel/core/error.hpp"
#include "windtunnel/report/output.hpp"

namespace windtunnel {

namespace {

namespace fs = std::filesystem;

/// Why a system call failed, in words that help.
std::string reason(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "the disk is full";
    case EACCES:
    case EPERM:
      return "writing there is not permitted";
    case EROFS:
      return "the file system is read-only";
    case ENXIO:
      return "nobody reads from it";
    case EFBIG:
      return "it would be larger than files may be (see `ulimit -f`)";
    case ENOTDIR:
    case EEXIST:
      return "a part of its path is a file, not a folder";
    case EISDIR:
      return "it is a folder (end the path with '/' to write into it)";
    default:
      return std::strerror(error);
  }
}

/// Folders such as /proc exist and hold no file of ours, and the system has no other word for it.
std::string reason_of_absence(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  std::error_code error;
  return folder.empty() || fs::is_directory(folder, error) ? "no file can be created there"
                                                           : "its folder does not exist";
}

[[noreturn]] void fail(const std::string& path, int error) {
  throw OutputError(
      fmt::format("cannot write {}: {}", path, error == ENOENT ? reason_of_absence(path) : reason(error)));
}

/// An open file that closes itself.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool is_open() const { return number_ >= 0; }

  /// Writes everything; 0 or the error.
  int write(const std::string& content) const {
    for (std::size_t done = 0; done < content.size();) {
      const ssize_t count = ::write(number_, content.data() + done, content.size() - done);
      if (count < 0 && errno != EINTR) return errno;
      if (count > 0) done += static_cast<std::size_t>(count);
    }
    return 0;
  }

  /// Writes everything to a device or pipe that was opened without waiting.
  int write_waiting(const std::string& content) const {
    const int flags = ::fcntl(number_, F_GETFL);
    return flags >= 0 && ::fcntl(number_, F_SETFL, flags & ~O_NONBLOCK) == 0 ? write(content) : errno;
  }

  /// Waits until it is on the disk; 0 or the error. EINVAL: a file system that has no disk to wait for.
  int flush() const { return ::fsync(number_) == 0 || errno == EINVAL ? 0 : errno; }

  /// Closes it; 0 or the error: some file systems find out only now that they are full.
  int close() {
    const int status = ::close(number_);
    number_ = -1;
    return status == 0 ? 0 : errno;
  }

 private:
  int number_;
};

/// Whether bytes go straight through the path: a device or a pipe, not a file that can be replaced.
bool is_special(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

/// The file behind a symbolic link, so that the link itself stays.
std::string target_of(const std::string& path) {
  std::error_code error;
  if (!fs::is_symlink(path, error)) return path;
  const fs::path target = fs::weakly_canonical(path, error);
  return error ? path : target.string();
}

std::string temporary_beside(const std::string& path) {
  return fmt::format("{}.{}.tmp", path, ::getpid());
}

/// Creates the temporary file and fills it; nothing is left behind on failure.
void write_temporary(const std::string& temporary, const std::string& path, const std::string& content) {
  Descriptor file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file.is_open()) fail(path, errno);
  int error = file.write(content);
  if (error == 0) error = file.flush();
  const int closing = file.close();
  if (error == 0) error = closing;
  if (error == 0) return;
  ::unlink(temporary.c_str());
  fail(path, error);
}

}  // namespace

bool file_exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool same_file(const std::string& one, const std::string& other) {
  std::error_code error;
  return fs::equivalent(one, other, error) && !error;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code error;
  if (!file || fs::is_directory(path, error))
    throw OutputError(fmt::format("cannot read {}: {}", path,
                                  fs::is_directory(path, error) ? "it is a folder" : std::strerror(errno)));
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& given, const std::string& content) {
  if (is_special(given)) {
    const Descriptor file(given, O_WRONLY | O_NONBLOCK);  // a pipe that nobody reads fails, not waits
    const int error = file.is_open() ? file.write_waiting(content) : errno;
    if (error != 0) fail(given, error);
    return;
  }
  const std::string path = target_of(given);
  const std::string temporary = temporary_beside(path);
  std::error_code error;
  if (fs::is_directory(path, error)) fail(given, EISDIR);
  write_temporary(temporary, given, content);
  if (::rename(temporary.c_str(), path.c_str()) == 0) return;
  const int renaming = errno;
  ::unlink(temporary.c_str());
  fail(given, renaming);
}

void make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) fail(path, error.value());
}

void check_file_writable(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) fail(path, EISDIR);
  if (is_special(path)) {
    if (::access(path.c_str(), W_OK) != 0) fail(path, errno);
    return;
  }
  const std::string target = target_of(path);
  if (fs::exists(target, error) && ::access(target.c_str(), W_OK) != 0) fail(path, errno);
  const std::string temporary = temporary_beside(target);
  write_temporary(temporary, path, "");
  ::unlink(temporary.c_str());
}

}  // namespace windtunnel
