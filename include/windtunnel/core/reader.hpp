#pragma once

#include <set>
#include <string>
#include <vector>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/core/json_document.hpp"
#include "windtunnel/core/reading.hpp"

namespace windtunnel {

/// Keys written once for several objects: an object that takes such a key and does not have it itself reads
/// it here; objects that do not take it pass it by.
class Defaults {
 public:
  Defaults(const Json& object, std::string pointer) : object_(object), pointer_(std::move(pointer)) {}

  /// The value of a key, which counts as taken from now on; nullptr when there is none.
  const Json* take(const std::string& key);

  bool has(const std::string& key) const { return object_.contains(key); }
  std::string place(const std::string& key) const { return child(pointer_, key); }
  const std::set<std::string>& taken() const { return taken_; }

 private:
  const Json& object_;
  std::string pointer_;
  std::set<std::string> taken_;
};

/// Reads the keys of one object into a leaf: strictly, and complaining of everything that is wrong.
///
/// A value that is wrong or missing leaves its variable as it was. A key may be read more than once.
class ObjectReader final : public Fields {
 public:
  /// `object` and `reading` must outlive the reader; `defaults` may be nullptr.
  ObjectReader(const Json& object, std::string pointer, Reading& reading, Defaults* defaults = nullptr)
      : object_(object), pointer_(std::move(pointer)), reading_(reading), defaults_(defaults) {}

  void number(const char* key, double& value, Range range, About about) override;
  void number(const char* key, std::optional<double>& value, Range range, About about) override;
  void integer(const char* key, i64& value, Range range, About about) override;
  void choice(const char* key, int& value, std::span<const char* const> names, About about) override;
  void number_or(const char* key, const char* word, std::optional<double>& value, Range range,
                 About about) override;
  void number_or_object(const char* key, std::optional<double>& value, Range range,
                        const std::function<void(Fields&)>& describe, About about) override;
  void numbers(const char* key, std::vector<double>& value, Range range, About about) override;
  void arm(const char* key, std::string& name, About about) override;
  void flag(const char* key, int& value, About about) override;
  void lift(const char* key, std::optional<Lift>& value, Range range, About about) override;
  void lift_beside(std::optional<Lift>& value, About about) override;
  void distribution(const char* key, std::optional<Distribution>& value, Range support, About about) override;
  void levels(const char* key, std::vector<Distribution>& value, Range support, About about) override;
  void schedule(const char* key, Schedule& value, About about) override;
  void object(const char* key, const std::function<void(Fields&)>& describe, About about) override;
  void members(std::vector<std::string>& names, const DescribeMember& describe) override;
  void sample(const char* file_key, const char* column_key, SampleFile& value, About about) override;

  /// Ignored once a value of this object was wrong: what contradicts it may be the mistake.
  void refuse(const char* key, const std::string& message) override;

  void text(const char* key, std::string& value, About about);

  /// A value and its place, for keys that are read elsewhere; `value` is nullptr when the key is absent.
  struct Entry {
    const Json* value;
    std::string where;
  };
  Entry take(const std::string& key);

  /// As `take`; complains when the key is absent.
  ///   needs  what the value must be, in words
  Entry take_required(const std::string& key, const char* summary, const std::string& needs);

  /// Complains of a key that makes no sense here, in words of its own; from defaults it is passed by.
  ///   harmless  a word that says what holds anyway
  void forbid(const std::string& key, const std::string& message, const char* harmless = nullptr);

  /// Whether a key of this name has been asked for.
  bool knows(const std::string& key) const;

  /// Names of all keys asked for.
  const std::vector<std::string>& keys() const { return keys_; }

  /// Whether the object itself or its defaults give the key.
  bool gives(const std::string& key) const;

  const Json& object() const { return object_; }

  /// Where the value of a key stands.
  std::string place(const std::string& key) const;

  /// The key whose levels were a list of numbers, one per arm; empty when there was none.
  const std::string& listed_levels() const { return listed_levels_; }

  /// Complains of every key nobody asked for.
  ///   owner  who takes the others, as in "outcome normal"
  void finish(const std::string& owner);

 private:
  template <class Read>
  void read(const char* key, const About& about, const std::string& needs, Read&& read_value);
  void read_object(const char* key, const Json& json, const std::string& where,
                   const std::function<void(Fields&)>& describe);

  const Json& object_;
  std::string pointer_;
  Reading& reading_;
  Defaults* defaults_;
  std::vector<std::string> keys_;    // asked for, in order
  std::set<std::string> forbidden_;  // complained of already
  std::string listed_levels_;
  bool broken_ = false;
};

}  // namespace windtunnel
