#include "connector/self.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "browser/request_facts.hpp"
#include "connector/refusal.hpp"
#include "flow/system/authenticate_system.hpp"
#include "http/basic_authorization.hpp"

namespace connector {
namespace {

struct Refused {
  std::string_view reason;  // of flow::SystemJudgement
  int status;
  std::string_view message;
};
constexpr std::array refusals{
    Refused{"plain", 403, "This connector answers over TLS only. Use the address that begins with https."},
    Refused{"plain_password", 403, "A password is taken over TLS only. It was sent without encryption: change it."},
    Refused{"no_proof", 401, "Neither a certificate nor a user name with password came with the request."},
    Refused{"certificate_not_accepted", 401, "Certificates do not count here: send user name and password."},
    Refused{"password_not_accepted", 403, "Passwords do not count here: connect with the certificate."},
    Refused{"certificate_unknown", 403, "The certificate is not registered here."},
    Refused{"certificate_revoked", 403, "The certificate is revoked. An administrator makes a new one."},
    Refused{"certificate_expired", 403, "The certificate has expired. An administrator makes a new one."},
    Refused{"certificate_early", 403, "The certificate is not valid yet. Check the clocks."},
    Refused{"system_suspended", 403, "The client system is suspended."},
    Refused{"feature_off", 403, "Client systems are not enabled for this organisation."},
    Refused{"wrong_proof", 401, "User name or password is wrong, or the client system is locked for some time."}};

constexpr std::string_view other_system = "Clientsystem aus dem Aufrufkontext konnte nicht authentifiziert werden.";

bool takes_passwords(const http::Request& request, const flow::ConnectorDemands& demands) {
  return request.role == http::Role::connector && !(demands.is_mandatory && demands.mode == "certificate");
}

http::Response refuse(const http::Request& request, const flow::SystemJudgement& judgement) {
  if (judgement.refusal == "other_system") return refuse_with_code(4204, other_system);
  const auto* const found = std::find_if(refusals.begin(), refusals.end(),
                                         [&](const Refused& one) { return judgement.refusal == one.reason; });
  if (found == refusals.end()) return refuse_because(403, "refused", "The client system was not let in.");
  const bool is_challenged = found->status == 401 && takes_passwords(request, judgement.demands);
  // RFC 9110 §15.5.2: a 401 names a way to authenticate, and for certificates HTTP knows none.
  http::Response response =
      refuse_because(found->status == 401 && !is_challenged ? 403 : found->status, found->reason, found->message);
  if (is_challenged) response.add("WWW-Authenticate", "Basic realm=\"connector\", charset=\"UTF-8\"");
  return response;
}

http::Response print(const flow::KnownSystem& system) {
  base::JsonObject object;
  object.text("client_system", system.id).text("tenant", system.tenant);
  if (system.certificate.empty()) return http::Response::json(object.raw("certificate", "null").finish());
  base::JsonObject certificate;
  certificate.text("sha256", system.certificate);
  if (system.not_after) certificate.text("not_after", base::to_rfc3339(*system.not_after));
  return http::Response::json(object.raw("certificate", certificate.finish()).finish());
}

}  // namespace

http::Response show_self(const flow::House& house, const http::Request& request) {
  const auto query = request.query_form();
  const auto claimed = query ? query->find("clientSystemId") : base::Result<std::optional<std::string>>(std::nullopt);
  if (!query || !claimed) return refuse_because(400, "malformed", "The query cannot be read.");
  flow::SystemCall call;
  call.is_tls = request.role == http::Role::connector;
  call.certificate = request.client_certificate_sha256;
  if (*claimed) call.claimed = **claimed;
  http::BasicAuthorization basic;
  if (request.count_header("Authorization") > 1)
    return refuse_because(400, "malformed", "Authorization comes more than once.");
  if (const std::string* header = request.find_header("Authorization"); header != nullptr) {
    auto parsed = http::parse_basic(*header);
    if (!parsed) return refuse_because(400, "malformed", "Authorization is not HTTP Basic (RFC 7617).");
    basic = std::move(*parsed);
    if (!base::is_utf8(basic.user) || basic.user.find('\0') != std::string::npos)
      return refuse_because(400, "malformed", "The user name of HTTP Basic is not UTF-8.");
    call.user = basic.user;
    call.password = basic.password;
  }
  const auto judged = flow::authenticate_system(house, call, browser::facts_of_program(request));
  if (!judged) return print_error(request, judged.error());
  return judged->refusal.empty() ? print(*judged->system) : refuse(request, *judged);
}

}  // namespace connector
