// Known devices: browsers from which a login to the account has succeeded. Only the hash of a device's secret is kept,
// so that a reader of the table cannot act as the device.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct Device {
  base::Id id;
  base::Id account_id;
  base::Bytes secret_hash;  // SHA-256
  std::string user_agent;
  base::Time created_at;
  base::Time last_seen;
  std::string name{};                            // what the owner calls it; "" = nothing
  std::optional<base::Time> first_step_until{};  // see DeviceTrust
  std::optional<base::Time> second_step_until{};
  std::int64_t trusted_stamp = 0;
};

/// Until when a device needs no first, or no second step of a login (S3.2); nullopt = it needs it. `stamp`: of the
/// account at this time; with another one neither counts.
struct DeviceTrust {
  std::optional<base::Time> first_step_until;
  std::optional<base::Time> second_step_until;
  std::int64_t stamp = 0;
};

base::Result<std::optional<Device>> find_device(Tx& tx, const base::Id& id);
/// In order of last_seen, the latest first.
base::Result<std::vector<Device>> list_devices(Tx& tx, const base::Id& account_id);
/// Errors: not_found (no such account).
base::Result<void> insert_device(Tx& tx, const Device& device);
/// The device logged in: new secret, browser and time. Errors: not_found.
base::Result<void> renew_device(Tx& tx, const base::Id& id, std::string_view secret_hash, std::string_view user_agent,
                                base::Time now);
/// Errors: not_found.
base::Result<void> trust_device(Tx& tx, const base::Id& id, const DeviceTrust& trust);
/// Names the device if it belongs to the account: false = it does not, and nothing happened.
base::Result<bool> name_device(Tx& tx, const base::Id& account_id, const base::Id& id, std::string_view name);
/// Deletes the device if it belongs to the account: false = it does not, and nothing happened.
base::Result<bool> delete_device(Tx& tx, const base::Id& account_id, const base::Id& id);
/// Keeps the `most` devices seen last.
base::Result<void> delete_surplus_devices(Tx& tx, const base::Id& account_id, std::size_t most);
/// Deletes devices not seen since `before`, at most a thousand in one call: true if more wait.
base::Result<bool> delete_old_devices(Tx& tx, base::Time before);

}  // namespace store
