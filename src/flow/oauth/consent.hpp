// What a person has agreed to that an application learns and does (OIDC Core §3.1.2.4, S4.19). It is kept for account
// and client, in words: scopes, and "claim:email" for a single claim. Each item is asked for once; prompt=consent asks
// again. Judged whenever something is issued with the person present; who takes it back revokes all that was issued.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/login/attempt.hpp"
#include "flow/session/find_visitor.hpp"
#include "flow/token/claims_wish.hpp"
#include "rights/client.hpp"
#include "store/engine/store.hpp"
#include "text/language.hpp"

namespace flow {

/// What `scope` (granted) and the wish (judged) come to: the words of the scope, and of each claim that none of them
/// includes "claim:NAME".
std::string list_consent_items(std::string_view scope, const ClaimsWish& wish);

/// The words of `items` to which the account has not agreed yet; "" = it need not be asked. A client that needs no
/// consent (rights::needs_consent) has all.
base::Result<std::string> find_missing_consent(store::Tx& tx, const rights::Client& client, const base::Id& account_id,
                                               std::string_view items);
/// When the account has agreed last, whatever to; nullopt = never.
base::Result<std::optional<base::Time>> find_last_consent(store::Tx& tx, const rights::Client& client,
                                                          const base::Id& account_id);

/// Adds the items to what the actor has agreed to, with the audit event. For a transaction in which the actor was
/// judged and the request was validated. Errors: unavailable.
base::Result<void> record_consent(store::Tx& tx, const rights::Client& client, const rights::Actor& actor,
                                  std::string_view items, const RequestFacts& facts);

/// One thing that an application may learn or do, as a person reads it.
struct ConsentItem {
  std::string word;  // "email", "claim:phone_number", "results:read"
  std::string text;  // "Your e-mail address"
};
/// Each sentence once; a scope of a resource server is said by the title that it has there. Errors: unavailable.
base::Result<std::vector<ConsentItem>> describe_items(const House& house, store::Tx& tx, const rights::Client& client,
                                                      std::string_view items, text::Language language);

/// What the page asks.
struct ConsentQuestion {
  std::string name;  // of the application
  std::vector<ConsentItem> items;
};
/// What `attempt.consent` asks; nullopt = nothing, or the client is gone. Errors: unavailable.
base::Result<std::optional<ConsentQuestion>> find_consent_question(const House& house, const Attempt& attempt,
                                                                   text::Language language);
/// Records the answer of the person. The request is judged again when it is resumed.
/// Errors: not_found (nothing is asked, or the client is gone), denied, unavailable.
base::Result<void> answer_consent(const House& house, const rights::Actor& actor, const Attempt& attempt, bool is_given,
                                  const RequestFacts& facts);

struct GivenConsent {
  std::string id;    // of the client, for withdraw_consent
  std::string name;  // of the application
  std::string client_uri;
  std::string policy_uri;
  std::string tos_uri;
  std::vector<ConsentItem> items;
  base::Time given_at;
  base::Time changed_at;
  bool is_enabled = true;  // the application
  bool is_asked = true;  // false: one of the house, which got access that outlives the session without being asked for
};
/// The applications that have the actor's consent, or without it a refresh token that outlives the session, the latest
/// first. Errors: unavailable.
base::Result<std::vector<GivenConsent>> list_consents(const House& house, const rights::Actor& actor,
                                                      text::Language language, base::Time now);

/// Takes the consent back, if there is one, and revokes all that the client has from the account, also what outlives
/// its session. Errors: not_found (the client has neither consent nor such access), denied, unavailable.
base::Result<void> withdraw_consent(const House& house, const rights::Actor& actor, const base::Id& client_id,
                                    const RequestFacts& facts);

}  // namespace flow
