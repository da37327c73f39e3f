// The outbox for administrators: which messages wait, were delivered or failed, and why. They can be tried again or
// dropped. Texts and codes of messages are never shown; addresses are shown in part.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

struct MessageRow {
  base::Id id;
  std::string kind;         // mail | sms | logout
  std::string message;      // "reset_link"; "" = not of a person, dropped, or of an earlier program
  std::string person;       // the account that it is about; "" = none, deleted, not known any more, or not in reach
  std::string to;           // "a…@clinic.example", "+48…201", the name of a logout's application; "" = erased
  std::string client_id{};  // of a notice to an application
  std::string state;        // pending | delivered | failed | dropped
  std::string error;        // the code of the last try
  std::string report{};     // of an SMS that a gateway took under an identifier: sent | arrived | lost
  std::string gateway{};    // that took it
  std::int64_t parts = 0;   // of its text
  std::int64_t tries = 0;
  base::Time created_at;
  base::Time next_at;
  bool is_of_deleted = false;  // it is about a deleted account
  bool may_retry = false;
  bool may_drop = false;
};

struct MessagePage {
  std::vector<MessageRow> rows;
  PageEnds ends;
};
struct MessageQuery {
  std::string_view state{};   // "" = every one
  std::string_view tenant{};  // as in find_shown_tenant
  PageWish page{};
};
/// The newest first. Errors: denied (not an administrator of accounts), invalid_input (no such state or page),
/// not_found (tenant).
base::Result<MessagePage> list_messages(const House& house, const rights::Actor& actor, const MessageQuery& query,
                                        base::Time now);
/// Both need a fresh proof (prove_again). Only an actor who administers all may touch items that are neither mail nor
/// SMS, and messages of accounts with more rights (is_above). Errors: denied, not_found (also of another tenant),
/// conflict (delivered, dropped or erased meanwhile).
base::Result<void> retry_message(const House& house, const rights::Actor& actor, std::string_view id,
                                 const RequestFacts& facts);
base::Result<void> drop_message(const House& house, const rights::Actor& actor, std::string_view id,
                                const RequestFacts& facts);

}  // namespace flow
