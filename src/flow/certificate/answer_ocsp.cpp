#include "flow/certificate/answer_ocsp.hpp"

#include <map>
#include <mutex>
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

/// Answers that a token has signed, by responder and question. They are given again as long as the database says the
/// same: half of their time in any case, because a card signs a few times a second, and to their end while the token is
/// not there.
class SignedAnswers {
 public:
  struct Answer {
    base::Bytes der;
    std::vector<crypto::OcspAnswer> said;
    base::Time until;
  };
  std::optional<Answer> find(const std::string& key, const std::vector<crypto::OcspAnswer>& said, base::Time at_least) {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(key);
    if (found == answers_.end() || found->second.until <= at_least || found->second.said != said) return std::nullopt;
    return found->second;
  }
  void keep(const std::string& key, Answer answer) {
    const std::lock_guard lock(mutex_);
    if (answers_.size() >= most) answers_.clear();
    answers_.insert_or_assign(key, std::move(answer));
  }

 private:
  static constexpr std::size_t most = 10'000;
  std::mutex mutex_;
  std::map<std::string, Answer> answers_;
};

SignedAnswers& signed_answers() {
  static SignedAnswers answers;
  return answers;
}

/// Without the nonce of the request, because the answer is kept for others (RFC 9654 §2.1).
OcspReply answer_by_token(const crypto::OcspRequest& request, const Prepared& prepared, const crypto::KeyPair& key,
                          const crypto::OcspTimes& times) {
  const std::string place = prepared.responder->sha256 + request.questions();
  if (const auto kept = signed_answers().find(place, prepared.answers, times.this_update + answer_lasts / 2)) {
    return {kept->der, kept->until};
  }
  auto der =
      crypto::answer_ocsp(request, prepared.answers, times, {prepared.responder->der, key}, crypto::WithNonce::no);
  if (der) {
    signed_answers().keep(place, {*der, prepared.answers, times.next_update});
    return {std::move(*der), times.next_update};
  }
  if (const auto kept = signed_answers().find(place, prepared.answers, times.this_update)) {
    return {kept->der, kept->until};
  }
  return refuse(crypto::OcspRefusal::try_later);
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
  const auto key = find_key_of(house, *prepared->responder);
  if (!key) return refuse(crypto::OcspRefusal::internal_error);
  const base::Time until = std::min(now + answer_lasts, prepared->responder->not_after);
  if (key->is_held_elsewhere()) return answer_by_token(*parsed, *prepared, *key, {now, until});
  auto der = crypto::answer_ocsp(*parsed, prepared->answers, {now, until}, {prepared->responder->der, *key});
  if (!der) return refuse(crypto::OcspRefusal::internal_error);
  OcspReply reply{std::move(*der), std::nullopt};
  if (!parsed->has_nonce()) reply.until = until;
  return reply;
}

}  // namespace flow
