// A person downloads all that is stored about the own account: every table, the messages and the audit events, without
// secrets and without ids of other people (GDPR Art. 15 and 20; docs/decisions/0038-what-a-person-can-download.md).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/account/account.hpp"
#include "rights/actor.hpp"
#include "store/account/account_export.hpp"

namespace flow {

using StoredKind = store::StoredKind;
using StoredValue = store::StoredValue;
using StoredRow = store::StoredRow;
using StoredTable = store::StoredTable;

/// An audit event about the account, or of something that it did.
struct PersonalEvent {
  std::int64_t number = 0;  // of the chain
  base::Time at;
  std::string type;
  std::string outcome;
  std::string by;     // "self", "another" account, or "nobody" that was logged in
  std::string about;  // the same
  std::string client;
  std::string context;
  std::string request_id;
  std::vector<std::pair<std::string, std::string>> details;  // also address and browser, until they are erased
};
struct PersonalMessage {
  base::Time at;
  std::string channel;  // mail, sms
  std::string message;  // "reset_link"; its text, links and codes are not given
  std::string to;       // in part once it was delivered
  std::string state;
};

struct PersonalData {
  base::Time at;
  std::string issuer;
  identity::Account account;
  std::vector<StoredTable> tables;
  std::map<std::string, std::string, std::less<>> applications;  // name by client id, of those that the data name
  std::vector<PersonalMessage> messages;                         // newest first
  bool has_all_messages = true;
  std::vector<PersonalEvent> events;  // newest first
  bool has_all_events = true;
};

/// What is looked through for one file, so that it has a bound: events of the account, messages of the organisation.
inline constexpr std::size_t most_exported_events = 10'000;
inline constexpr std::size_t most_exported_messages = 5'000;

/// For people of every kind. Needs a fresh proof. The event comes first: what was given without it would leave no
/// trace. `format`: "json" or "html", for the event. Errors: denied (no fresh proof, the context lacks the own data,
/// the operator).
base::Result<PersonalData> export_own_data(const House& house, const rights::Actor& actor, std::string_view format,
                                           const RequestFacts& facts);

/// One JSON object; its members are described in docs/operators/personal-data.md.
std::string to_json(const PersonalData& data);

}  // namespace flow
