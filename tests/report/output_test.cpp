#include "windtunnel/report/output.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "made.hpp"
#include "support/catch.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/report/csv.hpp"
#include "windtunnel/report/result_json.hpp"
#include "windtunnel/report/table.hpp"

using namespace windtunnel;

namespace {

namespace fs = std::filesystem;

/// A folder of its own for one test, gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "windtunnel-output-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name + "/";
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + name; }

  /// Names of everything inside, sorted.
  std::vector<std::string> content() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  std::string path_;
};

using Names = std::vector<std::string>;

const Manifest kManifest{{"windtunnel", "run"}, "2024-05-01T12:00:00Z", 1.5, 2};

template <class Error, class Action>
std::string complaint(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("output: the ending of a path names its format", "[report]") {
  const made::Run run = made::daily_peeking();
  const Report report = run.report();
  const Folder folder;
  for (const auto& [name, content] : {std::pair{"a.csv", csv_text(report)},
                                      {"a.md", markdown_text(report)},
                                      {"a.txt", table_text(report)},
                                      {"a.json", result_json(report, run.progress)}}) {
    Output(folder / name).write(report, run.progress, kManifest);
    CHECK(read_file(folder / name) == content);
  }
  CHECK(folder.content() == Names{"a.csv", "a.json", "a.manifest.json", "a.md", "a.txt"});
}

TEST_CASE("output: other endings are refused with those there are", "[report]") {
  CHECK(complaint<InputError>([] { Output("result.xml"); }) ==
        "the output result.xml has no ending that names a format (needs .txt, .csv, .json, .md, or a '/' at "
        "its end "
        "for a folder with all of them)");
  CHECK(complaint<InputError>([] { Output(".json"); }) != "");
  CHECK(complaint<InputError>([] { Output(""); }) == "the output has no path");
}

TEST_CASE("output: a folder gets every format and the manifest", "[report]") {
  const made::Run run = made::daily_peeking();
  const Folder folder;
  const Output output(folder / "new/deep/");
  output.check_writable("daily-peeking");
  const Names written = output.write(run.report(), run.progress, kManifest);
  CHECK(written == Names{folder / "new/deep/daily-peeking.json",
                         folder / "new/deep/daily-peeking.manifest.json",
                         folder / "new/deep/daily-peeking.csv", folder / "new/deep/daily-peeking.md"});
  for (const std::string& path : written) CHECK(!read_file(path).empty());
  CHECK(output.partial_path("daily-peeking") == folder / "new/deep/daily-peeking.json.partial");
}

TEST_CASE("output: what an interrupted run kept is removed by the run that ends", "[report]") {
  const made::Run run = made::daily_peeking();
  const Folder folder;
  const Output output(folder / "a.csv");
  const std::string kept = output.write_partial(run.report(), run.progress);
  CHECK(kept == folder / "a.csv.partial");
  CHECK(file_exists(kept));
  CHECK(read_result(read_file(kept), kept).progress.done == run.progress.done);
  output.write(run.report(), run.progress, kManifest);
  CHECK(folder.content() == Names{"a.csv"});
}

TEST_CASE("output: checking leaves no trace and touches nothing", "[report]") {
  const Folder folder;
  write_file(folder / "a.json", "old");
  Output(folder / "a.json").check_writable("a");
  Output(folder / "b.csv").check_writable("b");
  CHECK(folder.content() == Names{"a.json"});
  CHECK(read_file(folder / "a.json") == "old");
}

TEST_CASE("output: what cannot be written is found beforehand", "[report]") {
  const Folder folder;
  write_file(folder / "file", "");
  fs::create_directory(folder / "d.json");
  const auto check = [&](const std::string& path) {
    return complaint<OutputError>([&] { Output(path).check_writable("a"); });
  };
  CHECK(check(folder / "none/a.json") ==
        "cannot write " + (folder / "none/a.json") + ": its folder does not exist");
  CHECK(check("/proc/a.json") == "cannot write /proc/a.json: no file can be created there");
  CHECK(check(folder / "file/a.json") ==
        "cannot write " + (folder / "file/a.json") + ": a part of its path is a file, not a folder");
  CHECK(check(folder / "file/") ==
        "cannot write " + (folder / "file/") + ": a part of its path is a file, not a folder");
  CHECK(check(folder / "d.json") ==
        "cannot write " + (folder / "d.json") + ": it is a folder (end the path with '/' to write into it)");
}

TEST_CASE("output: a folder that may not be written is found beforehand", "[report]") {
  if (::geteuid() == 0) return;  // nothing is forbidden to root
  const Folder folder;
  fs::permissions(folder / "", fs::perms::owner_read | fs::perms::owner_exec);
  CHECK(complaint<OutputError>([&] { Output(folder / "a.json").check_writable("a"); }) ==
        "cannot write " + (folder / "a.json") + ": writing there is not permitted");
  fs::permissions(folder / "", fs::perms::owner_all);
}

TEST_CASE("output: a full disk is told and leaves the old file as it was", "[report]") {
  CHECK(complaint<OutputError>([] { write_file("/dev/full", "content"); }) ==
        "cannot write /dev/full: the disk is full");
  const made::Run run = made::daily_peeking();
  CHECK(complaint<OutputError>([&] { Output("/dev/full").write(run.report(), run.progress, kManifest); }) ==
        "cannot write /dev/full: the disk is full");
  CHECK(Output("/dev/full").write_partial(run.report(), run.progress) == "");
}

TEST_CASE("output: a file is replaced at once and through links", "[report]") {
  const Folder folder;
  write_file(folder / "a.json", "old");
  fs::create_symlink(folder / "a.json", folder / "link.json");
  write_file(folder / "link.json", "new");
  CHECK(read_file(folder / "a.json") == "new");
  CHECK(fs::is_symlink(folder / "link.json"));
  CHECK(folder.content() == Names{"a.json", "link.json"});
}

TEST_CASE("output: what cannot be read is told", "[report]") {
  const Folder folder;
  CHECK(complaint<OutputError>([&] { read_file(folder / "none"); }) ==
        "cannot read " + (folder / "none") + ": No such file or directory");
  CHECK(complaint<OutputError>([&] { read_file(folder / ""); }) ==
        "cannot read " + (folder / "") + ": it is a folder");
}
