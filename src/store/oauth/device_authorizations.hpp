// Devices that wait for a person's permission (RFC 8628).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct DeviceAuthorization {
  base::Id id;
  base::Id tenant_id;
  base::Id client_id;          // client.id
  base::Bytes secret_hash;     // SHA-256 of the device code's secret half
  base::Bytes user_code_hash;  // keyed
  std::string scope;
  std::string resource;
  std::string state{"waiting"};        // waiting | allowed | denied | used
  std::optional<base::Id> account_id;  // who decided
  std::optional<base::Id> grant_id;    // with "allowed"
  base::Time created_at;
  base::Time expires_at;
  std::int64_t interval = 5;            // seconds between two questions of the device
  std::optional<base::Time> polled_at;  // of the last question
};

/// False: the user code is another device's. Errors: unavailable.
base::Result<bool> insert_device_authorization(Tx& tx, const DeviceAuthorization& device);
base::Result<std::optional<DeviceAuthorization>> find_device_authorization(Tx& tx, const base::Id& id);
base::Result<std::optional<DeviceAuthorization>> find_authorization_by_code(Tx& tx, std::string_view user_code_hash);
/// From "waiting" to `state`, with who decided and the grant: true exactly once.
base::Result<bool> decide_device_authorization(Tx& tx, const DeviceAuthorization& decided);
/// From "allowed" to "used": true exactly once.
base::Result<bool> use_device_authorization(Tx& tx, const base::Id& id);
/// Notes a question of the device.
base::Result<void> note_device_poll(Tx& tx, const base::Id& id, std::int64_t interval, base::Time now);
/// Deletes those that ended before `before`, at most a thousand in one call: true if more wait.
base::Result<bool> delete_old_device_authorizations(Tx& tx, base::Time before);

}  // namespace store
