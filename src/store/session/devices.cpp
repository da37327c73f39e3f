#include "store/session/devices.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr SqlPart columns =
    "id, account_id, secret_hash, user_agent, created_at, last_seen, name, first_step_until, "
    "second_step_until, trusted_stamp";

Device read_device(const Row& row) {
  Fields field(row);
  Device device{field.id(), field.id(), field.text(), field.text(), field.time(), field.time(), field.text()};
  device.first_step_until = field.optional_time();
  device.second_step_until = field.optional_time();
  device.trusted_stamp = field.integer();
  return device;
}

}  // namespace

base::Result<std::optional<Device>> find_device(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " FROM device WHERE id = $1">, {id}, read_device);
}

base::Result<std::vector<Device>> list_devices(Tx& tx, const base::Id& account_id) {
  return tx.find_all(sql<"SELECT ", columns, " FROM device WHERE account_id = $1 ORDER BY last_seen DESC, id DESC">,
                     {account_id}, read_device);
}

base::Result<void> insert_device(Tx& tx, const Device& device) {
  return expect_changed(
      tx.run("INSERT INTO device(id, tenant_id, account_id, secret_hash, user_agent, created_at, last_seen) "
             "SELECT $1, a.tenant_id, a.id, $3, $4, $5, $6 FROM account a WHERE a.id = $2",
             {device.id, device.account_id, Blob{device.secret_hash}, device.user_agent, device.created_at,
              device.last_seen}),
      "the account");
}

base::Result<void> renew_device(Tx& tx, const base::Id& id, std::string_view secret_hash, std::string_view user_agent,
                                base::Time now) {
  return expect_changed(tx.run("UPDATE device SET secret_hash = $2, user_agent = $3, last_seen = $4 WHERE id = $1",
                               {id, Blob{secret_hash}, user_agent, now}),
                        "the device");
}

base::Result<void> trust_device(Tx& tx, const base::Id& id, const DeviceTrust& trust) {
  return expect_changed(
      tx.run("UPDATE device SET first_step_until = $2, second_step_until = $3, trusted_stamp = $4 WHERE id = $1",
             {id, trust.first_step_until, trust.second_step_until, trust.stamp}),
      "the device");
}

base::Result<bool> name_device(Tx& tx, const base::Id& account_id, const base::Id& id, std::string_view name) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE device SET name = $3 WHERE id = $2 AND account_id = $1", {account_id, id, name}));
  return changed == 1;
}

base::Result<bool> delete_device(Tx& tx, const base::Id& account_id, const base::Id& id) {
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM device WHERE id = $2 AND account_id = $1", {account_id, id}));
  return deleted == 1;
}

base::Result<void> delete_surplus_devices(Tx& tx, const base::Id& account_id, std::size_t most) {
  return without_count(
      tx.run("DELETE FROM device WHERE id IN "
             "(SELECT id FROM device WHERE account_id = $1 ORDER BY last_seen DESC LIMIT 1000 OFFSET $2)",
             {account_id, most}));
}

base::Result<bool> delete_old_devices(Tx& tx, base::Time before) {
  constexpr std::int64_t most = 1000;
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM device WHERE id IN "
                          "(SELECT id FROM device WHERE last_seen < $1 ORDER BY last_seen LIMIT $2)",
                          {before, most}));
  return deleted == most;
}

}  // namespace store
