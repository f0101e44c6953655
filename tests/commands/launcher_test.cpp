#include <filesystem>

#include "places.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace windtunnel;

namespace {

namespace fs = std::filesystem;

/// A checkout that holds nothing but the launcher, on a machine with a few tools.
class BareMachine {
 public:
  BareMachine() {
    fs::create_directories(folder_ / "bin");
    fs::create_directories(folder_ / "checkout");
    for (const char* tool : {"cat", "cut", "dirname", "find", "mkdir", "readlink", "rm", "tail", "tr"})
      fs::create_symlink(fs::exists(std::string("/usr/bin/") + tool) ? std::string("/usr/bin/") + tool
                                                                     : std::string("/bin/") + tool,
                         folder_ / "bin/" + tool);
    fs::copy_file(WINDTUNNEL_SOURCE_DIR "/windtunnel", launcher());
  }

  std::string launcher() const { return folder_ / "checkout/windtunnel"; }
  const TemporaryFolder& folder() const { return folder_; }

  Ended run(const std::string& path) const {
    const std::string command = "PATH='" + (folder_ / "bin") + "' /bin/sh '" + path + "' --version";
    return Child({"/bin/sh", "-c", command}).wait();
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("launcher: without dpkg and without a compiler it names the packages", "[commands]") {
  const BareMachine machine;
  const Ended ended = machine.run(machine.launcher());
  CHECK(ended.status == 1);
  CHECK(ended.out.empty());
  CHECK(ended.err.starts_with("windtunnel: these packages are missing: g++ cmake ninja-build"));
  for (const char* manager : {"apt-get install g++ cmake ninja-build libtbb-dev",
                              "brew install cmake ninja tbb", "vcpkg install tbb"})
    CHECK(holds(ended.err, manager));
}

TEST_CASE("launcher: a symbolic link to it leads to its checkout", "[commands]") {
  const BareMachine machine;
  const TemporaryFolder& folder = machine.folder();
  fs::create_directories(folder / "elsewhere");
  fs::create_symlink("../checkout/windtunnel", folder / "elsewhere/first");
  fs::create_symlink(folder / "elsewhere/first", folder / "second");
  CHECK(machine.run(folder / "second").status == 1);
  CHECK(fs::exists(folder / "checkout/build"));
  CHECK_FALSE(fs::exists(folder / "elsewhere/build"));
  CHECK_FALSE(fs::exists(folder / "build"));
}
