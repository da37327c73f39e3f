// The values that configuration sets, all topics together; each has its row in app/config/config_table. Only room app
// and tests include this header.
#pragma once

#include "crypto/password/password_hash.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/house/house.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/login/attempt_settings.hpp"
#include "flow/password/breached_settings.hpp"
#include "flow/password/reset_settings.hpp"
#include "flow/proof/factor_settings.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/proof_settings.hpp"
#include "flow/session/session_settings.hpp"
#include "flow/token/token_settings.hpp"

namespace flow {

struct Settings {
  SiteSettings site;
  AuditSettings audit;
  SessionSettings session;
  LockoutSettings lockout;
  ProofSettings proof;
  FactorSettings factor;
  crypto::HashParameters password_hash;
  BreachedSettings breached;
  ResetSettings reset;
  AttemptSettings attempt;
  TokenSettings token;

  /// References to the members: `*this` must outlive each House that has them.
  [[nodiscard]] TopicSettings by_topic() const {
    return {site, audit, session, lockout, proof, factor, password_hash, breached, reset, attempt, token};
  }
};

}  // namespace flow
