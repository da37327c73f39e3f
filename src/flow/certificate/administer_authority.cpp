#include "flow/certificate/administer_authority.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/certificate_request.hpp"
#include "crypto/certificate/issue.hpp"
#include "flow/certificate/authority_token.hpp"
#include "flow/certificate/own_authority.hpp"
#include "flow/certificate/signed_ahead.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr auto demanded = rights::Permission::manage_authorities;
constexpr std::size_t longest_name = 40;  // with what follows it at most 64 characters
constexpr base::Duration responder_renewed = std::chrono::hours(48);
constexpr std::int64_t most_issued = 1000;

struct NewKey {
  crypto::KeyPair pair;
  store::AuthorityKey where;
};
/// Keys are made before the transaction, because RSA and tokens take long.
struct NewKeys {
  std::optional<NewKey> root;  // only if one is needed, because a token keeps what is made on it
  NewKey issuing;
  NewKey responder;
};
/// What keys are made: `token` "" = in the database.
struct KeyWish {
  crypto::KeyKind kind = crypto::KeyKind::ec_p256;
  std::string token;
  bool needs_root = true;
};

base::Result<NewKey> make_key(const House& house, crypto::KeyKind kind, const std::string& token) {
  store::AuthorityKey where;
  if (!token.empty()) {
    ASSIGN_OR_RETURN(crypto::KeyPair pair, make_key_on_token(house, token, kind, where));
    return NewKey{std::move(pair), std::move(where)};
  }
  ASSIGN_OR_RETURN(crypto::KeyPair pair, crypto::KeyPair::generate(kind));
  ASSIGN_OR_RETURN(where.pkcs8, pair.to_pkcs8());
  return NewKey{std::move(pair), std::move(where)};
}

base::Result<NewKeys> make_keys(const House& house, const KeyWish& wish) {
  std::optional<NewKey> root;
  if (wish.needs_root) {
    ASSIGN_OR_RETURN(root, make_key(house, wish.kind, wish.token));
  }
  ASSIGN_OR_RETURN(NewKey issuing, make_key(house, wish.kind, wish.token));
  ASSIGN_OR_RETURN(NewKey responder, make_key(house, wish.kind, wish.token));
  return NewKeys{std::move(root), std::move(issuing), std::move(responder)};
}

base::Result<void> record(const CertificateAct& act, const store::AuthorityRow& row, audit::Code change,
                          audit::Code why = {}) {
  ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(act.tx));
  return store::append_event(
      act.tx, make_event(audit::type::authority_change, act.actor, row.tenant_id.value_or(first.id), act.facts,
                         {{"authority", row.id},
                          {"change", change},
                          {"fingerprint", audit::Value::checked_code(row.sha256)},
                          {"until", row.not_after},
                          {"why", why}}));
}

/// The pair with which the act signs: a new key may be on a token.
base::Result<crypto::KeyPair> pair_of(const CertificateAct& act, const NewKey& key) {
  if (key.where.token.empty()) return key.pair;
  return find_key_ahead(act.house, key.where, key.pair.public_key(), *act.ahead);
}

crypto::CertificateTemplate begin_template(const CertificateAct& act, const std::string& name, const NewKey& key) {
  crypto::CertificateTemplate wanted;
  wanted.serial = act.ahead->serial_for(key.pair.public_key());
  wanted.common_name = name;
  wanted.not_before = act.facts.now - authority::clocks_differ;
  wanted.key_uses = {crypto::KeyUse::sign_certificates, crypto::KeyUse::sign_lists};
  wanted.is_authority = true;
  return wanted;
}

base::Result<store::AuthorityRow> keep(const CertificateAct& act, store::AuthorityRow row, const NewKey& key) {
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::parse_certificate(row.der));
  row.state = "active";
  row.key_kind = crypto::name_of(key.pair.kind());
  row.subject = facts.subject;
  row.sha256 = facts.fingerprint;
  row.not_before = facts.not_before;
  row.not_after = facts.not_after;
  row.created_at = act.facts.now;
  RETURN_IF_ERROR(store::insert_authority(act.tx, row, key.where));
  return row;
}

