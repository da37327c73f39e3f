// What every flow works with: the database, the keys and the settings. Made once in app/wiring.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rights/session.hpp"
#include "base/time.hpp"
#include "crypto/master_key.hpp"
#include "crypto/password_hash.hpp"
#include "identity/lockout.hpp"
#include "store/store.hpp"

namespace flow {

class KeyRing;

/// Values that configuration sets; each has its row in app/config_table.
struct Settings {
  std::string issuer;                                  // no trailing slash; "http://localhost:8080"
  std::string time_zone = "Europe/Warsaw";             // for people
  bool demo = false;
  crypto::HashParameters password_hash;
  identity::LockoutPolicy lockout;
  rights::SessionPolicy session;
  base::Duration attempt_lasts = std::chrono::minutes(30);
  base::Duration code_lasts = std::chrono::seconds(60);
  base::Duration access_token_lasts = std::chrono::minutes(10);
  base::Duration id_token_lasts = std::chrono::minutes(10);
  std::int64_t failures_audited_each_minute = 300;     // per account (or all unknown names) and address; more are counted, not written
  base::Duration audit_head_every = std::chrono::minutes(10);
};

struct House {
  store::Store& store;
  const crypto::MasterKey& master;
  KeyRing& keys;
  const Settings& settings;
};

/// What the door knows of the one that asks, for audit and limits.
struct RequestFacts {
  std::string ip;
  std::string user_agent;
  std::string request_id;
  base::Time now;
};

}  // namespace flow
