#include "flow/system/administer_systems.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "audit/event.hpp"
#include "authority/profile.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/certificate_traits.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/check_title.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/record.hpp"
#include "flow/password/ready_password.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/system/find_system.hpp"
#include "flow/system/make_certificate.hpp"
#include "flow/tenant/features.hpp"
#include "identity/password/temporary_password.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/certificate/issued_certificates.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr auto needed = rights::Permission::manage_systems;

base::Result<SystemLook> look_at(store::Tx& tx, store::ClientSystem system,
                                 const std::vector<store::SystemCertificate>& certificates, base::Time now) {
  SystemLook look;
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, system.account_id));
  look.is_active = account && identity::may_log_in(*account);
  ASSIGN_OR_RETURN(const auto password, store::find_password(tx, system.account_id));
  look.has_password = password.has_value();
  look.good_certificates =
      std::count_if(certificates.begin(), certificates.end(), [&](const auto& one) { return one.is_good(now); });
  ASSIGN_OR_RETURN(const auto tenant, store::find_tenant(tx, system.tenant_id));
  if (tenant) look.tenant = tenant->name;
  look.system = std::move(system);
  return look;
}

base::Result<CertificateFlaw> judge_octets(base::BytesView octets, base::Time now, store::SystemCertificate& read) {
  if (crypto::holds_private_key(octets)) return CertificateFlaw::private_key;
  if (crypto::count_certificates(octets) > 1) return CertificateFlaw::several;
  auto facts = crypto::parse_certificate(octets);
  if (!facts) return CertificateFlaw::unreadable;
  const auto traits = crypto::read_traits(facts->der);
  if (!traits) return CertificateFlaw::unreadable;
  if (now >= facts->not_after) return CertificateFlaw::expired;
  if (now < facts->not_before) return CertificateFlaw::early;
  if (traits->is_authority) return CertificateFlaw::authority;
  if (traits->is_weak_key) return CertificateFlaw::weak_key;
  if (traits->is_weak_digest) return CertificateFlaw::weak_digest;
  read = make_certificate_row(std::move(*facts), *traits);
  return CertificateFlaw::none;
}

/// What this server knows of it. One that the own authority made for something else proves no client system: the
/// certificate of a person is that person's, wherever it is shown.
base::Result<CertificateFlaw> judge_known(store::Tx& tx, store::SystemCertificate& read) {
  ASSIGN_OR_RETURN(const auto there, store::find_system_certificate(tx, read.sha256));
  if (there) return CertificateFlaw::registered;
  ASSIGN_OR_RETURN(const auto issued, store::find_issued(tx, read.sha256));
  if (!issued) return CertificateFlaw::none;
  read.is_own = true;
  if (issued->revoked_at) return CertificateFlaw::revoked;
  // What was made for a client system is registered already; one of an account is a service's.
  const bool is_for_this =
      issued->profile == authority::name_of(authority::Profile::client_system) && !issued->account_id;
  return is_for_this ? CertificateFlaw::none : CertificateFlaw::other_use;
}

base::Result<PasswordGround> find_system_ground(const House& house, const rights::Actor& actor, std::string_view id,
                                                base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<PasswordGround> {
    ASSIGN_OR_RETURN(const store::ClientSystem system, find_managed_system(tx, actor, id));
    ASSIGN_OR_RETURN(auto account, store::find_account(tx, system.account_id));
    if (!account) return base::fail(base::Code::internal, "a client system without its account");
    if (account->status == identity::AccountStatus::deleted)
      return base::fail(base::Code::not_found, "the account of the client system is deleted");
    account->login = system.id;  // the password must not contain it
    return find_ground(tx, std::move(*account), now);
  });
}

/// Names those who have revoked certificates.
base::Result<void> name_revokers(store::Tx& tx, std::vector<store::SystemCertificate>& certificates) {
  std::map<base::Id, std::string> names;
  for (store::SystemCertificate& one : certificates) {
    if (!one.revoked_by) continue;
    const auto [place, is_new] = names.try_emplace(*one.revoked_by);
    if (is_new) {
      ASSIGN_OR_RETURN(const auto account, store::find_account(tx, *one.revoked_by));
      if (account) place->second = account->display_name();
    }
    one.revoker = place->second;
  }
  return {};
}

}  // namespace

