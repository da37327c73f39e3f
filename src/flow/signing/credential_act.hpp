// What the flows that change a credential share: whose it is, what of a certificate is kept, and the audit event.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/value.hpp"
#include "base/result.hpp"
#include "flow/certificate/issue_certificate.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/account/account.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"
#include "store/signing/signing_credentials.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {

/// For whom a credential is made.
struct CredentialOwner {
  std::string account{};  // login or id; "" = the actor's own account, or nobody's if it is a seal
  bool is_seal = false;   // of the organisation
  std::string tenant{};   // of a seal: key or id; "" = the actor's own
};

struct FoundOwner {
  store::Tenant tenant;
  std::optional<identity::Account> account;  // nullopt: a seal

  /// Of the certificate: "Anna Kowalska", or the name of the organisation.
  [[nodiscard]] std::string common_name() const { return account ? account->display_name() : tenant.name; }
};
/// A person for the own account needs the permission sign, everybody else manage_credentials. Errors: denied,
/// not_found.
base::Result<FoundOwner> find_owner(store::Tx& tx, const rights::Actor& actor, const CredentialOwner& wanted,
                                    base::Time now);

/// A credential that the actor may administer: an own one with the permission sign, another one with
/// manage_credentials. Errors: denied, not_found.
base::Result<store::SigningCredential> find_administered(store::Tx& tx, const rights::Actor& actor, const base::Id& id,
                                                         base::Time now);
/// The same for an act that needs manage_credentials in any case.
base::Result<store::SigningCredential> find_managed_credential(store::Tx& tx, const rights::Actor& actor,
                                                               const base::Id& id, base::Time now);
/// Before the transaction: one of the two permissions, and a fresh proof. Errors: denied.
base::Result<void> demand_administrator(const House& house, const rights::Actor& actor, base::Time now);

/// Puts a certificate into the row. Errors: invalid_input (unreadable, of an authority, weak, without the usage),
/// conflict (of another key), expired.
base::Result<void> set_certificate(store::SigningCredential& row, const base::Bytes& certificate,
                                   const std::vector<base::Bytes>& chain, base::Time now);

base::Result<void> record_credential(const CertificateAct& act, const store::SigningCredential& row, audit::Code change,
                                     audit::Code why = {});

/// The text that people give: 1 to 100 characters in one line. Errors: invalid_input.
base::Result<void> check_label(std::string_view label);

}  // namespace flow
