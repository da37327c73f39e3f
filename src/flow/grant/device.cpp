#include "flow/grant/device.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "audit/event.hpp"
#include "base/words.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/grant/token_facts.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/record.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/oauth/admit_client.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/oauth/validate_request.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/network_gate.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/session/subject.hpp"
#include "flow/token/token_settings.hpp"
#include "rights/protocol.hpp"
#include "store/audit/audit_log.hpp"
#include "store/oauth/clients.hpp"
#include "store/oauth/device_authorizations.hpp"
#include "store/oauth/grants.hpp"
#include "store/proof/throttling.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

// RFC 8628 §6.1: no vowels, so that no words appear, and no character that is read as another one. 20^8 are 34 bits.
constexpr std::string_view letters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t user_code_length = 8;
constexpr std::size_t id_octets = 16;
constexpr std::size_t secret_octets = 32;
constexpr base::Duration device_lasts = std::chrono::minutes(10);
constexpr std::int64_t first_interval = 5;  // seconds (RFC 8628 §3.2)
constexpr std::int64_t slower_by = 5;       // seconds (RFC 8628 §3.5)
constexpr std::int64_t slowest = 300;
constexpr std::int64_t most_begun = 60;  // in a minute, by one client from one network
constexpr base::Duration tries_window = std::chrono::minutes(10);
constexpr std::int64_t most_tries = 20;  // of user codes, by one session in that time
constexpr int most_draws = 5;            // until a user code is free
constexpr std::string_view waiting = "waiting";
constexpr std::string_view allowed = "allowed";
constexpr std::string_view denied = "denied";
constexpr std::string_view used = "used";

base::Bytes hash_user_code(const House& house, std::string_view canonical) {
  return house.master.authenticate("user-code", canonical);
}

/// Eight letters, each as likely as the others.
std::string draw_user_code() {
  std::string code;
  while (code.size() < user_code_length) {
    for (const char octet : base::random_bytes(user_code_length * 2)) {
      const std::size_t value = static_cast<unsigned char>(octet);
      // 240 is the largest multiple of 20 in an octet.
      if (value < 240 && code.size() < user_code_length) code.push_back(letters[value % letters.size()]);
    }
  }
  return code;
}

/// What was asked for, the client's, and served; in the order in which it was asked for.
std::string find_scope(const rights::Client& client, std::string_view asked) {
  return base::keep_words(asked.empty() ? "openid" : asked,
                          [&](std::string_view scope) { return may_have(client, scope) && rights::is_served(scope); });
}

base::Result<bool> has_begun_too_many(const House& house, store::Tx& tx, const rights::Client& client,
                                      const RequestFacts& facts) {
  const std::string what = "device|" + client.client_id;
  ASSIGN_OR_RETURN(const std::int64_t over,
                   count_for_networks(house, tx, {what, most_begun, std::chrono::minutes(1)}, facts));
  return over > 0;
}

base::Result<DeviceBegun> begin(const House& house, store::Tx& tx, const DeviceRequest& wished,
                                const RequestFacts& facts) {
  DeviceBegun begun;
  ASSIGN_OR_RETURN(AdmittedClient caller,
                   admit_client(house, tx, wished.client, rights::GrantType::device_code, facts));
  begun.client = std::move(caller.client);
  begun.refusal = caller.refusal;
  if (begun.refusal) return begun;
  const rights::Client& client = *begun.client;
  if (!has_sector_without_redirect(client)) {
    begun.refusal = OAuthRefusal{OAuthError::unauthorized_client, "a pairwise client cannot prove its sector so"};
    return begun;
  }
  ASSIGN_OR_RETURN(const bool is_flood, has_begun_too_many(house, tx, client, facts));
  if (is_flood) {
    begun.refusal = OAuthRefusal{OAuthError::temporarily_unavailable, "too many requests of this client"};
    return begun;
  }
  store::DeviceAuthorization device;
  device.scope = find_scope(client, wished.scope);
  if (device.scope.empty()) {
    begun.refusal = OAuthRefusal{OAuthError::invalid_scope, "no scope that this client may have"};
    return begun;
  }
  const base::Secret secret(base::random_bytes(secret_octets));
  device.id = base::Id::make(facts.now);
  device.tenant_id = client.tenant_id;
  device.client_id = client.id;
  device.secret_hash = crypto::sha256(secret.reveal());
  device.resource = wished.resource;
  device.created_at = facts.now;
  device.expires_at = facts.now + device_lasts;
  device.interval = first_interval;
  for (int draw = 0; draw < most_draws; ++draw) {
    const std::string code = draw_user_code();
    device.user_code_hash = hash_user_code(house, code);
    ASSIGN_OR_RETURN(const bool is_free, store::insert_device_authorization(tx, device));
    if (!is_free) continue;
    begun.user_code = print_user_code(code);
    begun.device_code = base::to_base64url(std::string(device.id.bytes()) + std::string(secret.reveal()));
    begun.expires_in = std::chrono::duration_cast<std::chrono::seconds>(device_lasts).count();
    begun.interval = device.interval;
    RETURN_IF_ERROR(note_use(tx, client, facts.now));
    return begun;
  }
  return base::fail(base::Code::unavailable, "no user code is free");
}

