// Changes of identifiers, identifiers of persons (shared by their accounts), certificates, and addresses that wait for
// their code. The database keeps identifiers unique: of two writers of the same one, one gets an error.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/account/accounts.hpp"

namespace store {

/// The identifiers that are in force, oldest first.
base::Result<std::vector<Identifier>> list_identifiers(Tx& tx, const base::Id& account_id);
base::Result<void> delete_identifier(Tx& tx, const base::Id& account_id, std::string_view type,
                                     std::string_view canonical);
/// Whether the text is a login, an e-mail address or a phone number of another account, so that no account takes a
/// login that reads like an address of another.
base::Result<bool> is_login_of_another(Tx& tx, std::string_view canonical, const base::Id& account_id);
/// Whether another account has the identifier.
base::Result<bool> is_taken(Tx& tx, std::string_view type, std::string_view canonical, const base::Id& account_id);
/// The owner of an address has proven it. Changes nothing if it is verified already.
base::Result<void> mark_verified(Tx& tx, const base::Id& account_id, std::string_view type, base::Time now);
base::Result<void> set_redirect(Tx& tx, const base::Id& account_id, bool to_main);

struct Person {
  base::Id id;
  base::Id tenant_id;
  std::string given_name;
  std::string family_name;
};
/// Without an account yet.
base::Result<void> insert_person(Tx& tx, const Person& person);
base::Result<std::optional<Person>> find_person_by(Tx& tx, std::string_view type, std::string_view canonical);
/// Changes nothing if the person has it already. Errors: already_exists (another person's; the reason names the type
/// only).
base::Result<void> insert_person_identifier(Tx& tx, const Person& person, std::string_view type,
                                            std::string_view canonical, std::string_view display, base::Time now);
struct PersonIdentifier {
  std::string type;
  std::string display;
};
base::Result<std::vector<PersonIdentifier>> list_person_identifiers(Tx& tx, const base::Id& person_id);

base::Result<void> delete_person_identifier(Tx& tx, const base::Id& person_id, std::string_view type);
/// Of all accounts of the person.
base::Result<void> set_names(Tx& tx, const base::Id& person_id, std::string_view given, std::string_view family);
/// The account belongs to no person any more; the person is deleted with the last account.
base::Result<void> leave_person(Tx& tx, const base::Id& account_id);
/// Gives the account another person. Its earlier one is deleted with its identifiers, if this was its last account.
base::Result<void> set_person(Tx& tx, const base::Id& account_id, const base::Id& person_id);
base::Result<std::int64_t> count_accounts_of_person(Tx& tx, const base::Id& person_id);
/// Writes kind, external, organisation, locale and preferred channel of the account.
base::Result<void> set_account_facts(Tx& tx, const identity::Account& account);

base::Result<void> set_preferred_channel(Tx& tx, const base::Id& account_id, std::string_view channel);
base::Result<void> set_main_mark(Tx& tx, const base::Id& account_id, bool is_main);
/// Without deleted accounts.
base::Result<std::int64_t> count_sub_accounts(Tx& tx, const base::Id& main_account_id);
base::Result<std::vector<identity::Account>> list_sub_accounts(Tx& tx, const base::Id& main_account_id);
/// The account was changed now: raises the version, if it is still `expected`. Errors: conflict.
base::Result<void> raise_version(Tx& tx, const base::Id& account_id, std::int64_t expected, base::Time now);

struct Certificate {
  std::string fingerprint;  // SHA-256 of the DER, lower-case hexadecimal
  base::Bytes der;
  std::string subject;
  std::string issuer;
  std::string serial;
  base::Time not_before;
  base::Time not_after;
  bool is_proven = false;  // its key was shown, or the own authority has issued it for the account
};
/// Inserts its identifier too. Errors: already_exists.
base::Result<void> insert_certificate(Tx& tx, const base::Id& account_id, const Certificate& certificate,
                                      base::Time now);
/// Its key was proven, so that the certificate is the person's.
base::Result<void> mark_certificate_verified(Tx& tx, const base::Id& account_id, std::string_view fingerprint,
                                             base::Time now);
/// The account that the certificate opens: one at which it is registered and proven. An uploaded file opens nothing,
/// because everybody can have it.
base::Result<std::optional<base::Id>> find_certificate_holder(Tx& tx, std::string_view fingerprint);
struct CertificatePlace {
  base::Id account_id;
  bool is_proven = false;
};
/// Where it is registered, proven or not.
base::Result<std::optional<CertificatePlace>> find_certificate_place(Tx& tx, std::string_view fingerprint);
/// The person's account of that kind.
base::Result<std::optional<base::Id>> find_account_of_person(Tx& tx, const base::Id& person_id, std::string_view kind);
base::Result<std::vector<Certificate>> list_certificates(Tx& tx, const base::Id& account_id);
/// Errors: not_found (also another account's).
base::Result<void> delete_certificate(Tx& tx, const base::Id& account_id, std::string_view fingerprint);

/// An address that is not in force until its code comes back. At most one of each type for an account; several accounts
/// may wait for the same address.
struct PendingAddress {
  base::Id account_id;
  std::string type;
  std::string canonical;
  std::string display;
  bool redirect_to_main = false;
  base::Bytes code_hash;  // "" = no code was sent yet
  std::int64_t tries = 0;
  base::Time expires_at;
  base::Time sent_at{};  // put_pending writes its time
};
/// Replaces an older one of the type.
base::Result<void> put_pending(Tx& tx, const PendingAddress& pending, base::Time now);
base::Result<std::vector<PendingAddress>> list_pending(Tx& tx, const base::Id& account_id);
/// Uses one of `most` tries; false if none is left.
base::Result<bool> use_try(Tx& tx, const base::Id& account_id, std::string_view type, std::int64_t most);
/// Deletes the pending address if the code is the right one and has not expired: true exactly once.
base::Result<bool> take_pending(Tx& tx, const base::Id& account_id, std::string_view type, std::string_view code_hash,
                                base::Time now);
base::Result<void> drop_pending(Tx& tx, const base::Id& account_id, std::string_view type);

/// The tenants of the certificates that end after `after` and not after `until`, those that end first, at most `most`.
base::Result<std::vector<base::Id>> list_ending_certificates(Tx& tx, base::Time after, base::Time until,
                                                             std::size_t most);

}  // namespace store
