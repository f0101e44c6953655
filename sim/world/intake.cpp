#include "windtunnel/world/intake.hpp"

#include "intakes.hpp"

namespace windtunnel {

std::unique_ptr<const IntakePlan> plan_intake(const IntakeSetting& setting) {
  const bool waits = setting.climate().lag.is_felt(), returns = setting.climate().return_probability > 0;
  const bool in_parts = setting.wanted.has(Channel::cohorts) || setting.wanted.has(Channel::known);
  if (!waits && !returns && !in_parts) return prompt_intake(setting);
  if (setting.path == Path::users) return single_intake(setting);
  const bool with_company = setting.wanted.has(Channel::covariate) || setting.wanted.has(Channel::exposures);
  if (!returns && with_company) return parcel_intake(setting);
  if (!returns) return waiting_intake(setting);
  const bool counts =
      setting.is_binary && !setting.wanted.has(Channel::requests) && !setting.wanted.has(Channel::values);
  if (!waits && !in_parts && counts) return counting_intake(setting);
  return single_intake(setting);
}

}  // namespace windtunnel