bool is_system_id(std::string_view id) {
  if (id.empty() || !base::is_utf8(id) || base::count_code_points(id) > longest_system_id) return false;
  if (id.find_first_not_of('.') == std::string_view::npos || id.front() == ' ' || id.back() == ' ') return false;
  return std::none_of(id.begin(), id.end(), [](unsigned char c) {
    return c < 0x20 || c == 0x7f ||
           std::string_view("\"'`<>/\\:&*?|").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::string_view name_of(CertificateFlaw flaw) {
  constexpr std::array<std::string_view, 13> names{"none",     "unreadable", "several",  "private_key", "expired",
                                                   "early",    "authority",  "weak_key", "weak_digest", "registered",
                                                   "too_many", "revoked",    "other_use"};
  return names.at(static_cast<std::size_t>(flaw));
}

bool is_revocation_reason(std::string_view reason) {
  return std::find(std::begin(revocation_reasons), std::end(revocation_reasons), reason) !=
         std::end(revocation_reasons);
}

store::SystemCertificate make_certificate_row(crypto::CertificateFacts facts, const crypto::CertificateTraits& traits) {
  store::SystemCertificate row;
  row.sha256 = std::move(facts.fingerprint);
  row.der = std::move(facts.der);
  row.subject = std::move(facts.subject);
  row.issuer = std::move(facts.issuer);
  row.serial = std::move(facts.serial);
  row.algorithm = traits.algorithm;
  row.not_before = facts.not_before;
  row.not_after = facts.not_after;
  return row;
}

base::Result<store::ClientSystem> find_managed_system(store::Tx& tx, const rights::Actor& actor, std::string_view id) {
  ASSIGN_OR_RETURN(auto found, store::find_client_system(tx, id));
  const bool is_reached = found && (actor.is_operator() || actor.reaches(found->tenant_id));
  if (!is_reached) return base::fail(base::Code::not_found, "there is no client system " + std::string(id));
  return std::move(*found);
}

base::Result<void> record_system(store::Tx& tx, const rights::Actor* actor, const store::ClientSystem& system,
                                 const SystemEvent& what, const RequestFacts& facts) {
  return store::append_event(tx, make_event(what.type, actor, {system.tenant_id, system.account_id}, facts,
                                            {{"system", audit::Value::registered(system.id)},
                                             {"change", what.change},
                                             {"fingerprint", audit::Value::checked_code(what.fingerprint)},
                                             {"why", audit::Value::checked_code(what.why)}}));
}

base::Result<SystemsLook> look_at_systems(const House& house, const rights::Actor& actor, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, needed));
  return house.store.read([&](store::Tx& tx) -> base::Result<SystemsLook> {
    SystemsLook look;
    ASSIGN_OR_RETURN(const auto tenants, list_reached(tx, actor));
    for (const base::Id& tenant : tenants) {
      ASSIGN_OR_RETURN(auto systems, store::list_client_systems(tx, tenant, most_systems));
      for (store::ClientSystem& system : systems) {
        ASSIGN_OR_RETURN(const auto own, store::list_system_certificates(tx, system.id, most_certificates));
        ASSIGN_OR_RETURN(SystemLook one, look_at(tx, std::move(system), own, now));
        look.systems.push_back(std::move(one));
      }
      ASSIGN_OR_RETURN(auto certificates, store::list_certificates_of_tenant(tx, tenant, most_systems));
      std::move(certificates.begin(), certificates.end(), std::back_inserter(look.certificates));
    }
    RETURN_IF_ERROR(name_revokers(tx, look.certificates));
    std::sort(look.systems.begin(), look.systems.end(),
              [](const auto& a, const auto& b) { return a.system.id < b.system.id; });
    std::stable_sort(look.certificates.begin(), look.certificates.end(),
                     [](const auto& a, const auto& b) { return a.created_at > b.created_at; });
    return look;
  });
}

base::Result<OneSystemLook> look_at_system(const House& house, const rights::Actor& actor, std::string_view id,
                                           base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, needed));
  return house.store.read([&](store::Tx& tx) -> base::Result<OneSystemLook> {
    ASSIGN_OR_RETURN(store::ClientSystem system, find_managed_system(tx, actor, id));
    ASSIGN_OR_RETURN(auto certificates, store::list_system_certificates(tx, system.id, most_certificates));
    RETURN_IF_ERROR(name_revokers(tx, certificates));
    ASSIGN_OR_RETURN(SystemLook look, look_at(tx, std::move(system), certificates, now));
    return OneSystemLook{std::move(look), std::move(certificates)};
  });
}

