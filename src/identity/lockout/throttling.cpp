#include "identity/lockout/throttling.hpp"

#include <algorithm>

namespace identity {
namespace {

bool is_forgotten(const FailureCount& count, const ThrottlePolicy& policy, base::Time now) {
  return !count.last || now - *count.last >= policy.forgotten_after;
}

}  // namespace

FailureCount after_failure(const FailureCount& count, const ThrottlePolicy& policy, base::Time now) {
  // The time never goes backwards, because the node whose clock is behind must not shorten a delay.
  const base::Time last = count.last ? std::max(*count.last, now) : now;
  return {is_forgotten(count, policy, now) ? 1 : count.failures + 1, last};
}

base::Duration delay_after(std::int64_t failures, const ThrottlePolicy& policy) {
  if (failures < policy.free_failures || policy.first_delay.count() <= 0) return base::Duration(0);
  base::Duration delay = policy.first_delay;
  for (std::int64_t i = policy.free_failures; i < failures && delay < policy.longest_delay; ++i) delay *= 2;
  return std::min(delay, policy.longest_delay);
}

std::optional<base::Time> find_stranger_barrier(const FailureCount& strangers, const ThrottlePolicy& policy,
                                                base::Time now) {
  if (is_forgotten(strangers, policy, now)) return std::nullopt;
  const base::Time from = *strangers.last + delay_after(strangers.failures, policy);
  if (now >= from) return std::nullopt;
  return from;
}

bool has_allowance(const FailureCount& device, const ThrottlePolicy& policy, base::Time now) {
  return is_forgotten(device, policy, now) || device.failures < policy.device_failures;
}

std::optional<base::Time> find_barrier(const FailureCount& strangers, const FailureCount* device,
                                       const ThrottlePolicy& policy, base::Time now) {
  if (device != nullptr && has_allowance(*device, policy, now)) return std::nullopt;
  return find_stranger_barrier(strangers, policy, now);
}

NetworkVerdict take(const NetworkBucket& bucket, const NetworkPolicy& policy, base::Time now) {
  NetworkBucket next = bucket;
  if (policy.refill.count() > 0 && now > bucket.at) {
    const std::int64_t refilled = (now - bucket.at) / policy.refill;
    next.taken = std::max<std::int64_t>(0, bucket.taken - refilled);
    // A part of a refill time that has passed is kept, unless the bucket is full again.
    next.at = next.taken == 0 ? now : bucket.at + refilled * policy.refill;
  }
  if (next.taken >= policy.capacity) return {next, next.at + policy.refill};
  ++next.taken;
  return {next, std::nullopt};
}

NetworkPolicy times_as_large(const NetworkPolicy& policy, unsigned times) {
  return {policy.capacity * times, policy.refill / times};
}

std::vector<LimitedNetwork> limited_networks(std::string_view ip) {
  const auto address = base::IpAddress::parse(ip);
  if (!address) return {{std::string(ip), 1}};
  auto counted = address->counted_networks();
  if (!address->is_v4()) counted.erase(counted.begin());
  std::vector<LimitedNetwork> limited;
  for (const auto& [network, times] : counted) limited.push_back({network.to_string(), times / counted.front().times});
  return limited;
}

}  // namespace identity
