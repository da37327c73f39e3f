#include "store/account/accounts.hpp"

#include "identity/identifier/identifier.hpp"
#include "store/account/search_terms.hpp"
#include "store/driver/sql.hpp"

namespace store {
namespace {

// An account is read as one row for each of its identifiers; the oldest identifier of a type is the main one. The
// reader finds the oldest itself, because a sort of these few rows costs the database more than the rest of the
// statement.
constexpr SqlPart columns =
    "a.id, i.type, i.created_at, i.canonical, i.display, i.verified_at, i.given_at, i.redirect_to_main, "
    "a.tenant_id, a.person_id, a.kind, a.status, a.external, a.status_at, a.locale, a.security_stamp, a.failures, "
    "a.locked_until, a.created_at, a.changed_at, a.version, a.preferred_channel, a.main_account_id, a.is_main, "
    "a.organisation, "
    "a.first_language, p.given, p.family, "
    "(SELECT w.display FROM address_verification w WHERE w.account_id = a.id AND w.type = 'email'), "
    "(SELECT w.redirect_to_main FROM address_verification w WHERE w.account_id = a.id AND w.type = 'email'), "
    "(SELECT w.canonical FROM address_verification w WHERE w.account_id = a.id AND w.type = 'phone')";
constexpr SqlPart joins =
    " LEFT JOIN person p ON p.id = a.person_id "
    "LEFT JOIN identifier i ON i.account_id = a.id AND i.valid_until IS NULL ";

struct IdentifierFields {
  explicit IdentifierFields(Fields& field)
      : is_there(!field.is_null()),
        type(field.view()),
        created_at(field.integer()),
        canonical(field.view()),
        display(field.view()),
        is_verified(field.optional_time().has_value()),
        is_given(field.optional_time().has_value()),
        redirects_to_main(field.flag()) {}
  bool is_there;
  std::string_view type;
  std::int64_t created_at;
  std::string_view canonical;
  std::string_view display;
  bool is_verified;
  bool is_given;
  bool redirects_to_main;
};

class AccountReader {
 public:
  void operator()(const Row& row) {
    Fields field(row);
    const base::Id id = field.id();
    const IdentifierFields identifier(field);
    if (accounts.empty() || accounts.back().id != id) {
      accounts.push_back(read(id, field));
      login_ = email_ = phone_ = Oldest{};
    }
    if (identifier.is_there) add(identifier);
  }

  std::vector<identity::Account> accounts;
  bool unknown = false;  // a kind or status that this program does not know

 private:
  identity::Account read(const base::Id& id, Fields& field) {
    identity::Account account;
    account.id = id;
    account.tenant_id = field.id();
    account.person_id = field.optional_id();
    const auto kind = identity::parse_account_kind(field.view());
    const auto status = identity::parse_account_status(field.view());
    if (kind && status) {
      account.kind = *kind;
      account.status = *status;
    } else {
      unknown = true;
    }
    account.external = field.flag();
    account.status_at = field.optional_time();
    account.locale = field.text();
    account.security_stamp = field.integer();
    account.failures = field.integer();
    account.locked_until = field.optional_time();
    account.created_at = field.time();
    account.changed_at = field.optional_time();
    account.version = field.integer();
    account.preferred_channel = field.text();
    account.main_account_id = field.optional_id();
    account.is_main = field.flag();
    account.organisation = field.text();
    account.first_language = field.text();
    account.given_name = field.text();
    account.family_name = field.text();
    // Addresses that wait for their code; a verified one takes their place (add).
    account.email = field.text();
    account.redirects_to_main = field.flag();
    account.phone = field.text();
    return account;
  }

  void add(const IdentifierFields& identifier) {
    identity::Account& account = accounts.back();
    if (identifier.type == identity::identifier_type::login && login_.gives_way_to(identifier)) {
      account.login = identifier.display;
    }
    if (identifier.type == identity::identifier_type::email && email_.gives_way_to(identifier)) {
      account.email = identifier.display;
      account.email_verified = identifier.is_verified;
      account.email_given = identifier.is_given && !identifier.is_verified;
      account.redirects_to_main = identifier.redirects_to_main;
    }
    if (identifier.type == identity::identifier_type::phone && phone_.gives_way_to(identifier)) {
      account.phone = identifier.canonical;  // E.164
      account.phone_verified = identifier.is_verified;
      account.phone_given = identifier.is_given && !identifier.is_verified;
    }
  }

