#include "flow/timestamp/get_timestamp.hpp"

#include <string>

#include "base/log.hpp"
#include "flow/timestamp/issue_timestamp.hpp"
#include "flow/timestamp/timestamp_desk.hpp"

namespace flow {

base::Result<base::Bytes> get_timestamp_from(const House& house, const std::string& url,
                                             const crypto::TimestampRequest& request) {
  if (house.timestamps == nullptr || !house.timestamps->post()) {
    return base::fail(base::Code::unavailable, "no other server is called");
  }
  ASSIGN_OR_RETURN(const base::Bytes asked, crypto::make_timestamp_request(request));
  ASSIGN_OR_RETURN(const base::Bytes response, house.timestamps->post()(url, asked));
  return crypto::read_timestamp_response(response, request);
}

base::Result<base::Bytes> get_timestamp(const House& house, base::BytesView octets, crypto::DigestKind digest,
                                        const signature::ClockReading& clock, const RequestFacts& facts) {
  if (house.timestamps == nullptr || house.timestamps->settings().sources.empty()) {
    return base::fail(base::Code::not_found, "no source of time stamps is configured");
  }
  std::string reasons;
  bool is_missing = true;
  for (const std::string& source : house.timestamps->settings().sources) {
    crypto::TimestampRequest request;
    request.digest_kind = digest;
    request.imprint = crypto::digest(digest, octets);
    request.nonce = crypto::make_nonce();
    request.wants_certificates = true;
    auto token = source == "own" ? issue_own_timestamp(house, request, clock, facts)
                                 : get_timestamp_from(house, source, request);
    house.timestamps->answers().note(source, {facts.now, token ? std::string() : token.error().reason});
    if (token) return token;
    is_missing = is_missing && token.error().code == base::Code::not_found;
    reasons += (reasons.empty() ? "" : "; ") + source + ": " + token.error().reason;
    base::log(base::Level::warning, "a source gave no time stamp",
              {{"source", source}, {"reason", base::describe(token.error())}});
  }
  return base::fail(is_missing ? base::Code::not_found : base::Code::unavailable, reasons);
}

}  // namespace flow
