#include "store/account/search_terms.hpp"

#include "identity/account/account.hpp"
#include "identity/identifier/login_name.hpp"
#include "identity/identifier/search_terms.hpp"
#include "store/driver/sql.hpp"
#include "store/schema/marks.hpp"

namespace store {
namespace {

constexpr std::string_view due = "search terms due after";

struct Facts {
  base::Id tenant_id;
  std::string status;
  std::string given;
  std::string family;
  std::string organisation;
};

struct Named {
  std::string type;
  std::string canonical;
  std::string display;
};

Named read_named(const Row& row) {
  Fields field(row);
  return {field.text(), field.text(), field.text()};
}

base::Result<std::vector<Named>> list_named(Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(auto all, tx.find_all("SELECT type, canonical, display FROM identifier WHERE account_id = $1 "
                                         "ORDER BY created_at, canonical",
                                         {account_id}, read_named));
  auto add = [&all](const Row& row) { all.push_back(read_named(row)); };
  RETURN_IF_ERROR(
      tx.query("SELECT type, canonical, display FROM address_verification WHERE account_id = $1 ORDER BY type",
               {account_id}, add));
  RETURN_IF_ERROR(tx.query(
      "SELECT i.type, i.canonical, i.display FROM account a JOIN person_identifier i ON i.person_id = a.person_id "
      "WHERE a.id = $1 ORDER BY i.type",
      {account_id}, add));
  return all;
}

/// The login, or another text that a list shows for an account without a name.
std::string_view name_of(const std::vector<Named>& all) {
  for (const std::string_view type : {identity::identifier_type::login, identity::identifier_type::email}) {
    for (const Named& one : all) {
      if (one.type == type) return one.display;
    }
  }
  return all.empty() ? std::string_view() : std::string_view(all.front().display);
}

base::Result<std::vector<base::Id>> list_ids(Tx& tx, const base::Id& after, std::size_t most) {
  return tx.find_all("SELECT id FROM account WHERE id > $1 ORDER BY id LIMIT $2", {after, most}, read_id);
}

}  // namespace

base::Result<std::set<Term>> list_terms(Tx& tx, const base::Id& account_id) {
  std::set<Term> terms;
  RETURN_IF_ERROR(tx.query("SELECT kind, term, tenant_id FROM account_term WHERE account_id = $1", {account_id},
                           [&](const Row& row) {
                             Fields field(row);
                             terms.insert({field.text(), field.text(), field.id()});
                           }));
  return terms;
}

base::Result<std::set<Term>> make_terms(Tx& tx, const base::Id& account_id) {
  std::set<Term> terms;
  ASSIGN_OR_RETURN(const auto facts,
                   tx.find_one("SELECT a.tenant_id, a.status, p.given, p.family, a.organisation FROM account a "
                               "LEFT JOIN person p ON p.id = a.person_id WHERE a.id = $1",
                               {account_id}, [](const Row& row) {
                                 Fields field(row);
                                 return Facts{field.id(), field.text(), field.text(), field.text(), field.text()};
                               }));
  if (!facts) return terms;
  const auto add = [&](std::string_view kind, std::string_view term) {
    terms.insert({std::string(kind), std::string(term), facts->tenant_id});
  };
  ASSIGN_OR_RETURN(const auto status, identity::parse_account_status(facts->status));
  if (status == identity::AccountStatus::deleted) {
    add(term_kind::deleted, account_id.bytes());
    return terms;
  }
  ASSIGN_OR_RETURN(const auto all, list_named(tx, account_id));
  identity::SearchTerms words;
  words.add_name(facts->given);
  words.add_name(facts->family);
  words.add_name(facts->organisation);
  for (const Named& one : all) words.add_identifier(one.type, one.canonical, one.display);
  for (const std::string& word : words.all()) add(term_kind::word, word);
  const std::string_view name = facts->organisation.empty() ? name_of(all) : std::string_view(facts->organisation);
  const std::string place = identity::sort_form(facts->family, facts->given, name);
  add(term_kind::name, place);
  add(term_kind::created, account_id.bytes());
  if (status == identity::AccountStatus::suspended_self || status == identity::AccountStatus::suspended_admin) {
    add(term_kind::suspended, place);
  }
  return terms;
}

base::Result<void> refresh_terms(Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto stored, list_terms(tx, account_id));
  ASSIGN_OR_RETURN(const auto wanted, make_terms(tx, account_id));
  for (const Term& one : stored) {
    if (wanted.contains(one)) continue;
    RETURN_IF_ERROR(tx.run("DELETE FROM account_term WHERE account_id = $1 AND kind = $2 AND term = $3",
                           {account_id, one.kind, Blob{one.term}}));
  }
  for (const Term& one : wanted) {
    if (stored.contains(one)) continue;
    RETURN_IF_ERROR(tx.run("INSERT INTO account_term(account_id, kind, term, tenant_id) VALUES ($1, $2, $3, $4)",
                           {account_id, one.kind, Blob{one.term}, one.tenant_id}));
  }
  return {};
}

base::Result<void> refresh_terms_of_person(Tx& tx, const base::Id& person_id) {
  ASSIGN_OR_RETURN(const auto accounts,
                   tx.find_all("SELECT id FROM account WHERE person_id = $1", {person_id}, read_id));
  for (const base::Id& account : accounts) RETURN_IF_ERROR(refresh_terms(tx, account));
  return {};
}

base::Result<bool> are_terms_due(Tx& tx) {
  ASSIGN_OR_RETURN(const auto mark, find_mark(tx, due));
  return mark.has_value();
}

base::Result<bool> fill_some_terms(Tx& tx, std::size_t most) {
  ASSIGN_OR_RETURN(const auto mark, find_mark(tx, due));
  if (!mark) return false;
  ASSIGN_OR_RETURN(const auto ids, list_ids(tx, base::Id::parse(*mark).value_or(base::Id()), most));
  for (const base::Id& id : ids) RETURN_IF_ERROR(refresh_terms(tx, id));
  if (ids.size() == most) {
    RETURN_IF_ERROR(set_mark(tx, due, ids.back().to_string()));
    return true;
  }
  RETURN_IF_ERROR(tx.run("DELETE FROM installation_mark WHERE name = $1", {due}));
  return false;
}

base::Result<CheckedTerms> check_some_terms(Tx& tx, const base::Id& after, std::size_t most) {
  CheckedTerms checked;
  ASSIGN_OR_RETURN(const auto ids, list_ids(tx, after, most));
  for (const base::Id& id : ids) {
    ASSIGN_OR_RETURN(const auto stored, list_terms(tx, id));
    ASSIGN_OR_RETURN(const auto wanted, make_terms(tx, id));
    if (stored != wanted) checked.differing.push_back(id);
  }
  checked.more = ids.size() == most;
  if (!ids.empty()) checked.last = ids.back();
  return checked;
}

}  // namespace store
