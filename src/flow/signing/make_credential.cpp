#include "flow/signing/make_credential.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "audit/event.hpp"
#include "crypto/password/password_hash.hpp"
#include "crypto/signing/pkcs12_file.hpp"
#include "flow/certificate/own_authority.hpp"
#include "flow/certificate/signed_ahead.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/signing/certify_credential.hpp"

namespace flow {
namespace {

using rights::Permission;

constexpr std::array<std::string_view, 4> activation_names{"password", "pin", "second_factor", "none"};
constexpr std::size_t shortest_pin = 6;
constexpr std::size_t longest_pin = 64;

/// A key before its row is written.
struct NewKey {
  base::Bytes spki;
  store::SigningSecrets secrets{};  // of a software key
  base::Bytes token_object{};
  base::Bytes certificate{};
  std::vector<base::Bytes> chain{};
  audit::Code how{};  // for the event
};

base::Result<void> check_pin(const base::Secret& pin) {
  if (may_be_pin(pin)) return {};
  return base::fail(base::Code::invalid_input, "a PIN has 6 to 64 characters that are not all the same");
}

/// What can be said before anything is made.
base::Result<void> check_wish(const House& house, const rights::Actor& actor, const CredentialWish& wish,
                              base::Time now) {
  RETURN_IF_ERROR(demand_administrator(house, actor, now));
  // PINs of tokens could be guessed otherwise, by everybody who may sign.
  if (!wish.token.empty()) RETURN_IF_ERROR(demand_permission(actor, Permission::manage_credentials));
  RETURN_IF_ERROR(check_label(wish.label));
  if (wish.activation == Activation::none && !wish.owner.is_seal) {
    return base::fail(base::Code::invalid_input, "only a seal of a service needs no proof");
  }
  if (wish.owner.is_seal && (wish.activation == Activation::password || wish.activation == Activation::second_factor) &&
      !wish.token.empty()) {
    return base::fail(base::Code::invalid_input, "a key on a token is unlocked by its PIN");
  }
  if (wish.token.empty() && wish.activation == Activation::pin) return check_pin(wish.pin);
  return {};
}

base::Result<void> hash_pin(const House& house, const CredentialWish& wish, NewKey& key) {
  if (wish.activation != Activation::pin || !wish.token.empty()) return {};
  ASSIGN_OR_RETURN(std::string phc, crypto::hash_password(wish.pin, house.settings.password_hash));
  key.secrets.pin_hash = base::Secret(std::move(phc));
  return {};
}

base::Result<NewKey> make_soft_key(crypto::SoftKeyKind kind) {
  ASSIGN_OR_RETURN(const crypto::SoftKey made, crypto::SoftKey::generate(kind));
  NewKey key;
  key.spki = made.public_key();
  ASSIGN_OR_RETURN(key.secrets.pkcs8, made.to_pkcs8());
  return key;
}

base::Result<NewKey> make_token_key(const House& house, const CredentialWish& wish) {
  ASSIGN_OR_RETURN(token::Token* const token, find_token(house, wish.token));
  ASSIGN_OR_RETURN(const token::Key made, token->generate(wish.token_pin, wish.kind, wish.label));
  NewKey key;
  key.spki = made.public_key;
  key.token_object = made.id;
  return key;
}

base::Result<void> demand_room(store::Tx& tx, const FoundOwner& owner) {
  ASSIGN_OR_RETURN(const auto present, owner.account
                                           ? store::list_signing_credentials_of(tx, owner.account->id, most_credentials)
                                           : store::list_seals_of(tx, owner.tenant.id, most_credentials));
  if (present.size() < static_cast<std::size_t>(most_credentials)) return {};
  return base::fail(base::Code::too_many, "there are as many credentials as there may be; delete one first");
}

base::Result<store::SigningCredential> begin_row(const CertificateAct& act, const CredentialWish& wish,
                                                 const FoundOwner& owner, const NewKey& key) {
  RETURN_IF_ERROR(demand_room(act.tx, owner));
  if (crypto::list_algorithms_of(key.spki).empty()) {
    return base::fail(base::Code::invalid_input, "a key that signs no documents");
  }
  store::SigningCredential row;
  row.id = base::Id::make(act.facts.now);
  row.tenant_id = owner.tenant.id;
  if (owner.account) row.account_id = owner.account->id;
  row.label = wish.label;
  row.status = "requested";
  row.activation = name_of(wish.activation);
  row.backend = wish.token.empty() ? "software" : "token";
  row.token = wish.token;
  row.token_object = key.token_object;
  row.spki = key.spki;
  row.has_pin = !key.secrets.pin_hash.empty();
  row.created_at = act.facts.now;
  row.changed_at = act.facts.now;
  row.created_by = act.by();
  return row;
}

/// The one transaction of a key that comes with its certificate.
base::Result<store::SigningCredential> keep(const House& house, const rights::Actor& actor, const CredentialWish& wish,
                                            const NewKey& key, const RequestFacts& facts) {
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<store::SigningCredential> {
    const CertificateAct act{house, tx, facts, &actor};
    ASSIGN_OR_RETURN(const FoundOwner owner, find_owner(tx, actor, wish.owner, facts.now));
    ASSIGN_OR_RETURN(store::SigningCredential row, begin_row(act, wish, owner, key));
    if (!key.certificate.empty()) RETURN_IF_ERROR(set_certificate(row, key.certificate, key.chain, facts.now));
    RETURN_IF_ERROR(store::insert_signing_credential(tx, row, key.secrets));
    RETURN_IF_ERROR(record_credential(act, row, key.how));
    return row;
  });
}

}  // namespace

