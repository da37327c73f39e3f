#include "store/account/contexts.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "rights/role.hpp"
#include "store/driver/sql.hpp"

namespace store {
namespace {

// Methods are stored in one column, separated by spaces: their names have none.
std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> out;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (end > 0) out.emplace_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return out;
}

std::string words_of(const std::vector<base::IpNetwork>& networks) {
  std::vector<std::string> words;
  for (const base::IpNetwork& one : networks) words.push_back(one.to_string());
  return base::join(words, " ");
}

constexpr SqlPart columns =
    "c.id, c.tenant_id, c.key, c.name, c.name_de, c.name_pl, c.role, COALESCE(r.permissions, ''), c.methods, c.level, "
    "c.networks, c.lacks, c.version";
// A role of the tenant; the built-in ones have no row.
constexpr SqlPart and_role = "LEFT JOIN own_role r ON r.tenant_id = c.tenant_id AND r.key = c.role ";

// What the role gives; `words` are those of a role of the tenant.
base::Result<rights::Permissions> permissions_of(const std::string& role, std::string_view words) {
  if (const auto built_in = rights::find_built_in(role)) return *built_in;
  if (words.empty()) return base::fail(base::Code::invalid_input, "no such role: " + role);
  ASSIGN_OR_RETURN(const rights::Permissions permissions, rights::parse_permissions(words));
  // A role that was stored before a personal permission came has it too.
  return permissions.with(rights::personal_permissions);
}

base::Result<std::vector<base::IpNetwork>> parse_networks(std::string_view words) {
  std::vector<base::IpNetwork> networks;
  for (const std::string& word : split(words)) {
    ASSIGN_OR_RETURN(const base::IpNetwork network, base::IpNetwork::parse(word));
    networks.push_back(network);
  }
  return networks;
}

base::Result<rights::ActingContext> read_context(Fields& field) {
  rights::ActingContext context;
  context.id = field.id();
  context.tenant_id = field.id();
  context.key = field.text();
  context.name = field.text();
  context.name_de = field.text();
  context.name_pl = field.text();
  context.role = field.text();
  ASSIGN_OR_RETURN(context.of_role, permissions_of(context.role, field.view()));
  context.methods = split(field.view());
  context.level = field.integer();
  ASSIGN_OR_RETURN(context.networks, parse_networks(field.view()));
  ASSIGN_OR_RETURN(context.lacks, rights::parse_permissions(field.view()));
  context.version = field.integer();
  return context;
}

// What cannot be read gives nothing (security rule 9).
class ContextReader {
 public:
  void operator()(const Row& row) {
    Fields field(row);
    if (auto context = read(field)) contexts.push_back(*std::move(context));
  }
  static std::optional<rights::ActingContext> read(Fields& field) {
    auto context = read_context(field);
    if (context) return *std::move(context);
    base::log(base::Level::error, "an acting context cannot be read", {{"reason", context.error().reason}});
    return std::nullopt;
  }
  std::vector<rights::ActingContext> contexts;
};

/// From when until when an account may choose a context.
struct GivenContext {
  rights::ActingContext context;
  base::Time from;
  std::optional<base::Time> until;
};

base::Result<std::vector<rights::ActingContext>> all_of(Tx& tx, Sql sql, std::initializer_list<Param> params) {
  ContextReader reader;
  RETURN_IF_ERROR(tx.query(sql, params, reader));
  return std::move(reader.contexts);
}

base::Result<std::optional<rights::ActingContext>> first_of(Tx& tx, Sql sql, std::initializer_list<Param> params) {
  ASSIGN_OR_RETURN(auto found, all_of(tx, sql, params));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

}  // namespace

base::Result<std::vector<rights::ActingContext>> list_contexts(Tx& tx, const base::Id& account_id, base::Time now) {
  return all_of(
      tx,
      sql<"SELECT ", columns, " FROM account_context m JOIN acting_context c ON c.id = m.context_id ", and_role,
          "WHERE m.account_id = $1 AND m.from_at <= $2 AND (m.until_at IS NULL OR m.until_at > $2) ORDER BY c.id">,
      {account_id, now});
}

base::Result<std::vector<rights::ActingContext>> list_given_contexts(Tx& tx, const base::Id& account_id,
                                                                     base::Time now) {
  return all_of(tx,
                sql<"SELECT ", columns, " FROM account_context m JOIN acting_context c ON c.id = m.context_id ",
                    and_role, "WHERE m.account_id = $1 AND (m.until_at IS NULL OR m.until_at > $2) ORDER BY c.id">,
                {account_id, now});
}

base::Result<std::optional<rights::ActingContext>> find_context(Tx& tx, const base::Id& context_id) {
  return first_of(tx, sql<"SELECT ", columns, " FROM acting_context c ", and_role, "WHERE c.id = $1">, {context_id});
}

base::Result<std::optional<rights::ActingContext>> find_context_of(Tx& tx, const base::Id& account_id,
                                                                   const base::Id& context_id, base::Time now) {
  std::string both(account_id.bytes());
  both.append(context_id.bytes());
  const auto load = [&]() -> base::Result<std::vector<GivenContext>> {
    std::vector<GivenContext> terms;
    RETURN_IF_ERROR(tx.query(sql<"SELECT ", columns,
                                 ", m.from_at, m.until_at FROM account_context m "
                                 "JOIN acting_context c ON c.id = m.context_id ",
                                 and_role, "WHERE m.account_id = $1 AND m.context_id = $2">,
                             {account_id, context_id}, [&](const Row& row) {
                               Fields field(row);
                               auto context = ContextReader::read(field);
                               if (!context) return;
                               const base::Time from = field.time();
                               terms.push_back({*std::move(context), from, field.optional_time()});
                             }));
    return terms;
  };
  ASSIGN_OR_RETURN(auto terms, tx.keep("context of", both, load));
  for (GivenContext& term : terms) {
    if (term.from <= now && (!term.until || *term.until > now)) return std::move(term.context);
  }
  return std::nullopt;
}

base::Result<std::optional<rights::ActingContext>> find_context_by_key(Tx& tx, const base::Id& tenant_id,
                                                                       std::string_view key) {
  return first_of(tx,
                  sql<"SELECT ", columns, " FROM acting_context c ", and_role, "WHERE c.tenant_id = $1 AND c.key = $2">,
                  {tenant_id, key});
}

base::Result<void> insert_context(Tx& tx, const rights::ActingContext& context) {
  ASSIGN_OR_RETURN(
      const std::int64_t added,
      tx.run("INSERT INTO acting_context(id, tenant_id, key, name, name_de, name_pl, role, methods, level, networks, "
             "lacks, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) ON CONFLICT DO NOTHING",
             {context.id, context.tenant_id, context.key, context.name, context.name_de, context.name_pl, context.role,
              base::join(context.methods, " "), context.level, words_of(context.networks),
              rights::to_words(context.lacks)}));
  if (added == 0) return base::fail(base::Code::already_exists, "the acting context " + context.key + " exists");
  return {};
}

base::Result<bool> update_context(Tx& tx, const rights::ActingContext& context) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      tx.run("UPDATE acting_context SET name = $3, name_de = $4, name_pl = $5, role = $6, methods = $7, level = $8, "
             "networks = $9, lacks = $10, version = version + 1 WHERE id = $1 AND version = $2",
             {context.id, context.version, context.name, context.name_de, context.name_pl, context.role,
              base::join(context.methods, " "), context.level, words_of(context.networks),
              rights::to_words(context.lacks)}));
  return changed == 1;
}

