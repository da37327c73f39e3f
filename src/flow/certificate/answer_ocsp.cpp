#include "flow/certificate/answer_ocsp.hpp"

#include <optional>

#include "crypto/certificate/ocsp.hpp"
#include "flow/certificate/own_authority.hpp"
#include "store/certificate/authorities.hpp"
#include "store/certificate/issued_certificates.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

// Short, because programs may keep an answer until its end.
constexpr base::Duration answer_lasts = std::chrono::minutes(10);

struct Prepared {
  std::optional<store::AuthorityRow> authority;
  std::vector<crypto::OcspAnswer> answers;
  std::optional<store::OcspResponder> responder;
};

/// The own authority that the question names, whether it has issued the serial or not.
base::Result<std::optional<store::AuthorityRow>> find_named(store::Tx& tx, const crypto::OcspRequest& request,
                                                            std::size_t question,
                                                            const std::optional<store::IssuedRow>& row) {
  if (row) {
    ASSIGN_OR_RETURN(auto authority, store::find_authority(tx, row->authority_id));
    if (authority && request.is_about(question, authority->der)) return authority;
    return std::optional<store::AuthorityRow>();
  }
  ASSIGN_OR_RETURN(auto all, store::list_authorities(tx));
  for (store::AuthorityRow& one : all) {
    if (one.kind == "issuing" && request.is_about(question, one.der)) return std::optional(std::move(one));
  }
  return std::optional<store::AuthorityRow>();
}

base::Result<crypto::OcspAnswer> judge(const store::AuthorityRow& authority,
                                       const std::optional<store::IssuedRow>& row) {
  crypto::OcspAnswer answer;
  if (!row) return answer;
  answer.status = crypto::OcspStatus::good;
  if (row->revoked_at) {
    answer.status = crypto::OcspStatus::revoked;
    answer.revoked_at = *row->revoked_at;
    ASSIGN_OR_RETURN(answer.reason, crypto::parse_revocation_reason(row->reason));
  } else if (authority.revoked_at) {
    answer.status = crypto::OcspStatus::revoked;
    answer.revoked_at = *authority.revoked_at;
  }
  return answer;
}

base::Result<Prepared> prepare(store::Tx& tx, const crypto::OcspRequest& request) {
  Prepared prepared;
  for (std::size_t i = 0; i < request.count(); ++i) {
    ASSIGN_OR_RETURN(const auto row, store::find_issued_by_serial(tx, request.serial(i)));
    ASSIGN_OR_RETURN(auto authority, find_named(tx, request, i, row));
    // One answer has one signature, so all its questions are about one authority.
    if (!authority || (prepared.authority && prepared.authority->id != authority->id)) return Prepared();
    ASSIGN_OR_RETURN(const crypto::OcspAnswer answer, judge(*authority, row));
    prepared.answers.push_back(answer);
    prepared.authority = std::move(authority);
  }
  if (prepared.authority) {
    ASSIGN_OR_RETURN(prepared.responder, store::find_ocsp_responder(tx, prepared.authority->id));
  }
  return prepared;
}

OcspReply refuse(crypto::OcspRefusal why) {
  return {crypto::refuse_ocsp(why), std::nullopt};
}

}  // namespace

OcspReply answer_ocsp(const House& house, base::BytesView request, base::Time now) {
  const auto parsed = crypto::OcspRequest::parse(request);
  if (!parsed) return refuse(crypto::OcspRefusal::malformed);
  const auto prepared = house.store.read([&](store::Tx& tx) { return prepare(tx, *parsed); });
  if (!prepared) {
    const bool is_busy = prepared.error().code == base::Code::unavailable;
    return refuse(is_busy ? crypto::OcspRefusal::try_later : crypto::OcspRefusal::internal_error);
  }
  if (!prepared->authority) return refuse(crypto::OcspRefusal::unauthorized);
  if (!prepared->responder || prepared->responder->not_after <= now) return refuse(crypto::OcspRefusal::try_later);
  const auto key = keep_key(prepared->responder->sha256, prepared->responder->pkcs8);
  if (!key) return refuse(crypto::OcspRefusal::internal_error);
  const base::Time until = std::min(now + answer_lasts, prepared->responder->not_after);
  auto der = crypto::answer_ocsp(*parsed, prepared->answers, {now, until}, {prepared->responder->der, *key});
  if (!der) return refuse(crypto::OcspRefusal::internal_error);
  OcspReply reply{std::move(*der), std::nullopt};
  if (!parsed->has_nonce()) reply.until = until;
  return reply;
}

}  // namespace flow
