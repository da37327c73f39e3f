// Short messages as an administrator of the installation sees and sets them: the limits (S3.8), and at each gateway of
// the configuration id, password, sender and whether it is used (S3.7). All need the permission administer_all, a
// change also a fresh proof; it has its audit event. A password goes in and never comes out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/message/sms_route.hpp"
#include "flow/outbox/sms_turn.hpp"
#include "identity/lockout/sms_limits.hpp"
#include "rights/actor.hpp"

namespace flow {

struct SmsGatewayLook {
  std::string name;
  std::string title;  // of the preset
  bool is_verified = true;
  std::string host;   // "gateway.seven.io"
  std::string login;  // our id there
  bool needs_login = true;
  bool has_password = false;
  std::string sender;
  bool has_own_sender = true;
  bool is_on = true;
  std::int64_t version = 0;  // 0: nothing is set here, all is as in the configuration
  SmsGatewayState state{};
};

struct SmsLook {
  identity::SmsLimits limits{};
  std::int64_t version = 0;  // of the limits; 0: nobody has set any
  /// Of today, in the time zone of the installation.
  std::map<SmsPurpose, identity::SmsDay> today{};
  std::vector<SmsGatewayLook> gateways{};
  std::vector<std::string> countries{};  // that are allowed; none: all
};
/// Errors: denied.
base::Result<SmsLook> look_at_sms(const House& house, const rights::Actor& actor, base::Time now);

/// What was sent and refused today, for metrics. Errors: unavailable.
base::Result<std::map<SmsPurpose, identity::SmsDay>> count_sms_today(const House& house, base::Time now);

/// `version`: that the form was filled in for; nullopt: whatever it is. Errors: denied, invalid_input (names the
/// fields, identity::find_flaws), conflict (another change came first).
base::Result<void> set_sms_limits(const House& house, const rights::Actor& actor, const identity::SmsLimits& limits,
                                  const std::optional<std::int64_t>& version, const RequestFacts& facts);

struct SmsGatewayWish {
  std::string name;
  bool is_on = true;
  std::string login;
  base::Secret password;  // empty: it stays
  std::string sender;
  bool has_own_sender = true;
  std::int64_t version = 0;  // that the form was filled in for
};
/// Errors: denied, not_found (no such gateway), invalid_input (names the fields that are wrong: "login", "password",
/// "sender"), conflict (another change came first).
base::Result<void> set_sms_gateway(const House& house, const rights::Actor& actor, const SmsGatewayWish& wish,
                                   const RequestFacts& facts);

}  // namespace flow
