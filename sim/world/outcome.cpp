#include "windtunnel/world/outcome.hpp"

#include "windtunnel/world/winsorising.hpp"

namespace windtunnel {

std::unique_ptr<Lens> Outcome::lens() const {
  return offers().has(Channel::values) ? make_cap_lens() : nullptr;
}

}  // namespace windtunnel
