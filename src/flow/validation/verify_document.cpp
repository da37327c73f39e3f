#include "flow/validation/verify_document.hpp"

#include <array>

#include "audit/event.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/house/record.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/system/find_program.hpp"
#include "flow/tenant/features.hpp"
#include "flow/validation/fetch_wanted.hpp"
#include "flow/validation/find_format.hpp"
#include "flow/validation/find_material.hpp"
#include "flow/validation/offer_validation.hpp"
#include "flow/validation/validation_desk.hpp"
#include "signature/cades/read_cades.hpp"
#include "signature/validation/validate_signature.hpp"
#include "signature/xades/xades_reader.hpp"
#include "store/audit/audit_log.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::array<std::string_view, 12> refusals{
    "feature_off", "too_many", "unauthenticated", "lacks_scope",    "empty", "too_large", "pdf",
    "zip",         "json",     "no_signature",    "unknown_policy", "future"};
constexpr std::string_view scope = "verify";
constexpr int most_rounds = 3;

/// For whom it is done.
struct Party {
  base::Id tenant_id;
  const rights::Actor* actor = nullptr;
  std::optional<base::Id> account{};  // of a personal token
  std::string client{};               // client_id of an application
};

std::optional<VerifyRefusal> judge_wish(const ValidationDesk& desk, const VerifyWish& wish, base::Time now) {
  if (wish.document.size() > desk.settings().most_octets) return VerifyRefusal::too_large;
  if (wish.at && *wish.at > now) return VerifyRefusal::future;
  if (desk.find_policy(wish.policy) == nullptr) return VerifyRefusal::unknown_policy;
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

// A list of a stranger on the way could be an old one that hides a revocation.
base::Result<bool> is_older(store::Tx& tx, const store::CachedRevocation& row) {
  if (row.kind != "crl" || row.answer.empty()) return false;
  ASSIGN_OR_RETURN(const auto cached, store::find_cached_revocation(tx, row.kind, row.lookup));
  if (!cached || cached->answer.empty()) return false;
  const auto before = crypto::read_revocation_list(cached->answer);
  const auto after = crypto::read_revocation_list(row.answer);
  return before && after && after->this_update < before->this_update;
}

base::Result<void> keep(store::Tx& tx, std::vector<store::CachedRevocation> rows) {
  for (store::CachedRevocation& row : rows) {
    ASSIGN_OR_RETURN(const bool is_old, is_older(tx, row));
    if (is_old) row.answer.clear();
    RETURN_IF_ERROR(store::put_cached_revocation(tx, row, {}));
  }
  return {};
}

class Verification {
 public:
  Verification(const House& house, const VerifyWish& wish, base::Time now)
      : house_(house), desk_(*house.validation), wish_(wish), now_(now) {}

  base::Result<ValidationReport> run(const base::Id& tenant_id) {
    const ValidationPolicy& policy = *desk_.find_policy(wish_.policy);
    const signature::Moment moment{wish_.at.value_or(now_), now_};
    ASSIGN_OR_RETURN(material_, house_.store.read([&](store::Tx& tx) { return find_material(tx, tenant_id); }));
    const signature::DocumentView view = read(wish_);
    signature::ValidatedDocument validated = signature::validate_document(view, material_, policy, moment);
    for (int round = 0; round < most_rounds && !validated.wanted.empty(); ++round) {
      const std::size_t before = material_.revocation.size();
      RETURN_IF_ERROR(look_for(validated.wanted, round == 0, policy));
      if (material_.revocation.size() == before) break;
      validated = signature::validate_document(view, material_, policy, moment);
    }
    validated.report.document_name = wish_.name;
    validated.report.document_sha256 = base::to_hex(crypto::sha256(wish_.document));
    return std::move(validated.report);
  }

 private:
  // First what the cache has; then, unless it is offline, what can be fetched.
  base::Result<void> look_for(const std::vector<signature::WantedRevocation>& wanted, bool is_first,
                              const ValidationPolicy& policy) {
    const std::size_t before = material_.revocation.size();
    signature::Material more;
    ASSIGN_OR_RETURN(const DuePlaces due, house_.store.read([&](store::Tx& tx) {
      more.revocation.clear();
      return take_cached(tx, wanted, now_, more);
    }));
    if (is_first) add(std::move(more.revocation));
    const bool may_fetch = desk_.client() != nullptr && !desk_.settings().offline && !policy.is_offline;
    const bool is_enough = material_.revocation.size() > before && due.empty();
    if (!may_fetch || is_enough) return {};
    auto rows = fetch_wanted(*desk_.client(), due, now_);
    for (const store::CachedRevocation& row : rows) {
      if (!row.answer.empty()) material_.revocation.push_back({row.answer, row.kind == "crl", "fetched"});
    }
    if (rows.empty()) return {};
    return house_.store.write([&](store::Tx& tx) { return keep(tx, rows); });
  }

  void add(std::vector<signature::RevocationSource> more) {
    for (auto& one : more) material_.revocation.push_back(std::move(one));
  }

  const House& house_;
  ValidationDesk& desk_;
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

audit::Event describe(const Party& party, const ValidationReport& report, const RequestFacts& facts) {
  const std::initializer_list<audit::Detail> details{
      {"document", audit::Value::checked_code(report.document_sha256)},
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
  if (const auto refusal = judge_wish(*house.validation, wish, facts.now)) return VerifiedDocument{refusal, {}};
  ASSIGN_OR_RETURN(ValidationReport report, Verification(house, wish, facts.now).run(party.tenant_id));
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
  ASSIGN_OR_RETURN(const Program program, find_program(house, tx, {proof, read}, scope, facts));
  if (program.refusal) {
    const bool lacks_scope = *program.refusal == ProgramRefusal::lacks_scope;
    judged.refusal = lacks_scope ? VerifyRefusal::lacks_scope : VerifyRefusal::unauthenticated;
    RETURN_IF_ERROR(record_foreign_refusal(
        house, tx, {program.client ? &*program.client : nullptr, audit::type::validation_refusal, program.reason},
        facts));
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