base::Result<store::AuthorityRow> make_root(const CertificateAct& act, const std::optional<base::Id>& tenant_id,
                                            const std::string& name, const NewKey& key) {
  crypto::CertificateTemplate wanted = begin_template(act, name + " Root", key);
  wanted.not_after = act.facts.now + authority::root_lasts;
  wanted.path_length = 1;
  store::AuthorityRow row;
  row.id = act.ahead->id_for(key.pair.public_key(), act.facts.now);
  row.tenant_id = tenant_id;
  row.kind = "root";
  ASSIGN_OR_RETURN(const crypto::KeyPair pair, pair_of(act, key));
  ASSIGN_OR_RETURN(row.der, crypto::issue_root(wanted, pair));
  return keep(act, std::move(row), key);
}

base::Result<store::AuthorityRow> make_issuing(const CertificateAct& act, const store::AuthorityRow& root,
                                               const std::string& name, const NewKey& key) {
  const AuthorityAddresses above = addresses_of(act.house, root.id);
  crypto::CertificateTemplate wanted = begin_template(act, name + " Issuing", key);
  wanted.not_before = std::max(wanted.not_before, root.not_before);
  wanted.not_after = std::min(act.facts.now + authority::issuing_lasts, root.not_after);
  wanted.path_length = 0;
  wanted.public_key = key.pair.public_key();
  wanted.list_url = above.list;
  wanted.issuer_url = above.certificate;
  ASSIGN_OR_RETURN(const crypto::KeyPair root_key, find_key_of(act, root));
  store::AuthorityRow row;
  row.id = act.ahead->id_for(key.pair.public_key(), act.facts.now);
  row.tenant_id = root.tenant_id;
  row.parent_id = root.id;
  row.kind = "issuing";
  ASSIGN_OR_RETURN(row.der, crypto::issue(wanted, {root.der, root_key}));
  return keep(act, std::move(row), key);
}

base::Result<void> make_responder(const CertificateAct& act, const store::AuthorityRow& authority, const NewKey& key) {
  const authority::ProfileRules& rules = authority::rules_of(authority::Profile::ocsp);
  crypto::CertificateTemplate wanted;
  // A responder on a token keeps its key, and not its number.
  wanted.serial = act.ahead->serial_for(key.pair.public_key());
  wanted.common_name = "OCSP";
  wanted.not_before = std::max(act.facts.now - authority::clocks_differ, authority.not_before);
  wanted.not_after = std::min(act.facts.now + rules.standard, authority.not_after);
  wanted.public_key = key.pair.public_key();
  wanted.key_uses = {crypto::KeyUse::digital_signature};
  wanted.extended_uses = rules.extended_uses;
  wanted.has_no_check = true;
  ASSIGN_OR_RETURN(const crypto::KeyPair issuer_key, find_key_of(act, authority));
  store::OcspResponder responder;
  ASSIGN_OR_RETURN(responder.der, crypto::issue(wanted, {authority.der, issuer_key}));
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::parse_certificate(responder.der));
  responder.authority_id = authority.id;
  responder.sha256 = facts.fingerprint;
  responder.not_after = facts.not_after;
  responder.created_at = act.facts.now;
  responder.key = key.where;
  return store::put_ocsp_responder(act.tx, responder);
}

/// The name without " Root" or " Issuing", from the subject "CN=…".
std::string find_name(const store::AuthorityRow& row) {
  constexpr std::string_view issuing = " Issuing";
  std::string name = row.subject.starts_with("CN=") ? row.subject.substr(3) : row.subject;
  if (name.ends_with(issuing)) name.resize(name.size() - issuing.size());
  std::erase(name, '\\');
  return name;
}

bool needs_next_root(const store::AuthorityRow& root, base::Time now) {
  return root.state != "active" || root.not_after - now < authority::issuing_lasts;
}

