#include "store/account/accounts.hpp"

#include "identity/identifier/identifier.hpp"
#include "store/driver/sql.hpp"

namespace store {
namespace {

// An account comes as one row for each of its identifiers, side by side; the oldest of a type is its main one. Which
// is the oldest is found here: a sort of these few rows costs the database more than all else of the statement.
class AccountReader {
 public:
  void operator()(const Row& row) {
    const base::Id id = row.id(0);
    if (accounts.empty() || accounts.back().id != id) {
      accounts.push_back(read(row));
      login_ = email_ = phone_ = Age{};
    }
    if (row.is_null(15)) return;
    identity::Account& account = accounts.back();
    const std::string_view type = row.view(15);
    if (type == identity::identifier_type::login && login_.is_older(row)) account.login = row.text(16);
    if (type == identity::identifier_type::email && email_.is_older(row)) {
      account.email = row.text(16);
      account.email_verified = !row.is_null(17);
      account.redirects_to_main = row.flag(19);
    }
    if (type == identity::identifier_type::phone && phone_.is_older(row)) {
      account.phone = row.text(18);  // E.164, the canonical form
      account.phone_verified = !row.is_null(17);
    }
  }

  std::vector<identity::Account> accounts;
  bool unknown = false;  // a kind or status that this program does not know

 private:
  identity::Account read(const Row& row) {
    identity::Account account;
    account.id = row.id(0);
    account.tenant_id = row.id(1);
    account.person_id = row.optional_id(2);
    const auto kind = identity::parse_account_kind(row.view(3));
    const auto status = identity::parse_account_status(row.view(5));
    if (kind && status) {
      account.kind = *kind;
      account.status = *status;
    } else {
      unknown = true;
    }
    account.external = row.flag(4);
    account.status_at = row.optional_time(6);
    account.locale = row.text(7);
    account.security_stamp = row.integer(8);
    account.failures = row.integer(9);
    account.locked_until = row.optional_time(10);
    account.created_at = row.time(11);
    account.version = row.integer(12);
    account.given_name = row.text(13);
    account.family_name = row.text(14);
    account.preferred_channel = row.text(20);
    account.main_account_id = row.optional_id(21);
    return account;
  }