base::Result<std::int64_t> count_holders(Tx& tx, const base::Id& context_id, base::Time now, std::int64_t most) {
  ASSIGN_OR_RETURN(const auto count,
                   tx.find_one("SELECT count(*) FROM (SELECT 1 FROM account_context WHERE context_id = $1 "
                               "AND (until_at IS NULL OR until_at > $2) LIMIT $3) AS held",
                               {context_id, now, most}, read_integer));
  return count.value_or(0);
}

base::Result<std::int64_t> count_holders_of_nothing_else(Tx& tx, const base::Id& context_id, base::Time now,
                                                         std::int64_t most) {
  ASSIGN_OR_RETURN(
      const auto count,
      tx.find_one("SELECT count(*) FROM (SELECT account_id FROM account_context WHERE context_id = $1 "
                  "AND (until_at IS NULL OR until_at > $2) LIMIT $3) AS held "
                  "JOIN account a ON a.id = held.account_id WHERE a.status = 'active' AND NOT EXISTS ("
                  "SELECT 1 FROM account_context o WHERE o.account_id = held.account_id AND o.context_id <> $1 "
                  "AND o.from_at <= $2 AND (o.until_at IS NULL OR o.until_at > $2))",
                  {context_id, now, most}, read_integer));
  return count.value_or(0);
}

base::Result<std::int64_t> count_holders_of_role(Tx& tx, const rights::OwnRole& role, base::Time now,
                                                 std::int64_t most) {
  ASSIGN_OR_RETURN(const auto count,
                   tx.find_one("SELECT count(*) FROM (SELECT DISTINCT m.account_id FROM acting_context c "
                               "JOIN account_context m ON m.context_id = c.id WHERE c.tenant_id = $1 AND c.role = $2 "
                               "AND (m.until_at IS NULL OR m.until_at > $3) LIMIT $4) AS held",
                               {role.tenant_id, role.key, now, most}, read_integer));
  return count.value_or(0);
}

