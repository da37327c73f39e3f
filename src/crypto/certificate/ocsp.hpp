// Questions and answers about single certificates (OCSP, RFC 6960; nonce RFC 9654).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/certificate/issue.hpp"
#include "crypto/certificate/revocation_list.hpp"

namespace crypto {

inline constexpr std::size_t largest_ocsp_request = std::size_t{4} * 1024;
inline constexpr std::size_t most_ocsp_questions = 8;

class OcspRequest {
 public:
  /// DER. Errors: invalid_input (too large, unreadable, no question or more than most_ocsp_questions, a nonce of more
  /// than 128 octets).
  static base::Result<OcspRequest> parse(base::BytesView der);

  [[nodiscard]] std::size_t count() const;
  /// Lower-case hexadecimal, as CertificateFacts::serial.
  [[nodiscard]] const std::string& serial(std::size_t question) const;
  /// Whether the question is about a certificate of this issuer (DER): name and key, by the digest of the question.
  [[nodiscard]] bool is_about(std::size_t question, base::BytesView issuer) const;
  [[nodiscard]] bool has_nonce() const;
  /// The CertIDs, DER, one behind the other: the same for two requests that ask the same.
  [[nodiscard]] base::Bytes questions() const;

  struct Impl;
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  explicit OcspRequest(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

enum class OcspStatus : std::uint8_t {
  good,
  revoked,
  unknown,
};
struct OcspAnswer {
  OcspStatus status = OcspStatus::unknown;
  base::Time revoked_at{};
  RevocationReason reason = RevocationReason::unspecified;

  friend bool operator==(const OcspAnswer&, const OcspAnswer&) = default;
};
struct OcspTimes {
  base::Time this_update;
  base::Time next_update;
};
enum class WithNonce : std::uint8_t {
  yes,  // that of the request, if it has one
  no,   // the answer is kept for others (RFC 9654 §2.1 allows it to be left out)
};
/// One answer for each question, signed by the responder whose certificate is included. DER. Errors: conflict (key not
/// of the certificate), invalid_input, and those of a key that is held elsewhere.
base::Result<base::Bytes> answer_ocsp(const OcspRequest& request, const std::vector<OcspAnswer>& answers,
                                      const OcspTimes& times, const Issuer& responder,
                                      WithNonce with_nonce = WithNonce::yes);

enum class OcspRefusal : std::uint8_t {
  malformed,
  internal_error,
  try_later,
  unauthorized,
};
/// An unsigned answer that says why there is none (RFC 6960 §2.3).
base::Bytes refuse_ocsp(OcspRefusal why);

/// The question of our own about a certificate of others. DER. Errors: invalid_input.
base::Result<base::Bytes> make_ocsp_request(base::BytesView certificate, base::BytesView issuer);
struct OcspFinding {
  OcspStatus status = OcspStatus::unknown;
  base::Time this_update;
  std::optional<base::Time> next_update;
  std::optional<base::Time> revoked_at;
};
/// The answer about the certificate: signed by its issuer or a responder that the issuer has delegated, with strong
/// digest, in time at `now`. Errors: invalid_input (which of it is not so).
base::Result<OcspFinding> read_ocsp_answer(base::BytesView answer, base::BytesView certificate, base::BytesView issuer,
                                           base::Time now);

}  // namespace crypto