base::Result<store::SystemCertificate> look_at_certificate(const House& house, const rights::Actor& actor,
                                                           std::string_view sha256) {
  RETURN_IF_ERROR(demand_permission(actor, needed));
  return house.store.read([&](store::Tx& tx) -> base::Result<store::SystemCertificate> {
    ASSIGN_OR_RETURN(auto found, store::find_system_certificate(tx, sha256));
    if (!found) return base::fail(base::Code::not_found, "there is no such certificate");
    RETURN_IF_ERROR(find_managed_system(tx, actor, found->system_id));
    std::vector<store::SystemCertificate> one{std::move(*found)};
    RETURN_IF_ERROR(name_revokers(tx, one));
    return std::move(one.front());
  });
}

base::Result<void> add_system(const House& house, const rights::Actor& actor, const NewSystem& wish,
                              const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, needed, facts.now));
  if (!is_system_id(wish.id)) return base::fail(base::Code::invalid_input, "id");
  const std::string name = wish.name.empty() ? wish.id : wish.name;
  if (!check_title("name", name)) return base::fail(base::Code::invalid_input, "name");
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, wish.tenant));
    RETURN_IF_ERROR(demand_feature(tx, tenant.id, Feature::client_systems));
    ASSIGN_OR_RETURN(const auto there, store::find_client_system(tx, wish.id));
    if (there) return base::fail(base::Code::already_exists, "there is a client system with this id");
    ASSIGN_OR_RETURN(const auto others, store::list_client_systems(tx, tenant.id, most_systems));
    if (others.size() >= most_systems) return base::fail(base::Code::too_many, "client systems of the organisation");
    identity::Account account;
    account.id = base::Id::make(facts.now);
    account.tenant_id = tenant.id;
    account.kind = identity::AccountKind::client_system;
    account.organisation = name;
    account.created_at = facts.now;
    RETURN_IF_ERROR(store::insert_account(tx, account));
    store::ClientSystem system;
    system.id = wish.id;
    system.account_id = account.id;
    system.tenant_id = tenant.id;
    system.name = name;
    system.created_at = facts.now;
    system.created_by = id_of(actor);
    RETURN_IF_ERROR(store::insert_client_system(tx, system));
    return record_system(tx, &actor, system, {audit::type::system_change, "added"}, facts);
  });
}

base::Result<std::vector<identity::PasswordFlaw>> find_system_password_flaws(
    const House& house, const rights::Actor& actor, std::string_view id, const base::Secret& password, base::Time now) {
  RETURN_IF_ERROR(demand_proven(house, actor, needed, now));
  ASSIGN_OR_RETURN(const PasswordGround ground, find_system_ground(house, actor, id, now));
  ASSIGN_OR_RETURN(PasswordJudgement judgement, judge_password(house, ground, password, now));
  return std::move(judgement.flaws);
}

