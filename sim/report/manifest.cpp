#include "windtunnel/report/manifest.hpp"

#include <array>
#include <ctime>

#include "windtunnel/core/build_info.hpp"
#include "windtunnel/core/json_document.hpp"

namespace windtunnel {

std::string utc_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return std::string(text.data(), length);
}

std::string manifest_json(const Report& report, const Manifest& manifest) {
  const Json json{{"scenario", report.scenario.name},
                  {"scenario_hash", report.scenario.hash},
                  {"replications", report.result.replications},
                  {"program", version()},
                  {"git_revision", git_revision()},
                  {"compiler", compiler()},
                  {"instruction_set", instruction_set()},
                  {"threads", manifest.threads},
                  {"seconds", manifest.seconds},
                  {"date", manifest.date},
                  {"command_line", manifest.command_line}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace windtunnel
