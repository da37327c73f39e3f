#include "store/account/contexts.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/log.hpp"
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

std::vector<std::string> names_of(const std::vector<rights::Permission>& lacks) {
  std::vector<std::string> names;
  for (const rights::Permission one : lacks) names.emplace_back(rights::name_of_lacking(one));
  return names;
}

constexpr SqlPart columns = "c.id, c.tenant_id, c.key, c.name, c.role, c.methods, c.level, c.lacks";

class ContextReader {
 public:
  void operator()(const Row& row) {
    Fields field(row);
    rights::ActingContext context;
    context.id = field.id();
    context.tenant_id = field.id();
    context.key = field.text();
    context.name = field.text();
    const auto role = rights::parse_role(field.view());
    if (!role) {  // a role that cannot be read gives nothing (security rule 9)
      base::log(base::Level::error, "an acting context has an unknown role", {{"context", context.id.to_string()}});
      return;
    }
    context.role = *role;
    context.methods = split(field.view());
    context.level = field.integer();
    for (const std::string& word : split(field.view())) {
      const auto lacking = rights::parse_lacking(word);
      if (!lacking) {  // what cannot be read gives nothing (security rule 9)
        base::log(base::Level::error, "an acting context lacks something unknown",
                  {{"context", context.id.to_string()}});
        return;
      }
      context.lacks.push_back(*lacking);
    }
    contexts.push_back(std::move(context));
  }
  std::vector<rights::ActingContext> contexts;
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
      sql<"SELECT ", columns,
          " FROM account_context m JOIN acting_context c ON c.id = m.context_id "
          "WHERE m.account_id = $1 AND m.from_at <= $2 AND (m.until_at IS NULL OR m.until_at > $2) ORDER BY c.id">,
      {account_id, now});
}

base::Result<std::optional<rights::ActingContext>> find_context(Tx& tx, const base::Id& context_id) {
  return first_of(tx, sql<"SELECT ", columns, " FROM acting_context c WHERE c.id = $1">, {context_id});
}

base::Result<std::optional<rights::ActingContext>> find_context_of(Tx& tx, const base::Id& account_id,
                                                                   const base::Id& context_id, base::Time now) {
  return first_of(tx,
                  sql<"SELECT ", columns,
                      " FROM account_context m "
                      "JOIN acting_context c ON c.id = m.context_id WHERE m.account_id = $1 AND m.context_id = $2 "
                      "AND m.from_at <= $3 AND (m.until_at IS NULL OR m.until_at > $3)">,
                  {account_id, context_id, now});
}

base::Result<std::optional<rights::ActingContext>> find_context_by_key(Tx& tx, const base::Id& tenant_id,
                                                                       std::string_view key) {
  return first_of(tx, sql<"SELECT ", columns, " FROM acting_context c WHERE c.tenant_id = $1 AND c.key = $2">,
                  {tenant_id, key});
}

base::Result<void> insert_context(Tx& tx, const rights::ActingContext& context) {
  ASSIGN_OR_RETURN(const std::int64_t added,
                   tx.run("INSERT INTO acting_context(id, tenant_id, key, name, role, methods, level, lacks) "
                          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
                          {context.id, context.tenant_id, context.key, context.name, rights::name_of(context.role),
                           base::join(context.methods, " "), context.level, base::join(names_of(context.lacks), " ")}));
  if (added == 0) return base::fail(base::Code::already_exists, "the acting context " + context.key + " exists");
  return {};
}

base::Result<void> set_lacks(Tx& tx, const base::Id& context_id, const std::vector<rights::Permission>& lacks) {
  return expect_changed(
      tx.run("UPDATE acting_context SET lacks = $2 WHERE id = $1", {context_id, base::join(names_of(lacks), " ")}),
      "the acting context");
}

base::Result<std::vector<rights::ActingContext>> list_contexts_of_tenant(Tx& tx, const base::Id& tenant_id) {
  return all_of(tx, sql<"SELECT ", columns, " FROM acting_context c WHERE c.tenant_id = $1 ORDER BY c.id">,
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

base::Result<bool> take_context(Tx& tx, const base::Id& account_id, const base::Id& context_id, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t taken,
                   tx.run("UPDATE account_context SET until_at = $3 WHERE account_id = $1 AND context_id = $2 "
                          "AND (until_at IS NULL OR until_at > $3)",
                          {account_id, context_id, now}));
  return taken == 1;
}

}  // namespace store
