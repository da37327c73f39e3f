// Makes credentials that sign documents: a key made here or on a token, or one that comes with its certificate. A
// person does it for the own account (permission sign); for others, for seals and on tokens it needs
// manage_credentials. Each needs a fresh proof and is one transaction with its event.
//
//   created ─> requested ─answer imported, or issued by the own authority─> active ─> suspended ⇄ active ─> revoked
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/signing/soft_key.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/signing/credential_act.hpp"
#include "flow/signing/import_turn.hpp"
#include "rights/actor.hpp"
#include "store/signing/signing_credentials.hpp"
#include "token/token.hpp"

namespace flow {

using crypto::all_soft_key_kinds;
using crypto::parse_soft_key_kind;

inline constexpr std::int64_t most_credentials = 50;  // of one account or organisation

/// What unlocks the key.
enum class Activation : std::uint8_t {
  password,       // "prove it again", by any method of the account
  pin,            // one of its own; of a token always, if it asks for one
  second_factor,  // "prove it again" in a session with two factors
  none,           // nothing: seals of services alone
};
/// "second_factor"
std::string_view name_of(Activation activation);
/// Errors: invalid_input.
base::Result<Activation> parse_activation(std::string_view name);

/// 6 to 64 characters of UTF-8 that are not all the same: what a software key takes as its own PIN.
bool may_be_pin(const base::Secret& pin);

struct CredentialWish {
  CredentialOwner owner{};
  std::string label;  // 1 to 100 characters
  Activation activation = Activation::pin;
  base::Secret pin{};   // of a new software key with activation pin: 6 to 64 characters, not all the same
  std::string token{};  // name of the token on which the key is made or is; "" = a software key
  base::Secret token_pin{};
  crypto::SoftKeyKind kind = crypto::SoftKeyKind::ec_p256;  // of a new key
  bool is_issued = false;  // the own authority certifies a new key at once, as demand_own_certificate allows
};

/// A new key, certified by the own authority or waiting for a certificate (request_certificate). Errors: denied,
/// not_found (owner, token), invalid_input (label, PIN, an activation that is not for it), too_many (most_credentials),
/// conflict (no own authority), and those of the token.
base::Result<store::SigningCredential> create_credential(const House& house, const rights::Actor& actor,
                                                         const CredentialWish& wish, const RequestFacts& facts);

struct Pkcs12File {
  base::BytesView octets;
  base::Secret password;
  const ImportTurn& turn;  // of the same actor
};
/// A key with its certificate. Errors: as create_credential, as crypto::read_pkcs12 (login_failed: wrong password of
/// the file), already_exists (the certificate is registered), expired.
base::Result<store::SigningCredential> import_pkcs12(const House& house, const rights::Actor& actor,
                                                     const CredentialWish& wish, const Pkcs12File& file,
                                                     const RequestFacts& facts);
/// What is wrong with the file, if that is why import_pkcs12 refused it: "large", "rounds", "protection", "outdated",
/// "no_key", "several_keys"; "" = something else.
std::string_view find_file_flaw(const base::Error& error);

/// A key that is on a token with its certificate. `key_id`: CKA_ID; "" = the only one that has a certificate. The
/// authorities' certificates beside it are its chain. Errors: as create_credential, not_found (no such key), conflict
/// (several keys), already_exists.
base::Result<store::SigningCredential> take_from_token(const House& house, const rights::Actor& actor,
                                                       const CredentialWish& wish, const base::Bytes& key_id,
                                                       const RequestFacts& facts);

struct TokenShown {
  std::string name;
  token::State state;
};
/// What the tokens of the configuration say; manage_credentials. Errors: denied.
base::Result<std::vector<TokenShown>> look_at_tokens(const House& house, const rights::Actor& actor);
/// The keys of one; with a PIN private ones too. Errors: denied, not_found, and those of the token.
base::Result<std::vector<token::Key>> list_token_keys(const House& house, const rights::Actor& actor,
                                                      std::string_view name, const base::Secret& pin);
/// The token of a name. Errors: not_found.
base::Result<token::Token*> find_token(const House& house, std::string_view name);

}  // namespace flow
