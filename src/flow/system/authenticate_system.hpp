// Which client system has sent a request (S1.2, S1.3, S1.4). The database decides at every request, so that a
// revocation, a suspension or a changed setting counts on open connections at once, on every node. A certificate counts
// by its exact fingerprint; a password is a proof as every other one (flow/proof/settle_proof.hpp).
//
//   TLS only and no TLS ─> refused           authentication mandatory: only by the mode that is set
//   certificate ─> registered, in time, not revoked here nor by the authority ─┐
//   Basic over TLS ─> the account's password ────────────────────────────────┴─> account active ─> known
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/value.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "store/system/connector_settings.hpp"

namespace flow {

using ConnectorDemands = store::ConnectorDemands;

/// What came with the request.
struct SystemCall {
  bool is_tls = false;
  std::string_view certificate{};  // fingerprint of the client's certificate of the connection; "" = none
  std::string_view user{};         // of Basic; "" with an empty password: no Basic
  base::Secret password{};
  std::optional<std::string_view> claimed{};  // the id that the request names; an empty one is none that there is
  bool is_enrolment =
      false;  // for EST, which may be how the proof that the settings demand comes into being: both count
  [[nodiscard]] bool has_basic() const { return !user.empty() || !password.empty(); }
};

struct KnownSystem {
  std::string id;
  std::string name;
  std::string tenant;       // its name
  std::string certificate;  // fingerprint; "" = by password
  std::optional<base::Time> not_after{};
};
struct SystemJudgement {
  std::optional<KnownSystem> system{};
  /// Why not; "" = known. plain, plain_password, no_proof, certificate_not_accepted, password_not_accepted,
  /// certificate_unknown, certificate_revoked, certificate_expired, certificate_early, system_suspended, feature_off,
  /// wrong_proof, other_system (`claimed` is another one).
  audit::Code refusal{};
  ConnectorDemands demands{};
};
/// A refusal is recorded, of many in a minute some. With Basic on the password lane. Errors: too_many (the network has
/// failed too often), unavailable.
base::Result<SystemJudgement> authenticate_system(const House& house, const SystemCall& call,
                                                  const RequestFacts& facts);

/// What the connector demands now. Errors: unavailable.
base::Result<ConnectorDemands> find_connector_demands(const House& house, base::Time now);

}  // namespace flow
