#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "windtunnel/core/distribution.hpp"
#include "windtunnel/core/lift.hpp"
#include "windtunnel/core/sample.hpp"
#include "windtunnel/core/schedule.hpp"
#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// Allowed numbers, with open or closed ends.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  enum class Ends { closed, open, open_low, open_high } ends = Ends::closed;

  bool contains(double x) const;
  bool is_bounded() const;                         ///< leaves some number out
  std::string text(const std::string& key) const;  ///< such as "0 < alpha < 1"
};

inline constexpr Range kProbability{0, 1, Range::Ends::closed};
inline constexpr Range kOpenProbability{0, 1, Range::Ends::open};
inline constexpr Range kPositive{0, std::numeric_limits<double>::infinity(), Range::Ends::open_low};
inline constexpr Range kNotNegative{0, std::numeric_limits<double>::infinity(), Range::Ends::closed};

/// What a person is told about a key, and whether it may be left out (then the value passed in is its
/// default).
struct About {
  const char* summary;
  const char* unit = "";
  enum class Need { required, optional } need = Need::optional;
};

/// The keys of one leaf, visited: the same `describe(fields)` reads a scenario, writes the resolved one,
/// makes the JSON schema and explains itself. Values come in holding their defaults.
class Fields {
 public:
  virtual ~Fields() = default;

  virtual void number(const char* key, double& value, Range range, About about) = 0;
  /// May be absent, with a meaning the summary tells.
  virtual void number(const char* key, std::optional<double>& value, Range range, About about) = 0;
  virtual void integer(const char* key, i64& value, Range range, About about) = 0;
  /// One of `names`; `value` is an index into them.
  virtual void choice(const char* key, int& value, std::span<const char* const> names, About about) = 0;
  /// A number, or the one word `word` (empty value).
  virtual void number_or(const char* key, const char* word, std::optional<double>& value, Range range,
                         About about) = 0;
  /// A number, or an object with keys of its own, which then leaves `value` empty. Absent, both stay as they
  /// are.
  virtual void number_or_object(const char* key, std::optional<double>& value, Range range,
                                const std::function<void(Fields&)>& describe, About about) = 0;
  virtual void numbers(const char* key, std::vector<double>& value, Range range, About about) = 0;
  /// The name of an arm; empty when absent.
  virtual void arm(const char* key, std::string& name, About about) = 0;
  virtual void flag(const char* key, int& value, About about) = 0;
  virtual void lift(const char* key, std::optional<Lift>& value, Range range, About about) = 0;
  /// A required Lift whose one key, `relative` or `absolute`, stands among the leaf's own.
  virtual void lift_beside(std::optional<Lift>& value, About about) = 0;
  virtual void distribution(const char* key, std::optional<Distribution>& value, Range support,
                            About about) = 0;
  /// One number or Distribution for all arms, or a list with one per arm.
  virtual void levels(const char* key, std::vector<Distribution>& value, Range support, About about) = 0;
  virtual void schedule(const char* key, Schedule& value, About about) = 0;

  /// An object with keys of its own; absent, its variables stay as they are.
  virtual void object(const char* key, const std::function<void(Fields&)>& describe, About about) = 0;

  using DescribeMember = std::function<void(Fields&, std::size_t)>;
  /// The leaf's whole object is a set of members by name; `describe` visits the keys of member i, for which
  /// it makes room. A visitor that only lists keys visits one member called NAME.
  virtual void members(std::vector<std::string>& names, const DescribeMember& describe) = 0;

  /// Numbers of a file the scenario names: those of a column, or of a histogram where no column is named.
  virtual void sample(const char* file_key, const char* column_key, SampleFile& value, About about) = 0;

  /// A contradiction between keys, told by the leaf itself; visitors that do not read ignore it.
  virtual void refuse(const char* key, const std::string& message) = 0;
};

/// `Fields::choice` for an enum whose values are 0, 1, ... in the order of `names`.
template <class Enum>
void describe_choice(Fields& fields, const char* key, Enum& value, std::initializer_list<const char*> names,
                     About about) {
  int index = static_cast<int>(value);
  fields.choice(key, index, std::span(names.begin(), names.size()), about);
  value = static_cast<Enum>(index);
}

}  // namespace windtunnel