/// A new issuing certificate; below a new root if the present one ends too early.
base::Result<store::AuthorityRow> follow(const CertificateAct& act, const store::AuthorityRow& before,
                                         const NewKeys& keys) {
  const std::string name = find_name(before);
  ASSIGN_OR_RETURN(const auto above, store::find_authority(act.tx, before.parent_id.value_or(base::Id())));
  if (!above) return base::fail(base::Code::internal, "an issuing authority without a root");
  store::AuthorityRow root = *above;
  if (needs_next_root(root, act.facts.now)) {
    if (!keys.root) return base::fail(base::Code::conflict, "the root was changed meanwhile; try again");
    if (root.state == "active") RETURN_IF_ERROR(store::set_authority_state(act.tx, root.id, "retiring"));
    ASSIGN_OR_RETURN(root, make_root(act, before.tenant_id, name, *keys.root));
    RETURN_IF_ERROR(record(act, root, "added"));
  }
  if (before.state == "active") RETURN_IF_ERROR(store::set_authority_state(act.tx, before.id, "retiring"));
  ASSIGN_OR_RETURN(store::AuthorityRow next, make_issuing(act, root, name, keys.issuing));
  RETURN_IF_ERROR(make_responder(act, next, keys.responder));
  RETURN_IF_ERROR(record(act, next, "rolled_over"));
  return next;
}

base::Result<store::AuthorityRow> find_active(store::Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(auto row, store::find_authority(tx, id));
  if (!row) return base::fail(base::Code::not_found, "there is no authority " + id.to_string());
  if (row->kind != "issuing") return base::fail(base::Code::invalid_input, "name the issuing authority, not its root");
  if (row->state != "active") return base::fail(base::Code::conflict, "this authority does not issue any more");
  return std::move(*row);
}

/// The keys that follow those of `id`: of the same kind, in the same place.
base::Result<KeyWish> find_next_keys(const House& house, const base::Id& id, base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<KeyWish> {
    ASSIGN_OR_RETURN(const auto row, store::find_authority(tx, id));
    if (!row) return base::fail(base::Code::not_found, "there is no authority " + id.to_string());
    if (row->kind != "issuing") {
      return base::fail(base::Code::invalid_input, "a root is not revoked; end the trust in it where it is trusted");
    }
    KeyWish wish;
    ASSIGN_OR_RETURN(wish.kind, crypto::parse_key_kind(row->key_kind));
    ASSIGN_OR_RETURN(const store::AuthorityKey key, store::find_authority_key(tx, id));
    wish.token = key.token;
    ASSIGN_OR_RETURN(const auto root, store::find_authority(tx, row->parent_id.value_or(base::Id())));
    wish.needs_root = !root || needs_next_root(*root, now);
    return wish;
  });
}

base::Result<void> roll_over(const House& house, const store::AuthorityRow& row, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const KeyWish wish, find_next_keys(house, row.id, facts.now));
  if (!wish.token.empty()) RETURN_IF_ERROR(demand_token(house, wish.token));
  ASSIGN_OR_RETURN(const NewKeys keys, make_keys(house, wish));
  const auto done = sign_ahead([&](SignedAhead& ahead) {
    return house.store.write([&](store::Tx& tx) -> base::Result<store::AuthorityRow> {
      // Another node may have done it meanwhile.
      ASSIGN_OR_RETURN(const store::AuthorityRow now, find_active(tx, row.id));
      return follow({house, tx, facts, nullptr, &ahead}, now, keys);
    });
  });
  if (done || done.error().code == base::Code::conflict) return {};
  return base::fail(done.error().code, done.error().reason);
}

/// Of an organisation, or the installation, whose only issuing authority was revoked while its token was not there.
bool lacks_successor(const std::vector<store::AuthorityRow>& rows, const store::AuthorityRow& row) {
  return row.state == "revoked" && std::none_of(rows.begin(), rows.end(), [&](const store::AuthorityRow& other) {
           return other.kind == "issuing" && other.tenant_id == row.tenant_id &&
                  (other.state == "active" || other.created_at > row.created_at);
         });
}

base::Result<void> succeed(const House& house, const store::AuthorityRow& row, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const KeyWish wish, find_next_keys(house, row.id, facts.now));
  if (!wish.token.empty()) RETURN_IF_ERROR(demand_token(house, wish.token));
  ASSIGN_OR_RETURN(const NewKeys keys, make_keys(house, wish));
  return sign_ahead([&](SignedAhead& ahead) {
    return house.store.write([&](store::Tx& tx) -> base::Result<void> {
      // Another node may have done it meanwhile.
      ASSIGN_OR_RETURN(const auto present, store::find_active_authority(tx, row.tenant_id, "issuing"));
      if (!present) RETURN_IF_ERROR(follow({house, tx, facts, nullptr, &ahead}, row, keys));
      return {};
    });
  });
}