  /// The oldest identifier of a type so far; of two of the same time it is the first in the alphabet.
  struct Oldest {
    bool gives_way_to(const IdentifierFields& other) {
      if (known && (other.created_at > created_at || (other.created_at == created_at && other.canonical >= canonical)))
        return false;
      known = true;
      created_at = other.created_at;
      canonical = other.canonical;
      return true;
    }
    bool known = false;
    std::int64_t created_at = 0;
    std::string canonical;
  };
  Oldest login_;
  Oldest email_;
  Oldest phone_;
};

// Finds the owner of a name that several accounts share.
struct OwnerOfName {
  void operator()(const Row& row) {
    Fields field(row);
    const std::string_view type = field.view();
    const int rank = type == identity::identifier_type::login ? 0 : type == identity::identifier_type::email ? 1 : 2;
    if (account_id && rank >= best) return;
    account_id = field.id();
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
  return tx.keep("account", id.bytes(), [&] {
    return find_with(tx, sql<"SELECT ", columns, " FROM account a", joins, "WHERE a.id = $1">, {id});
  });
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
  // The same text may be the login of one account, the address of another and the number of a third: the login counts,
  // then the address.
  OwnerOfName owner;
  RETURN_IF_ERROR(
      tx.query("SELECT type, account_id FROM identifier WHERE canonical = $1 AND may_login = 1 "
               "AND (valid_until IS NULL OR valid_until > $2) ORDER BY type",
               {login, now}, owner));
  if (!phone.empty() && phone != login) {
    RETURN_IF_ERROR(
        tx.query("SELECT type, account_id FROM identifier WHERE canonical = $1 AND type = 'phone' "
                 "AND may_login = 1 AND (valid_until IS NULL OR valid_until > $2)",
                 {phone, now}, owner));
  }
  if (!owner.account_id) return std::nullopt;
  return find_account(tx, *owner.account_id);
}

base::Result<std::vector<identity::Account>> list_accounts(Tx& tx, const base::Id& after, std::size_t most) {
  AccountReader reader;
  RETURN_IF_ERROR(tx.query(sql<"SELECT ", columns, " FROM (SELECT * FROM account WHERE id > $1 ORDER BY id LIMIT $2) a",
                               joins, "ORDER BY a.id">,
                           {after, most}, reader));
  if (reader.unknown) return base::fail(base::Code::internal, "an account has an unknown kind or status");
  return std::move(reader.accounts);
}

base::Result<void> insert_account(Tx& tx, const identity::Account& account) {
  std::optional<base::Id> person = account.person_id;
  const bool has_name = !account.given_name.empty() || !account.family_name.empty();
  if (!person && has_name) person = base::Id::make(account.created_at);
  if (person) {
    // A person may have several accounts: the first one inserts the row.
    RETURN_IF_ERROR(
        tx.run("INSERT INTO person(id, tenant_id, given, family) VALUES ($1, $2, $3, $4) "
               "ON CONFLICT (id) DO NOTHING",
               {*person, account.tenant_id, account.given_name, account.family_name}));
  }
  ASSIGN_OR_RETURN(
      const std::int64_t added,
      tx.run("INSERT INTO account(id, tenant_id, person_id, kind, external, status, status_at, locale, security_stamp, "
             "failures, locked_until, created_at, version, preferred_channel, main_account_id, is_main, organisation) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) "
             "ON CONFLICT (id) DO NOTHING",
             {account.id, account.tenant_id, person, identity::name_of(account.kind), account.external,
              identity::name_of(account.status), account.status_at, account.locale, account.security_stamp,
              account.failures, account.locked_until, account.created_at, account.version, account.preferred_channel,
              account.main_account_id, account.is_main, account.organisation}));
  if (added == 0) return base::fail(base::Code::already_exists, "the account exists");
  return refresh_terms(tx, account.id);
}

base::Result<void> insert_identifier(Tx& tx, const Identifier& identifier, base::Time now) {
  ASSIGN_OR_RETURN(const auto tenant,
                   tx.find_one("SELECT tenant_id FROM account WHERE id = $1", {identifier.account_id}, read_id));
  if (!tenant) return base::fail(base::Code::not_found, "the account does not exist");
  ASSIGN_OR_RETURN(
      const std::int64_t added,
      tx.run(
          "INSERT INTO identifier(canonical, type, tenant_id, account_id, display, verified_at, may_login, created_at, "
          "redirect_to_main, given_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
          "ON CONFLICT (canonical, type) DO NOTHING",
          {identifier.canonical, identifier.type, *tenant, identifier.account_id, identifier.display,
           identifier.verified_at, identifier.may_login, now, identifier.redirect_to_main, identifier.given_at}));
  if (added == 0) return base::fail(base::Code::already_exists, identifier.type + ": taken");
  return refresh_terms(tx, identifier.account_id);
}

base::Result<void> set_account_status(Tx& tx, const base::Id& id, identity::AccountStatus status, base::Time at,
                                      const std::optional<base::Id>& by) {
  RETURN_IF_ERROR(
      expect_changed(tx.run("UPDATE account SET status = $2, status_at = $3, status_by = $4, version = version + 1 "
                            "WHERE id = $1",
                            {id, identity::name_of(status), at, by}),
                     "the account"));
  return refresh_terms(tx, id);
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

base::Result<void> set_first_language(Tx& tx, const base::Id& id, std::string_view language) {
  return expect_changed(tx.run("UPDATE account SET first_language = $2 WHERE id = $1", {id, language}), "the account");
}

base::Result<void> set_locale(Tx& tx, const base::Id& id, std::string_view locale) {
  return expect_changed(tx.run("UPDATE account SET locale = $2 WHERE id = $1", {id, locale}), "the account");
}

}  // namespace store