// ---- the person ----

struct Found {
  store::DeviceAuthorization device;
  rights::Client client;
};

/// The device that waits with this code. Errors: not_found.
base::Result<Found> find_waiting(const House& house, store::Tx& tx, std::string_view canonical, base::Time now) {
  const auto none = [] { return base::fail(base::Code::not_found, "no device waits with this code"); };
  ASSIGN_OR_RETURN(auto device, store::find_authorization_by_code(tx, hash_user_code(house, canonical)));
  if (!device || canonical.empty() || device->state != waiting || now >= device->expires_at) return none();
  ASSIGN_OR_RETURN(auto client, store::find_client(tx, device->client_id));
  if (!client || !client->enabled) return none();
  return Found{std::move(*device), std::move(*client)};
}

/// Counts one try of a code. Errors: too_many.
base::Result<void> count_try(const House& house, store::Tx& tx, const rights::Actor& actor, base::Time now) {
  const std::string what = "user-code|" + actor.session().id.to_string();
  ASSIGN_OR_RETURN(const std::int64_t count,
                   store::count_in_window(tx, house.master.authenticate("throttle", what), tries_window, now));
  if (count > most_tries) return base::fail(base::Code::too_many, "too many codes were tried in this session");
  return {};
}

/// What the person is asked.
base::Result<DeviceQuestion> describe(const House& house, store::Tx& tx, const rights::Actor& actor, Found found,
                                      const RequestFacts& facts) {
  DeviceQuestion question;
  const std::string items = list_consent_items(found.device.scope, {});
  ASSIGN_OR_RETURN(question.items, describe_items(house, tx, found.client, items, facts.language));
  const rights::Proofs& proofs = actor.session().proofs;
  if (proofs.level() < found.client.level) {
    ASSIGN_OR_RETURN(const std::int64_t best, find_best_level(house, tx, actor.holder(), proofs));
    if (best >= found.client.level) question.missing_level = found.client.level;
  }
  question.scope = std::move(found.device.scope);
  question.client = std::move(found.client);
  return question;
}

/// Refuses a network that has failed too often; a code that is not found is a failure (RFC 8628 §5.1).
template <class F>
auto try_code(const House& house, const RequestFacts& facts, F&& body) -> std::invoke_result_t<F> {
  NetworkGate::Answer answer = house.gate.enter(facts.ip, house.settings.lockout.network, facts.now);
  if (!answer.pass) return base::fail(base::Code::too_many, "the network has failed too often");
  auto done = body();
  answer.pass->settle(!done && done.error().code == base::Code::not_found);
  return done;
}

store::Grant make_grant(const House& house, const Found& found, const Issuance& issuance, base::Time now) {
  store::Grant grant = begin_grant(issuance, found.device.scope, now);
  grant.id = base::Id::make(now);
  grant.flow = "device";
  grant.resource = found.device.resource;
  // Nobody has the octets of which this is the hash: such a grant is redeemed by its device code alone.
  grant.code_hash = base::random_bytes(secret_octets);
  grant.code_until = found.device.expires_at;
  grant.expires_at = grant.code_until + house.settings.token.access_token_lasts;
  return grant;
}

