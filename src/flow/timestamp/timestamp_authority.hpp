// The own time-stamp authority as an administrator runs it (S4.24). Its certificate comes from the own certificate
// authority; the server renews both by itself before the end. Every function that has an actor needs the permission
// manage_authorities; each change has its audit event.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/signing/soft_key.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/timestamp/stamp_figures.hpp"
#include "rights/actor.hpp"
#include "signature/timestamp/watch_clock.hpp"
#include "store/timestamp/timestamps.hpp"

namespace flow {

struct TimestampAuthorityWish {
  std::string name;  // common name; "" = "Time stamps of", and the name of the first organisation
  crypto::SoftKeyKind key = crypto::SoftKeyKind::ec_p256;
};
/// A new key, in software or on the token of the settings, and its certificate; stamps have them from now on, on other
/// nodes within a minute. The ones before it end, and what they have stamped counts on. Errors: denied, conflict (there
/// is no certificate authority), invalid_input (the name), and those of the token.
base::Result<store::TimestampAuthority> make_timestamp_authority(const House& house, const rights::Actor& actor,
                                                                 const TimestampAuthorityWish& wish,
                                                                 const RequestFacts& facts);
/// A month before its end, if there is one; for the background. Errors: unavailable, conflict.
base::Result<void> renew_timestamp_authority(const House& house, base::Time now);

struct TimestampLook {
  std::vector<store::TimestampAuthority> authorities;  // the newest first
  std::int64_t reserved = 0;                           // numbers on all nodes, those included that were lost
  std::optional<base::Time> last_at{};                 // nullopt: nothing was stamped yet
};
/// What this node knows of its own: settings, clock, numbers, figures and sources.
struct TimestampNode {
  std::string access;  // "off", "known", "anyone"
  std::string policy;
  std::int64_t each_minute = 0;
  std::int64_t each_minute_of_network = 0;
  base::Duration accuracy{};
  std::string clock;             // "none" = it may be stamped; "jumped", "settling"
  std::int64_t next_serial = 0;  // of the block in memory; 0: none was reserved yet
  std::int64_t serials_left = 0;
  std::vector<StampDay> days;  // the newest first
  struct Source {
    std::string name;  // "own", or its address
    std::optional<SourceAnswer> answer;
  };
  std::vector<Source> sources;  // in the order in which they are asked
};
/// Errors: denied, unavailable (there are no time stamps here).
base::Result<TimestampNode> look_at_timestamp_node(const House& house, const rights::Actor& actor,
                                                   const signature::ClockReading& clock);
/// Errors: denied.
base::Result<TimestampLook> look_at_timestamps(const House& house, const rights::Actor& actor);

}  // namespace flow