base::Result<void> renew_responder(const House& house, const store::AuthorityRow& row, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto present,
                   house.store.read([&](store::Tx& tx) { return store::find_ocsp_responder(tx, row.id); }));
  if (present && present->not_after - facts.now > responder_renewed) return {};
  if (row.not_after <= facts.now) return {};
  ASSIGN_OR_RETURN(const KeyWish wish, find_next_keys(house, row.id, facts.now));
  if (!wish.token.empty()) RETURN_IF_ERROR(demand_token(house, wish.token));
  std::optional<NewKey> kept;
  if (present && !present->key.token.empty() && present->key.token == wish.token) {
    // A token would fill up with keys of a week.
    ASSIGN_OR_RETURN(crypto::KeyPair pair, find_key_of(house, *present));
    kept = NewKey{std::move(pair), present->key};
  }
  if (!kept) {
    ASSIGN_OR_RETURN(kept, make_key(house, wish.kind, wish.token));
  }
  const NewKey& key = *kept;
  return sign_ahead([&](SignedAhead& ahead) {
    return house.store.write([&](store::Tx& tx) {
      return make_responder({house, tx, facts, nullptr, &ahead}, row, key);
    });
  });
}

base::Result<void> demand_none(store::Tx& tx, const std::optional<base::Id>& tenant_id) {
  ASSIGN_OR_RETURN(const auto present, store::find_active_authority(tx, tenant_id, "issuing"));
  if (!present) return {};
  return base::fail(base::Code::already_exists, "there is an authority: " + present->id.to_string() +
                                                    "; `chancery authority rotate` gives it a new certificate");
}

/// Gives the row as it was.
base::Result<store::AuthorityRow> end_authority(const CertificateAct& act, const base::Id& id,
                                                crypto::RevocationReason reason) {
  ASSIGN_OR_RETURN(auto row, store::find_authority(act.tx, id));
  if (!row || row->kind != "issuing") {
    return base::fail(base::Code::invalid_input, "a root is not revoked; end the trust in it where it is trusted");
  }
  if (row->revoked_at) return base::fail(base::Code::conflict, "the authority is revoked already");
  RETURN_IF_ERROR(store::revoke_authority(act.tx, id, crypto::name_of(reason), act.facts.now));
  RETURN_IF_ERROR(store::mark_authority_changed(act.tx, row->parent_id.value_or(base::Id()), act.facts.now));
  RETURN_IF_ERROR(record(act, *row, "revoked", reason));
  return std::move(*row);
}

base::Result<store::AuthorityRow> follow_on_token(const House& house, const rights::Actor& actor, const KeyWish& wish,
                                                  const store::AuthorityRow& revoked, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const NewKeys keys, make_keys(house, wish));
  return sign_ahead([&](SignedAhead& ahead) {
    return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<store::AuthorityRow> {
      // The background may have been faster.
      ASSIGN_OR_RETURN(auto present, store::find_active_authority(tx, revoked.tenant_id, "issuing"));
      if (present) return std::move(*present);
      return follow({house, tx, facts, &actor, &ahead}, revoked, keys);
    });
  });
}

/// Root, issuing certificate and responder.
base::Result<store::AuthorityRow> make_first(const CertificateAct& act, const AuthorityWish& wish,
                                             const NewKeys& keys) {
  ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(act.tx, *act.actor, wish.tenant));
  std::optional<base::Id> tenant_id;
  if (!wish.tenant.empty()) tenant_id = tenant.id;
  RETURN_IF_ERROR(demand_none(act.tx, tenant_id));
  const std::string& name = wish.name.empty() ? tenant.name : wish.name;
  if (base::count_code_points(name) > longest_name ||
      !authority::find_flaw(authority::Profile::client_system, {name, {}, {}}).empty()) {
    return base::fail(base::Code::invalid_input, "the name of an authority has 1 to 40 characters; give --name");
  }
  ASSIGN_OR_RETURN(const store::AuthorityRow root, make_root(act, tenant_id, name, *keys.root));
  RETURN_IF_ERROR(record(act, root, "added"));
  ASSIGN_OR_RETURN(store::AuthorityRow issuing, make_issuing(act, root, name, keys.issuing));
  RETURN_IF_ERROR(make_responder(act, issuing, keys.responder));
  RETURN_IF_ERROR(record(act, issuing, "added"));
  return issuing;
}

}  // namespace

