// The protective lockout, which strangers cannot use against the owner. It is the default; lockout.hpp has the classic
// one. A stranger is any browser that is not a known device of the account. Failures of strangers delay strangers only,
// each known device has its own allowance, and each network has a bucket of attempts. Passwords and codes are counted
// separately: keep one FailureCount for each. (security-rules.md; OWASP ASVS 5.0 V6.3.1)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/ip_address.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace identity {

struct ThrottlePolicy {
  std::int64_t free_failures = 5;                           // of strangers, before any delay
  base::Duration first_delay = std::chrono::seconds(5);     // doubles with each further failure …
  base::Duration longest_delay = std::chrono::minutes(15);  // … up to this
  std::int64_t device_failures = 10;                        // of one known device; after them it counts as a stranger
  base::Duration forgotten_after = std::chrono::hours(24);  // so long after the last failure
};

/// Failed proofs of one kind against one account: all strangers together, or one known device.
struct FailureCount {
  std::int64_t failures = 0;
  std::optional<base::Time> last;
};

/// The count after one more failure. If the last failure is older than forgotten_after, counting starts again.
FailureCount after_failure(const FailureCount& count, const ThrottlePolicy& policy, base::Time now);

/// The delay that follows the `failures`-th failure of strangers.
base::Duration delay_after(std::int64_t failures, const ThrottlePolicy& policy);

/// The time from which a stranger may try again; nullopt = now.
std::optional<base::Time> find_stranger_barrier(const FailureCount& strangers, const ThrottlePolicy& policy,
                                                base::Time now);

/// Whether the known device still has its allowance, whatever strangers have done meanwhile.
bool has_allowance(const FailureCount& device, const ThrottlePolicy& policy, base::Time now);

/// The judgement of one attempt: the time from which it may be made; nullopt = now. `device` is nullptr for a stranger.
/// A device without allowance waits with the strangers, and its failures from then on count among theirs.
std::optional<base::Time> find_barrier(const FailureCount& strangers, const FailureCount* device,
                                       const ThrottlePolicy& policy, base::Time now);

/// Attempts of one network, over all accounts: a bucket that refills steadily.
struct NetworkPolicy {
  std::int64_t capacity = 60;                       // attempts at once
  base::Duration refill = std::chrono::seconds(2);  // one further attempt after each such time
};
struct NetworkBucket {
  std::int64_t taken = 0;  // of the capacity, at `at`
  base::Time at;
};
struct NetworkVerdict {
  NetworkBucket bucket;                  // to be kept
  std::optional<base::Time> retry_from;  // set = refused
};
/// One attempt at `now`. If the clock goes back, the bucket neither refills nor loses anything.
NetworkVerdict take(const NetworkBucket& bucket, const NetworkPolicy& policy, base::Time now);

/// The same for a network that may do `times` as much.
NetworkPolicy times_as_large(const NetworkPolicy& policy, unsigned times);

/// A network under which limits on written rows are counted.
struct LimitedNetwork {
  std::string name;
  unsigned times = 1;  // of the limit
};
/// The smallest first: an IPv4 address itself; the /56 of an IPv6 address, because one subscriber can use every /64
/// inside of it, and with four times the limit its /48. A text that is not an address (the command line, a socket) is
/// given unchanged.
std::vector<LimitedNetwork> limited_networks(std::string_view ip);

}  // namespace identity
