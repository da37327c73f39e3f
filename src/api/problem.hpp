// The one table of this door: kind of refusal → type, title and status (RFC 9457 §3). A type is a URN.
// It never changes, because programs make decisions by it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"

namespace api {

struct Problem {
  std::string_view type;  // "wrong-password"; printed as "urn:chancery:problem:wrong-password"
  std::string_view title;
  int status = 400;
  std::string_view detail;             // for the people who run the client program
  std::string_view retry_after = "5";  // seconds, with 429 and 503
  /// RFC 9110 §15.5.2: a 401 must name a way to authenticate. Here the way is the login and password in the body.
  std::string_view challenge = "Chancery-Password realm=\"account\"";
};

inline constexpr Problem wrong_password{"wrong-password", "The stored login or password is not valid", 401,
                                        "Ask the operator to enter the password that is valid now. It may have been "
                                        "changed on the server, have expired, or "
                                        "the account may be locked or suspended."};
inline constexpr Problem password_refused{"password-refused", "The new password is not accepted", 422,
                                          "Choose another one; `flaws` says everything that is wrong with it."};
inline constexpr Problem too_early{"too-early", "The password was changed too recently", 409,
                                   "The policy forbids another change before `not_before`."};
inline constexpr Problem malformed{"malformed-request", "The request cannot be read", 400, ""};
inline constexpr Problem invalid_fields{"invalid-fields", "Members of the request are not valid", 400,
                                        "`errors` says everything that is wrong, member by member."};
inline constexpr Problem unauthenticated{"unauthenticated",
                                         "The application is unknown or its secret is wrong",
                                         401,
                                         "Send client_id and secret as HTTP Basic. The application may be switched "
                                         "off, or its secret may have ended.",
                                         "5",
                                         "Basic realm=\"chancery\", charset=\"UTF-8\""};
inline constexpr Problem invalid_token{"invalid-token",
                                       "The access token is malformed, expired or revoked, or not for this API",
                                       401,
                                       "Ask the token endpoint for one with resource = the issuer and /api/v1.",
                                       "5",
                                       "Bearer realm=\"chancery\", error=\"invalid_token\""};
inline constexpr Problem insufficient_scope{"insufficient-scope", "The caller has not the scope of this call", 403,
                                            "WWW-Authenticate names the scope. An administrator gives it to the "
                                            "application, with the permission that belongs to it."};
inline constexpr Problem not_permitted{"not-permitted", "The application may not write events", 403,
                                       "An administrator of applications gives this permission."};
inline constexpr Problem too_many_events{"too-many-events", "The application writes too many events", 429,
                                         "Send the event again after the time that Retry-After says.", "60"};
inline constexpr Problem key_reused{"idempotency-key-reused", "The Idempotency-Key came with another request", 422,
                                    "Each request needs a key of its own; only the same one may be sent again."};

inline constexpr Problem not_permitted_to_send{"not-permitted", "The application may not send messages", 403,
                                               "The operator gives this permission: chancery client set "
                                               "--may-send-messages."};
inline constexpr Problem too_many_messages{"too-many-messages", "The application sends too many messages", 429,
                                           "Send the message again after the time that Retry-After says.", "60"};
inline constexpr Problem no_gateway{"no-gateway", "There is no such SMS gateway", 409,
                                    "Leave `gateway` out, or name one of the configuration."};
inline constexpr Problem message_refused{"message-refused", "The gateway refuses this message for good", 422,
                                         "The same message will not be taken later; the gateway may lack its kind."};
inline constexpr Problem message_not_taken{"message-not-taken", "No gateway has taken the message", 503,
                                           "Send it again later with the same Idempotency-Key.", "60"};

inline constexpr Problem no_timestamp_authority{"no-timestamp-authority", "There is no time-stamp authority here", 404,
                                                "The operator makes one: chancery timestamp authority create."};
inline constexpr Problem timestamps_off{"feature-off", "Time stamps are not enabled for this organisation", 403, ""};
inline constexpr Problem too_many_timestamps{"too-many-timestamps", "The program asks for too many time stamps", 429,
                                             "Ask again after the time that Retry-After says.", "60"};
inline constexpr Problem timestamp_refused{"timestamp-refused", "This is not stamped", 422,
                                           "`failure` is the failInfo of RFC 3161."};
inline constexpr Problem clock_mistrusted{"clock-not-trusted", "The clock is not trusted now", 503,
                                          "Nothing is stamped until the clock has run evenly for a minute.", "60"};

inline constexpr Problem body_too_large{"body-too-large", "The body of the request is too large", 413,
                                        "`limit` is in octets, of the whole body."};
inline constexpr Problem json_too_large{"body-too-large", "The body of the request is too large", 413,
                                        "`limit` is in octets, of a body that is not multipart/form-data. Send large "
                                        "documents as files of a form, or their digests."};
inline constexpr Problem no_space{"storage-full", "There is no space for the body of the request", 507,
                                  "The disk is full. Nothing was done."};
inline constexpr Problem no_memory{"busy", "Too many large documents are being read", 503, "Try again in a moment."};

inline constexpr Problem verification_off{
    "feature-off", "The verification of signatures is not enabled for this organisation", 403, ""};
inline constexpr Problem document_too_large{
    "document-too-large", "The document is larger than is verified", 413,
    "Send a separate signature, and the document as `content`, or its digest as "
    "content_digest. `limit` is in octets, of `document`."};
inline constexpr Problem not_verifiable{
    "not-verifiable", "This cannot be verified", 422,
    "`reason` says why: empty, pdf, zip, json, no_signature, unknown_policy, future."};

/// A member of the answer that RFC 9457 does not define: name and JSON value.
using Member = std::pair<std::string_view, std::string>;

/// Writes one line to the log, under the request id of the answer; `reason` = "": with the problem's title.
http::Response print(const Problem& problem, const http::Request& request, const std::vector<Member>& more = {},
                     std::string_view reason = {});
/// For errors that every call can give: invalid_input, conflict, unavailable … The reason goes to the log only.
http::Response print(const base::Error& error, const http::Request& request);

}  // namespace api