bool may_be_pin(const base::Secret& pin) {
  const std::string_view text = pin.reveal();
  const bool is_varied = text.find_first_not_of(text.empty() ? ' ' : text.front()) != std::string_view::npos;
  return text.size() >= shortest_pin && text.size() <= longest_pin && base::is_utf8(text) && is_varied;
}

std::string_view name_of(Activation activation) {
  return activation_names.at(static_cast<std::size_t>(activation));
}

base::Result<Activation> parse_activation(std::string_view name) {
  const auto* const found = std::find(activation_names.begin(), activation_names.end(), name);
  if (found == activation_names.end()) {
    return base::fail(base::Code::invalid_input,
                      "the activation is password, pin, second_factor or none, not " + std::string(name));
  }
  return static_cast<Activation>(found - activation_names.begin());
}

base::Result<token::Token*> find_token(const House& house, std::string_view name) {
  token::Token* const found = house.tokens == nullptr ? nullptr : house.tokens->find(name);
  if (found == nullptr) {
    return base::fail(base::Code::not_found, "the configuration has no token " + std::string(name));
  }
  return found;
}

base::Result<store::SigningCredential> create_credential(const House& house, const rights::Actor& actor,
                                                         const CredentialWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(check_wish(house, actor, wish, facts.now));
  // Before the key is made, which takes time and, on a token, stays there.
  const auto look_first = [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const FoundOwner owner, find_owner(tx, actor, wish.owner, facts.now));
    if (wish.is_issued) RETURN_IF_ERROR(demand_own_certificate(tx, actor, owner, facts.now));
    if (wish.is_issued) RETURN_IF_ERROR(find_issuing_authority(tx, owner.tenant.id));
    return demand_room(tx, owner);
  };
  RETURN_IF_ERROR(house.store.read(look_first));
  ASSIGN_OR_RETURN(NewKey key, wish.token.empty() ? make_soft_key(wish.kind) : make_token_key(house, wish));
  RETURN_IF_ERROR(hash_pin(house, wish, key));
  ASSIGN_OR_RETURN(store::SigningCredential row, sign_ahead([&](SignedAhead& ahead) {
                     return write_for(
                         house, actor, facts.now, [&](store::Tx& tx) -> base::Result<store::SigningCredential> {
                           const CertificateAct act{house, tx, facts, &actor, &ahead};
                           ASSIGN_OR_RETURN(const FoundOwner owner, find_owner(tx, actor, wish.owner, facts.now));
                           ASSIGN_OR_RETURN(store::SigningCredential made, begin_row(act, wish, owner, key));
                           if (wish.is_issued) {
                             RETURN_IF_ERROR(demand_own_certificate(tx, actor, owner, facts.now));
                             RETURN_IF_ERROR(certify_by_own_authority(act, owner, made));
                           }
                           RETURN_IF_ERROR(store::insert_signing_credential(tx, made, key.secrets));
                           RETURN_IF_ERROR(record_credential(act, made, "added"));
                           return made;
                         });
                   }));
  RETURN_IF_ERROR(put_on_token(house, row, wish.token_pin));
  return row;
}

