#include "store/account/account_export.hpp"

#include <algorithm>
#include <array>

#include "store/driver/sql.hpp"

namespace store {
namespace {

struct Given {
  std::string_view table;
  /// $1 is the account. The table has the alias t, and its columns are those with "t.".
  Sql sql;
  /// One letter for each column: s text, n number, f flag, t time, i id, o octets.
  std::string_view kinds;
  std::string_view withheld{};
  std::string_view same = "account_id tenant_id";
};

constexpr std::array given_tables{
    Given{.table = "person",
          .sql = "SELECT t.id, t.given, t.family FROM account a JOIN person t ON t.id = a.person_id WHERE a.id = $1",
          .kinds = "iss",
          .same = "tenant_id"},
    Given{.table = "person_identifier",
          .sql = "SELECT t.type, t.display, t.canonical, t.created_at FROM account a JOIN person_identifier t "
                 "ON t.person_id = a.person_id WHERE a.id = $1 ORDER BY t.type",
          .kinds = "ssst",
          .same = "person_id tenant_id"},
    Given{.table = "account",
          .sql = "SELECT t.id, t.tenant_id, t.person_id, t.kind, t.external, t.status, t.status_at, t.locale, "
                 "t.preferred_channel, t.failures, t.locked_until, t.created_at, t.version, t.security_stamp, "
                 "t.policy_version_ok, t.main_account_id, t.is_main, t.organisation, "
                 "t.first_language, t.always_second_factor, t.changed_at FROM account t "
                 "WHERE t.id = $1",
          .kinds = "iiisfstssnttnnsifssft",
          .withheld = "status_by",
          .same = ""},
    Given{.table = "identifier",
          .sql =
              "SELECT t.type, t.display, t.canonical, t.verified_at, t.may_login, t.valid_until, t.created_at, "
              "t.redirect_to_main, t.given_at FROM identifier t WHERE t.account_id = $1 ORDER BY t.type, t.canonical",
          .kinds = "ssstfttft"},
    Given{.table = "account_certificate",
          .sql = "SELECT t.fingerprint, t.subject, t.issuer, t.serial, t.not_before, t.not_after, t.created_at, t.der "
                 "FROM account_certificate t WHERE t.account_id = $1 ORDER BY t.created_at, t.fingerprint",
          .kinds = "ssssttto"},
    Given{.table = "address_verification",
          .sql = "SELECT t.type, t.display, t.canonical, t.redirect_to_main, t.tries, t.sent, t.sent_at, t.expires_at "
                 "FROM address_verification t WHERE t.account_id = $1 ORDER BY t.type",
          .kinds = "sssfnntt",
          .withheld = "code_hash"},
    Given{.table = "account_context",
          .sql = "SELECT t.context_id, c.key, c.name, t.from_at, t.until_at FROM account_context t "
                 "JOIN acting_context c ON c.id = t.context_id WHERE t.account_id = $1 ORDER BY c.key",
          .kinds = "isstt"},
    Given{.table = "login_statistics",
          .sql = "SELECT t.realm, t.last_success, t.last_success_ip, t.last_failure, t.last_failure_ip, "
                 "t.failures_since_success, t.previous_success, t.failures_before FROM login_statistics t "
                 "WHERE t.account_id = $1 ORDER BY t.realm",
          .kinds = "ststsntn"},
    Given{.table = "credential",
          .sql = "SELECT t.id, t.type, t.kind, t.must_change, t.created_at, t.set_at, t.not_after, t.reminded_days, "
                 "t.label, t.last_used_at, t.counter, t.lookup "
                 "FROM credential t WHERE t.account_id = $1 ORDER BY t.created_at, t.id",
          .kinds = "issftttnstno",
          .withheld = "data"},
    Given{.table = "password_history",
          .sql = "SELECT t.created_at, t.cost FROM password_history t WHERE t.account_id = $1 ORDER BY t.created_at",
          .kinds = "ts",
          .withheld = "digest"},
    Given{.table = "group_member",
          .sql = "SELECT t.group_id, CASE WHEN g.display = '' THEN g.name ELSE g.display END AS name "
                 "FROM group_member t JOIN group_ g ON g.id = t.group_id "
                 "WHERE t.account_id = $1 ORDER BY g.name",
          .kinds = "is"},
    Given{.table = "one_time_token",
          .sql =
              "SELECT t.purpose, t.channel, t.created_at, t.expires_at, t.tries, t.consumed_at FROM one_time_token t "
              "WHERE t.account_id = $1 ORDER BY t.created_at",
          .kinds = "ssttnt",
          .withheld = "hash data"},
    Given{.table = "failure_count",
          .sql = "SELECT t.failures, t.last_at, t.barrier_at FROM failure_count t WHERE t.account_id = $1 "
                 "ORDER BY t.last_at",
          .kinds = "ntt",
          .withheld = "key_hash",
          .same = "account_id"},
    Given{.table = "grant_family",
          .sql = "SELECT t.id, t.session_id, c.client_id AS client, t.client_id, t.context_id, t.scope, t.sid, "
                 "t.redirect_uri, t.resource, t.created_at, t.code_until, t.redeemed_at, t.revoked_at, t.expires_at, "
                 "t.level, t.amr, t.auth_time, t.flow, t.claims, t.is_offline, t.ip, t.proofs, t.rotated_at, "
                 "t.refresh_until FROM grant_family t JOIN client c ON c.id = t.client_id "
                 "WHERE t.account_id = $1 ORDER BY t.created_at, t.id",
          .kinds = "iisiissssttttt"
                   "nstssfsstt",
          .withheld = "code_hash code_challenge nonce security_stamp generation"},
    Given{.table = "device_authorization",
          .sql = "SELECT c.client_id AS client, t.client_id, t.scope, t.resource, t.state, t.grant_id, t.created_at, "
                 "t.expires_at FROM device_authorization t JOIN client c ON c.id = t.client_id "
                 "WHERE t.account_id = $1 ORDER BY t.created_at, t.id",
          .kinds = "sisssitt",
          .withheld = "id secret_hash user_code_hash interval_s polled_at"},
    Given{.table = "consent",
          .sql = "SELECT c.client_id AS client, t.client_id, t.items, t.given_at, t.changed_at FROM consent t "
                 "JOIN client c ON c.id = t.client_id WHERE t.account_id = $1 ORDER BY t.given_at",
          .kinds = "sistt"},
    Given{.table = "pairwise_subject",
          .sql = "SELECT t.sector, t.subject, t.created_at FROM pairwise_subject t WHERE t.account_id = $1 "
                 "ORDER BY t.sector",
          .kinds = "sst",
          .same = "account_id"},
    Given{.table = "api_token",
          .sql = "SELECT t.kind, t.name, t.scopes, t.uses_left, t.created_at, t.expires_at, t.last_used_at, "
                 "t.revoked_at FROM api_token t WHERE t.account_id = $1 ORDER BY t.id",
          .kinds = "sssntttt",
          .withheld = "id secret_hash created_by"},
    Given{.table = "session",
          .sql =
              "SELECT t.id, t.context_id, t.method, t.level, t.amr, t.auth_time, t.created_at, t.last_seen, "
              "t.idle_until, t.absolute_until, t.ends_at, t.security_stamp, t.ip, t.user_agent, t.must_change, "
              "t.proven_at, t.device_id, t.proofs FROM session t WHERE t.account_id = $1 ORDER BY t.created_at, t.id",
          .kinds = "iisnstttttt"
                   "nssstis",
          .withheld = "secret_hash acting_account acting_context acting_until"},
    Given{.table = "session_client",
          .sql = "SELECT t.session_id, c.client_id AS client, t.client_id, t.sid FROM session s JOIN session_client t "
                 "ON t.session_id = s.id JOIN client c ON c.id = t.client_id WHERE s.account_id = $1 "
                 "ORDER BY t.session_id, c.client_id",
          .kinds = "isis",
          .same = "tenant_id"},
    Given{.table = "device",
          .sql = "SELECT t.id, t.name, t.user_agent, t.created_at, t.last_seen, t.first_step_until, "
                 "t.second_step_until FROM device t WHERE t.account_id = $1 ORDER BY t.created_at, t.id",
          .kinds = "isstttt",
          .withheld = "secret_hash trusted_stamp"},
    Given{.table = "login_code",
          .sql = "SELECT t.session_id, t.method, t.sent_at, t.expires_at, t.tries FROM login_code t "
                 "WHERE t.account_id = $1 ORDER BY t.sent_at, t.session_id",
          .kinds = "isttn",
          .withheld = "code_hash message_id"},
    Given{.table = "client_system",
          .sql = "SELECT t.id, t.tenant_id, t.name, t.created_at, t.version FROM client_system t "
                 "WHERE t.account_id = $1",
          .kinds = "sistn",
          .withheld = "created_by",
          .same = "account_id"},
    Given{.table = "client_system_certificate",
          .sql = "SELECT t.sha256, t.system_id, t.subject, t.issuer, t.serial, t.algorithm, t.not_before, "
                 "t.not_after, t.origin, t.created_at, t.revoked_at, t.reason, t.der FROM client_system s "
                 "JOIN client_system_certificate t ON t.system_id = s.id WHERE s.account_id = $1 "
                 "ORDER BY t.created_at, t.sha256",
          .kinds = "ssssssttsttso",
          .withheld = "created_by revoked_by",
          .same = "tenant_id"},
    Given{.table = "issued_certificate",
          .sql = "SELECT t.sha256, t.serial, t.profile, t.tenant_id, t.client_system, t.subject, t.der, t.issued_at, "
                 "t.not_before, t.not_after, t.revoked_at, t.reason FROM issued_certificate t WHERE t.account_id = $1 "
                 "ORDER BY t.issued_at",
          .kinds = "sssissotttts",
          .withheld = "authority_id issued_by revoked_by",
          .same = "account_id"},
    Given{.table = "signing_credential",
          .sql =
              "SELECT t.id, t.tenant_id, t.label, t.status, t.activation, t.backend, t.token, t.token_object, t.spki, "
              "t.certificate, t.chain, t.sha256, t.subject, t.issuer, t.is_own_issue, t.not_before, t.not_after, "
              "t.uses, t.last_used_at, t.wrong_pins, t.pins_wait_until, t.warned_days, t.version, t.created_at, "
              "t.changed_at FROM signing_credential t WHERE t.account_id = $1 ORDER BY t.created_at, t.id",
          .kinds = "iisssssoo"
                   "oosssftt"
                   "ntntnnt"
                   "t",
          .withheld = "sealed_pkcs8 sealed_pin created_by",
          .same = "account_id"},
    Given{.table = "signing_job",
          .sql = "SELECT t.id, t.number, t.tenant_id, t.client_id, t.credential_id, t.certificate, t.chain, "
                 "t.algorithm, t.format, t.level, t.packaging, t.element, t.policy, t.commitment, t.role, t.state, "
                 "t.signing_at, t.runs_until, t.created_at, t.expires_at FROM signing_job t "
                 "WHERE t.account_id = $1 ORDER BY t.created_at, t.id",
          .kinds = "isiiioo"
                   "sssssssss"
                   "tttt",
          .withheld = "sealed_key repeat_hash wish_hash",
          .same = "account_id"},
    Given{.table = "signing_item",
          .sql = "SELECT t.job_id, t.position, t.name, t.media_type, t.size, t.sha256, t.is_kept, t.state, "
                 "t.reason, t.value, t.token FROM signing_job j JOIN signing_item t ON t.job_id = j.id "
                 "WHERE j.account_id = $1 ORDER BY t.job_id, t.position",
          .kinds = "inssnsfssoo",
          .withheld = "digest",
          .same = ""},
    Given{.table = "factor_grace", .sql = "SELECT t.since FROM factor_grace t WHERE t.account_id = $1", .kinds = "t"},
};

constexpr std::array tables_elsewhere{
    TableElsewhere{"tenant_feature", "of an organisation"},
    TableElsewhere{"resource_server", "of an organisation"},
    TableElsewhere{"revocation_cache", "what authorities publish"},
    TableElsewhere{"validation_report", "whoever verified the document has its address, and nobody else; for an hour"},
    TableElsewhere{"pushed_request", "a request of an application, before anybody is known"},
    TableElsewhere{"revoked_token", "random ids of tokens, of nobody's account"},
    TableElsewhere{"schema_migration", "of the whole installation"},
    TableElsewhere{"installation_mark", "of the whole installation"},
    TableElsewhere{"tenant", "of an organisation"},
    TableElsewhere{"account_term", "words of what person, person_identifier, identifier and address_verification have"},
    TableElsewhere{"own_role", "of an organisation; its contexts give it"},
    TableElsewhere{"acting_context", "of an organisation; account_context names those of the account"},
    TableElsewhere{"policy", "of an organisation"},
    TableElsewhere{"policy_binding", "of an organisation"},
    TableElsewhere{"group_", "of an organisation; group_member names those of the account"},
    TableElsewhere{"network_bucket", "counts under a keyed hash, of nobody's account"},
    TableElsewhere{"bulk_act", "given as events"},
    TableElsewhere{"bulk_item", "given as events"},
    TableElsewhere{"throttle", "counts under a keyed hash, which ends within an hour"},
    TableElsewhere{"client", "an application"},
    TableElsewhere{"signing_key", "of the whole installation"},
    TableElsewhere{"outbox", "given as messages"},
    TableElsewhere{"sms_count", "counts under a keyed hash, which end with their window"},
    TableElsewhere{"sms_day", "of the whole installation"},
    TableElsewhere{"certificate_authority", "of an organisation or the whole installation"},
    TableElsewhere{"certificate_list", "serial numbers, which are public"},
    TableElsewhere{"ocsp_responder", "of the whole installation"},
    TableElsewhere{"timestamp_authority", "of the whole installation"},
    TableElsewhere{"timestamp_clock", "of the whole installation"},
    TableElsewhere{"trust_anchor", "of an organisation or the whole installation"},
    TableElsewhere{"foreign_revocation", "answers of others about account_certificate, kept for some days"},
    TableElsewhere{"connector_setting", "of the whole installation"},
    TableElsewhere{"sms_limit", "of the whole installation"},
    TableElsewhere{"sms_gateway", "of the whole installation"},
    TableElsewhere{"sms_report", "delivery reports under a keyed hash, which name an item of the outbox"},
    TableElsewhere{"audit_event", "given as events"},
    TableElsewhere{"event_receipt", "requests of applications under a keyed hash, for a day"},
    TableElsewhere{"audit_head", "of the whole installation"},
    TableElsewhere{"erasure_due", "of accounts that were deleted"},
    TableElsewhere{"audit_check", "of the whole installation"},
    TableElsewhere{"audit_retention", "of the whole installation"},
};

StoredKind kind_of(char letter) {
  switch (letter) {
    case 'n': return StoredKind::number;
    case 'f': return StoredKind::flag;
    case 't': return StoredKind::time;
    case 'i': return StoredKind::id;
    case 'o': return StoredKind::octets;
    default: return StoredKind::text;
  }
}

std::vector<std::string_view> split(std::string_view text, std::string_view between) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(between), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + between.size(), text.size()));
  }
  return parts;
}

