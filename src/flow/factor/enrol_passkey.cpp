#include "flow/factor/enrol_passkey.hpp"

#include <algorithm>
#include <array>

#include "crypto/key/master_key.hpp"
#include "crypto/token/strict_json.hpp"
#include "flow/factor/change_factors.hpp"
#include "flow/house/brand.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/proof/passkey_data.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/identifier/device_name.hpp"
#include "store/engine/store.hpp"
#include "store/factor/factors.hpp"
#include "webauthn/ceremonies.hpp"

namespace flow {
namespace {

constexpr std::size_t longest_answer = std::size_t{64} * 1024;
constexpr std::size_t handle_size = 32;

/// The handle is chosen at the first passkey, and travels sealed with the challenge until it is stored.
base::Bytes binding_of(const FactorHolder& holder, base::BytesView user_handle) {
  return base::Bytes(holder.session_id.bytes()).append(user_handle);
}

base::Result<std::vector<store::Factor>> list_passkeys(store::Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(auto passkeys, store::list_factors(tx, account_id, identity::FactorKind::passkey));
  if (passkeys.size() < identity::most_passkeys) return passkeys;
  return base::fail(base::Code::conflict, "the account has as many passkeys as it may have");
}

/// Only the names of WebAuthn level 3 §5.8.4, each once.
std::string known_transports(std::string_view told) {
  constexpr std::array<std::string_view, 6> names{"usb", "nfc", "ble", "smart-card", "hybrid", "internal"};
  std::string kept;
  for (const std::string_view name : names) {
    const std::string padded = " " + std::string(told) + " ";
    if (padded.find(" " + std::string(name) + " ") == std::string::npos) continue;
    kept.append(kept.empty() ? "" : " ").append(name);
  }
  return kept;
}

}  // namespace

base::Result<PasskeyOffer> offer_passkey(const House& house, const FactorHolder& holder, base::Time now) {
  const identity::Account& account = holder.account;
  ASSIGN_OR_RETURN(const auto passkeys, house.store.read([&](store::Tx& tx) { return list_passkeys(tx, account.id); }));
  PasskeyOffer offer;
  for (const store::Factor& one : passkeys) {
    ASSIGN_OR_RETURN(PasskeyData data, parse_passkey_data(one.data));
    offer.excluded.push_back({one.lookup, std::move(data.transports)});
    offer.user_handle = std::move(data.user_handle);
  }
  // §14.6.1: the handle tells nothing about the person, and is not the id of the account.
  if (offer.user_handle.empty()) offer.user_handle = base::random_bytes(handle_size);
  ASSIGN_OR_RETURN(const Brand brand, find_brand(house, account.tenant_id));
  offer.party = find_relying_party(house);
  offer.party_name = brand.name;
  offer.user_name = account.login.empty() ? account.display_name() : account.login;
  offer.display_name = account.display_name();
  PasskeyChallenge made =
      make_passkey_challenge(house, passkey_use::enrolment, binding_of(holder, offer.user_handle), now);
  offer.challenge = std::move(made.challenge);
  offer.ticket = std::move(made.ticket);
  return offer;
}

base::Result<ConfirmedPasskey> confirm_passkey(const House& house, const FactorHolder& holder,
                                               const base::Secret& answer, std::string_view name, base::Time now) {
  const auto failed = [](std::string why) { return base::fail(base::Code::login_failed, std::move(why)); };
  ConfirmedPasskey made;
  ASSIGN_OR_RETURN(made.label, identity::parse_device_name(name));
  if (answer.size() > longest_answer) return failed("the answer is too long");
  const auto outline = crypto::outline_object(answer.reveal());
  if (!outline) return failed("the answer is not JSON");
  const auto text = [&](std::string_view field) {
    const std::string* found = outline->find_text(field);
    return found == nullptr ? std::string() : *found;
  };
  const auto octets = [&](std::string_view field) {
    return base::parse_base64url(text(field)).value_or(base::Bytes());
  };
  made.user_handle = octets("user");
  ASSIGN_OR_RETURN(made.challenge,
                   open_passkey_ticket(house, passkey_use::enrolment, binding_of(holder, made.user_handle),
                                       base::Secret(text("ticket")), now));
  const RelyingParty party = find_relying_party(house);
  auto verified = webauthn::verify_registration({made.challenge, party.origin, party.id, false}, octets("client_data"),
                                                octets("attestation"));
  if (!verified) return failed(verified.error().reason);
  made.credential = std::move(*verified);
  made.transports = known_transports(text("transports"));
  return made;
}

base::Result<void> add_passkey(const House& house, store::Tx& tx, const FactorHolder& holder,
                               const ConfirmedPasskey& made, const RequestFacts& facts) {
  const identity::Account& account = holder.account;
  ASSIGN_OR_RETURN(const bool is_first, spend_passkey_challenge(tx, account, made.challenge, facts.now));
  if (!is_first) return base::fail(base::Code::expired, "the challenge was used");
  RETURN_IF_ERROR(list_passkeys(tx, account.id));
  // §7.1 step 26: a credential belongs to one account. It is asked for, because a failed statement would end the
  // transaction.
  ASSIGN_OR_RETURN(const auto other, store::find_passkey(tx, made.credential.id));
  if (other) return base::fail(base::Code::already_exists, "the passkey belongs to an account already");
  PasskeyData data;
  data.user_handle = made.user_handle;
  data.public_key = made.credential.public_key;
  data.aaguid = made.credential.aaguid;
  data.transports = made.transports;
  data.may_be_backed_up = made.credential.may_be_backed_up;
  data.is_backed_up = made.credential.is_backed_up;
  data.is_attested = made.credential.attestation == webauthn::Attestation::certificate;
  store::Factor factor;
  factor.id = base::Id::make(facts.now);
  factor.account_id = account.id;
  factor.kind = identity::FactorKind::passkey;
  factor.label = made.label;
  factor.data = to_stored(data);
  factor.lookup = made.credential.id;
  factor.counter = made.credential.sign_count;
  RETURN_IF_ERROR(store::insert_factor(tx, factor, facts.now));
  return record_factor_change(house, tx, holder,
                              {account, "webauthn", code_of_addition(holder), factor.id, "factor_added"}, facts);
}

base::Result<PasskeyOffer> begin_passkey(const House& house, const rights::Actor& actor, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::own_password, facts.now));
  return offer_passkey(house, actor, facts.now);
}

base::Result<void> finish_passkey(const House& house, const rights::Actor& actor, const base::Secret& answer,
                                  std::string_view name, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::own_password));
  ASSIGN_OR_RETURN(const ConfirmedPasskey made, confirm_passkey(house, actor, answer, name, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) { return add_passkey(house, tx, actor, made, facts); });
}

}  // namespace flow