base::Result<base::Secret> set_system_password(const House& house, const rights::Actor& actor, std::string_view id,
                                               const base::Secret& password, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, needed, facts.now));
  ASSIGN_OR_RETURN(const PasswordGround ground, find_system_ground(house, actor, id, facts.now));
  base::Secret given = password;
  if (given.empty()) {
    ASSIGN_OR_RETURN(given, identity::make_temporary_password(base::random_bytes(identity::temporary_password_octets),
                                                              ground.in_force.policy, ground.facts));
  }
  ASSIGN_OR_RETURN(const ReadyPassword ready, judge_given_password(house, ground, given, facts.now));
  const auto set = [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::ClientSystem system, find_managed_system(tx, actor, id));
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, system.account_id));
    if (!account || account->status == identity::AccountStatus::deleted)
      return base::fail(base::Code::not_found, "the account of the client system is gone");
    RETURN_IF_ERROR(write_password(tx, *account, ready, {identity::PasswordOrigin::own}, facts.now));
    return record_system(tx, &actor, system, {audit::type::system_change, "password"}, facts);
  };
  RETURN_IF_ERROR(write_for(house, actor, facts.now, set));
  return given;
}

base::Result<CertificateFlaw> judge_system_certificate(const House& house, base::BytesView octets, base::Time now) {
  store::SystemCertificate read;
  ASSIGN_OR_RETURN(const CertificateFlaw flaw, judge_octets(octets, now, read));
  if (flaw != CertificateFlaw::none) return flaw;
  return house.store.read([&](store::Tx& tx) -> base::Result<CertificateFlaw> { return judge_known(tx, read); });
}

base::Result<CertificateFlaw> import_system_certificate(const House& house, const rights::Actor& actor,
                                                        std::string_view id, base::BytesView octets,
                                                        const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, needed, facts.now));
  store::SystemCertificate read;
  ASSIGN_OR_RETURN(const CertificateFlaw flaw, judge_octets(octets, facts.now, read));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<CertificateFlaw> {
    ASSIGN_OR_RETURN(const store::ClientSystem system, find_managed_system(tx, actor, id));
    if (flaw != CertificateFlaw::none) return flaw;
    ASSIGN_OR_RETURN(const CertificateFlaw known, judge_known(tx, read));
    if (known != CertificateFlaw::none) return known;
    return register_certificate({house, tx, facts, &actor}, system, read);
  });
}

base::Result<CertificateFlaw> register_certificate(const CertificateAct& act, const store::ClientSystem& system,
                                                   store::SystemCertificate certificate) {
  RETURN_IF_ERROR(demand_feature(act.tx, system.tenant_id, Feature::client_systems));
  ASSIGN_OR_RETURN(const auto others, store::list_system_certificates(act.tx, system.id, most_certificates));
  if (others.size() >= most_certificates) return CertificateFlaw::too_many;
  certificate.system_id = system.id;
  certificate.tenant_id = system.tenant_id;
  certificate.created_at = act.facts.now;
  certificate.created_by = act.actor == nullptr ? system.account_id : act.by();
  RETURN_IF_ERROR(store::insert_system_certificate(act.tx, certificate));
  const SystemEvent event{audit::type::system_certificate,
                          certificate.is_own ? audit::Code("issued") : audit::Code("imported"), certificate.sha256};
  RETURN_IF_ERROR(record_system(act.tx, act.actor, system, event, act.facts));
  return CertificateFlaw::none;
}

base::Result<void> revoke_system_certificate(const House& house, const rights::Actor& actor, std::string_view sha256,
                                             std::string_view reason, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, needed, facts.now));
  if (!is_revocation_reason(reason)) return base::fail(base::Code::invalid_input, "reason");
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(auto found, store::find_system_certificate(tx, sha256));
    if (!found) return base::fail(base::Code::not_found, "there is no such certificate");
    const bool is_revoked = found->revoked_at.has_value();
    found->reason = reason;
    ASSIGN_OR_RETURN(const store::ClientSystem system, find_managed_system(tx, actor, found->system_id));
    if (is_revoked) return base::fail(base::Code::conflict, "the certificate is revoked already");
    ASSIGN_OR_RETURN(const bool revoked,
                     store::revoke_system_certificate(tx, sha256, {facts.now, id_of(actor), std::string(reason)}));
    if (!revoked) return base::fail(base::Code::conflict, "the certificate is revoked already");
    RETURN_IF_ERROR(revoke_issued(house, tx, actor, *found, facts));
    return record_system(tx, &actor, system, {audit::type::system_certificate, "revoked", found->sha256, reason},
                         facts);
  });
}

}  // namespace flow
