#pragma once

#include <nlohmann/json_fwd.hpp>

namespace windtunnel {

/// JSON whose objects keep the order of the file. What only names it is spared the library, which takes long
/// to compile.
using Json = nlohmann::ordered_json;

}  // namespace windtunnel