base::Result<void> record_decision(store::Tx& tx, const rights::Actor& actor, const Found& found,
                                   const RequestFacts& facts) {
  const bool is_allowed = found.device.state == allowed;
  audit::Event event = make_event(audit::type::device_decision, actor, actor.account(), facts,
                                  {{"grant", found.device.grant_id},
                                   {"change", is_allowed ? audit::Code("given") : audit::Code("refused")},
                                   {"scope", audit::Value::registered(found.device.scope)}});
  event.client = found.client.client_id;
  return store::append_event(tx, std::move(event));
}

/// The refusal of may_issue; nullopt = the grant is made.
base::Result<std::optional<rights::Refusal>> grant_access(const House& house, store::Tx& tx, const rights::Actor& actor,
                                                          Found& found, const RequestFacts& facts) {
  Issuance issuance{{}, {}, actor.account(), found.client, actor.session(), actor.context()};
  RETURN_IF_ERROR(judge(tx, issuance, facts.now));
  if (issuance.refusal) {
    RETURN_IF_ERROR(record_refusal(house, tx, issuance, {"device", *issuance.refusal}, facts));
    return issuance.refusal;
  }
  store::Grant grant = make_grant(house, found, issuance, facts.now);
  const std::string new_sid = base::to_base64url(base::random_bytes(16));
  ASSIGN_OR_RETURN(grant.sid, store::join_session(tx, {actor.session().id, found.client.id, new_sid}));
  RETURN_IF_ERROR(store::insert_grant(tx, grant, *issuance.clearance));
  // What the person allows here stands among the consents, where it can be withdrawn with all that was issued.
  const std::string items = list_consent_items(found.device.scope, {});
  RETURN_IF_ERROR(record_consent(tx, found.client, actor, items, facts));
  found.device.grant_id = grant.id;
  return std::nullopt;
}

base::Result<audit::Code> decide(const House& house, store::Tx& tx, const rights::Actor& actor, Found found,
                                 const RequestFacts& facts) {
  found.device.account_id = actor.account().id;
  if (found.device.state == allowed) {
    ASSIGN_OR_RETURN(const auto refusal, grant_access(house, tx, actor, found, facts));
    if (refusal) return audit::Code(*refusal);
  }
  ASSIGN_OR_RETURN(const bool is_first, store::decide_device_authorization(tx, found.device));
  if (!is_first) return base::fail(base::Code::not_found, "no device waits with this code");
  RETURN_IF_ERROR(record_decision(tx, actor, found, facts));
  return audit::Code();
}

// ---- the device ----

struct DeviceCode {
  base::Id id;
  base::Bytes secret_hash;
};

std::optional<DeviceCode> parse_device_code(std::string_view text) {
  const auto octets = base::parse_base64url(text);
  if (!octets || octets->size() != id_octets + secret_octets) return std::nullopt;
  const auto id = base::Id::from_bytes(std::string_view(*octets).substr(0, id_octets));
  if (!id) return std::nullopt;
  return DeviceCode{*id, crypto::sha256(std::string_view(*octets).substr(id_octets))};
}

constexpr OAuthRefusal bad_device_code{OAuthError::invalid_grant,
                                       "the device code is unknown, used, or another client's"};

/// What is answered before the person has decided, or if the person said no; nullopt = it was allowed.
base::Result<std::optional<OAuthRefusal>> find_state_refusal(store::Tx& tx, const store::DeviceAuthorization& device,
                                                             base::Time now) {
  if (now >= device.expires_at) return OAuthRefusal{OAuthError::expired_token, "the device code is over"};
  if (device.state == denied) return OAuthRefusal{OAuthError::access_denied, "the person has denied the access"};
  const bool is_soon = device.polled_at && now < *device.polled_at + std::chrono::seconds(device.interval);
  const std::int64_t interval = is_soon ? std::min(device.interval + slower_by, slowest) : device.interval;
  RETURN_IF_ERROR(store::note_device_poll(tx, device.id, interval, now));
  if (is_soon) return OAuthRefusal{OAuthError::slow_down, "wait longer between two questions"};
  if (device.state == waiting) {
    return OAuthRefusal{OAuthError::authorization_pending, "the person has not decided yet"};
  }
  return std::nullopt;
}

