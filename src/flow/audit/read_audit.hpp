// Reads the audit log (S4.26). Needs the permission read_audit; an account administrator sees events of the own tenant
// only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

struct AuditQuery {
  std::string type;     // of audit::vocabulary, or of a relying system; "" = every
  std::string outcome;  // "", "success", "failure"
  std::string account;  // a login as typed, an account's id, or beginnings of words as in the search of accounts
  std::string client;
  std::string source;  // "", "own", "reported": by relying systems; with `client` by that one
  std::string tenant;  // key or id of one that the actor reaches; "" = all for whoever administers all, else the own
  std::string request_id;          // the number that an error page shows
  std::optional<base::Time> from;  // inclusive
  std::optional<base::Time> to;    // exclusive
  std::int64_t before_seq = 0;     // with Turn::first: where an earlier export ended
  PageWish page{};                 // a row is the number of an event
  bool is_counted = false;         // whether PageEnds::count is wanted
};
struct AuditRow {
  audit::Event event;
  std::string actor_name;  // login of the actor, or "" if gone
  std::string subject_name;
  std::string behalf_name;  // login of the account for which the actor acted, or ""
};
struct NamedAccount {
  base::Id id;
  std::string name;
};
struct AuditPage {
  std::optional<base::Id> account{};       // whom AuditQuery::account means
  std::vector<NamedAccount> candidates{};  // several accounts that the text can mean; then there are no rows
  std::vector<AuditRow> rows;              // newest first
  PageEnds ends;
  std::int64_t next_before = 0;  // 0 = all was searched; else there may be older ones, also if this page is not full
};
/// Errors: denied, invalid_input (no such type, outcome or source), too_many (searches for accounts by number).
base::Result<AuditPage> read_audit(const House& house, const rights::Actor& actor, const AuditQuery& query,
                                   const RequestFacts& facts);

/// Fields of Event::data and Event::personal by name, for display: {"reason": "wrong_password"}.
std::vector<std::pair<std::string, std::string>> audit_details(const audit::Event& event);

}  // namespace flow
