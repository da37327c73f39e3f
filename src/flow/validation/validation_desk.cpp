#include "flow/validation/validation_desk.hpp"

#include <algorithm>
#include <chrono>

namespace flow {

ValidationDesk::ValidationDesk(ValidationSettings settings, std::optional<remote::HttpClient> client)
    : settings_(std::move(settings)),
      policies_(std::make_shared<const Policies>(settings_.policies)),
      client_(std::move(client)) {}

std::shared_ptr<const ValidationPolicy> ValidationDesk::find_policy(std::string_view name) const {
  std::shared_ptr<const Policies> policies;
  {
    const std::lock_guard lock(policies_mutex_);
    policies = policies_;
  }
  const auto found = policies->find(name.empty() ? std::string_view(settings_.policy) : name);
  if (found == policies->end()) return nullptr;
  return {policies, &found->second};
}

base::Result<void> ValidationDesk::use_policies(Policies policies) {
  if (!policies.contains(settings_.policy)) {
    return base::fail(base::Code::invalid_input, "validation.policy names no policy: " + settings_.policy);
  }
  auto next = std::make_shared<const Policies>(std::move(policies));
  const std::lock_guard lock(policies_mutex_);
  policies_ = std::move(next);
  return {};
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
