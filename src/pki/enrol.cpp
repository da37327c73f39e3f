#include "pki/enrol.hpp"

#include <optional>
#include <utility>

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "browser/request_facts.hpp"
#include "flow/system/authenticate_system.hpp"
#include "flow/system/enrol_certificate.hpp"
#include "flow/system/make_certificate.hpp"
#include "flow/tenant/features.hpp"
#include "http/basic_authorization.hpp"

namespace pki {
namespace {

// A SEQUENCE with the identifier of ecdsa-with-SHA256 (RFC 5758 §3.2), base64.
constexpr std::string_view attributes = "MAoGCCqGSM49BAMC\n";

http::Response say(int status, std::string_view sentence) {
  return http::Response::text(std::string(sentence) + "\n", status);
}

http::Response challenge() {
  http::Response response = say(401, "Send the name and the password of a client system or a service.");
  response.add("WWW-Authenticate", "Basic realm=\"est\", charset=\"UTF-8\"");
  return response;
}

/// Basic of the request; nullopt: there is no header. Errors: invalid_input (a sentence for the program).
base::Result<std::optional<http::BasicAuthorization>> read_basic(const http::Request& request) {
  const std::string* const header = request.find_header("Authorization");
  if (header == nullptr) return std::optional<http::BasicAuthorization>();
  if (request.count_header("Authorization") > 1) {
    return base::fail(base::Code::invalid_input, "Authorization comes more than once.");
  }
  auto basic = http::parse_basic(*header);
  const bool is_text = basic && base::is_utf8(basic->user) && basic->user.find('\0') == std::string::npos;
  if (!is_text || basic->user.empty()) {
    return base::fail(base::Code::invalid_input, "Authorization is not HTTP Basic (RFC 7617).");
  }
  return std::optional(std::move(*basic));
}

http::Response only_over_tls() {
  return say(403, "Enrolment is possible over TLS only (RFC 7030). A password that was sent without it is known now.");
}

/// RFC 8951 §3.1: base64 in lines, whatever Content-Transfer-Encoding says.
http::Response print_base64(base::BytesView der, std::string content_type) {
  constexpr std::size_t width = 64;
  const std::string text = base::to_base64(der);
  http::Response response;
  response.content_type = std::move(content_type);
  for (std::size_t i = 0; i < text.size(); i += width) response.body.append(text, i, width).append("\r\n");
  response.add("Content-Transfer-Encoding", "base64");
  return response;
}

http::Response print_error(const http::Request& request, const base::Error& error) {
  base::log(base::Level::info, "a request for a certificate was refused",
            {{"request_id", request.request_id}, {"reason", base::describe(error)}});
  switch (error.code) {
    case base::Code::login_failed:
      return request.count_header("Authorization") > 0
                 ? challenge()
                 : say(403, "The certificate is not one that can be renewed here: unknown, over or revoked.");
    case base::Code::denied:
      return say(403, error.reason == flow::feature_off ? "Client systems are not enabled for this organisation."
                                                        : "Only client systems and services enrol here.");
    case base::Code::invalid_input:
      return say(400,
                 "The request for a certificate is refused: it is no PKCS#10 with a strong key, or it names "
                 "somebody else.");
    case base::Code::conflict: return say(503, "There is no certificate authority that issues.");
    case base::Code::too_many: {
      if (error.reason == flow::certificates_full) {
        return say(403, "There are as many certificates as one program may have. An administrator can help.");
      }
      http::Response response = say(429, "There were too many failures from this network. Wait a minute.");
      response.add("Retry-After", "60");
      return response;
    }
    default: break;
  }
  http::Response response = say(503, "Try again in a moment.");
  response.add("Retry-After", "5");
  return response;
}

http::Response print_issued(const http::Request& request, const base::Result<flow::IssuedCertificate>& issued) {
  if (!issued) return print_error(request, issued.error());
  const auto packed = flow::pack_issued(*issued);
  if (!packed) return print_error(request, packed.error());
  return print_base64(*packed, "application/pkcs7-mime; smime-type=certs-only");
}

bool is_request(const http::Request& request) {
  const std::string* const type = request.find_header("Content-Type");
  return type != nullptr && std::string_view(*type).substr(0, type->find(';')) == "application/pkcs10";
}

/// Whom the connector's listener does not know gets nothing from it. nullopt: the request is answered.
std::optional<http::Response> refuse_stranger(const flow::House& house, const http::Request& request) {
  if (request.role != http::Role::connector) return std::nullopt;
  const auto basic = read_basic(request);
  if (!basic) return say(400, basic.error().reason);
  if (!*basic && request.client_certificate_sha256.empty()) return challenge();
  flow::SystemCall call;
  call.is_tls = true;
  call.is_enrolment = true;
  call.certificate = request.client_certificate_sha256;
  if (*basic) call.user = (*basic)->user;
  if (*basic) call.password = (*basic)->password;
  const auto judged = flow::authenticate_system(house, call, browser::facts_of_program(request));
  if (!judged) return print_error(request, judged.error());
  if (judged->refusal.empty()) return std::nullopt;
  return judged->refusal == "wrong_proof" ? challenge() : say(403, "The client system was not let in.");
}

http::Response wrong_type() {
  return say(415, "Send a request for a certificate as application/pkcs10.");
}

}  // namespace

http::Response show_authorities(const flow::House& house, const http::Request& request) {
  if (!request.tls) return only_over_tls();
  if (auto refused = refuse_stranger(house, request)) return std::move(*refused);
  const auto packed = flow::pack_authorities(house, base::now());
  if (!packed && packed.error().code == base::Code::not_found) return say(404, "There is no certificate authority.");
  if (!packed) return print_error(request, packed.error());
  return print_base64(*packed, "application/pkcs7-mime");
}

http::Response enrol(const flow::House& house, const http::Request& request) {
  if (!request.tls) return only_over_tls();
  const auto basic = read_basic(request);
  if (!basic) return say(400, basic.error().reason);
  if (!*basic) return challenge();
  if (!is_request(request)) return wrong_type();
  return print_issued(request, flow::enrol_by_password(house, {(*basic)->user, (*basic)->password, request.body},
                                                       browser::facts_of_program(request)));
}

http::Response enrol_again(const flow::House& house, const http::Request& request) {
  if (!request.tls) return only_over_tls();
  if (request.client_certificate.empty()) return say(403, "Connect with the certificate that is to be renewed.");
  if (!is_request(request)) return wrong_type();
  return print_issued(request, flow::enrol_again(house, {request.client_certificate, request.body},
                                                 browser::facts_of_program(request)));
}

http::Response show_attributes(const flow::House& house, const http::Request& request) {
  if (!request.tls) return only_over_tls();
  if (auto refused = refuse_stranger(house, request)) return std::move(*refused);
  http::Response response;
  response.content_type = "application/csrattrs";
  response.body = attributes;
  response.add("Content-Transfer-Encoding", "base64");
  return response;
}

}  // namespace pki
