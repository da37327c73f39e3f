#include "flow/oauth/read_hint.hpp"

#include "base/time.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/read_claims.hpp"
#include "flow/house/site_settings.hpp"

namespace flow {

base::Result<IdTokenHint> read_hint(const House& house, std::string_view token, base::Time now) {
  ASSIGN_OR_RETURN(const std::string text, house.keys.verify("JWT", token, now));
  ASSIGN_OR_RETURN(const Claims claims, Claims::parse(text));
  if (claims.text("iss") != house.settings.site.issuer) {
    return base::fail(base::Code::invalid_input, "the hint was issued elsewhere");
  }
  // Every ID token ends; signed userinfo, which has the same type, issuer and audience, does not.
  if (!claims.number("exp")) return base::fail(base::Code::invalid_input, "the hint is no ID token");
  IdTokenHint hint{claims.text("sub"), claims.text("aud"), claims.text("sid")};
  if (hint.subject.empty() || hint.client_id.empty()) {
    return base::fail(base::Code::invalid_input, "the hint names nobody");
  }
  return hint;
}

}  // namespace flow
