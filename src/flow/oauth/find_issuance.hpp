// Reads the facts that may_issue judges, in one transaction, and calls it (security rule 8).
#pragma once

#include <optional>
#include <string_view>

#include "audit/value.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/token/make_tokens.hpp"
#include "rights/may_issue.hpp"
#include "rights/session.hpp"
#include "store/oauth/grants.hpp"

namespace flow {

struct Issuance {
  std::optional<rights::Refusal> refusal;  // nullopt = may be issued, and everything below is there
  std::optional<rights::Clearance> clearance;
  std::optional<identity::Account> account;
  std::optional<rights::Client> client;
  std::optional<rights::Session> session;
  std::optional<rights::ActingContext> context;
  // Of a grant that was made (rights::IssuanceFacts).
  bool lost_consent = false;
  bool lost_offline = false;
};

/// Sets `facts.refusal` to the judgement of may_issue; the caller has read the facts in this transaction.
base::Result<void> judge(store::Tx& tx, Issuance& facts, base::Time now);

/// For a grant, each time that something is made from it or told of it: by the current state of its session, or, if it
/// outlives that one, by what it keeps of its login. A code is for who is logged in, and is always judged by the
/// session. If the session acts in another context now, the grant is refused (no_context). What the grant stood on must
/// still be there: the person's consent, and the client's right to what outlives the session. `client`: was read in
/// this transaction.
base::Result<Issuance> find_issuance(const House& house, store::Tx& tx, const store::Grant& grant,
                                     std::optional<rights::Client> client, base::Time now);

/// What a grant keeps of the login that it is made from: all that it is judged by if it outlives its session. The id,
/// the code and its ends are the caller's. `issuance`: without a refusal.
store::Grant begin_grant(const Issuance& issuance, std::string_view scope, base::Time now);

/// Records that something was not issued, and the reason. `what`: "code", "token", "userinfo".
struct RefusedIssue {
  audit::Code what;
  audit::Code reason;
};
/// The limit for this client and account is AuditSettings::failures_each_minute (event_turn.hpp).
base::Result<void> record_refusal(const House& house, store::Tx& tx, const Issuance& issuance,
                                  const RefusedIssue& refused, const RequestFacts& facts);

struct ForeignRefusal {
  const rights::Client* client = nullptr;  // nullptr = unknown
  audit::Code event;                       // of audit::type
  audit::Code reason;
};
/// Records a refusal of a request that named no session or account. The limit for this client and address is
/// AuditSettings::failures_each_minute (event_turn.hpp).
base::Result<void> record_foreign_refusal(const House& house, store::Tx& tx, const ForeignRefusal& refusal,
                                          const RequestFacts& facts);

}  // namespace flow
