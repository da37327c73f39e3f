#include "flow/proof/certificate_proof.hpp"

#include <array>
#include <optional>

#include "flow/certificate/judge_certificate.hpp"
#include "identity/account/account.hpp"
#include "store/account/accounts.hpp"
#include "store/account/identifiers.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

// A person has at most one account of each kind. Whoever works here and is a
// patient as well logs in as an employee.
constexpr std::array kinds_of_people{identity::AccountKind::employee, identity::AccountKind::recipient};

base::Result<std::optional<base::Id>> find_person_account(store::Tx& tx, const JudgedCertificate& judged) {
  ASSIGN_OR_RETURN(const auto person, store::find_person_by(tx, judged.person_type, judged.person_value));
  const base::Id id = person ? person->id : base::Id();
  std::optional<base::Id> found;
  for (const identity::AccountKind kind : kinds_of_people) {
    ASSIGN_OR_RETURN(const auto account, store::find_account_of_person(tx, id, identity::name_of(kind)));
    if (!found) found = account;
  }
  return found;
}

}  // namespace

class CertificateComparison {
 public:
  CertificateComparison(const Proving& proving, Claim claim) : proving_(proving), claim_(std::move(claim)) {}

  base::Result<CertificateProof> run(const CertificateErrand& errand, const base::Secret& presented) {
    const base::Time now = proving_.facts.now;
    const auto opened = open_presented(proving_.house, errand, presented, now);
    if (opened) proof_.number_ = opened->number;
    const base::Bytes der = opened ? opened->der : base::Bytes();
    RETURN_IF_ERROR(proving_.house.store.read([&](store::Tx& tx) { return judge(tx, der, now); }));
    if (!opened) proof_.flaw_ = presented.empty() ? audit::Code("certificate_none") : audit::Code("certificate_late");
    proof_.claim = std::move(claim_);
    proof_.matches = proof_.flaw_.empty() && proof_.claim.account_id.has_value();
    return std::move(proof_);
  }

 private:
  base::Result<void> judge(store::Tx& tx, base::BytesView der, base::Time now) {
    ASSIGN_OR_RETURN(const JudgedCertificate judged, judge_person_certificate(tx, der, now));
    proof_.fingerprint_ = judged.fingerprint;
    proof_.method_ = judged.method;
    proof_.flaw_ = judged.flaw;
    ASSIGN_OR_RETURN(std::optional<base::Id> holder, store::find_certificate_holder(tx, judged.fingerprint));
    proof_.is_registered_ = holder.has_value();
    ASSIGN_OR_RETURN(const auto of_person, find_person_account(tx, judged));
    // Only what a trusted authority wrote names somebody; a registered one
    // names its account whatever is wrong with it.
    if (!holder && judged.flaw.empty()) holder = of_person;
    if (holder) {
      ASSIGN_OR_RETURN(const bool is_foreign, is_of_other_tenant(tx, judged, *holder));
      if (is_foreign && proof_.flaw_.empty()) proof_.flaw_ = "certificate_foreign";
      // Otherwise it could lock out everybody whose number it writes into certificates.
      if (is_foreign && !proof_.is_registered_) holder.reset();
    }
    if (claim_.account_id) {
      if (holder != claim_.account_id) proof_.flaw_ = "certificate_foreign";
      return {};
    }
    claim_.account_id = holder;
    // Failures with one certificate that nobody has are counted together.
    claim_.canonical = "certificate:" + judged.fingerprint;
    return {};
  }

  /// The authority of one organisation says nothing about the people of
  /// another.
  static base::Result<bool> is_of_other_tenant(store::Tx& tx, const JudgedCertificate& judged, const base::Id& holder) {
    if (judged.tenant_id.is_none()) return false;
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, holder));
    return account && account->tenant_id != judged.tenant_id;
  }

  const Proving& proving_;
  Claim claim_;
  CertificateProof proof_;
};

base::Result<Held> CertificateProof::read_again(store::Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto holder, store::find_certificate_holder(tx, fingerprint_));
  if (!is_registered_) return holder ? Held::changed : Held::same;
  if (!holder) return Held::none;
  return *holder == account_id ? Held::same : Held::changed;
}

base::Result<bool> CertificateProof::take(store::Tx& tx, const identity::Account& account, base::Time now) {
  if (number_.empty()) return true;
  return take_presented(tx, account, number_, now);
}

base::Result<CertificateProof> compare_certificate(const Proving& proving, Claim claim, const CertificateErrand& errand,
                                                   const base::Secret& presented) {
  return CertificateComparison(proving, std::move(claim)).run(errand, presented);
}

}  // namespace flow