base::Result<store::SigningCredential> import_pkcs12(const House& house, const rights::Actor& actor,
                                                     const CredentialWish& wish, const Pkcs12File& file,
                                                     const RequestFacts& facts) {
  if (!wish.token.empty()) return base::fail(base::Code::invalid_input, "a file is not imported into a token");
  RETURN_IF_ERROR(check_wish(house, actor, wish, facts.now));
  ASSIGN_OR_RETURN(crypto::Pkcs12Content content, crypto::read_pkcs12(file.octets, file.password));
  NewKey key;
  key.spki = content.key.public_key();
  ASSIGN_OR_RETURN(key.secrets.pkcs8, content.key.to_pkcs8());
  key.certificate = std::move(content.certificate);
  key.chain = std::move(content.chain);
  RETURN_IF_ERROR(hash_pin(house, wish, key));
  key.how = "imported";
  return keep(house, actor, wish, key, facts);
}

std::string_view find_file_flaw(const base::Error& error) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> flaws{
      {{crypto::pkcs12_flaw::large, "large"},
       {crypto::pkcs12_flaw::rounds, "rounds"},
       {crypto::pkcs12_flaw::unknown_protection, "protection"},
       {crypto::pkcs12_flaw::outdated, "outdated"},
       {crypto::pkcs12_flaw::no_key, "no_key"},
       {crypto::pkcs12_flaw::no_certificate, "no_key"},
       {crypto::pkcs12_flaw::several_keys, "several_keys"}}};
  const auto* const found =
      std::find_if(flaws.begin(), flaws.end(), [&error](const auto& one) { return one.first == error.reason; });
  return found == flaws.end() ? std::string_view() : found->second;
}

base::Result<store::SigningCredential> take_from_token(const House& house, const rights::Actor& actor,
                                                       const CredentialWish& wish, const base::Bytes& key_id,
                                                       const RequestFacts& facts) {
  RETURN_IF_ERROR(check_wish(house, actor, wish, facts.now));
  ASSIGN_OR_RETURN(token::Token* const token, find_token(house, wish.token));
  // Without one, a session that the authority's PIN has opened would show its private keys to everybody.
  if (wish.token_pin.empty()) return base::fail(base::Code::login_failed, "the token needs its PIN");
  ASSIGN_OR_RETURN(const auto all, token->list_keys(wish.token_pin));
  std::vector<token::Key> fitting;
  std::copy_if(all.begin(), all.end(), std::back_inserter(fitting), [&](const token::Key& one) {
    return one.is_private_seen && !one.certificate.empty() && (key_id.empty() || one.id == key_id);
  });
  if (fitting.empty()) return base::fail(base::Code::not_found, "the token has no such key with a certificate");
  if (fitting.size() > 1) return base::fail(base::Code::conflict, "the token has several keys; name one by its id");
  NewKey key;
  key.spki = fitting.front().public_key;
  key.token_object = fitting.front().id;
  key.certificate = fitting.front().certificate;
  // Authorities' certificates lie beside the keys on many cards.
  std::vector<base::Bytes> beside;
  for (const token::Key& one : all) {
    if (!one.certificate.empty() && one.certificate != key.certificate) beside.push_back(one.certificate);
  }
  key.chain = crypto::list_above(key.certificate, std::move(beside));
  key.how = "taken";
  return keep(house, actor, wish, key, facts);
}

base::Result<std::vector<TokenShown>> look_at_tokens(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_permission(actor, Permission::manage_credentials));
  std::vector<TokenShown> shown;
  if (house.tokens == nullptr) return shown;
  for (const auto& one : house.tokens->all()) {
    ASSIGN_OR_RETURN(token::State state, one->look());
    shown.push_back({one->settings().name, std::move(state)});
  }
  return shown;
}

base::Result<std::vector<token::Key>> list_token_keys(const House& house, const rights::Actor& actor,
                                                      std::string_view name, const base::Secret& pin) {
  RETURN_IF_ERROR(demand_permission(actor, Permission::manage_credentials));
  ASSIGN_OR_RETURN(token::Token* const token, find_token(house, name));
  return token->list_keys(pin);
}

}  // namespace flow
