#include "timestamp/stamp.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/log.hpp"
#include "browser/request_facts.hpp"
#include "flow/timestamp/issue_timestamp.hpp"
#include "http/basic_authorization.hpp"

namespace timestamp {
namespace {

constexpr std::string_view query_type = "application/timestamp-query";
constexpr std::size_t longest_share = 40;

http::Response say(int status, std::string_view sentence) {
  return http::Response::text(std::string(sentence) + "\n", status);
}

/// nullopt in the result: nobody is named. Errors: invalid_input.
base::Result<std::optional<flow::CallerProof>> read_proof(const http::Request& request) {
  const std::string* const header = request.find_header("Authorization");
  if (header == nullptr) return std::optional<flow::CallerProof>();
  if (request.count_header("Authorization") > 1) {
    return base::fail(base::Code::invalid_input, "Authorization comes more than once.");
  }
  if (auto token = http::parse_bearer(*header); !token.empty()) {
    return std::optional<flow::CallerProof>(flow::BearerToken{std::move(token)});
  }
  auto basic = http::parse_client_basic(*header);
  if (!basic) return base::fail(base::Code::invalid_input, "Authorization is neither Bearer nor Basic.");
  return std::optional<flow::CallerProof>(
      flow::ClientCredentials{flow::ClientMethod::basic, std::move(basic->user), std::move(basic->password)});
}

bool is_query(const http::Request& request) {
  const std::string* const type = request.find_header("Content-Type");
  if (type == nullptr) return false;
  std::string name = type->substr(0, type->find(';'));
  while (name.ends_with(' ')) name.pop_back();
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return name == query_type;
}

http::Response refuse(flow::StampRefusal refusal) {
  switch (refusal) {
    case flow::StampRefusal::no_authority: return say(404, "There is no time-stamp authority on this server.");
    case flow::StampRefusal::feature_off: return say(403, "Time stamps are not enabled for this organisation.");
    case flow::StampRefusal::lacks_scope: {
      http::Response response = say(403, "The scope \"timestamp\" is needed.");
      response.add("WWW-Authenticate", R"(Bearer realm="chancery", error="insufficient_scope", scope="timestamp")");
      return response;
    }
    case flow::StampRefusal::too_many: {
      http::Response response = say(429, "That were too many time stamps in one minute.");
      response.add("Retry-After", "60");
      return response;
    }
    case flow::StampRefusal::unauthenticated: break;
  }
  http::Response response = say(401, "Prove who you are: by client_secret_basic or by a token.");
  response.add("WWW-Authenticate", R"(Basic realm="chancery", charset="UTF-8")");
  response.add("WWW-Authenticate", R"(Bearer realm="chancery")");
  return response;
}

http::Response unavailable(const http::Request& request, const base::Error& error) {
  base::log(base::Level::warning, "a time stamp could not be issued",
            {{"request_id", request.request_id}, {"reason", base::describe(error)}});
  http::Response response = say(503, "Try again in a moment.");
  response.add("Retry-After", "5");
  return response;
}

}  // namespace

http::Response stamp(const flow::House& house, const http::Request& request) {
  if (!is_query(request)) return say(415, "Send a request as application/timestamp-query (RFC 3161).");
  if (request.body.empty()) return say(400, "The request is empty.");
  const auto proof = read_proof(request);
  if (!proof) return say(400, proof.error().reason);
  const auto clock = flow::read_clocks();
  flow::RequestFacts facts = browser::facts_of_program(request);
  facts.now = clock.wall;
  auto reply = flow::answer_timestamp(house, request.body, *proof, clock, facts);
  if (!reply) return unavailable(request, reply.error());
  if (reply->refusal) return refuse(*reply->refusal);
  http::Response response;
  response.content_type = "application/timestamp-reply";
  response.body = std::move(reply->der);
  return response;
}

std::string program_to_share(const http::Request& request) {
  const auto proof = read_proof(request);
  if (!proof || !*proof) return {};
  if (const auto* token = std::get_if<flow::BearerToken>(&**proof)) {
    // Nobody has read the token yet, so that its end, the signature, stands for the caller.
    return "token " + token->value.substr(token->value.size() - std::min(token->value.size(), longest_share));
  }
  return "client " + std::get<flow::ClientCredentials>(**proof).client_id;
}

}  // namespace timestamp
