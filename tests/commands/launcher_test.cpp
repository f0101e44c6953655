#include <filesystem>
#include <fstream>

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
      link(tool);
    fs::copy_file(WINDTUNNEL_SOURCE_DIR "/windtunnel", launcher());
  }

  /// Gives it tools that build a program which says nothing, and writes down how CMake was called.
  void equip() const {
    for (const char* tool : {"mv", "sed", "touch"}) link(tool);
    for (const char* tool : {"c++", "ninja"}) write_script(tool, "");
    write_script(
        "cmake",
        "echo \"$*\" >>calls; [ \"$1\" = --build ] || exit 0; echo '#!/bin/sh' >build/release/windtunnel; "
        "/bin/chmod +x build/release/windtunnel");
  }

  /// Configures the build folder for a checkout.
  void configure(const std::string& home) const {
    fs::create_directories(folder_ / "checkout/build/release/CMakeFiles");
    std::ofstream(folder_ / "checkout/CMakePresets.json") << "{}";
    std::ofstream(folder_ / "checkout/build/release/CMakeCache.txt")
        << "CMAKE_GENERATOR:INTERNAL=Ninja\nCMAKE_HOME_DIRECTORY:INTERNAL=" << home << "\n";
    std::ofstream(folder_ / "checkout/build/release/build.ninja") << "# of " << home << "\n";
  }

  std::string launcher() const { return folder_ / "checkout/windtunnel"; }
  const TemporaryFolder& folder() const { return folder_; }

  Ended run(const std::string& path) const {
    const std::string command = "PATH='" + (folder_ / "bin") + "' /bin/sh '" + path + "' --version";
    return Child({"/bin/sh", "-c", command}).wait();
  }

 private:
  void link(const std::string& tool) const {
    fs::create_symlink((fs::exists("/usr/bin/" + tool) ? "/usr/bin/" : "/bin/") + tool,
                       folder_ / "bin/" + tool);
  }

  void write_script(const std::string& tool, const std::string& commands) const {
    std::ofstream(folder_ / "bin/" + tool) << "#!/bin/sh\n" << commands << "\n";
    fs::permissions(folder_ / "bin/" + tool, fs::perms::owner_all);
  }

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

TEST_CASE("launcher: a build folder that belongs to another checkout is started afresh", "[commands]") {
  const BareMachine machine;
  machine.equip();
  const std::string checkout = machine.folder() / "checkout", build = checkout + "/build/release/";
  const auto calls = [&] { return file_text(checkout + "/calls"); };
  const std::string building = "--build --preset release --target windtunnel\n";

  SECTION("of another one, wherever that is now") {
    machine.configure(machine.folder() / "moved away");
    const Ended ended = machine.run(machine.launcher());
    CHECK(ended.status == 0);
    CHECK(holds(ended.err, "build/release belongs to the checkout in " + (machine.folder() / "moved away") +
                               "; starting it afresh\n"));
    CHECK(calls() == "--preset release\n" + building);
    for (const char* stale : {"CMakeCache.txt", "CMakeFiles", "build.ninja"})
      CHECK_FALSE(fs::exists(build + stale));
  }
  SECTION("of this one, by whatever name") {
    fs::create_symlink("checkout", machine.folder() / "link");
    machine.configure(machine.folder() / "link");
    const Ended ended = machine.run(machine.launcher());
    CHECK(ended.status == 0);
    CHECK_FALSE(holds(ended.err, "afresh"));
    CHECK(calls() == building);
    CHECK(fs::exists(build + "CMakeFiles"));
  }
}
