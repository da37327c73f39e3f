#include "flow/validation/validation_desk.hpp"

#include <algorithm>
#include <chrono>

namespace flow {

ValidationDesk::ValidationDesk(ValidationSettings settings, std::optional<remote::HttpClient> client)
    : settings_(std::move(settings)), client_(std::move(client)) {}

const ValidationPolicy* ValidationDesk::find_policy(std::string_view name) const {
  const auto found = settings_.policies.find(name.empty() ? std::string_view(settings_.policy) : name);
  return found == settings_.policies.end() ? nullptr : &found->second;
}

bool ValidationDesk::take_anonymous(std::string_view ip, base::Time now) {
  const std::int64_t each_minute = std::max<std::int64_t>(settings_.anonymous_each_minute, 1);
  identity::NetworkPolicy policy;
  policy.capacity = each_minute;
  policy.refill = base::Duration(std::chrono::minutes(1)) / each_minute;
  NetworkGate::Answer answer = gate_.enter(ip, policy, now);
  // The gate counts failures; here each validation costs one.
  if (answer.pass) answer.pass->settle(true);
  return answer.pass.has_value();
}

}  // namespace flow
