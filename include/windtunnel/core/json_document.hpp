#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_fwd.hpp"

extern template class nlohmann::basic_json<nlohmann::ordered_map>;  // what takes long is compiled once

namespace windtunnel {

/// Levels of nesting a document may have, so that no input can exhaust the stack.
inline constexpr int kDeepestNesting = 32;

/// Parses JSON with // and /* */ comments.
///   duplicates  receives keys that stand there again, of which the first counts; nullptr: they are errors
///   throws      InputError for syntax errors (with line and column), duplicate keys (all of them), nesting
///               deeper than kDeepestNesting and numbers beyond the range of a double
Json parse_document(const std::string& text, std::vector<Problem>* duplicates = nullptr);

/// A value as messages quote it: JSON on one line, integral numbers without a fraction, cut short after a
/// few words.
std::string shown(const Json& value);

/// The same value with integral floating-point numbers below 2^53 as integers, at every depth: 1e6 and
/// 1000000 are one number to scenarios.
Json with_plain_integers(Json value);

/// The JSON Pointer of a member or element of what `pointer` names.
std::string child(const std::string& pointer, const std::string& key);
std::string child(const std::string& pointer, std::size_t index);

/// The unescaped steps of a JSON Pointer (RFC 6901).
///   throws  InputError (empty `where`) when it is not one
std::vector<std::string> pointer_steps(const std::string& pointer);

/// Whether `inner` names the same place as `outer` or one inside it.
bool lies_within(const std::string& inner, const std::string& outer);

/// Sets the value at a pointer; objects on the way that are missing are made, list elements must exist.
///   throws  InputError (empty `where`) when the way is blocked
void set_at(Json& document, const std::string& pointer, const Json& value);

}  // namespace windtunnel
