#include "flow/proof/recovery_proof.hpp"

#include "base/bytes.hpp"
#include "crypto/digest/digest.hpp"
#include "store/engine/store.hpp"
#include "store/factor/factors.hpp"

namespace flow {
namespace {

// 32 letters and digits, so that five bits of an octet choose one evenly. Without 0, 1, i and o.
constexpr std::string_view alphabet = "23456789abcdefghjklmnpqrstuvwxyz";
static_assert(alphabet.size() == 32);
constexpr std::size_t letters = 16;
constexpr std::size_t letters_of_group = 4;

}  // namespace

base::Secret make_recovery_code() {
  const base::Secret random(base::random_bytes(letters));
  std::string code;
  for (std::size_t i = 0; i < letters; ++i) {
    if (i > 0 && i % letters_of_group == 0) code.push_back('-');
    code.push_back(alphabet[static_cast<unsigned char>(random.reveal()[i]) & 31U]);
  }
  return base::Secret(std::move(code));
}

base::Secret digest_recovery_code(std::string_view code) {
  std::string bare;
  for (const char letter : code) {
    if (letter == '-' || letter == ' ') continue;
    bare.push_back(letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter);
  }
  const base::Secret normal(std::move(bare));
  return base::Secret(crypto::sha256(normal.reveal()));
}

base::Result<Held> RecoveryProof::read_again(store::Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto code, store::find_factor(tx, account_id, code_));
  if (code) return Held::same;
  // The code was spent or replaced meanwhile, or it is no one's.
  if (!code_.is_none()) return Held::changed;
  return has_codes_ ? Held::same : Held::none;
}

base::Result<bool> RecoveryProof::use_up(store::Tx& tx, const identity::Account& /*account*/, base::Time /*now*/) {
  return store::spend_factor(tx, code_);
}

base::Result<RecoveryProof> compare_recovery(const Proving& proving, Claim claim, const base::Secret& typed) {
  std::vector<store::Factor> codes;
  const auto find = [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, find_claimed(tx, claim, proving.facts.now));
    claim.account_id = account ? std::optional(account->id) : std::nullopt;
    ASSIGN_OR_RETURN(codes,
                     store::list_factors(tx, claim.account_id.value_or(base::Id()), identity::FactorKind::recovery));
    return {};
  };
  RETURN_IF_ERROR(proving.house.store.read(find));
  const base::Secret digest = digest_recovery_code(typed.reveal());
  RecoveryProof proof;
  proof.has_codes_ = !codes.empty();
  for (const store::Factor& code : codes) {
    if (!(code.data == digest)) continue;
    proof.matches = true;
    proof.code_ = code.id;
  }
  proof.claim = std::move(claim);
  return proof;
}

}  // namespace flow
