#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/fields.hpp"
#include "windtunnel/core/json_fwd.hpp"

/// Reads single values of a scenario. Every function complains and returns nothing when the value is wrong.
/// `where` is the value's JSON Pointer, `key` the name that messages give it.
namespace windtunnel {

/// Gives the text of a file a scenario names.
///   throws  InputError saying why it cannot be read
using FileSource = std::function<std::string(const std::string& name)>;

/// The files a scenario names, each read once.
class Files {
 public:
  /// Without a source no file can be read.
  explicit Files(FileSource source = {}) : source_(std::move(source)) {}

  /// The text of a file.
  ///   throws  InputError
  const std::string& text(const std::string& name);

  /// All that were read, by name.
  const std::map<std::string, std::string>& texts() const { return texts_; }

 private:
  FileSource source_;
  std::map<std::string, std::string> texts_;
};

/// One reading of a scenario: the problems found so far, and what a leaf cannot know of the world it stands
/// in.
class Reading {
 public:
  /// Notes a problem; one that has been noted already is not repeated, and after a hundred it is enough.
  void complain(const std::string& where, const std::string& message);

  const std::vector<Problem>& problems() const { return problems_; }

  /// How often `complain` was called.
  int complaints() const { return complaints_; }

  /// Names of the arms, control first; empty while they are unknown.
  std::vector<std::string> arms;

  Files* files = nullptr;  ///< what the scenario can name; nullptr: nothing

  /// Where a key belongs, in words, for who has written it elsewhere; none: nobody knows.
  std::function<std::vector<std::string>(const std::string& key)> homes;

  /// `; it is a key of /world/traffic` where the key belongs to at most three, else nothing.
  std::string belongs_elsewhere(const std::string& key) const;

 private:
  std::vector<Problem> problems_;
  int complaints_ = 0;
};

/// `; did you mean "word"?` when one of the candidates looks like what was written, else nothing.
std::string suggestion(const std::string& written, const std::vector<std::string>& candidates);

/// `; did you mean 0.05?` when "5%" stands for a number of that range, else nothing.
std::string share_meant(const Json& value, const Range& range);

/// Names with commas between them, the last after "or": "pocock or obrien_fleming".
std::string listed(const std::vector<std::string>& names);

/// "1 value", "2 values".
std::string counted(std::size_t count, const std::string& noun);

/// "a rule", "an outcome".
std::string with_article(const std::string& noun);

/// Whether the value is an object; complains, naming what it should be, when it is not.
bool is_object(const Json& value, const std::string& where, const std::string& noun, Reading& reading);

std::optional<double> read_number(const Json& value, const std::string& where, const std::string& key,
                                  const Range& range, Reading& reading);

/// An integral number, however it is written (1e6 is 1000000), with an absolute value below 2^53.
std::optional<i64> read_integer(const Json& value, const std::string& where, const std::string& key,
                                const Range& range, Reading& reading);

/// The index of the name that stands there.
///   noun  what a name is, as in "a strategy"
std::optional<int> read_choice(const Json& value, const std::string& where, const std::string& noun,
                               const std::vector<std::string>& names, Reading& reading);

std::optional<std::string> read_text(const Json& value, const std::string& where, Reading& reading);

/// A number or `{"type": ...}`; every value it can take must lie inside `support`.
std::optional<Distribution> read_distribution(const Json& value, const std::string& where,
                                              const std::string& key, const Range& support, Reading& reading);

/// `{"relative": x}` or `{"absolute": x}`, its values inside `range`.
std::optional<Lift> read_lift(const Json& value, const std::string& where, const std::string& key,
                              const Range& range, Reading& reading);

std::optional<Schedule> read_schedule(const Json& value, const std::string& where, Reading& reading);

}  // namespace windtunnel