base::Result<store::AuthorityRow> create_authority(const House& house, const rights::Actor& actor,
                                                   const AuthorityWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  // Before a key is made, which stays on a token.
  RETURN_IF_ERROR(house.store.read([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, wish.tenant));
    return demand_none(tx, wish.tenant.empty() ? std::nullopt : std::optional(tenant.id));
  }));
  if (!wish.token.empty() && !wish.token_pin.empty()) {
    RETURN_IF_ERROR(unlock_authority_token(house, actor, wish.token, wish.token_pin, facts));
  }
  ASSIGN_OR_RETURN(const NewKeys keys, make_keys(house, {wish.key, wish.token, true}));
  return sign_ahead([&](SignedAhead& ahead) {
    return write_for(house, actor, facts.now, [&](store::Tx& tx) {
      return make_first({house, tx, facts, &actor, &ahead}, wish, keys);
    });
  });
}

base::Result<store::AuthorityRow> rotate_authority(const House& house, const rights::Actor& actor, const base::Id& id,
                                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  RETURN_IF_ERROR(house.store.read([&](store::Tx& tx) { return find_active(tx, id); }));
  ASSIGN_OR_RETURN(const KeyWish wish, find_next_keys(house, id, facts.now));
  ASSIGN_OR_RETURN(const NewKeys keys, make_keys(house, wish));
  return sign_ahead([&](SignedAhead& ahead) {
    return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<store::AuthorityRow> {
      ASSIGN_OR_RETURN(const store::AuthorityRow row, find_active(tx, id));
      return follow({house, tx, facts, &actor, &ahead}, row, keys);
    });
  });
}

base::Result<store::AuthorityRow> revoke_authority(const House& house, const rights::Actor& actor, const base::Id& id,
                                                   crypto::RevocationReason reason, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  ASSIGN_OR_RETURN(const KeyWish wish, find_next_keys(house, id, facts.now));
  // A revocation does not wait for a token: it counts at once, and the next authority follows in a second transaction.
  std::optional<NewKeys> keys;
  if (wish.token.empty()) {
    ASSIGN_OR_RETURN(keys, make_keys(house, wish));
  }
  bool was_active = false;
  auto revoked = sign_ahead([&](SignedAhead& ahead) {
    return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<store::AuthorityRow> {
      const CertificateAct act{house, tx, facts, &actor, &ahead};
      ASSIGN_OR_RETURN(store::AuthorityRow row, end_authority(act, id, reason));
      was_active = row.state == "active";
      row.state = "revoked";
      return was_active && keys ? follow(act, row, *keys) : std::move(row);
    });
  });
  if (!revoked || !was_active || keys) return revoked;
  auto next = follow_on_token(house, actor, wish, *revoked, facts);
  // The background makes it when the token is back.
  return next || next.error().code != base::Code::unavailable ? std::move(next) : std::move(revoked);
}

namespace {

base::Result<void> renew_one(const House& house, const std::vector<store::AuthorityRow>& rows,
                             const store::AuthorityRow& row, const RequestFacts& facts) {
  if (lacks_successor(rows, row)) return succeed(house, row, facts);
  if (row.state == "revoked") return {};
  if (row.state == "active" && authority::is_rollover_due(row.not_after, facts.now)) {
    RETURN_IF_ERROR(roll_over(house, row, facts));
  }
  return renew_responder(house, row, facts);
}

}  // namespace

