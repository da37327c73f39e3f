#include "flow/proof/password_proof.hpp"

#include <algorithm>
#include <bit>
#include <mutex>

#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "crypto/password/password_hash.hpp"
#include "identity/identifier/login_name.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

constexpr std::string_view purpose = "decoy";
constexpr std::string_view blanks = " \t\r\n";

// A password that the server made has no blanks. Blanks around it come from copying it out of a mail.
std::string_view without_outer_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// When the first account with a password was made. Read once for a house, because each login needs it.
base::Result<base::Time> find_beginning(const House& house, store::Tx& tx) {
  static std::mutex mutex;
  static base::Bytes whose;
  static base::Time beginning;
  const base::Bytes key = house.master.authenticate(purpose, "");
  const std::lock_guard lock(mutex);
  if (whose == key) return beginning;
  ASSIGN_OR_RETURN(const auto first, store::find_password_from(tx, base::Id()));
  if (!first) return base::Time();
  beginning = first->account_id.made_at();
  whose = key;
  return beginning;
}

/// A place among the ids of accounts, which are in the order of their making: evenly spread over names, the same each
/// time for one name (but for the few whose place lay in the future at first), and known to nobody without the key.
base::Result<base::Id> find_place(const House& house, store::Tx& tx, std::string_view canonical, base::Time now) {
  ASSIGN_OR_RETURN(const base::Time beginning, find_beginning(house, tx));
  const auto milliseconds = [](base::Duration duration) {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
  };
  const std::uint64_t span = std::max<std::uint64_t>(milliseconds(std::max(now - beginning, base::Duration(0))), 1);
  const base::Bytes spread = house.master.authenticate(purpose, canonical);
  std::uint64_t offset = 0;
  for (int i = 0; i < 8; ++i) offset = offset << 8 | static_cast<unsigned char>(spread.at(static_cast<std::size_t>(i)));
  const std::uint64_t power = std::bit_ceil(span);
  offset %= power;
  if (offset >= span) offset %= power / 2;
  const std::uint64_t at = milliseconds(beginning.time_since_epoch()) + offset;
  base::Bytes octets;
  for (int shift = 40; shift >= 0; shift -= 8) octets.push_back(static_cast<char>(at >> shift & 0xff));
  octets.resize(16, '\0');
  return base::Id::from_bytes(octets);
}

}  // namespace

base::Result<Held> PasswordProof::read_again(store::Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(stored_, store::find_password(tx, account_id));
  if (!stored_) return Held::none;
  return stored_->phc == phc_ ? Held::same : Held::changed;
}

base::Result<audit::Code> PasswordProof::find_end(store::Tx& tx, const identity::Account& account, base::Time now) {
  ASSIGN_OR_RETURN(policy_, find_policy(tx, account, now));
  return stored_ ? find_end_of_password(*stored_, policy_.policy, now) : audit::Code();
}

base::Result<PasswordProof> compare_password(const Proving& proving, Claim claim, const base::Secret& typed) {
  const House& house = proving.house;
  PasswordProof proof;
  proof.cost_ = house.settings.password_hash;
  std::optional<store::PasswordCredential> stored;
  const auto find = [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, find_claimed(tx, claim, proving.facts.now));
    claim.account_id = account ? std::optional(account->id) : std::nullopt;
    // Also for a name that somebody has, so that both do the same work.
    ASSIGN_OR_RETURN(const base::Id place, find_place(house, tx, claim.canonical, proving.facts.now));
    ASSIGN_OR_RETURN(auto held, store::find_password_from(tx, account ? account->id : place));
    if (!held) return {};
    if (const auto cost = crypto::parameters_of(held->password.phc.reveal())) proof.cost_ = *cost;
    if (account && held->account_id == account->id) stored = std::move(held->password);
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
    crypto::do_decoy_work(proof.password_, proof.cost_);
  }
  proof.claim = std::move(claim);
  return proof;
}

}  // namespace flow
