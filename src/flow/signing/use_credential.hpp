// The one function that uses a key to sign (S4.22): it judges who asks, the credential and its proof, counts the use
// and records it in one transaction, and only then gives the values out. Whoever signs goes through it: pages, REST,
// the command line, and jobs in the background.
//
//   judge ─> compare the PIN, one guess at a time ─> the key signs ─>
//   judge again, count the use, record it, forget the wrong PINs (one transaction) ─> the values
//
// After three wrong PINs each next one waits, at first a minute, then twice as long up to 64 minutes, also where the
// token itself counts nothing. A crash between the steps gives no value out.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/signing/signature_algorithm.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// A program with a personal token of an account (scope "sign"), or with an access token for it.
struct AccountByToken {
  base::Id account_id;
};
/// A client that acts for itself, with the scope "sign": it may use the seals of its tenant that need no proof
/// or are activated.
struct ClientByToken {
  base::Id client_id;
};
/// Who asks: a person with a session or the operator, or a program. The door has verified the token; the account, the
/// client and their rights are judged here, at each use.
using KeyUser = std::variant<const rights::Actor*, AccountByToken, ClientByToken>;

/// One document.
struct KeyOrder {
  base::Bytes to_be_signed;     // signature::Prepared::to_be_signed
  std::string document_sha256;  // of the document, lower-case hexadecimal, for the audit log
};
inline constexpr std::size_t most_orders = 250;

struct KeyUse {
  base::Id credential_id;
  crypto::SignatureAlgorithm algorithm;  // of those of the credential
  base::Secret pin{};                    // "" = none was given
  std::vector<KeyOrder> orders;          // 1 to most_orders; all are signed or none
  /// Runs in the transaction that counts the use, with the values in the order of the orders: what it stores is there
  /// if and only if the use is counted. May be empty.
  std::function<base::Result<void>(store::Tx&, const std::vector<base::Bytes>&)> also{};
};
/// The values, in the order of the orders: DER for ECDSA (crypto::convert_value), else as long as the modulus. A
/// software key needs microseconds, a token up to its deadline: not on a thread that must not wait.
///
/// Errors: not_found (no such credential that this user may know of), denied (the user or the context may not sign, the
/// account is suspended, the credential is suspended, revoked or not certified yet, the PIN is locked by the token),
/// conflict (a fresh proof by password or second factor is needed first: lead to "prove it again"), login_failed (the
/// PIN is missing or wrong), too_many (too many wrong PINs: wait), expired (the certificate's time is over or has not
/// begun), invalid_input (not an algorithm of the credential, no orders or too many), unavailable (the token does not
/// answer, is not there or has too much to do), and those of `also`.
base::Result<std::vector<base::Bytes>> use_credential(const House& house, const KeyUser& user, const KeyUse& use,
                                                      const RequestFacts& facts);

/// A PIN that is given once for a time, so that the services of an organisation sign with its seal while nobody is
/// there. It lies in the memory of this process alone and ends with it, with the time, and with any change of the
/// credential.
struct ActivationWish {
  base::Id credential_id;
  base::Secret pin{};
  base::Duration lasts{};  // up to longest_activation; 0 = it ends now
};
inline constexpr base::Duration longest_activation = std::chrono::hours(24 * 31);
/// Needs manage_credentials and a fresh proof. A wrong PIN counts as one. Errors: those of use_credential,
/// invalid_input (no seal with a PIN, a time that is too long).
base::Result<void> activate_credential(const House& house, const rights::Actor& actor, const ActivationWish& wish,
                                       const RequestFacts& facts);

/// What a user may sign with now, for a choice: active, and its time has begun and is not over.
struct UsableCredential {
  base::Id id;
  std::string label;
  bool is_seal = false;    // of the organisation
  std::string activation;  // "password", "pin", "second_factor", "none"
  std::string backend;     // "software", "token"
  base::Bytes certificate;
  std::vector<base::Bytes> chain;  // above it
  std::string subject;
  std::string issuer;
  base::Time not_before;
  base::Time not_after;
  std::vector<crypto::SignatureAlgorithm> algorithms;  // the standard one first
};
/// The user's own ones before the seals, the newest first, at most 100. Errors: denied, unavailable.
base::Result<std::vector<UsableCredential>> list_usable_credentials(const House& house, const KeyUser& user,
                                                                    base::Time now);
/// The same for one. Errors: those of use_credential before a proof.
base::Result<UsableCredential> find_usable_credential(const House& house, const KeyUser& user,
                                                      const base::Id& credential_id, base::Time now);

}  // namespace flow