  /// How old the main identifier of a type is; of two of one moment the first in the alphabet counts.
  struct Age {
    bool is_older(const Row& row) {
      const std::int64_t at = row.integer(22);
      const std::string_view text = row.view(18);
      if (known && (at > created_at || (at == created_at && text >= canonical))) return false;
      known = true;
      created_at = at;
      canonical = text;
      return true;
    }
    bool known = false;
    std::int64_t created_at = 0;
    std::string canonical;
  };
  Age login_;
  Age email_;
  Age phone_;
};

// Whose name it is, of those that share it.
struct OwnerOfName {
  void operator()(const Row& row) {
    const std::string_view type = row.view(1);
    const int rank = type == identity::identifier_type::login ? 0 : type == identity::identifier_type::email ? 1 : 2;
    if (account_id && rank >= best) return;
    account_id = row.id(0);
    best = rank;
  }
  std::optional<base::Id> account_id;
  int best = 3;
};

base::Result<std::optional<identity::Account>> find_with(Tx& tx, Sql sql, std::initializer_list<Param> params) {
  AccountReader reader;
  RETURN_IF_ERROR(tx.query(sql, params, reader));
  if (reader.unknown) return base::fail(base::Code::internal, "an account has an unknown kind or status");
  if (reader.accounts.empty()) return std::nullopt;
  return std::move(reader.accounts.front());
}

}  // namespace

base::Result<std::optional<identity::Account>> find_account(Tx& tx, const base::Id& id) {
  return find_with(
      tx,
      "SELECT a.id, a.tenant_id, a.person_id, a.kind, a.external, a.status, a.status_at, a.locale, a.security_stamp, "
      "a.failures, a.locked_until, a.created_at, a.version, p.given, p.family, i.type, i.display, i.verified_at, "
      "i.canonical, i.redirect_to_main, a.preferred_channel, a.main_account_id, i.created_at "
      "FROM account a LEFT JOIN person p ON p.id = a.person_id "
      "LEFT JOIN identifier i ON i.account_id = a.id AND i.valid_until IS NULL "
      "WHERE a.id = $1",
      {id});
}

base::Result<std::optional<identity::Account>> find_account_by_login(Tx& tx, std::string_view typed, base::Time now) {
  std::string login;  // of an address, too: the canonical form is the same
  std::string phone;
  for (identity::Identifier& reading : identity::find_readings(typed, {})) {
    if (reading.type == identity::identifier_type::login)
      login = std::move(reading.canonical);
    else if (reading.type == identity::identifier_type::phone)
      phone = std::move(reading.canonical);
  }
  if (login.empty()) return std::nullopt;
  // The same text may be the login of one account, the address of another and the number of a third: the login counts,
  // then the address.
  OwnerOfName owner;
  RETURN_IF_ERROR(
      tx.query("SELECT account_id, type FROM identifier WHERE canonical = $1 AND may_login = 1 "
               "AND (valid_until IS NULL OR valid_until > $2) ORDER BY type",
               {login, now}, owner));
  if (!phone.empty() && phone != login) {
    RETURN_IF_ERROR(
        tx.query("SELECT account_id, type FROM identifier WHERE canonical = $1 AND type = 'phone' "
                 "AND may_login = 1 AND (valid_until IS NULL OR valid_until > $2)",
                 {phone, now}, owner));
  }
  if (!owner.account_id) return std::nullopt;
  return find_account(tx, *owner.account_id);
}

base::Result<std::vector<identity::Account>> list_accounts(Tx& tx, const base::Id& after, std::size_t most) {
  AccountReader reader;
  RETURN_IF_ERROR(tx.query(
      "SELECT a.id, a.tenant_id, a.person_id, a.kind, a.external, a.status, a.status_at, a.locale, a.security_stamp, "
      "a.failures, a.locked_until, a.created_at, a.version, p.given, p.family, i.type, i.display, i.verified_at, "
      "i.canonical, i.redirect_to_main, a.preferred_channel, a.main_account_id, i.created_at "
      "FROM (SELECT * FROM account WHERE id > $1 ORDER BY id LIMIT $2) a LEFT JOIN person p ON p.id = a.person_id "
      "LEFT JOIN identifier i ON i.account_id = a.id AND i.valid_until IS NULL "
      "ORDER BY a.id",
      {after, most}, reader));
  if (reader.unknown) return base::fail(base::Code::internal, "an account has an unknown kind or status");
  return std::move(reader.accounts);
}

base::Result<void> insert_account(Tx& tx, const identity::Account& account) {
  std::optional<base::Id> person = account.person_id;
  const bool has_name = !account.given_name.empty() || !account.family_name.empty();
  if (!person && has_name) person = base::Id::make(account.created_at);
  if (person) {
    // A person may have several accounts: the first one brings him.
    RETURN_IF_ERROR(
        tx.run("INSERT INTO person(id, tenant_id, given, family) VALUES ($1, $2, $3, $4) "
               "ON CONFLICT (id) DO NOTHING",
               {*person, account.tenant_id, account.given_name, account.family_name}));
  }
  ASSIGN_OR_RETURN(
      const std::int64_t added,
      tx.run("INSERT INTO account(id, tenant_id, person_id, kind, external, status, status_at, locale, security_stamp, "
             "failures, locked_until, created_at, version, preferred_channel, main_account_id) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (id) DO NOTHING",
             {account.id, account.tenant_id, person, identity::name_of(account.kind), account.external,
              identity::name_of(account.status), account.status_at, account.locale, account.security_stamp,
              account.failures, account.locked_until, account.created_at, account.version, account.preferred_channel,
              account.main_account_id}));
  if (added == 0) return base::fail(base::Code::already_exists, "the account exists");
  return {};
}

base::Result<void> insert_identifier(Tx& tx, const Identifier& identifier, base::Time now) {
  ASSIGN_OR_RETURN(const auto tenant, tx.find_one("SELECT tenant_id FROM account WHERE id = $1",
                                                  {identifier.account_id}, [](const Row& row) { return row.id(0); }));
  if (!tenant) return base::fail(base::Code::not_found, "the account does not exist");
  ASSIGN_OR_RETURN(
      const std::int64_t added,
      tx.run(
          "INSERT INTO identifier(canonical, type, tenant_id, account_id, display, verified_at, may_login, created_at, "
          "redirect_to_main) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (canonical, type) DO NOTHING",
          {identifier.canonical, identifier.type, *tenant, identifier.account_id, identifier.display,
           identifier.verified_at, identifier.may_login, now, identifier.redirect_to_main}));
  if (added == 0) return base::fail(base::Code::already_exists, identifier.type + ": taken");
  return {};
}

base::Result<void> set_account_status(Tx& tx, const base::Id& id, identity::AccountStatus status, base::Time at,
                                      const std::optional<base::Id>& by) {
  return expect_changed(tx.run("UPDATE account SET status = $2, status_at = $3, status_by = $4, version = version + 1 "
                               "WHERE id = $1",
                               {id, identity::name_of(status), at, by}),
                        "the account");
}

base::Result<void> raise_security_stamp(Tx& tx, const base::Id& id) {
  RETURN_IF_ERROR(tx.run("UPDATE session SET ends_at = 0 WHERE account_id = $1", {id}));
  return expect_changed(tx.run("UPDATE account SET security_stamp = security_stamp + 1 WHERE id = $1", {id}),
                        "the account");
}

base::Result<void> set_failures(Tx& tx, const base::Id& id, const identity::LockoutState& state) {
  return expect_changed(tx.run("UPDATE account SET failures = $2, locked_until = $3 WHERE id = $1",
                               {id, state.failures, state.locked_until}),
                        "the account");
}

base::Result<void> set_locale(Tx& tx, const base::Id& id, std::string_view locale) {
  return expect_changed(tx.run("UPDATE account SET locale = $2 WHERE id = $1", {id, locale}), "the account");
}

}  // namespace store
