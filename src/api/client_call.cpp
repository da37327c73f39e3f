#include "api/client_call.hpp"

#include <algorithm>
#include <utility>

#include "api/problem.hpp"
#include "browser/request_facts.hpp"
#include "http/basic_authorization.hpp"

namespace api {
namespace {

constexpr std::size_t longest_key = 255;

constexpr std::size_t longest_share = 40;

tl::unexpected<http::Response> refuse_malformed(const http::Request& request, std::string_view why) {
  Problem problem = malformed;
  problem.detail = why;
  return tl::unexpected(print(problem, request, {}, why));
}

}  // namespace

std::optional<flow::CallerProof> read_caller_proof(const http::Request& request) {
  const std::string* header = request.find_header("Authorization");
  if (header == nullptr || request.count_header("Authorization") > 1) return std::nullopt;
  if (auto token = http::parse_bearer(*header); !token.empty()) return flow::BearerToken{std::move(token)};
  auto basic = http::parse_client_basic(*header);
  if (!basic) return std::nullopt;
  return flow::ClientCredentials{flow::ClientMethod::basic, std::move(basic->user), std::move(basic->password)};
}

tl::expected<ClientCall, http::Response> read_client_call(const http::Request& request) {
  auto proof = read_caller_proof(request);
  if (!proof) return tl::unexpected(print(unauthenticated, request));
  const std::string* type = request.find_header("Content-Type");
  if (type == nullptr || !type->starts_with("application/json")) {
    return refuse_malformed(request, "the body must be application/json");
  }
  auto object = crypto::outline_object(request.body);
  if (!object) return refuse_malformed(request, "the body must be one JSON object in UTF-8, with each member once");
  const std::string* key = request.find_header("Idempotency-Key");
  if (request.count_header("Idempotency-Key") > 1 || (key != nullptr && key->size() > longest_key)) {
    return refuse_malformed(request, "there may be one Idempotency-Key of at most 255 octets");
  }
  return ClientCall{std::move(*proof), std::move(*object), key == nullptr ? std::string() : *key};
}

http::Response refuse_caller(const http::Request& request, const flow::CallerProof& proof) {
  return print(std::holds_alternative<flow::BearerToken>(proof) ? invalid_token : unauthenticated, request);
}

http::Response refuse_scope(const http::Request& request, std::string_view scope) {
  http::Response response = print(insufficient_scope, request);
  response.add("WWW-Authenticate",
               R"(Bearer realm="chancery", error="insufficient_scope", scope=")" + std::string(scope) + "\"");
  return response;
}

std::optional<http::Response> admit_program(const flow::House& house, const http::Request& request,
                                            const flow::ProgramCall& call) {
  const auto proof = read_caller_proof(request);
  if (!proof) return print(unauthenticated, request);
  const auto refusal = flow::find_program_refusal(house, *proof, call, browser::facts_of_program(request));
  if (!refusal) return print(refusal.error(), request);
  return *refusal ? refuse_program(request, *proof, **refusal, call.scope) : std::nullopt;
}

std::string client_to_share(const http::Request& request) {
  const auto proof = read_caller_proof(request);
  if (!proof) return {};
  if (const auto* token = std::get_if<flow::BearerToken>(&*proof)) {
    // Nobody has read the token yet, so that its end, the signature, stands for the caller.
    return "token " + token->value.substr(token->value.size() - std::min(token->value.size(), longest_share));
  }
  return "client " + std::get<flow::ClientCredentials>(*proof).client_id;
}

void MemberErrors::note(std::string_view field, std::string_view code, std::string_view message) {
  base::JsonObject one;
  one.text("field", field).text("code", code).text("message", message);
  list_.raw(one.finish());
  any_ = true;
}

http::Response MemberErrors::refuse(const http::Request& request) {
  return print(invalid_fields, request, {{"errors", list_.finish()}});
}

}  // namespace api
