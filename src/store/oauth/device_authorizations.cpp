#include "store/oauth/device_authorizations.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr SqlPart columns =
    "id, tenant_id, client_id, secret_hash, user_code_hash, scope, resource, state, account_id, grant_id, created_at, "
    "expires_at, interval_s, polled_at";

DeviceAuthorization read_device(const Row& row) {
  Fields field(row);
  DeviceAuthorization device;
  device.id = field.id();
  device.tenant_id = field.id();
  device.client_id = field.id();
  device.secret_hash = field.text();
  device.user_code_hash = field.text();
  device.scope = field.text();
  device.resource = field.text();
  device.state = field.text();
  device.account_id = field.optional_id();
  device.grant_id = field.optional_id();
  device.created_at = field.time();
  device.expires_at = field.time();
  device.interval = field.integer();
  device.polled_at = field.optional_time();
  return device;
}

}  // namespace

base::Result<bool> insert_device_authorization(Tx& tx, const DeviceAuthorization& device) {
  ASSIGN_OR_RETURN(
      const std::int64_t inserted,
      tx.run("INSERT INTO device_authorization(id, tenant_id, client_id, secret_hash, user_code_hash, scope, resource, "
             "state, created_at, expires_at, interval_s) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
             "ON CONFLICT (user_code_hash) DO NOTHING",
             {device.id, device.tenant_id, device.client_id, Blob{device.secret_hash}, Blob{device.user_code_hash},
              device.scope, device.resource, device.state, device.created_at, device.expires_at, device.interval}));
  return inserted == 1;
}

base::Result<std::optional<DeviceAuthorization>> find_device_authorization(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " FROM device_authorization WHERE id = $1">, {id}, read_device);
}

base::Result<std::optional<DeviceAuthorization>> find_authorization_by_code(Tx& tx, std::string_view user_code_hash) {
  return tx.find_one(sql<"SELECT ", columns, " FROM device_authorization WHERE user_code_hash = $1">,
                     {Blob{user_code_hash}}, read_device);
}

base::Result<bool> decide_device_authorization(Tx& tx, const DeviceAuthorization& decided) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE device_authorization SET state = $2, account_id = $3, grant_id = $4 "
                          "WHERE id = $1 AND state = 'waiting'",
                          {decided.id, decided.state, decided.account_id, decided.grant_id}));
  return changed == 1;
}

base::Result<bool> use_device_authorization(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE device_authorization SET state = 'used' WHERE id = $1 AND state = 'allowed'", {id}));
  return changed == 1;
}

base::Result<void> note_device_poll(Tx& tx, const base::Id& id, std::int64_t interval, base::Time now) {
  return without_count(
      tx.run("UPDATE device_authorization SET polled_at = $2, interval_s = $3 WHERE id = $1", {id, now, interval}));
}

base::Result<bool> delete_old_device_authorizations(Tx& tx, base::Time before) {
  constexpr std::int64_t most = 1000;
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM device_authorization WHERE id IN "
                          "(SELECT id FROM device_authorization WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
                          {before, most}));
  return deleted == most;
}

}  // namespace store
