#include "flow/validation/verify_document.hpp"

#include <array>

#include "audit/event.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/house/record.hpp"
#include "flow/system/find_program.hpp"
#include "flow/tenant/features.hpp"
#include "flow/validation/find_format.hpp"
#include "flow/validation/find_material.hpp"
#include "flow/validation/gather_revocation.hpp"
#include "flow/validation/offer_validation.hpp"
#include "flow/validation/validation_desk.hpp"
#include "signature/cades/read_cades.hpp"
#include "signature/report/visible_text.hpp"
#include "signature/validation/validate_signature.hpp"
#include "signature/xades/xades_reader.hpp"
#include "store/audit/audit_log.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::array<std::string_view, 12> refusals{
    "feature_off", "too_many", "unauthenticated", "lacks_scope",    "empty", "too_large", "pdf",
    "zip",         "json",     "no_signature",    "unknown_policy", "future"};

/// For whom it is done.
struct Party {
  base::Id tenant_id;
  const rights::Actor* actor = nullptr;
  std::optional<base::Id> account{};  // of a personal token
  std::string client{};               // client_id of an application
};

std::optional<VerifyRefusal> judge_wish(const ValidationDesk& desk, const ValidationPolicy* policy,
                                        const VerifyWish& wish, base::Time now) {
  if (wish.document.size() > desk.settings().most_octets) return VerifyRefusal::too_large;
  if (wish.at && *wish.at > now) return VerifyRefusal::future;
  if (policy == nullptr) return VerifyRefusal::unknown_policy;
  switch (find_kind(wish.document)) {
    case DocumentKind::empty: return VerifyRefusal::empty;
    case DocumentKind::pdf: return VerifyRefusal::pdf;
    case DocumentKind::zip: return VerifyRefusal::zip;
    case DocumentKind::json: return VerifyRefusal::json;
    case DocumentKind::other: return VerifyRefusal::no_signature;
    case DocumentKind::cms:
    case DocumentKind::xml: break;
  }
  return std::nullopt;
}

signature::DocumentView read(const VerifyWish& wish) {
  if (find_kind(wish.document) == DocumentKind::cms) {
    return signature::read_cades(wish.document, wish.contents.empty() ? nullptr : wish.contents.front());
  }
  return signature::read_xades(wish.document, wish.contents);
}

class Verification {
 public:
  Verification(const House& house, const ValidationPolicy& policy, const VerifyWish& wish, base::Time now)
      : house_(house), policy_(policy), wish_(wish), now_(now) {}

  base::Result<ValidationReport> run(const base::Id& tenant_id) {
    const signature::Moment moment{wish_.at.value_or(now_), now_};
    ASSIGN_OR_RETURN(material_, house_.store.read([&](store::Tx& tx) { return find_material(tx, tenant_id); }));
    const signature::DocumentView view = read(wish_);
    signature::ValidatedDocument validated = signature::validate_document(view, material_, policy_, moment);
    for (int round = 0; round < most_rounds_of_gathering && !validated.wanted.empty(); ++round) {
      const std::size_t before = material_.revocation.size();
      RETURN_IF_ERROR(gather_revocation(house_, policy_, {validated.wanted, round == 0, now_}, material_));
      if (material_.revocation.size() == before) break;
      validated = signature::validate_document(view, material_, policy_, moment);
    }
    validated.report.document_name = signature::make_visible(wish_.name);
    validated.report.document_sha256 = base::to_hex(crypto::sha256(wish_.document));
    if (wish_.contents.size() == 1) {
      const auto digest = wish_.contents.front()->digest(crypto::DigestKind::sha256);
      if (digest) validated.report.content_sha256 = base::to_hex(*digest);
    }
    return std::move(validated.report);
  }

 private:
  const House& house_;
  const ValidationPolicy& policy_;
  const VerifyWish& wish_;
  base::Time now_;
  signature::Material material_;
};

audit::Code code_of(Indication indication) {
  switch (indication) {
    case Indication::total_passed: return "total_passed";
    case Indication::total_failed: return "total_failed";
    case Indication::indeterminate: break;
  }
  return "indeterminate";
}

/// Of the document that was judged: the one beside the signature, or the file with both.
const std::string& digest_of_signed(const ValidationReport& report) {
  return report.content_sha256.empty() ? report.document_sha256 : report.content_sha256;
}

