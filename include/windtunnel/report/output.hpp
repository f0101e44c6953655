#pragma once

#include <string>
#include <vector>

#include "windtunnel/report/manifest.hpp"
#include "windtunnel/report/report.hpp"

/// Where results go: `-o PATH`.
namespace windtunnel {

enum class Format { table, csv, json, markdown };

/// "table", "csv", "json", "markdown", in the order of Format.
const std::vector<std::string>& format_names();

/// A place for results: one file, or a folder that gets all formats.
class Output {
 public:
  /// `path` ends in '/' for a folder, else in .json, .csv, .md or .txt; devices and pipes without one of
  /// these endings get JSON.
  ///   part    what the names of files in a folder have beyond the scenario's, such as ".1-of-7"
  ///   throws  InputError for other endings
  explicit Output(std::string path, std::string part = "");

  bool is_folder() const { return path_.ends_with('/'); }
  const std::string& path() const { return path_; }

  /// Makes sure, before anything is simulated, that the files of the scenario `name` can be written; makes
  /// the folder. Leaves no other trace.
  ///   throws  OutputError with a sentence
  void check_writable(const std::string& name) const;

  /// Every file that a run of the scenario `name` may write.
  std::vector<std::string> paths(const std::string& name) const;

  /// Where the tallies of an interrupted run are kept: PATH.partial, in a folder NAME.json.partial.
  std::string partial_path(const std::string& name) const;

  /// Writes the results (each file all at once or not at all) and removes the partial file.
  ///   returns  paths written
  ///   throws   OutputError
  std::vector<std::string> write(const Report& report, const Progress& progress,
                                 const Manifest& manifest) const;

  /// Keeps what an interrupted run has finished; returns the path, empty for devices and pipes, which keep
  /// nothing.
  std::string write_partial(const Report& report, const Progress& progress) const;

 private:
  struct File {
    std::string path;
    Format format;
  };

  /// Results of a scenario, without manifest; the first one is what `partial_path` speaks of.
  std::vector<File> files(const std::string& name) const;

  std::string path_, part_;
  Format format_ = Format::json;  // of a single file
};

/// The report in one format, as `--format` prints it.
///   table  laid out for 100 columns in UTF-8
std::string formatted(const Report& report, const Progress& progress, Format format);

/// Whether a file exists.
bool file_exists(const std::string& path);

/// Whether two paths lead to one file that exists.
bool same_file(const std::string& one, const std::string& other);

/// Makes a folder and those it lies in; nothing happens when it is there.
///   throws  OutputError with a sentence
void make_folder(const std::string& path);

/// Tries to write a file without touching what is there.
///   throws  OutputError with a sentence
void check_file_writable(const std::string& path);

/// A file's bytes.
///   throws  OutputError when it cannot be read
std::string read_file(const std::string& path);

/// Writes a file all at once: a temporary file beside it, flushed to disk, then renamed. Devices and pipes
/// are written directly. On failure nothing is left behind and an older file stays as it was.
///   throws  OutputError with a sentence: no space, no such folder, not permitted
void write_file(const std::string& path, const std::string& content);

}  // namespace windtunnel
