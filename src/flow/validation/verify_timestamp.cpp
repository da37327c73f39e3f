#include "flow/validation/verify_timestamp.hpp"

#include "crypto/digest/digest.hpp"
#include "flow/validation/find_material.hpp"
#include "flow/validation/gather_revocation.hpp"
#include "flow/validation/validation_desk.hpp"
#include "signature/validation/timestamp_validation.hpp"
#include "signature/validation/validation_context.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

/// A signature view with nothing but the token.
signature::SignatureView view_of(const TimestampQuestion& question, const crypto::TimestampFacts& facts) {
  signature::SignatureView view;
  signature::TimestampView stamp;
  stamp.kind = signature::TimestampNote::Kind::content;
  stamp.token = base::Bytes(question.token);
  stamp.find_imprint = [question, own = facts.info.imprint](crypto::DigestKind kind) -> std::optional<base::Bytes> {
    if (question.document) return crypto::digest(kind, *question.document);
    return question.digest ? *question.digest : own;
  };
  view.timestamps.push_back(std::move(stamp));
  return view;
}

std::string name_authority(const crypto::TimestampFacts& facts) {
  const auto details = signature::find_details(facts.certificate);
  if (!details) return {};
  return details->common_name.empty() ? details->subject : details->common_name;
}

}  // namespace

base::Result<JudgedTimestamp> verify_timestamp(const House& house, const TimestampQuestion& question, base::Time now) {
  if (house.validation == nullptr) return base::fail(base::Code::unavailable, "signatures are not verified here");
  const auto policy = house.validation->find_policy(question.policy);
  if (policy == nullptr) return base::fail(base::Code::not_found, "there is no such policy: " + question.policy);
  JudgedTimestamp judged;
  judged.policy = policy->name;
  judged.facts = crypto::read_timestamp_token(question.token);
  judged.authority = name_authority(judged.facts);
  ASSIGN_OR_RETURN(signature::Material material,
                   house.store.read([&](store::Tx& tx) -> base::Result<signature::Material> {
                     if (question.tenant_id != base::Id()) return find_material(tx, question.tenant_id);
                     ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
                     return find_material(tx, first.id);
                   }));
  const signature::SignatureView view = view_of(question, judged.facts);
  for (int round = 0;; ++round) {
    signature::ValidationRun run = signature::begin_run(view, material, *policy, {now, now});
    const auto read = signature::read_timestamps(view, run);
    judged.verdict = signature::validate_timestamp(run, read.front());
    if (run.wanted.empty() || round == most_rounds_of_gathering) break;
    const std::size_t before = material.revocation.size();
    RETURN_IF_ERROR(gather_revocation(house, *policy, {run.wanted, round == 0, now}, material));
    if (material.revocation.size() == before) break;
  }
  return judged;
}

}  // namespace flow
