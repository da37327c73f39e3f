// What administrators set at the gateways of the configuration (S3.7), and what gateways report about messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/secret.hpp"
#include "store/engine/store.hpp"

namespace store {

struct SmsGatewayRow {
  std::string name;
  std::int64_t version = 0;  // 0: nothing is set
  bool is_on = true;
  std::string login;      // our id at the gateway; "" = that of the configuration
  base::Secret password;  // sealed at rest; empty = that of the configuration
  std::string sender;     // "" = the gateway's own
  bool has_own_sender = true;
};
/// All rows: one for each gateway at which something was set. Errors: internal (a password does not open).
base::Result<std::vector<SmsGatewayRow>> list_sms_gateways(Tx& tx);
/// Raises the version.
base::Result<void> put_sms_gateway(Tx& tx, const SmsGatewayRow& row);

struct SmsReportRow {
  base::Id item_id;  // of the outbox
  std::string gateway;
  std::int64_t parts = 0;
  base::Time sent_at;
  std::string state = "sent";  // sent | arrived | lost
  std::optional<base::Time> reported_at{};
};
/// `key_hash`: of the gateway's name and its identifier of the message. A second row of the same key replaces the
/// first; of a report that came early the state stays.
base::Result<void> put_sms_report(Tx& tx, std::string_view key_hash, const SmsReportRow& row);
/// What a gateway reports. A message that has arrived stays so. False: no such message, or nothing new.
base::Result<bool> note_sms_report(Tx& tx, std::string_view key_hash, std::string_view state, base::Time at);
/// Keeps a report that came before the row of its message: put_sms_report takes it over within early_sms_report_counts.
/// Nothing happens if there is a row.
base::Result<void> keep_early_sms_report(Tx& tx, std::string_view key_hash, std::string_view gateway,
                                         std::string_view state, base::Time at);
inline constexpr base::Duration early_sms_report_counts = std::chrono::minutes(10);
/// The latest one of a message of the outbox.
base::Result<std::optional<SmsReportRow>> find_sms_report(Tx& tx, const base::Id& item_id);
/// Deletes those of messages that were sent before `before`, at most a few thousand in one call: true if more wait.
base::Result<bool> delete_old_sms_reports(Tx& tx, base::Time before);

/// Seals the passwords under the next master key. Errors: internal (one does not open).
base::Result<void> seal_sms_gateways_anew(Tx& tx, const crypto::MasterKey& next);

}  // namespace store
