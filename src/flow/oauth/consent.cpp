#include "flow/oauth/consent.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "flow/house/record.hpp"
#include "flow/resource/find_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"
#include "store/oauth/consents.hpp"
#include "store/oauth/grants.hpp"
#include "text/text.hpp"

namespace flow {
namespace {

constexpr std::string_view claim_prefix = "claim:";
constexpr std::int64_t most_consents = 500;  // of one person; the page shows them all
constexpr std::int64_t most_scopes = 50;     // different ones that one client has from one person

std::string find_missing(std::string_view items, std::string_view given) {
  std::string missing;
  base::for_each_word(items, [&](std::string_view item) {
    // A single claim needs no consent of its own if the person has agreed to all claims of its scope.
    const bool is_claim = item.starts_with(claim_prefix);
    const std::string_view scope = is_claim ? scope_of_claim(item.substr(claim_prefix.size())) : std::string_view();
    if (base::has_word(given, item) || (!scope.empty() && base::has_word(given, scope))) return;
    base::add_word(missing, item);
  });
  return missing;
}

struct Change {
  const rights::Client& client;
  audit::Code what;
  std::string_view items;
};

base::Result<void> record(store::Tx& tx, const rights::Actor& actor, const Change& change, const RequestFacts& facts) {
  audit::Event event = make_event(audit::type::consent_change, actor, actor.account(), facts,
                                  {{"change", change.what}, {"scope", audit::Value::registered(change.items)}});
  event.client = change.client.client_id;
  return store::append_event(tx, std::move(event));
}

/// The sentence for one item. A scope without a title says its own name.
base::Result<std::string> say_item(const House& house, store::Tx& tx, const rights::Client& client,
                                   std::string_view item, text::Language language) {
  std::string key = "consent.item.";
  key.append(item.starts_with(claim_prefix) ? item.substr(claim_prefix.size()) : item);
  if (text::has(key)) return text::say(language, key);
  ASSIGN_OR_RETURN(std::string title, find_scope_title(house, tx, client, item, text::code_of(language)));
  return title.empty() ? std::string(item) : title;
}

/// What an item of consent is called: an address and whether it is confirmed are told together.
std::string_view told_claim(std::string_view claim) {
  constexpr std::string_view suffix = "_verified";
  return claim.ends_with(suffix) ? claim.substr(0, claim.size() - suffix.size()) : claim;
}

/// The words of all that the client may use without the person being there; "" = nothing.
base::Result<std::string> find_offline_items(store::Tx& tx, const base::Id& account_id, const base::Id& client_id,
                                             base::Time now) {
  ASSIGN_OR_RETURN(const auto scopes, store::list_offline_scopes(tx, account_id, client_id, now, most_scopes));
  std::string items;
  for (const std::string& scope : scopes) {
    base::for_each_word(scope, [&](std::string_view word) { base::add_word(items, word); });
  }
  return items;
}

/// What was agreed to, and what counts without having been asked for.
base::Result<std::vector<store::Consent>> list_all(store::Tx& tx, const rights::Actor& actor, base::Time now) {
  const identity::Account& account = actor.account();
  ASSIGN_OR_RETURN(auto all, store::list_consents(tx, account.id, most_consents));
  ASSIGN_OR_RETURN(const auto uses, store::list_offline_uses(tx, account.id, now, most_consents));
  const std::size_t asked = all.size();
  for (const store::OfflineUse& use : uses) {
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(asked);
    if (std::any_of(all.begin(), end, [&](const store::Consent& one) { return one.client_id == use.client_id; })) {
      continue;
    }
    ASSIGN_OR_RETURN(std::string items, find_offline_items(tx, account.id, use.client_id, now));
    all.push_back({account.id, use.client_id, account.tenant_id, std::move(items), {}, use.latest_at});
  }
  return all;
}

}  // namespace

std::string list_consent_items(std::string_view scope, const ClaimsWish& wish) {
  std::string items;
  base::for_each_word(scope, [&](std::string_view word) { base::add_word(items, word); });
  for (const ClaimsWish::Claim& claim : wish.claims()) {
    const std::string_view of = scope_of_claim(claim.name);
    if (of.empty() || of == "openid" || base::has_word(scope, of)) continue;
    base::add_word(items, std::string(claim_prefix).append(told_claim(claim.name)));
  }
  return items;
}

base::Result<std::string> find_missing_consent(store::Tx& tx, const rights::Client& client, const base::Id& account_id,
                                               std::string_view items) {
  if (!rights::needs_consent(client)) return std::string();
  ASSIGN_OR_RETURN(const auto consent, store::find_consent(tx, account_id, client.id));
  return find_missing(items, consent ? std::string_view(consent->items) : std::string_view());
}

base::Result<std::optional<base::Time>> find_last_consent(store::Tx& tx, const rights::Client& client,
                                                          const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto consent, store::find_consent(tx, account_id, client.id));
  return consent ? std::optional(consent->changed_at) : std::nullopt;
}