audit::Event describe(const Party& party, const ValidationReport& report, const RequestFacts& facts) {
  const std::initializer_list<audit::Detail> details{
      {"document", audit::Value::checked_code(digest_of_signed(report))},
      {"policy", audit::Value::registered(report.policy)},
      {"indication", code_of(report.verdict.indication)},
      {"sub_indication", audit::Value::checked_code(signature::name_of(report.verdict.sub_indication))},
      {"signatures", audit::Value::count(static_cast<std::int64_t>(report.signatures.size()))}};
  audit::Event event =
      party.account
          ? make_event(audit::type::signature_validated, Subject(party.tenant_id, *party.account), facts, details)
          : make_event(audit::type::signature_validated, party.actor, party.tenant_id, facts, details);
  event.client = party.client;
  return event;
}

base::Result<VerifiedDocument> verify(const House& house, const Party& party, const VerifyWish& wish,
                                      const RequestFacts& facts) {
  const auto policy = house.validation->find_policy(wish.policy);
  const auto refusal = judge_wish(*house.validation, policy.get(), wish, facts.now);
  if (refusal) return VerifiedDocument{refusal, {}};
  ASSIGN_OR_RETURN(ValidationReport report, Verification(house, *policy, wish, facts.now).run(party.tenant_id));
  RETURN_IF_ERROR(
      house.store.write([&](store::Tx& tx) { return store::append_event(tx, describe(party, report, facts)); }));
  return VerifiedDocument{std::nullopt, std::move(report)};
}

struct Judged {
  std::optional<VerifyRefusal> refusal;
  Party party;
};

base::Result<Judged> judge_visitor(store::Tx& tx, const rights::Actor* actor) {
  Judged judged;
  judged.party.actor = actor;
  Feature feature = Feature::validation;
  if (actor == nullptr || actor->is_operator()) {
    ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
    judged.party.tenant_id = first.id;
    if (actor != nullptr) return judged;
    feature = Feature::public_validation;
  } else {
    judged.party.tenant_id = actor->account().tenant_id;
  }
  ASSIGN_OR_RETURN(const bool has, has_feature(tx, judged.party.tenant_id, feature));
  if (!has) judged.refusal = VerifyRefusal::feature_off;
  return judged;
}

base::Result<Judged> judge_program(const House& house, store::Tx& tx, const CallerProof& proof, const ReadProof& read,
                                   const RequestFacts& facts) {
  Judged judged;
  ASSIGN_OR_RETURN(const Program program, find_program(house, tx, {proof, read}, call_to_verify, facts));
  if (program.refusal) {
    judged.refusal = as_refusal<VerifyRefusal>(*program.refusal);
    return judged;
  }
  judged.party.tenant_id = program.tenant_id;
  judged.party.account = program.account;
  if (program.client) judged.party.client = program.client->client_id;
  ASSIGN_OR_RETURN(const bool has, has_feature(tx, judged.party.tenant_id, Feature::validation));
  if (!has) judged.refusal = VerifyRefusal::feature_off;
  return judged;
}

}  // namespace

std::string_view name_of(VerifyRefusal refusal) {
  return refusals.at(static_cast<std::size_t>(refusal));
}

base::Result<VerifiedDocument> verify_for_visitor(const House& house, const rights::Actor* actor,
                                                  const VerifyWish& wish, const RequestFacts& facts) {
  if (house.validation == nullptr) return VerifiedDocument{VerifyRefusal::feature_off, {}};
  ASSIGN_OR_RETURN(const Judged judged, house.store.read([&](store::Tx& tx) { return judge_visitor(tx, actor); }));
  if (judged.refusal) return VerifiedDocument{judged.refusal, {}};
  if (actor == nullptr && !house.validation->take_anonymous(facts.ip, facts.now)) {
    return VerifiedDocument{VerifyRefusal::too_many, {}};
  }
  return verify(house, judged.party, wish, facts);
}

base::Result<VerifiedDocument> verify_by_program(const House& house, const CallerProof& proof, const VerifyWish& wish,
                                                 const RequestFacts& facts) {
  if (house.validation == nullptr) return VerifiedDocument{VerifyRefusal::feature_off, {}};
  const ReadProof read = read_proof(house, proof, facts.now);
  ASSIGN_OR_RETURN(const Judged judged,
                   house.store.write([&](store::Tx& tx) { return judge_program(house, tx, proof, read, facts); }));
  if (judged.refusal) return VerifiedDocument{judged.refusal, {}};
  return verify(house, judged.party, wish, facts);
}

base::Result<bool> offers_validation(const House& house, const rights::Actor* actor) {
  if (house.validation == nullptr) return false;
  ASSIGN_OR_RETURN(const Judged judged, house.store.read([&](store::Tx& tx) { return judge_visitor(tx, actor); }));
  return !judged.refusal.has_value();
}

}  // namespace flow
