#include "flow/proof/password_proof.hpp"

#include "base/time.hpp"
#include "crypto/password_hash.hpp"
#include "identity/identifier/login_name.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

constexpr std::string_view blanks = " \t\r\n";

// A password that the server made has no blanks. Blanks around it come from copying it out of a mail.
std::string_view without_outer_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

base::Result<Held> PasswordProof::read_again(store::Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(stored_, store::find_password(tx, account_id));
  if (!stored_) return Held::none;
  return stored_->phc == phc_ ? Held::same : Held::changed;
}

base::Result<PasswordProof> compare_password(const Proving& proving, Claim claim, const base::Secret& typed) {
  const House& house = proving.house;
  PasswordProof proof;
  std::optional<store::PasswordCredential> stored;
  const auto find = [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, find_claimed(tx, claim, proving.facts.now));
    claim.account_id = account ? std::optional(account->id) : std::nullopt;
    ASSIGN_OR_RETURN(stored, store::find_password(tx, account ? account->id : base::Id()));
    return {};
  };
  RETURN_IF_ERROR(house.store.read(find));
  const bool is_made_here = stored && stored->origin == identity::PasswordOrigin::temporary;
  auto normal = identity::normal_password(is_made_here ? without_outer_blanks(typed.reveal()) : typed.reveal());
  const bool is_possible = normal.has_value();
  proof.password_ = base::Secret(is_possible ? std::move(*normal) : std::string("-"));
  if (stored) {
    proof.matches = crypto::matches(proof.password_, stored->phc.reveal()) && is_possible;
    proof.phc_ = std::move(stored->phc);
  } else {
    crypto::do_decoy_work(proof.password_, house.settings.password_hash);
  }
  proof.claim = std::move(claim);
  return proof;
}

}  // namespace flow