base::Result<void> record_consent(store::Tx& tx, const rights::Client& client, const rights::Actor& actor,
                                  std::string_view items, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto known, store::find_consent(tx, actor.account().id, client.id));
  store::Consent consent{actor.account().id, client.id, actor.account().tenant_id, {}, facts.now, facts.now};
  if (known) consent.items = known->items;
  base::for_each_word(items, [&](std::string_view item) { base::add_word(consent.items, item); });
  RETURN_IF_ERROR(store::put_consent(tx, consent));
  return record(tx, actor, {client, "given", items}, facts);
}

base::Result<std::vector<ConsentItem>> describe_items(const House& house, store::Tx& tx, const rights::Client& client,
                                                      std::string_view items, text::Language language) {
  std::vector<ConsentItem> out;
  for (const std::string& item : base::split_words(items)) {
    ASSIGN_OR_RETURN(std::string text, say_item(house, tx, client, item, language));
    const bool is_said = std::any_of(out.begin(), out.end(), [&](const ConsentItem& one) { return one.text == text; });
    if (!is_said) out.push_back({item, std::move(text)});
  }
  return out;
}

base::Result<std::optional<ConsentQuestion>> find_consent_question(const House& house, const Attempt& attempt,
                                                                   text::Language language) {
  using Found = std::optional<ConsentQuestion>;
  if (attempt.consent.empty()) return Found();
  return house.store.read([&](store::Tx& tx) -> base::Result<Found> {
    ASSIGN_OR_RETURN(const auto client, store::find_client(tx, std::string_view(attempt.client_id)));
    if (!client || !client->enabled) return Found();
    ConsentQuestion question{rights::name_in(*client, text::code_of(language)), {}};
    ASSIGN_OR_RETURN(question.items, describe_items(house, tx, *client, attempt.consent, language));
    return Found(std::move(question));
  });
}

base::Result<void> answer_consent(const House& house, const rights::Actor& actor, const Attempt& attempt, bool is_given,
                                  const RequestFacts& facts) {
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto client, store::find_client(tx, std::string_view(attempt.client_id)));
    if (attempt.consent.empty() || !client || !client->enabled) {
      return base::fail(base::Code::not_found, "nothing is asked for an application that exists");
    }
    if (!is_given) return record(tx, actor, {*client, "refused", attempt.consent}, facts);
    return record_consent(tx, *client, actor, attempt.consent, facts);
  });
}

base::Result<std::vector<GivenConsent>> list_consents(const House& house, const rights::Actor& actor,
                                                      text::Language language, base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<GivenConsent>> {
    ASSIGN_OR_RETURN(const auto consents, list_all(tx, actor, now));
    std::vector<GivenConsent> out;
    for (const store::Consent& consent : consents) {
      ASSIGN_OR_RETURN(const auto client, store::find_client(tx, consent.client_id));
      if (!client) continue;
      GivenConsent given;
      given.id = consent.client_id.to_string();
      given.name = rights::name_in(*client, text::code_of(language));
      given.client_uri = client->client_uri;
      given.policy_uri = client->policy_uri;
      given.tos_uri = client->tos_uri;
      ASSIGN_OR_RETURN(given.items, describe_items(house, tx, *client, consent.items, language));
      given.is_asked = consent.given_at != base::Time();
      given.given_at = given.is_asked ? consent.given_at : consent.changed_at;
      given.changed_at = consent.changed_at;
      given.is_enabled = client->enabled;
      out.push_back(std::move(given));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const GivenConsent& a, const GivenConsent& b) { return a.changed_at > b.changed_at; });
    return out;
  });
}

base::Result<void> withdraw_consent(const House& house, const rights::Actor& actor, const base::Id& client_id,
                                    const RequestFacts& facts) {
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto consent, store::find_consent(tx, actor.account().id, client_id));
    ASSIGN_OR_RETURN(const auto client, store::find_client(tx, client_id));
    ASSIGN_OR_RETURN(std::string items, find_offline_items(tx, actor.account().id, client_id, facts.now));
    if (!client || (!consent && items.empty())) {
      return base::fail(base::Code::not_found, "the account has given no such consent");
    }
    if (consent) {
      items = consent->items;
      RETURN_IF_ERROR(store::delete_consent(tx, actor.account().id, client_id));
    }
    RETURN_IF_ERROR(store::revoke_grants_of_client(tx, actor.account().id, client_id, facts.now));
    return record(tx, actor, {*client, "withdrawn", items}, facts);
  });
}

}  // namespace flow
