#include "api/timestamps.hpp"

#include "api/client_call.hpp"
#include "api/problem.hpp"
#include "base/json.hpp"
#include "browser/request_facts.hpp"
#include "flow/timestamp/issue_timestamp.hpp"
#include "flow/validation/content_from_source.hpp"
#include "http/multipart.hpp"

namespace api {
namespace {

/// Puts the texts into `wish` and notes all that is wrong with them.
void read_members(const crypto::ObjectOutline& object, crypto::TimestampRequest& wish, MemberErrors& errors) {
  for (const auto& [name, value] : object.members) {
    const std::string_view shown = std::string_view(name).substr(0, 100);
    if (name != "digest" && name != "algorithm" && name != "policy") {
      errors.note(shown, "unknown_field", "is no member of this request");
    } else if (!value.is_text) {
      errors.note(shown, "not_text", "must be a text");
    } else if (name == "digest") {
      const auto digest = base::parse_base64(value.text);
      if (!digest) errors.note(shown, "bad_value", "must be base64 (RFC 4648 section 4)");
      wish.imprint = digest.value_or(base::Bytes());
    } else if (name == "algorithm") {
      const auto kind = crypto::parse_digest_kind(value.text);
      if (!kind) errors.note(shown, "not_a_choice", "must be sha256, sha384 or sha512");
      wish.digest_kind = kind.value_or(crypto::DigestKind::sha256);
    } else {
      wish.policy = value.text;
    }
  }
  if (object.members.find("digest") == object.members.end()) errors.note("digest", "missing", "is missing");
  if (errors.any()) return;
  if (wish.imprint.size() != crypto::size_of(wish.digest_kind)) {
    errors.note("digest", "bad_length", "has another length than a digest of that algorithm");
  }
}

/// What was asked for, and by whom; or the answer to refuse with.
struct Call {
  flow::CallerProof proof;
  crypto::TimestampRequest wish;
};

base::Result<base::Bytes> digest_of(const http::UploadedFile& file, crypto::DigestKind kind) {
  return file.stored ? flow::digest_of(*file.stored, kind)
                     : base::Result<base::Bytes>(crypto::digest(kind, file.octets));
}

/// A form with the document itself, in the file `document`: its digest is computed here, and it is not kept.
tl::expected<Call, http::Response> read_form(const http::Request& request) {
  auto proof = read_caller_proof(request);
  if (!proof) return tl::unexpected(print(unauthenticated, request));
  auto form = http::parse_multipart(request);
  if (!form && form.error().code != base::Code::invalid_input) return tl::unexpected(print(form.error(), request));
  if (!form) {
    Problem problem = malformed;
    problem.detail = "the form cannot be read";
    return tl::unexpected(print(problem, request, {}, form.error().reason));
  }
  Call call{std::move(*proof), {}};
  MemberErrors errors;
  for (const auto& [name, text] : form->fields.fields()) {
    const auto kind = crypto::parse_digest_kind(text);
    if (name == "policy") {
      call.wish.policy = text;
    } else if (name != "algorithm") {
      errors.note(std::string_view(name).substr(0, 100), "unknown_field", "is no member of this form");
    } else if (!kind) {
      errors.note(name, "not_a_choice", "must be sha256, sha384 or sha512");
    }
    if (name == "algorithm" && kind) call.wish.digest_kind = *kind;
  }
  const http::UploadedFile* document = nullptr;
  for (const http::UploadedFile& file : form->files) {
    if (file.field == "document") document = &file;
    if (file.field != "document") errors.note(file.field.substr(0, 100), "unknown_field", "is no file of this form");
  }
  if (document == nullptr) errors.note("document", "missing", "is missing");
  if (errors.any()) return tl::unexpected(errors.refuse(request));
  auto digest = digest_of(*document, call.wish.digest_kind);
  if (!digest) return tl::unexpected(print(digest.error(), request));
  call.wish.imprint = std::move(*digest);
  return call;
}

tl::expected<Call, http::Response> read_call(const http::Request& request) {
  if (http::is_multipart(request)) return read_form(request);
  auto call = read_client_call(request);
  if (!call) return tl::unexpected(std::move(call.error()));
  Call read{std::move(call->proof), {}};
  MemberErrors errors;
  read_members(call->object, read.wish, errors);
  if (errors.any()) return tl::unexpected(errors.refuse(request));
  return read;
}

http::Response refuse(const http::Request& request, const flow::CallerProof& proof, flow::StampRefusal refusal) {
  switch (refusal) {
    case flow::StampRefusal::no_authority: return print(no_timestamp_authority, request);
    case flow::StampRefusal::feature_off: return print(timestamps_off, request);
    case flow::StampRefusal::too_many: return print(too_many_timestamps, request);
    default: return *refuse_program(request, proof, refusal, "timestamp");
  }
}

}  // namespace

http::Response make_timestamp(const flow::House& house, const http::Request& request) {
  auto call = read_call(request);
  if (!call) return std::move(call.error());
  flow::StampWish wish;
  wish.request = std::move(call->wish);
  wish.request.wants_certificates = true;
  wish.proof = call->proof;
  wish.clock = flow::read_clocks();
  flow::RequestFacts facts = browser::facts_of_program(request);
  facts.now = wish.clock.wall;
  const auto stamped = flow::issue_timestamp(house, wish, facts);
  if (!stamped) return print(stamped.error(), request);
  if (stamped->refusal) return refuse(request, call->proof, *stamped->refusal);
  if (stamped->failure == crypto::TimestampFailure::time_not_available) return print(clock_mistrusted, request);
  if (stamped->failure) {
    return print(timestamp_refused, request, {{"failure", base::to_json_string(crypto::name_of(*stamped->failure))}});
  }
  base::JsonObject body;
  body.text("token", base::to_base64(stamped->token)).text("serial", base::to_hex(stamped->info.serial));
  body.text("at", base::to_rfc3339(stamped->info.at)).text("policy", stamped->info.policy);
  return http::Response::json(body.finish());
}

}  // namespace api
