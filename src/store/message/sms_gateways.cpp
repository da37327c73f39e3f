#include "store/message/sms_gateways.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::int64_t most_swept = 5000;
constexpr std::string_view purpose = "sms-gateway";

base::Bytes place_of(std::string_view name) {
  return base::Bytes("sms_gateway").append(name);
}

}  // namespace

base::Result<std::vector<SmsGatewayRow>> list_sms_gateways(Tx& tx) {
  std::vector<base::Bytes> sealed;
  ASSIGN_OR_RETURN(
      auto rows,
      tx.find_all("SELECT password, name, version, is_on, login, sender, has_own_sender FROM sms_gateway ORDER BY name",
                  {}, [&](const Row& row) {
                    Fields field(row);
                    sealed.push_back(field.text());
                    SmsGatewayRow read;
                    read.name = field.text();
                    read.version = field.integer();
                    read.is_on = field.flag();
                    read.login = field.text();
                    read.sender = field.text();
                    read.has_own_sender = field.flag();
                    return read;
                  }));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (sealed[i].empty()) continue;
    auto opened = tx.master().open(purpose, sealed[i], place_of(rows[i].name));
    if (!opened) return base::fail(base::Code::internal, "the password of a gateway cannot be opened");
    rows[i].password = std::move(*opened);
  }
  return rows;
}

base::Result<void> put_sms_gateway(Tx& tx, const SmsGatewayRow& row) {
  const base::Bytes sealed =
      row.password.empty() ? base::Bytes() : tx.master().seal(purpose, row.password.reveal(), place_of(row.name));
  return without_count(
      tx.run("INSERT INTO sms_gateway(name, version, is_on, login, password, sender, has_own_sender) "
             "VALUES ($1, 1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO UPDATE SET version = sms_gateway.version + 1, "
             "is_on = $2, login = $3, password = $4, sender = $5, has_own_sender = $6",
             {row.name, row.is_on, row.login, Blob{sealed}, row.sender, row.has_own_sender}));
}

base::Result<void> put_sms_report(Tx& tx, std::string_view key_hash, const SmsReportRow& row) {
  return without_count(tx.run(
      "INSERT INTO sms_report(key_hash, item_id, gateway, parts, sent_at, state, reported_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (key_hash) DO UPDATE SET item_id = $2, gateway = $3, "
      "parts = $4, sent_at = $5, "
      "state = CASE WHEN sms_report.item_id = $8 AND sms_report.sent_at >= $9 THEN sms_report.state ELSE $6 END, "
      "reported_at = CASE WHEN sms_report.item_id = $8 AND sms_report.sent_at >= $9 "
      "THEN sms_report.reported_at ELSE $7 END",
      {Blob{key_hash}, row.item_id, row.gateway, row.parts, row.sent_at, row.state, row.reported_at, base::Id(),
       row.sent_at - early_sms_report_counts}));
}

base::Result<void> keep_early_sms_report(Tx& tx, std::string_view key_hash, std::string_view gateway,
                                         std::string_view state, base::Time at) {
  return without_count(
      tx.run("INSERT INTO sms_report(key_hash, item_id, gateway, parts, sent_at, state, reported_at) "
             "VALUES ($1, $2, $3, 0, $4, $5, $4) ON CONFLICT DO NOTHING",
             {Blob{key_hash}, base::Id(), gateway, at, state}));
}

base::Result<bool> note_sms_report(Tx& tx, std::string_view key_hash, std::string_view state, base::Time at) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE sms_report SET state = $2, reported_at = $3 WHERE key_hash = $1 AND state <> $2 "
                          "AND state <> 'arrived'",
                          {Blob{key_hash}, state, at}));
  return changed > 0;
}

base::Result<std::optional<SmsReportRow>> find_sms_report(Tx& tx, const base::Id& item_id) {
  return tx.find_one(
      "SELECT item_id, gateway, parts, sent_at, state, reported_at FROM sms_report WHERE item_id = $1 "
      "ORDER BY sent_at DESC LIMIT 1",
      {item_id}, [](const Row& row) {
        Fields field(row);
        SmsReportRow read;
        read.item_id = field.id();
        read.gateway = field.text();
        read.parts = field.integer();
        read.sent_at = field.time();
        read.state = field.text();
        read.reported_at = field.optional_time();
        return read;
      });
}

base::Result<bool> delete_old_sms_reports(Tx& tx, base::Time before) {
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM sms_report WHERE key_hash IN "
                          "(SELECT key_hash FROM sms_report WHERE sent_at < $1 ORDER BY sent_at LIMIT $2)",
                          {before, most_swept}));
  return deleted == most_swept;
}

base::Result<void> seal_sms_gateways_anew(Tx& tx, const crypto::MasterKey& next) {
  ASSIGN_OR_RETURN(const auto rows, list_sms_gateways(tx));
  for (const SmsGatewayRow& row : rows) {
    if (row.password.empty()) continue;
    const base::Bytes sealed = next.seal(purpose, row.password.reveal(), place_of(row.name));
    RETURN_IF_ERROR(tx.run("UPDATE sms_gateway SET password = $2 WHERE name = $1", {row.name, Blob{sealed}}));
  }
  return {};
}

}  // namespace store