base::Result<void> delete_context(Tx& tx, const base::Id& context_id) {
  RETURN_IF_ERROR(tx.run("DELETE FROM account_context WHERE context_id = $1", {context_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM policy_binding WHERE scope = 'context' AND scope_id = $1", {context_id}));
  return expect_changed(tx.run("DELETE FROM acting_context WHERE id = $1", {context_id}), "the acting context");
}

base::Result<std::vector<rights::ActingContext>> list_contexts_of_tenant(Tx& tx, const base::Id& tenant_id) {
  return all_of(tx,
                sql<"SELECT ", columns, " FROM acting_context c ", and_role, "WHERE c.tenant_id = $1 ORDER BY c.id">,
                {tenant_id});
}

base::Result<void> give_context(Tx& tx, const base::Id& account_id, const base::Id& context_id, base::Time from) {
  // A context that was taken away and is given again is valid from `from`, and not from its earlier time.
  return expect_changed(tx.run("INSERT INTO account_context(account_id, context_id, tenant_id, from_at) "
                               "SELECT a.id, $2, a.tenant_id, $3 FROM account a WHERE a.id = $1 "
                               "ON CONFLICT (account_id, context_id) DO UPDATE SET until_at = NULL, from_at = CASE "
                               "WHEN account_context.until_at IS NULL AND account_context.from_at < excluded.from_at "
                               "THEN account_context.from_at ELSE excluded.from_at END",
                               {account_id, context_id, from}),
                        "the account");
}

base::Result<std::vector<ContextTerm>> list_context_terms(Tx& tx, const base::Id& account_id, base::Time now) {
  return tx.find_all(
      "SELECT context_id, from_at, until_at FROM account_context WHERE account_id = $1 "
      "AND (until_at IS NULL OR until_at > $2)",
      {account_id, now}, [](const Row& row) {
        Fields field(row);
        ContextTerm term;
        term.context_id = field.id();
        term.from = field.time();
        term.until = field.optional_time();
        return term;
      });
}

base::Result<void> write_context_term(Tx& tx, const base::Id& account_id, const ContextTerm& term) {
  return expect_changed(tx.run("INSERT INTO account_context(account_id, context_id, tenant_id, from_at, until_at) "
                               "SELECT a.id, $2, a.tenant_id, $3, $4 FROM account a WHERE a.id = $1 "
                               "ON CONFLICT (account_id, context_id) DO UPDATE SET from_at = excluded.from_at, "
                               "until_at = excluded.until_at",
                               {account_id, term.context_id, term.from, term.until}),
                        "the account");
}

base::Result<bool> take_context(Tx& tx, const base::Id& account_id, const base::Id& context_id, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t taken,
                   tx.run("UPDATE account_context SET until_at = $3 WHERE account_id = $1 AND context_id = $2 "
                          "AND (until_at IS NULL OR until_at > $3)",
                          {account_id, context_id, now}));
  return taken == 1;
}

base::Result<std::vector<base::Id>> list_main_accounts(Tx& tx, const base::Id& tenant_id, std::int64_t most,
                                                       base::Time now) {
  std::vector<base::Id> found;
  auto take = [&](const Row& row) {
    Fields field(row);
    const base::Id id = field.id();
    const bool is_sub_account = field.optional_id().has_value();
    if (!is_sub_account && std::find(found.begin(), found.end(), id) == found.end()) found.push_back(id);
  };
  RETURN_IF_ERROR(tx.query(
      "SELECT id, main_account_id FROM account WHERE tenant_id = $1 AND status = 'active' AND is_main = 1 LIMIT $2",
      {tenant_id, most}, take));
  ASSIGN_OR_RETURN(const auto contexts, list_contexts_of_tenant(tx, tenant_id));
  for (const rights::ActingContext& context : contexts) {
    if (!rights::granted(context).has(rights::Permission::manage_accounts)) continue;
    RETURN_IF_ERROR(
        tx.query("SELECT a.id, a.main_account_id FROM account_context c JOIN account a ON a.id = c.account_id "
                 "WHERE c.context_id = $1 AND c.from_at <= $2 AND (c.until_at IS NULL OR c.until_at > $2) "
                 "AND a.status = 'active' LIMIT $3",
                 {context.id, now, most}, take));
  }
  if (found.empty()) {
    RETURN_IF_ERROR(
        tx.query("SELECT id, main_account_id FROM account WHERE tenant_id = $1 AND status = 'active' "
                 "AND kind = 'legal_person' LIMIT $2",
                 {tenant_id, most}, take));
  }
  if (found.size() > static_cast<std::size_t>(most)) found.resize(static_cast<std::size_t>(most));
  return found;
}

}  // namespace store