struct Column {
  std::string_view name;  // as it is given
  bool is_own = false;    // of the table, and not of a joined one
};
std::vector<Column> columns_of(const Given& given) {
  constexpr std::size_t begin = std::string_view("SELECT").size() + 1;
  const std::string_view sql = given.sql.view();
  std::vector<Column> columns;
  for (std::string_view part : split(sql.substr(begin, sql.find(" FROM ") - begin), ", ")) {
    const bool is_own = part.starts_with("t.");
    const std::size_t as = part.find(" AS ");
    columns.push_back({as == std::string_view::npos ? part.substr(2) : part.substr(as + 4), is_own});
  }
  return columns;
}

StoredRow read_row(const Row& row, const Given& given, const std::vector<Column>& columns) {
  StoredRow values;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto at = static_cast<int>(i);
    StoredValue value{columns[i].name, kind_of(given.kinds.at(i)), row.is_null(at), 0, {}};
    const bool is_text =
        value.kind == StoredKind::text || value.kind == StoredKind::id || value.kind == StoredKind::octets;
    if (is_text)
      value.text = std::string(row.view(at));
    else
      value.number = row.integer(at);
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace

base::Result<std::vector<StoredTable>> read_stored(Tx& tx, const base::Id& account_id) {
  std::vector<StoredTable> tables;
  for (const Given& given : given_tables) {
    StoredTable table{given.table, split(given.withheld, " "), {}};
    const std::vector<Column> columns = columns_of(given);
    RETURN_IF_ERROR(tx.query(given.sql, {account_id},
                             [&](const Row& row) { table.rows.push_back(read_row(row, given, columns)); }));
    tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<StoredColumns> list_stored_columns() {
  std::vector<StoredColumns> all;
  for (const Given& given : given_tables) {
    StoredColumns one{given.table, {}, split(given.withheld, " "), split(given.same, " ")};
    for (const Column& column : columns_of(given)) {
      if (column.is_own) one.given.push_back(column.name);
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::span<const TableElsewhere> list_tables_elsewhere() {
  return tables_elsewhere;
}

}  // namespace store
