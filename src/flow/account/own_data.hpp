// A person's own data (S4.12, S4.13). Employees change their login and addresses; all others may only read.
// OwnDataWish has a field for each value that may be changed, and for no other, so that a form cannot set more. A
// change of one field is never refused because of another one that the wish leaves as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/identifier/judge_fields.hpp"
#include "identity/account/account.hpp"
#include "rights/actor.hpp"
#include "store/account/identifiers.hpp"

namespace flow {

struct Address {
  std::string display;  // "" = none
  bool verified = false;
  bool given = false;       // by an administrator; in force although it is not verified
  std::string pending;      // waits for its code; "" = none
  base::Time code_until{};  // of the code that was sent; zero = none was sent
  base::Time again_at{};    // from then on a new code can be sent
};

using Certificate = store::Certificate;
using PersonIdentifier = store::PersonIdentifier;

struct OwnData {
  identity::Account account;  // with its version
  Address email;
  Address phone;
  std::string epuap_account;
  std::string epuap_profile;
  std::vector<PersonIdentifier> fixed;  // PESEL, passport, NIP, …: only an administrator changes them
  std::vector<Certificate> certificates;
  std::vector<std::string> untrusted;           // fingerprints of those whose issuer does not count for a login here
  std::string main_account;                     // name of the main account's holder; "" = is a main account
  std::vector<rights::ActingContext> contexts;  // that the account may choose
  std::vector<std::string> groups;              // names, in their order
  bool may_edit = false;
};
/// All that is stored about the person, except secrets, and except logins and devices, which have their own pages.
base::Result<OwnData> read_own_data(const House& house, const rights::Actor& actor, base::Time now);

/// nullopt: stays as it is. "": is taken away.
struct OwnDataWish {
  std::optional<std::string> login{};
  std::optional<std::string> email{};
  std::optional<std::string> phone{};  // also as it is written in the installation's country
  /// If it is not wished, and the one in force cannot stay, the change chooses one that can be used.
  std::optional<std::string> preferred_channel{};
  std::optional<std::string> epuap_account{};
  std::optional<std::string> epuap_profile{};
  std::optional<bool> redirect_to_main{};  // for sub accounts only
  std::int64_t version = 0;                // of the account, as the person saw it
};

/// Only employees may change their data, in a context that allows it. Errors: denied.
base::Result<void> demand_editor_kind(const rights::Actor& actor);
/// The same, and a fresh proof. Errors: denied.
base::Result<void> demand_editor(const House& house, const rights::Actor& actor, base::Time now);

struct OwnDataChange {
  std::vector<FieldFlaw> flaws;  // if there is any, nothing was changed
  bool code_to_email = false;    // a code was sent
  bool code_to_phone = false;
  bool dropped = false;  // the address in force was wished again: the one that waited for its code is gone
  bool changed = false;
};
/// Finds all flaws; each names a field that the wish has. Needs a fresh proof.
/// Errors: denied (recipient, no fresh proof), conflict (changed meanwhile), too_many (codes).
base::Result<OwnDataChange> change_own_data(const House& house, const rights::Actor& actor, const OwnDataWish& wish,
                                            const RequestFacts& facts);

/// `octets`: PEM or DER. Gives the flaw's key, or "". Errors: denied, conflict.
base::Result<std::string> add_own_certificate(const House& house, const rights::Actor& actor, std::string_view octets,
                                              const RequestFacts& facts);
struct PresentedToAdd {
  std::string flaw;  // key of the sentence; "" = none
  Certificate certificate;
};
/// The certificate that the browser has presented for the own data (flow/proof/certificate_handoff.hpp). Changes
/// nothing. Errors: denied.
base::Result<PresentedToAdd> read_presented_certificate(const House& house, const rights::Actor& actor,
                                                        const base::Secret& presented, const RequestFacts& facts);
/// Adds it, as verified: TLS has proven its key. As add_own_certificate.
base::Result<std::string> add_presented_certificate(const House& house, const rights::Actor& actor,
                                                    const base::Secret& presented, const RequestFacts& facts);
/// Errors: denied, not_found (also another person's).
base::Result<void> remove_own_certificate(const House& house, const rights::Actor& actor, std::string_view fingerprint,
                                          const RequestFacts& facts);

}  // namespace flow
