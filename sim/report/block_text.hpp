#pragma once

#include <string>

#include "page.hpp"

namespace windtunnel {

/// A block as lines of text, with its title; columns are dropped or go on below to fit options.width.
std::string block_text(const Block& block, const TableOptions& options);

}  // namespace windtunnel
