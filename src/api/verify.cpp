#include "api/verify.hpp"

#include <array>

#include "api/client_call.hpp"
#include "api/problem.hpp"
#include "base/bytes.hpp"
#include "browser/request_facts.hpp"
#include "flow/validation/content_at_hand.hpp"
#include "flow/validation/content_from_source.hpp"
#include "flow/validation/report_json.hpp"
#include "flow/validation/validation_desk.hpp"
#include "flow/validation/verify_document.hpp"
#include "http/multipart.hpp"
#include "text/text.hpp"

namespace api {
namespace {

constexpr std::size_t longest_name = 255;

/// What was sent, in either form.
struct Sent {
  std::string document;
  std::shared_ptr<const base::OctetSource> stored_document{};  // instead of `document`
  std::optional<std::string> content;
  std::shared_ptr<const base::OctetSource> stored_content{};  // instead of `content`
  std::string content_digest;                                 // octets
  std::string content_algorithm = "sha256";
  std::string name;
  std::string policy;
  std::string at;
};

struct Member {
  std::string_view name;
  std::string Sent::*value;
  bool is_octets = false;  // base64 in JSON
};
constexpr std::array<Member, 6> members{{{"document", &Sent::document, true},
                                         {"content_digest", &Sent::content_digest, true},
                                         {"content_algorithm", &Sent::content_algorithm},
                                         {"name", &Sent::name},
                                         {"policy", &Sent::policy},
                                         {"at", &Sent::at}}};

const Member* find_member(std::string_view name) {
  for (const Member& one : members) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

void take_base64(const std::string& name, const std::string& text, std::string& into, MemberErrors& errors) {
  auto octets = base::parse_base64(text);
  if (octets) {
    into = std::move(*octets);
  } else {
    errors.note(name, "not_base64", "must be base64 with padding, without line breaks");
  }
}

void read_json(const crypto::ObjectOutline& object, Sent& sent, MemberErrors& errors) {
  for (const auto& [name, value] : object.members) {
    const Member* const member = find_member(name);
    if (member == nullptr && name != "content") {
      errors.note(std::string_view(name).substr(0, 100), "unknown_field", "is no member of this request");
    } else if (!value.is_text) {
      errors.note(name, "not_text", "must be a text");
    } else if (member == nullptr) {
      take_base64(name, value.text, sent.content.emplace(), errors);
    } else if (member->is_octets) {
      take_base64(name, value.text, sent.*member->value, errors);
    } else {
      sent.*member->value = value.text;
    }
  }
}

void read_multipart(http::MultipartForm& form, Sent& sent, MemberErrors& errors) {
  for (http::UploadedFile& file : form.files) {
    if (file.field == "document") {
      sent.document = std::move(file.octets);
      sent.stored_document = std::move(file.stored);
    } else if (file.field == "content" && file.stored) {
      sent.stored_content = std::move(file.stored);
    } else if (file.field == "content") {
      sent.content = std::move(file.octets);
    } else {
      errors.note(file.field.substr(0, 100), "unknown_field", "is no file of this request");
    }
  }
  for (const Member& one : members) {
    if (one.name == "document" || !form.fields.has(std::string(one.name))) continue;
    const std::string text = form.fields.get(std::string(one.name));
    if (one.is_octets) {
      take_base64(std::string(one.name), text, sent.*one.value, errors);
    } else {
      sent.*one.value = text;
    }
  }
}

/// Reads the body; the answer to refuse with.
std::optional<http::Response> read(const http::Request& request, Sent& sent, MemberErrors& errors) {
  Problem problem = malformed;
  if (http::is_multipart(request)) {
    auto form = http::parse_multipart(request);
    problem.detail = "the form cannot be read";
    if (!form && form.error().code != base::Code::invalid_input) return print(form.error(), request);
    if (!form) return print(problem, request, {}, form.error().reason);
    read_multipart(*form, sent, errors);
    return std::nullopt;
  }
  const std::string* const type = request.find_header("Content-Type");
  problem.detail = "the body must be application/json or multipart/form-data";
  if (type == nullptr || !type->starts_with("application/json")) return print(problem, request, {}, problem.detail);
  const auto object = crypto::outline_object(request.body);
  problem.detail = "the body must be one JSON object in UTF-8, with each member once";
  if (!object) return print(problem, request, {}, problem.detail);
  read_json(*object, sent, errors);
  return std::nullopt;
}

struct Wish {
  flow::VerifyWish verify;
  std::optional<flow::ContentInMemory> content;
  std::optional<flow::ContentFromSource> stored;
  std::optional<flow::ContentByDigest> digest;
};

void make_wish(const Sent& sent, Wish& wish, MemberErrors& errors) {
  wish.verify.document = sent.document;
  wish.verify.name = sent.name;
  wish.verify.policy = sent.policy;
  if (sent.name.size() > longest_name) errors.note("name", "too_long", "is too long");
  if (!sent.at.empty()) {
    const auto at = base::parse_rfc3339(sent.at);
    if (!at) errors.note("at", "not_a_time", "must be a time such as 2026-11-29T12:00:00Z");
    if (at) wish.verify.at = *at;
  }
  const bool has_content = sent.content || sent.stored_content;
  if (has_content && !sent.content_digest.empty()) {
    errors.note("content_digest", "not_both", "comes instead of content");
  }
  if (sent.content) {
    wish.content.emplace(sent.name, *sent.content);
    wish.verify.contents = {&*wish.content};
  } else if (sent.stored_content) {
    wish.stored.emplace(sent.name, sent.stored_content);
    wish.verify.contents = {&*wish.stored};
  } else if (!sent.content_digest.empty()) {
    auto digests = flow::ContentByDigest::of_one(sent.content_algorithm, sent.content_digest);
    if (!digests) {
      errors.note("content_digest", "not_a_digest", "must be a digest by content_algorithm: sha256, sha384 or sha512");
      return;
    }
    wish.digest.emplace(sent.name, std::move(*digests));
    wish.verify.contents = {&*wish.digest};
  }
}

http::Response refuse_size(const flow::House& house, const http::Request& request) {
  return print(document_too_large, request, {{"limit", std::to_string(house.validation->settings().most_octets)}});
}

/// What is judged is read as a whole, if it is not too large for that; the answer to refuse with.
std::optional<http::Response> load_document(const flow::House& house, const http::Request& request, Sent& sent) {
  if (!sent.stored_document || house.validation == nullptr) return std::nullopt;
  if (sent.stored_document->size() > house.validation->settings().most_octets) return refuse_size(house, request);
  auto octets = sent.stored_document->load();
  if (!octets && octets.error().code == base::Code::too_many) return print(no_memory, request);
  if (!octets) return print(octets.error(), request);
  sent.document = std::move(*octets);
  return std::nullopt;
}

http::Response refuse(const flow::House& house, const http::Request& request, const flow::CallerProof& proof,
                      flow::VerifyRefusal refusal) {
  using flow::VerifyRefusal;
  if (auto refused = refuse_program(request, proof, refusal, "verify")) return std::move(*refused);
  switch (refusal) {
    case VerifyRefusal::feature_off: return print(verification_off, request);
    case VerifyRefusal::too_large: return refuse_size(house, request);
    default: break;
  }
  const std::string name(flow::name_of(refusal));
  const std::string text = text::say(browser::language_of(request), "validation.refusal." + name);
  return print(not_verifiable, request, {{"reason", base::to_json_string(name)}, {"text", base::to_json_string(text)}},
               name);
}

}  // namespace

http::Response verify(const flow::House& house, const http::Request& request) {
  const auto proof = read_caller_proof(request);
  if (!proof) return print(unauthenticated, request);
  Sent sent;
  MemberErrors errors;
  if (auto refused = read(request, sent, errors)) return std::move(*refused);
  if (auto refused = load_document(house, request, sent)) return std::move(*refused);
  Wish wish;
  make_wish(sent, wish, errors);
  if (errors.any()) return errors.refuse(request);
  const flow::RequestFacts facts = browser::facts_of(request);
  const auto verified = flow::verify_by_program(house, *proof, wish.verify, facts);
  if (!verified) return print(verified.error(), request);
  if (verified->refusal) return refuse(house, request, *proof, *verified->refusal);
  return http::Response::json(flow::print_report(verified->report, facts.language));
}

}  // namespace api