/// A device code that was used comes again: what was issued for it ends, as for a code (RFC 6749 §4.1.2).
base::Result<void> refuse_replay(store::Tx& tx, const rights::Client& client, const store::DeviceAuthorization& device,
                                 const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto grant, store::find_grant(tx, device.grant_id.value_or(base::Id())));
  if (!grant || grant->revoked_at) return {};
  RETURN_IF_ERROR(store::revoke_grant(tx, grant->id, facts.now));
  audit::Event event =
      make_event(audit::type::code_replay, {client.tenant_id, grant->account_id}, facts, {{"grant", grant->id}});
  event.outcome = "failure";
  event.client = client.client_id;
  event.session = grant->session_id;
  return store::append_event(tx, std::move(event));
}

/// The device whose code was sent by its own client; a refusal is recorded.
base::Result<std::optional<store::DeviceAuthorization>> find_own_device(const House& house, store::Tx& tx,
                                                                        const rights::Client& client,
                                                                        std::string_view device_code,
                                                                        const RequestFacts& facts) {
  std::optional<store::DeviceAuthorization> device;
  if (const auto code = parse_device_code(device_code)) {
    ASSIGN_OR_RETURN(device, store::find_device_authorization(tx, code->id));
    if (device && !base::equal_in_constant_time(device->secret_hash, code->secret_hash)) device.reset();
  }
  if (device && device->client_id == client.id) return device;
  const auto reason = device ? audit::Code("code_of_another_client") : audit::Code("unknown_code");
  RETURN_IF_ERROR(record_foreign_refusal(house, tx, {&client, audit::type::token_refusal, reason}, facts));
  return std::nullopt;
}

// What the device gets, a refusal by name, or that of a bad code.
using Verdict = std::variant<std::monostate, TokenFacts, OAuthRefusal>;

base::Result<Verdict> issue(const House& house, store::Tx& tx, const rights::Client& client,
                            const store::DeviceAuthorization& device, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(auto grant, store::find_grant(tx, device.grant_id.value_or(base::Id())));
  if (!grant) return Verdict();
  ASSIGN_OR_RETURN(Issuance issuance, find_issuance(house, tx, *grant, client, facts.now));
  audit::Code reason = grant->revoked_at ? audit::Code("grant_revoked") : audit::Code();
  if (reason.empty() && issuance.refusal) reason = *issuance.refusal;
  if (!reason.empty()) {
    RETURN_IF_ERROR(record_refusal(house, tx, issuance, {"token", reason}, facts));
    return Verdict();
  }
  const store::GrantLife life = find_life(house, client, *grant, *issuance.session, facts.now);
  grant->generation = life.refresh_until ? 1 : 0;
  grant->expires_at = life.expires_at;
  ASSIGN_OR_RETURN(auto tokens, find_token_facts(house, tx, std::move(issuance), *grant, {}));
  if (const auto* refusal = std::get_if<OAuthRefusal>(&tokens)) return Verdict(*refusal);
  ASSIGN_OR_RETURN(const bool is_first, store::use_device_authorization(tx, device.id));
  ASSIGN_OR_RETURN(const bool is_redeemed, store::redeem_grant(tx, grant->id, facts.now, life));
  if (!is_first || !is_redeemed) return base::fail(base::Code::internal, "a device code was used twice at once");
  auto& issued = std::get<TokenFacts>(tokens);
  RETURN_IF_ERROR(note_use(tx, issued.client, facts.now));
  RETURN_IF_ERROR(record_tokens(tx, issued, facts));
  return Verdict(std::move(issued));
}

struct Outcome {
  Redeemed done;
  Verdict verdict;
};

