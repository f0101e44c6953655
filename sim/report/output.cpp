#include "windtunnel/report/output.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/reading.hpp"
#include "windtunnel/report/csv.hpp"
#include "windtunnel/report/result_json.hpp"
#include "windtunnel/report/table.hpp"

namespace windtunnel {

namespace {

namespace fs = std::filesystem;

/// Endings of single files, in the order of Format.
const std::vector<std::string>& endings() {
  static const std::vector<std::string> names{".txt", ".csv", ".json", ".md"};
  return names;
}

/// Devices and pipes have no neighbours: no manifest and no partial file.
bool is_regular_place(const std::string& path) {
  std::error_code error;
  return !fs::exists(path, error) || fs::is_regular_file(path, error) || fs::is_directory(path, error);
}

Format format_of(const std::string& path) {
  for (std::size_t f = 0; f < endings().size(); ++f)
    if (path.size() > endings()[f].size() && path.ends_with(endings()[f])) return static_cast<Format>(f);
  if (!is_regular_place(path)) return Format::json;
  throw InputError(
      "", fmt::format("the output {} has no ending that names a format (needs {}, or a '/' at its end for "
                      "a folder with all of them){}",
                      path, fmt::join(endings(), ", "), suggestion(fs::path(path).extension(), endings())));
}

/// A result's manifest: out/a.json has out/a.manifest.json.
std::string manifest_path(const std::string& result) {
  return result.substr(0, result.size() - std::string(".json").size()) + ".manifest.json";
}

void remove_if_there(const std::string& path) {
  std::error_code error;
  fs::remove(path, error);
}

}  // namespace

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names{"table", "csv", "json", "markdown"};
  return names;
}

std::string formatted(const Report& report, const Progress& progress, Format format) {
  switch (format) {
    case Format::table:
      return table_text(report);
    case Format::csv:
      return csv_text(report);
    case Format::json:
      return result_json(report, progress);
    case Format::markdown:
      return markdown_text(report);
  }
  return "";
}

Output::Output(std::string path, std::string part) : path_(std::move(path)), part_(std::move(part)) {
  if (path_.empty()) throw InputError("", "the output has no path");
  if (!is_folder()) format_ = format_of(path_);
}

std::vector<Output::File> Output::files(const std::string& name) const {
  if (!is_folder()) return {{path_, format_}};
  const std::string stem = path_ + name + part_;
  return {{stem + ".json", Format::json}, {stem + ".csv", Format::csv}, {stem + ".md", Format::markdown}};
}

std::string Output::partial_path(const std::string& name) const {
  return files(name).front().path + ".partial";
}

std::vector<std::string> Output::paths(const std::string& name) const {
  std::vector<std::string> paths;
  for (const File& file : files(name)) {
    paths.push_back(file.path);
    if (!is_regular_place(file.path)) continue;
    paths.push_back(file.path + ".partial");
    if (file.format == Format::json) paths.push_back(manifest_path(file.path));
  }
  return paths;
}

void Output::check_writable(const std::string& name) const {
  if (is_folder()) make_folder(path_);
  for (const std::string& path : paths(name)) check_file_writable(path);
}

std::vector<std::string> Output::write(const Report& report, const Progress& progress,
                                       const Manifest& manifest) const {
  const std::string& name = report.scenario.name;
  std::vector<std::string> written;
  for (const File& file : files(name)) {
    write_file(file.path, formatted(report, progress, file.format));
    written.push_back(file.path);
    if (file.format != Format::json || !is_regular_place(file.path)) continue;
    written.push_back(manifest_path(file.path));
    write_file(written.back(), manifest_json(report, manifest));
  }
  remove_if_there(partial_path(name));
  return written;
}

std::string Output::write_partial(const Report& report, const Progress& progress) const {
  const std::string& name = report.scenario.name;
  if (!is_regular_place(files(name).front().path)) return "";
  const std::string path = partial_path(name);
  write_file(path, result_json(report, progress));
  return path;
}

}  // namespace windtunnel
