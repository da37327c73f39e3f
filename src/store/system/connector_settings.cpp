#include "store/system/connector_settings.hpp"

#include "store/driver/sql.hpp"

namespace store {

base::Result<ConnectorSettings> find_connector_settings(Tx& tx) {
  ASSIGN_OR_RETURN(auto found,
                   tx.find_one("SELECT version, tls_only, is_mandatory, mode, plain_directory, changed_at, changed_by, "
                               "back_at, before_tls_only, before_is_mandatory, before_mode, before_plain_directory "
                               "FROM connector_setting WHERE id = 1",
                               {}, [](const Row& row) {
                                 Fields field(row);
                                 ConnectorSettings read;
                                 read.version = field.integer();
                                 read.demands.tls_only = field.flag();
                                 read.demands.is_mandatory = field.flag();
                                 read.demands.mode = field.text();
                                 read.demands.plain_directory = field.flag();
                                 read.changed_at = field.time();
                                 read.changed_by = field.optional_id();
                                 read.back_at = field.optional_time();
                                 read.before.tls_only = field.flag();
                                 read.before.is_mandatory = field.flag();
                                 read.before.mode = field.text();
                                 read.before.plain_directory = field.flag();
                                 return read;
                               }));
  return found ? std::move(*found) : ConnectorSettings{};
}

base::Result<void> put_connector_settings(Tx& tx, const ConnectorSettings& one) {
  return without_count(tx.run(
      "INSERT INTO connector_setting(id, version, tls_only, is_mandatory, mode, plain_directory, changed_at, "
      "changed_by, back_at, before_tls_only, before_is_mandatory, before_mode, before_plain_directory) "
      "VALUES (1, 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO UPDATE SET "
      "version = connector_setting.version + 1, tls_only = $1, is_mandatory = $2, mode = $3, plain_directory = $4, "
      "changed_at = $5, changed_by = $6, back_at = $7, before_tls_only = $8, before_is_mandatory = $9, "
      "before_mode = $10, before_plain_directory = $11",
      {one.demands.tls_only, one.demands.is_mandatory, one.demands.mode, one.demands.plain_directory, one.changed_at,
       one.changed_by, one.back_at, one.before.tls_only, one.before.is_mandatory, one.before.mode,
       one.before.plain_directory}));
}

}  // namespace store
