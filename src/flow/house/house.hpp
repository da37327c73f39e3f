// What every flow works with: the database, the keys and the settings. Made once in app/wiring.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "crypto/master_key.hpp"
#include "crypto/password_hash.hpp"
#include "identity/lockout/lockout.hpp"
#include "identity/lockout/throttling.hpp"
#include "rights/session.hpp"
#include "store/engine/store.hpp"
#include "text/text.hpp"

namespace flow {

class KeyRing;

/// What failed proofs lead to: delays for strangers that leave the owner's known devices alone, or the lock of the
/// whole account as the manuals of some institutions demand it (S4.7).
enum class LockoutForm : std::uint8_t {
  protective,
  classic
};

/// Forgotten passwords (S4.10). Limits of 0 are none.
struct ResetSettings {
  base::Duration link_lasts = std::chrono::minutes(30);
  std::int64_t per_account_per_hour = 5;
  std::int64_t per_network_per_hour = 60;
  std::int64_t per_channel_per_hour = 5;  // messages to one address or number
};

/// Values that configuration sets; each has its row in app/config/config_table.
struct Settings {
  std::string issuer;                       // no trailing slash; "http://localhost:8080"
  std::string time_zone = "Europe/Warsaw";  // for people
  bool demo = false;
  crypto::HashParameters password_hash;
  LockoutForm lockout_form = LockoutForm::protective;
  identity::LockoutPolicy lockout;                             // of the classic form
  identity::ThrottlePolicy throttle;                           // of the protective form
  identity::NetworkPolicy network;                             // of the protective form
  base::Duration device_lasts = std::chrono::hours(24 * 180);  // a known device, since its last login
  ResetSettings reset;
  rights::SessionPolicy session;
  base::Duration attempt_lasts = std::chrono::minutes(30);
  base::Duration code_lasts = std::chrono::seconds(60);
  base::Duration access_token_lasts = std::chrono::minutes(10);
  base::Duration id_token_lasts = std::chrono::minutes(10);
  std::int64_t failures_audited_each_minute =
      300;  // per account (or all unknown names) and address; more are counted, not written
  base::Duration proof_lasts = std::chrono::minutes(5);  // "prove it again", and a login
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
  std::string devices{};                         // cookie of known devices (known_device.hpp), as it was sent
  text::Language language = text::Language::en;  // of the page; who has chosen none is written to in it
};

}  // namespace flow
