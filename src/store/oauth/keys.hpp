// Signing keys; private parts are sealed under the master key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "store/engine/store.hpp"

namespace store {

struct SigningKeyRow {
  std::string kid;
  std::string algorithm;  // "ES256", "RS256"
  base::Secret pkcs8;     // opened
  std::string state;      // pending | active | retiring | retired | revoked
  base::Time created_at;
  base::Time changed_at{};  // when it got the state; none: before this was kept
};
/// Errors: internal if a key cannot be opened (wrong master key).
base::Result<std::vector<SigningKeyRow>> list_signing_keys(Tx& tx);
base::Result<void> insert_signing_key(Tx& tx, const SigningKeyRow& key);
base::Result<void> set_key_state(Tx& tx, std::string_view kid, std::string_view state, base::Time now);

/// Seals all under the next master key. Errors: internal (a value does not open).
base::Result<void> seal_signing_keys_anew(Tx& tx, const crypto::MasterKey& next);

}  // namespace store
