#include "flow/proof/passkey_proof.hpp"

#include "audit/event.hpp"
#include "crypto/token/strict_json.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/passkey_challenge.hpp"
#include "flow/session/end_access.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "webauthn/authenticator_data.hpp"
#include "webauthn/ceremonies.hpp"

namespace flow {
namespace {

constexpr std::size_t longest_answer = std::size_t{32} * 1024;

/// A key that no authenticator has: P-256, the base point itself.
base::Bytes make_decoy_key() {
  const auto coordinates = base::parse_hex(
      "a5010203262001215820"
      "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
      "225820"
      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
  return coordinates.value_or(base::Bytes());
}

struct Answer {
  base::Secret ticket;
  base::Bytes id;
  base::Bytes client_data;
  base::Bytes authenticator_data;
  base::Bytes signature;
  base::Bytes user_handle;  // "" = not told
};

/// An answer that cannot be read proves nothing, and costs as much as one that can.
Answer read_answer(const base::Secret& answer) {
  Answer read;
  if (answer.size() > longest_answer) return read;
  const auto outline = crypto::outline_object(answer.reveal());
  if (!outline) return read;
  const auto octets = [&](std::string_view name) {
    const std::string* text = outline->find_text(name);
    return text == nullptr ? base::Bytes() : base::parse_base64url(*text).value_or(base::Bytes());
  };
  if (const std::string* ticket = outline->find_text("ticket")) read.ticket = base::Secret(*ticket);
  read.id = octets("id");
  if (read.id.size() > webauthn::longest_credential_id) read.id.clear();
  read.client_data = octets("client_data");
  read.authenticator_data = octets("authenticator_data");
  read.signature = octets("signature");
  read.user_handle = octets("user_handle");
  return read;
}

}  // namespace

struct PasskeyWish {
  std::string_view use;
  base::BytesView bound_to;
  bool needs_verification = false;
};

class PasskeyComparison {
 public:
  static base::Result<PasskeyProof> compare(const Proving& proving, Claim claim, const base::Secret& given,
                                            const PasskeyWish& wish) {
    const House& house = proving.house;
    const Answer answer = read_answer(given);
    const bool names_account = claim.account_id || !claim.canonical.empty();
    std::optional<store::Factor> passkey;
    const auto find = [&](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(const auto account, find_claimed(tx, claim, proving.facts.now));
      ASSIGN_OR_RETURN(passkey, store::find_passkey(tx, answer.id));
      if (!names_account) {
        claim.account_id = passkey ? std::optional(passkey->account_id) : std::nullopt;
        return {};
      }
      claim.account_id = account ? std::optional(account->id) : std::nullopt;
      // A passkey of somebody else proves nothing here.
      if (passkey && (!account || passkey->account_id != account->id)) passkey.reset();
      return {};
    };
    RETURN_IF_ERROR(house.store.read(find));
    PasskeyProof proof;
    proof.house_ = &proving.house;
    proof.facts_ = &proving.facts;
    static const base::Bytes decoy = make_decoy_key();
    if (passkey) {
      ASSIGN_OR_RETURN(proof.data_, parse_passkey_data(passkey->data));
    }
    const RelyingParty party = find_relying_party(house);
    const auto challenge = open_passkey_ticket(house, wish.use, wish.bound_to, answer.ticket, proving.facts.now);
    const webauthn::Expected expected{challenge.value_or(base::Bytes()), party.origin, party.id,
                                      wish.needs_verification};
    const auto asserted = webauthn::verify_assertion(expected, passkey ? proof.data_.public_key : decoy,
                                                     answer.client_data, answer.authenticator_data, answer.signature);
    if (challenge) proof.challenge_ = *challenge;
    proof.passkey_ = std::move(passkey);
    proof.claim = std::move(claim);
    if (!asserted || !proof.passkey_ || !challenge) return proof;
    proof.is_verified_ = asserted->is_verified;
    proof.count_ = asserted->sign_count;
    // §7.2 step 6: without a name the device must say whose passkey it is.
    const bool is_owner = answer.user_handle == proof.data_.user_handle;
    const bool may_lack = names_account && answer.user_handle.empty();
    // §7.2 step 19: whether a key can be copied to other devices never changes.
    const bool is_same_kind = asserted->may_be_backed_up == proof.data_.may_be_backed_up;
    proof.matches = (is_owner || may_lack) && is_same_kind;
    proof.data_.is_backed_up = asserted->is_backed_up;
    return proof;
  }
};

base::Result<Held> PasskeyProof::read_again(store::Tx& tx, const base::Id& account_id) {
  const base::Id id = passkey_ ? passkey_->id : base::Id();
  ASSIGN_OR_RETURN(const auto stored, store::find_factor(tx, account_id, id));
  if (!passkey_) return Held::none;
  return stored ? Held::same : Held::changed;
}

base::Result<bool> PasskeyProof::use_up(store::Tx& tx, const identity::Account& account, base::Time now) {
  ASSIGN_OR_RETURN(const bool is_first, spend_passkey_challenge(tx, account, challenge_, now));
  if (!is_first) return false;
  ASSIGN_OR_RETURN(auto stored, store::find_factor(tx, account.id, passkey_->id));
  if (!stored) return false;
  // §7.2 step 22. An authenticator that does not count always says 0.
  if (count_ != 0 || stored->counter != 0) {
    ASSIGN_OR_RETURN(const bool has_risen, store::raise_counter(tx, stored->id, count_, now));
    if (!has_risen) {
      audit::Event event = make_event(audit::type::tampering, account, *facts_, {{"what", "passkey_counter"}});
      event.outcome = "failure";
      RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
      // Somebody may have a copy of the key; only the owner knows whether it was a restored backup.
      RETURN_IF_ERROR(notify_person(*house_, tx, account, {"passkey_counter", facts_->language}, now));
      return false;
    }
  }
  stored->data = to_stored(data_);
  RETURN_IF_ERROR(store::note_use(tx, *stored, now));
  return true;
}

base::Result<PasskeyProof> compare_passkey(const Proving& proving, Claim claim, const base::Secret& answer,
                                           const base::Id& session_id) {
  return PasskeyComparison::compare(proving, std::move(claim), answer, {passkey_use::proof, session_id.bytes(), false});
}

base::Result<PasskeyProof> compare_passkey_login(const Proving& proving, const base::Secret& answer,
                                                 base::BytesView bound_to) {
  return PasskeyComparison::compare(proving, {}, answer, {passkey_use::login, bound_to, true});
}

}  // namespace flow
