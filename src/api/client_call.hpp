// What every call of an application has in common: it proves itself by client_secret_basic or by an access token (RFC
// 6750 §2.1), sends one JSON object, and may send the same call again under an Idempotency-Key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "crypto/token/strict_json.hpp"
#include "flow/system/find_program.hpp"
#include "http/message.hpp"

namespace api {

struct ClientCall {
  flow::CallerProof proof;
  crypto::ObjectOutline object;
  std::string idempotency_key;  // "" = none
};
/// How the caller proves itself; nullopt: nobody is named in a way that can be read.
std::optional<flow::CallerProof> read_caller_proof(const http::Request& request);
/// The answer to refuse with, or the call.
tl::expected<ClientCall, http::Response> read_client_call(const http::Request& request);

/// The answer to a caller that is not known: after the way in which it tried to prove itself (RFC 6750 §3).
http::Response refuse_caller(const http::Request& request, const flow::CallerProof& proof);
/// The answer to a token without the scope that the call needs.
http::Response refuse_scope(const http::Request& request, std::string_view scope);

/// Both, for a call of a program: `Refusal` has the names of flow::ProgramRefusal; nullopt: it is refused for something
/// else.
template <class Refusal>
std::optional<http::Response> refuse_program(const http::Request& request, const flow::CallerProof& proof,
                                             Refusal refusal, std::string_view scope) {
  if (refusal == Refusal::lacks_scope) return refuse_scope(request, scope);
  if (refusal == Refusal::unauthenticated) return refuse_caller(request, proof);
  return std::nullopt;
}

/// Judges who calls by the header alone, before documents are taken: nullopt, or the answer to refuse with.
std::optional<http::Response> admit_program(const flow::House& house, const http::Request& request,
                                            const flow::ProgramCall& call);

/// All requests of one application together have one share of the lane. "" = none is named.
std::string client_to_share(const http::Request& request);

/// What is wrong with the members: [{"field":"to","code":"missing","message":"is missing"}]
class MemberErrors {
 public:
  void note(std::string_view field, std::string_view code, std::string_view message);
  [[nodiscard]] bool any() const { return any_; }
  /// The answer that names them all.
  http::Response refuse(const http::Request& request);

 private:
  base::JsonArray list_;
  bool any_ = false;
};

}  // namespace api