base::Result<void> renew_authorities(const House& house, base::Time now) {
  RequestFacts facts;
  facts.now = now;
  ASSIGN_OR_RETURN(const auto rows,
                   house.store.read_background([](store::Tx& tx) { return store::list_authorities(tx); }));
  // One whose token is not there does not hold up the others.
  base::Result<void> all;
  for (const store::AuthorityRow& row : rows) {
    if (row.kind != "issuing") continue;
    auto renewed = renew_one(house, rows, row, facts);
    if (!renewed && all) all = std::move(renewed);
  }
  return all;
}

base::Result<std::string> find_authority_token(const House& house, const rights::Actor& actor, const base::Id& id) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  ASSIGN_OR_RETURN(const store::AuthorityKey key,
                   house.store.read([&](store::Tx& tx) { return store::find_authority_key(tx, id); }));
  return key.token;
}

base::Result<std::vector<store::AuthorityRow>> list_authorities_for(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  return house.store.read([](store::Tx& tx) { return store::list_authorities(tx); });
}

base::Result<store::AuthorityRow> find_authority_for(const House& house, const rights::Actor& actor,
                                                     const base::Id& id) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  return house.store.read([&](store::Tx& tx) -> base::Result<store::AuthorityRow> {
    ASSIGN_OR_RETURN(auto row, store::find_authority(tx, id));
    if (!row) return base::fail(base::Code::not_found, "there is no authority " + id.to_string());
    return std::move(*row);
  });
}

base::Result<std::vector<store::IssuedRow>> list_issued_for(const House& house, const rights::Actor& actor,
                                                            std::string_view tenant) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<store::IssuedRow>> {
    ASSIGN_OR_RETURN(const store::Tenant found, find_managed_tenant(tx, actor, tenant));
    return store::list_issued(tx, found.id, most_issued);
  });
}

base::Result<store::IssuedRow> find_issued_for(const House& house, const rights::Actor& actor, std::string_view named) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  return house.store.read([&](store::Tx& tx) -> base::Result<store::IssuedRow> {
    ASSIGN_OR_RETURN(auto row, store::find_issued(tx, named));
    if (!row) {
      ASSIGN_OR_RETURN(row, store::find_issued_by_serial(tx, named));
    }
    if (!row) return base::fail(base::Code::not_found, "there is no certificate " + std::string(named));
    return std::move(*row);
  });
}

base::Result<CommandCertificate> issue_by_command(const House& house, const rights::Actor& actor,
                                                  const CommandWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  CommandCertificate made;
  CertificateWish wanted;
  wanted.profile = wish.profile;
  wanted.common_name = wish.common_name;
  wanted.dns_names = wish.dns_names;
  wanted.ip_addresses = wish.ip_addresses;
  wanted.validity = wish.validity;
  if (wish.request.empty()) {
    ASSIGN_OR_RETURN(made.key, crypto::KeyPair::generate(wish.key));
    wanted.public_key = made.key->public_key();
  } else {
    ASSIGN_OR_RETURN(const crypto::CertificateRequest request, crypto::read_certificate_request(wish.request));
    wanted.public_key = request.public_key;
    if (wanted.common_name.empty()) wanted.common_name = request.common_name;
  }
  return sign_ahead([&](SignedAhead& ahead) {
    return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<CommandCertificate> {
      ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, wish.tenant));
      wanted.tenant_id = tenant.id;
      if (!wish.account.empty()) {
        ASSIGN_OR_RETURN(const identity::Account account, find_managed(tx, actor, wish.account, facts.now));
        wanted.account_id = account.id;
        wanted.tenant_id = account.tenant_id;
      }
      ASSIGN_OR_RETURN(made.issued, issue_certificate({house, tx, facts, &actor, &ahead}, wanted));
      return made;
    });
  });
}

base::Result<std::string> print_chain(const House& house, base::Time now) {
  ASSIGN_OR_RETURN(const auto rows, house.store.read([](store::Tx& tx) { return store::list_authorities(tx); }));
  std::string issuing;
  std::string roots;
  for (const store::AuthorityRow& row : rows) {
    if (!row.counts(now)) continue;
    (row.kind == "root" ? roots : issuing) += crypto::to_pem(row.der);
  }
  return issuing + roots;
}

}  // namespace flow
