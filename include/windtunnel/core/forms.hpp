#pragma once

#include <string>
#include <vector>

#include "windtunnel/core/field_list.hpp"

/// The reusable types of the grammar, told by what reads them.
namespace windtunnel {

/// One way to write a value of a reusable type: an object with these keys.
struct Form {
  std::string name;  ///< such as "normal", "every_days"
  std::vector<FieldInfo> keys;
};

/// One form for each type of law.
std::vector<Form> distribution_forms();

/// Relative and absolute lifts.
std::vector<Form> lift_forms();

/// One form for each kind of schedule.
std::vector<Form> schedule_forms();

}  // namespace windtunnel