base::Result<Outcome> redeem(const House& house, store::Tx& tx, const DeviceRedemption& wished,
                             const RequestFacts& facts) {
  Outcome out;
  ASSIGN_OR_RETURN(AdmittedClient caller,
                   admit_client(house, tx, wished.client, rights::GrantType::device_code, facts));
  out.done.client = std::move(caller.client);
  out.done.refusal = caller.refusal;
  if (out.done.refusal) return out;
  const rights::Client& client = *out.done.client;
  ASSIGN_OR_RETURN(const auto device, find_own_device(house, tx, client, wished.device_code, facts));
  out.done.refusal = bad_device_code;
  if (!device) return out;
  if (device->state == used) {
    RETURN_IF_ERROR(refuse_replay(tx, client, *device, facts));
    return out;
  }
  ASSIGN_OR_RETURN(const auto early, find_state_refusal(tx, *device, facts.now));
  if (early) {
    out.done.refusal = early;
    return out;
  }
  ASSIGN_OR_RETURN(out.verdict, issue(house, tx, client, *device, facts));
  if (const auto* refusal = std::get_if<OAuthRefusal>(&out.verdict)) out.done.refusal = *refusal;
  if (std::holds_alternative<TokenFacts>(out.verdict)) out.done.refusal.reset();
  return out;
}

}  // namespace

base::Result<DeviceBegun> begin_device(const House& house, const DeviceRequest& wished, const RequestFacts& facts) {
  return house.store.write([&](store::Tx& tx) { return begin(house, tx, wished, facts); });
}

std::string canonical_user_code(std::string_view typed) {
  std::string canonical;
  for (const char c : typed) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (letters.find(upper) != std::string_view::npos) {
      canonical.push_back(upper);
    } else if (upper >= 'A' && upper <= 'Z') {
      return {};
    } else if (upper >= '0' && upper <= '9') {
      return {};
    }
  }
  return canonical.size() == user_code_length ? canonical : std::string();
}

std::string print_user_code(std::string_view canonical) {
  return std::string(canonical.substr(0, user_code_length / 2)) + "-" +
         std::string(canonical.substr(user_code_length / 2));
}

base::Result<DeviceQuestion> find_device_question(const House& house, const rights::Actor& actor,
                                                  std::string_view user_code, const RequestFacts& facts) {
  const std::string canonical = canonical_user_code(user_code);
  return try_code(house, facts, [&]() -> base::Result<DeviceQuestion> {
    RETURN_IF_ERROR(
        write_for(house, actor, facts.now, [&](store::Tx& tx) { return count_try(house, tx, actor, facts.now); }));
    return house.store.read([&](store::Tx& tx) -> base::Result<DeviceQuestion> {
      ASSIGN_OR_RETURN(Found found, find_waiting(house, tx, canonical, facts.now));
      return describe(house, tx, actor, std::move(found), facts);
    });
  });
}

base::Result<audit::Code> decide_device(const House& house, const rights::Actor& actor, std::string_view user_code,
                                        bool is_allowed, const RequestFacts& facts) {
  const std::string canonical = canonical_user_code(user_code);
  return try_code(house, facts, [&]() -> base::Result<audit::Code> {
    RETURN_IF_ERROR(
        write_for(house, actor, facts.now, [&](store::Tx& tx) { return count_try(house, tx, actor, facts.now); }));
    return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<audit::Code> {
      ASSIGN_OR_RETURN(Found found, find_waiting(house, tx, canonical, facts.now));
      found.device.state = is_allowed ? allowed : denied;
      return decide(house, tx, actor, std::move(found), facts);
    });
  });
}

base::Result<Redeemed> redeem_device_code(const House& house, const DeviceRedemption& wished,
                                          const RequestFacts& facts) {
  ASSIGN_OR_RETURN(Outcome out, house.store.write([&](store::Tx& tx) { return redeem(house, tx, wished, facts); }));
  if (out.done.refusal) return std::move(out.done);
  ASSIGN_OR_RETURN(out.done.tokens, make_tokens(house, std::get<TokenFacts>(out.verdict), facts.now));
  return std::move(out.done);
}

}  // namespace flow
