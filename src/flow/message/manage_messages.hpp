// The outbox as administrators see it: what waits, what was delivered, what failed and why; try again, or drop. Texts
// and codes of messages are not shown to anybody, addresses only in part.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

struct MessageRow {
  base::Id id;
  std::string kind;     // mail | sms | logout
  std::string message;  // "reset_link"; "" = not of a person, or erased
  std::string person;   // whose account, "" = nobody's, or gone
  std::string to;       // "a…@clinic.example", "+48…201", the name of a logout's application; "" = erased
  std::string state;    // pending | delivered | failed | dropped
  std::string error;    // of the last try
  std::int64_t tries = 0;
  base::Time created_at;
  base::Time next_at;
  bool may_retry = false;
  bool may_drop = false;
};

/// Newest first; of the own tenant, or of all for who administers all. `state` "" = every one.
/// Errors: denied (not an administrator of accounts).
base::Result<std::vector<MessageRow>> list_messages(const House& house, const rights::Actor& actor,
                                                    std::string_view state, std::size_t most);
/// With a fresh proof (prove_again). What is neither mail nor SMS, and messages of accounts above the actor (is_above),
/// are for who administers all.
/// Errors: denied, not_found (also of another tenant), conflict (delivered, dropped or erased meanwhile).
base::Result<void> retry_message(const House& house, const rights::Actor& actor, std::string_view id,
                                 const RequestFacts& facts);
base::Result<void> drop_message(const House& house, const rights::Actor& actor, std::string_view id,
                                const RequestFacts& facts);

/// "a…@clinic.example", "+48…201".
std::string shorten_address(std::string_view address);

}  // namespace flow
