#include "flow/admin/change_account.hpp"

#include <algorithm>
#include <array>

#include "audit/event.hpp"
#include "base/bytes.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/account/verify_address.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/record.hpp"
#include "flow/identifier/make_identifiers.hpp"
#include "flow/identifier/read_certificate.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/identifier/identifier.hpp"
#include "store/account/accounts.hpp"
#include "store/account/identifiers.hpp"
#include "store/account/main_accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

namespace type = identity::identifier_type;

bool is_field(std::string_view name) {
  return name == "kind" || name == "main_account" ||
         std::find(account_fields.begin(), account_fields.end(), name) != account_fields.end();
}

bool is_address(std::string_view name) {
  return name == type::email || name == type::phone;
}

bool is_identifier(std::string_view name) {
  const auto all = identity::identifier_types();
  return name != type::certificate && std::find(all.begin(), all.end(), name) != all.end();
}

/// What is stored of an account.
struct Stored {
  identity::Account account;
  AccountFields fields;
  std::vector<store::Identifier> identifiers;
};

base::Result<Stored> read_stored(store::Tx& tx, identity::Account account) {
  Stored stored;
  AccountFields& fields = stored.fields;
  fields.set("given_name", account.given_name);
  fields.set("family_name", account.family_name);
  fields.set("organisation", account.organisation);
  fields.set("kind", std::string(identity::name_of(account.kind)));
  fields.set("external", account.external ? "yes" : "");
  fields.set("locale", account.locale);
  fields.set("preferred_channel", account.preferred_channel);
  ASSIGN_OR_RETURN(const auto pending, store::list_pending(tx, account.id));
  for (const store::PendingAddress& one : pending) fields.set(one.type, one.display);
  ASSIGN_OR_RETURN(stored.identifiers, store::list_identifiers(tx, account.id));
  for (auto one = stored.identifiers.rbegin(); one != stored.identifiers.rend(); ++one) {
    fields.set(one->type, one->display);  // the oldest of a type is the last here, and stays
  }
  if (account.person_id) {
    ASSIGN_OR_RETURN(const auto of_person, store::list_person_identifiers(tx, *account.person_id));
    for (const store::PersonIdentifier& one : of_person) fields.set(one.type, one.display);
  }
  if (account.main_account_id) {
    ASSIGN_OR_RETURN(const auto main, store::find_account(tx, *account.main_account_id));
    if (main) fields.set("main_account", main->login);
  }
  stored.account = std::move(account);
  return stored;
}

/// One field whose value is another one.
struct Changed {
  std::string name;
  std::string old_value;
  std::string new_value;
};

/// What the holder of a main account changes of a sub account (S2.4). Numbers of documents are an administrator's.
constexpr std::array<std::string_view, 7> fields_for_main{"given_name", "family_name", "locale",           "login",
                                                          "email",      "phone",       "preferred_channel"};

bool is_for_main(std::string_view name) {
  return std::find(fields_for_main.begin(), fields_for_main.end(), name) != fields_for_main.end();
}

class Change {
 public:
  /// `main`: the main account whose holder makes the change; nullptr: an administrator does.
  Change(const House& house, store::Tx& tx, Stored before, const identity::Account* main, const RequestFacts& facts)
      : house_(house), tx_(tx), before_(std::move(before)), after_(before_.account), main_(main), facts_(facts) {}

  base::Result<std::vector<FieldFlaw>> judge(const AccountWish& wish) {
    AccountFields fields = before_.fields;
    for (const auto& [name, value] : wish.fields) {
      if (value == before_.fields.get(name)) continue;
      changed_.push_back({name, before_.fields.get(name), value});
      fields.set(name, value);
    }
    std::vector<FieldFlaw> flaws = take_kind();
    after_.given_name = fields.get("given_name");
    after_.family_name = fields.get("family_name");
    after_.organisation = fields.get("organisation");
    after_.external = !fields.get("external").empty();
    after_.locale = fields.get("locale");
    keep_preferred_present(fields);
    after_.preferred_channel = fields.get("preferred_channel");
    std::vector<std::string> asked;
    for (const Changed& one : changed_) asked.push_back(one.name);
    ASSIGN_OR_RETURN(auto of_fields, find_field_flaws(tx_, after_, fields, asked, facts_.now));
    flaws.insert(flaws.end(), of_fields.begin(), of_fields.end());
    return flaws;
  }

  /// The account changes to another main account, becomes a sub account, or stands alone (S2.4).
  base::Result<std::vector<FieldFlaw>> take_main(const rights::Actor& actor) {
    const auto one = std::find_if(changed_.begin(), changed_.end(),
                                  [](const Changed& field) { return field.name == "main_account"; });
    if (one == changed_.end()) return std::vector<FieldFlaw>();
    const auto flaw = [](const char* key) { return std::vector<FieldFlaw>{{"main_account", key}}; };
    if (before_.account.is_main) return flaw("accounts.flaw.main_of_main");
    // Its mails go to the main account that it leaves.
    const auto& own = before_.identifiers;
    if (std::any_of(own.begin(), own.end(), [](const store::Identifier& there) { return there.redirect_to_main; })) {
      return flaw("accounts.flaw.main_redirect");
    }
    after_.main_account_id.reset();
    if (one->new_value.empty()) return std::vector<FieldFlaw>();
    const auto main = find_managed(tx_, actor, one->new_value, facts_.now);
    if (!main && main.error().code != base::Code::not_found && main.error().code != base::Code::denied) {
      return base::fail(main.error().code, main.error().reason);
    }
    const bool fits =
        main && main->id != after_.id && main->tenant_id == after_.tenant_id && may_have_sub_accounts(*main);
    if (!fits) return flaw("accounts.flaw.main_unfit");
    if (before_.fields.get(type::email).empty() && !is_changed(type::email)) return flaw("own.flaw.email_missing");
    after_.main_account_id = main->id;
    one->new_value = main->login;
    if (after_.main_account_id == before_.account.main_account_id) changed_.erase(one);
    return std::vector<FieldFlaw>();
  }

  base::Result<void> apply() {
    if (is_changed("main_account")) {
      RETURN_IF_ERROR(store::put_main_account(tx_, after_.id, after_.main_account_id));
    }
    for (const Changed& one : changed_) {
      if (is_of_person(one.name)) RETURN_IF_ERROR(replace_of_person(one));
      if (is_claim(one)) {
        RETURN_IF_ERROR(claim(one));
      } else if (is_identifier(one.name) && !is_of_person(one.name)) {
        RETURN_IF_ERROR(replace(one));
      }
    }
    RETURN_IF_ERROR(write_names());
    return store::set_account_facts(tx_, after_);
  }

  /// The person reads it at the address in force now, and at the one that was.
  base::Result<void> tell_person() {
    if (!is_changed(type::email) && !is_changed(type::phone) && !is_changed(type::login)) return {};
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx_, before_.account.id));
    if (!account) return base::fail(base::Code::not_found, "the account does not exist");
    return notify_person(house_, tx_, *account, {.message = "account_changed"}, facts_.now);
  }

  /// The fields are named in the part of the event that stays, and their values in the part that is erased.
  [[nodiscard]] audit::Event make_event(const rights::Actor& actor) const {
    std::vector<std::string> names;
    for (const Changed& one : changed_) names.push_back(one.name);
    audit::Event event = flow::make_event(audit::type::account_change, actor, before_.account, facts_,
                                          {{"fields", audit::Value::checked_code(base::join(names, " "))}});
    for (const Changed& one : changed_) {
      add_personal(event, "old_" + one.name, one.old_value);
      add_personal(event, "new_" + one.name, one.new_value);
    }
    return event;
  }

  [[nodiscard]] bool is_empty() const { return changed_.empty(); }

 private:
  [[nodiscard]] bool is_changed(std::string_view name) const {
    return std::any_of(changed_.begin(), changed_.end(), [&](const Changed& one) { return one.name == name; });
  }

  // An account of an employee can become one of a recipient and the other way round: both are people.
  std::vector<FieldFlaw> take_kind() {
    const auto found =
        std::find_if(changed_.begin(), changed_.end(), [](const Changed& one) { return one.name == "kind"; });
    if (found == changed_.end()) return {};
    const auto kind = identity::parse_account_kind(found->new_value);
    if (!kind || !identity::is_human(*kind) || !identity::is_human(after_.kind)) {
      return {{"kind", "accounts.flaw.kind"}};
    }
    if (before_.account.is_main) return {{"kind", "accounts.flaw.kind_main"}};
    after_.kind = *kind;
    return {};
  }

  // If the preferred address is taken away and the channel is not chosen, the other one is preferred.
  void keep_preferred_present(AccountFields& fields) {
    if (is_changed("preferred_channel")) return;
    const std::string was = fields.get("preferred_channel");
    const bool has_email = !fields.get(type::email).empty();
    const bool has_phone = !fields.get(type::phone).empty();
    if (was.empty() || (was == "email" ? has_email : has_phone)) return;
    const std::string now = has_email ? "email" : has_phone ? "sms" : "";
    fields.set("preferred_channel", now);
    changed_.push_back({"preferred_channel", was, now});
  }

  /// The holder of a main account occupies no address of others: a new one waits until the person proves it by its
  /// code, and the old one stays in force. Only a pseudo address of the main account's own mailbox needs no code.
  [[nodiscard]] bool is_claim(const Changed& one) const {
    return main_ != nullptr && is_address(one.name) && !one.new_value.empty() && !is_pseudo(one);
  }
  [[nodiscard]] bool is_pseudo(const Changed& one) const {
    return main_ != nullptr && one.name == type::email && is_pseudo_of(*main_, one.new_value);
  }
  base::Result<void> claim(const Changed& one) {
    ASSIGN_OR_RETURN(const identity::Identifier wished, identity::parse_identifier(one.name, one.new_value));
    return begin_verification(house_, tx_, before_.account, {wished, false}, facts_);
  }

  base::Result<void> replace(const Changed& one) {
    std::optional<store::Identifier> old;
    for (const store::Identifier& there : before_.identifiers) {
      if (there.type != one.name) continue;
      RETURN_IF_ERROR(store::delete_identifier(tx_, there.account_id, there.type, there.canonical));
      old = there;
    }
    if (is_address(one.name)) RETURN_IF_ERROR(store::drop_pending(tx_, before_.account.id, one.name));
    ASSIGN_OR_RETURN(const NewIdentifiers made, parse_identifiers(before_.account.id, {{one.name, one.new_value}},
                                                                  AddressTrust::given, facts_.now));
    const store::Identifier* fresh = made.of_account.empty() ? nullptr : &made.of_account.front();
    const bool is_same_mailbox = old && fresh != nullptr && old->canonical == fresh->canonical &&
                                 mailbox_of(old->type, old->canonical, old->display) ==
                                     mailbox_of(fresh->type, fresh->canonical, fresh->display);
    if (old && !is_same_mailbox) RETURN_IF_ERROR(tell_old_address(house_, tx_, before_.account, *old, facts_));
    if (fresh == nullptr) return {};
    store::Identifier inserted = *fresh;
    if (is_same_mailbox) inserted.verified_at = old->verified_at;  // only its spelling is another one
    if (is_pseudo(one)) {
      inserted.redirect_to_main = true;
      inserted.verified_at = facts_.now;
    }
    RETURN_IF_ERROR(demand_free(tx_, before_.account.id, {inserted.type, inserted.canonical, inserted.display}));
    RETURN_IF_ERROR(store::insert_identifier(tx_, inserted, facts_.now));
    return old && one.name == type::email ? let_login_follow(*old, inserted) : base::Result<void>();
  }

  // A login that equals the old address changes with it, so that the old address can be registered by its next owner.
  base::Result<void> let_login_follow(const store::Identifier& old, const store::Identifier& fresh) {
    if (is_changed(type::login)) return {};
    for (const store::Identifier& there : before_.identifiers) {
      if (there.type != type::login || there.canonical != old.canonical) continue;
      RETURN_IF_ERROR(store::delete_identifier(tx_, there.account_id, there.type, there.canonical));
      store::Identifier login = there;
      login.canonical = fresh.canonical;
      login.display = fresh.display;
      RETURN_IF_ERROR(store::insert_identifier(tx_, login, facts_.now));
    }
    return {};
  }

  base::Result<void> replace_of_person(const Changed& one) {
    if (one.new_value.empty()) {
      return after_.person_id ? store::delete_person_identifier(tx_, *after_.person_id, one.name)
                              : base::Result<void>();
    }
    ASSIGN_OR_RETURN(const auto wished, identity::parse_identifier(one.name, one.new_value));
    ASSIGN_OR_RETURN(const auto known, store::find_person_by(tx_, wished.type, wished.canonical));
    if (known && known->id != after_.person_id) RETURN_IF_ERROR(join(*known));
    if (!after_.person_id) RETURN_IF_ERROR(give_person());
    RETURN_IF_ERROR(store::delete_person_identifier(tx_, *after_.person_id, one.name));
    return store::insert_person_identifier(tx_, person(), wished.type, wished.canonical, wished.display, facts_.now);
  }

  [[nodiscard]] store::Person person() const {
    return {*after_.person_id, after_.tenant_id, after_.given_name, after_.family_name};
  }

  // The number is that of the same person's other account (S4.14): both are of one person from now on. The other
  // numbers of this account go along.
  base::Result<void> join(const store::Person& known) {
    std::vector<store::PersonIdentifier> numbers;
    if (after_.person_id) {
      ASSIGN_OR_RETURN(numbers, store::list_person_identifiers(tx_, *after_.person_id));
    }
    RETURN_IF_ERROR(store::set_person(tx_, after_.id, known.id));
    after_.person_id = known.id;
    ASSIGN_OR_RETURN(const auto there, store::list_person_identifiers(tx_, known.id));
    for (const store::PersonIdentifier& one : numbers) {
      const bool has_one =
          std::any_of(there.begin(), there.end(), [&](const auto& other) { return other.type == one.type; });
      if (has_one || is_changed(one.type)) continue;
      ASSIGN_OR_RETURN(const auto parsed, identity::parse_identifier(one.type, one.display));
      RETURN_IF_ERROR(
          store::insert_person_identifier(tx_, known, parsed.type, parsed.canonical, parsed.display, facts_.now));
    }
    return {};
  }

  base::Result<void> give_person() {
    const base::Id id = base::Id::make(facts_.now);
    RETURN_IF_ERROR(store::insert_person(tx_, {id, after_.tenant_id, after_.given_name, after_.family_name}));
    RETURN_IF_ERROR(store::set_person(tx_, after_.id, id));
    after_.person_id = id;
    return {};
  }

  base::Result<void> write_names() {
    if (!is_changed("given_name") && !is_changed("family_name")) return {};
    if (!after_.person_id) return give_person();
    return store::set_names(tx_, *after_.person_id, after_.given_name, after_.family_name);
  }

  const House& house_;
  store::Tx& tx_;
  Stored before_;
  identity::Account after_;
  const identity::Account* main_;
  const RequestFacts& facts_;
  std::vector<Changed> changed_;
};

base::Result<AccountData> read_data(store::Tx& tx, identity::Account found) {
  ASSIGN_OR_RETURN(Stored stored, read_stored(tx, std::move(found)));
  AccountData data;
  data.account = std::move(stored.account);
  data.fields = std::move(stored.fields);
  ASSIGN_OR_RETURN(data.certificates, store::list_certificates(tx, data.account.id));
  data.main_account = data.fields.get("main_account");
  return data;
}

base::Result<identity::Account> find_present(store::Tx& tx, const rights::Actor& actor, std::string_view account,
                                             base::Time now) {
  ASSIGN_OR_RETURN(identity::Account found, find_changeable(tx, actor, account, now));
  if (found.status == identity::AccountStatus::deleted) {
    return base::fail(base::Code::conflict, "the account is deleted");
  }
  return found;
}

}  // namespace

base::Result<AccountData> read_account_data(const House& house, const rights::Actor& actor, std::string_view account,
                                            base::Time now) {
  constexpr auto needed = rights::Permission::manage_accounts;
  if (!acts_as_main(actor, needed)) RETURN_IF_ERROR(demand_permission(actor, needed));
  return house.store.read([&](store::Tx& tx) -> base::Result<AccountData> {
    ASSIGN_OR_RETURN(identity::Account found, find_visible(tx, actor, account, now, needed));
    return read_data(tx, std::move(found));
  });
}

base::Result<AccountData> read_account_to_look(const House& house, const rights::Actor& actor, std::string_view account,
                                               base::Time now) {
  constexpr auto needed = rights::Permission::read_accounts;
  RETURN_IF_ERROR(demand_permission(actor, needed));
  return house.store.read([&](store::Tx& tx) -> base::Result<AccountData> {
    ASSIGN_OR_RETURN(identity::Account found, find_visible(tx, actor, account, now, needed));
    ASSIGN_OR_RETURN(AccountData data, read_data(tx, std::move(found)));
    if (actor.may(rights::Permission::manage_accounts)) return data;
    for (const std::string_view field : account_fields) {
      if (is_identifier(field) && !is_address(field) && field != type::login) data.fields.set(field, "");
    }
    return data;
  });
}

base::Result<AccountChange> change_account(const House& house, const rights::Actor& actor, std::string_view account,
                                           const AccountWish& wish, const RequestFacts& facts) {
  constexpr auto needed = rights::Permission::manage_accounts;
  RETURN_IF_ERROR(demand_changer(house, actor, needed, facts.now));
  const bool is_by_main = acts_as_main(actor, needed);
  for (const auto& [name, value] : wish.fields) {
    if (!is_field(name)) return base::fail(base::Code::invalid_input, "an account has no field " + name);
    if (is_by_main && !is_for_main(name)) {
      return base::fail(base::Code::denied, "the holder of the main account does not change " + name);
    }
  }
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<AccountChange> {
    AccountChange outcome;
    ASSIGN_OR_RETURN(identity::Account found, find_present(tx, actor, account, facts.now));
    if (found.version != wish.version) return base::fail(base::Code::conflict, "the account was changed meanwhile");
    ASSIGN_OR_RETURN(Stored stored, read_stored(tx, std::move(found)));
    const base::Id id = stored.account.id;
    std::optional<identity::Account> main;
    if (is_by_main) {
      ASSIGN_OR_RETURN(main, store::find_account(tx, actor.account().id));
    }
    Change change(house, tx, std::move(stored), main ? &*main : nullptr, facts);
    ASSIGN_OR_RETURN(outcome.flaws, change.judge(wish));
    ASSIGN_OR_RETURN(const auto of_main, change.take_main(actor));
    outcome.flaws.insert(outcome.flaws.end(), of_main.begin(), of_main.end());
    if (!outcome.flaws.empty() || change.is_empty()) return outcome;
    RETURN_IF_ERROR(change.apply());
    RETURN_IF_ERROR(store::raise_version(tx, id, wish.version, facts.now));
    RETURN_IF_ERROR(change.tell_person());
    RETURN_IF_ERROR(store::append_event(tx, change.make_event(actor)));
    outcome.changed = true;
    return outcome;
  });
}

base::Result<std::string> add_certificate_for(const House& house, const rights::Actor& actor, std::string_view account,
                                              std::string_view octets, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  const auto read = read_certificate(octets, facts.now);
  if (!read.flaw.empty()) return read.flaw;
  auto done = write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<std::string> {
    ASSIGN_OR_RETURN(const identity::Account found, find_present(tx, actor, account, facts.now));
    ASSIGN_OR_RETURN(std::string flaw, insert_certificate_of(tx, found, read.certificate, facts));
    if (!flaw.empty()) return flaw;
    RETURN_IF_ERROR(store::append_event(tx, flow::make_event(audit::type::account_change, actor, found, facts,
                                                             {{"fields", "certificate"}, {"change", "added"}})));
    return std::string();
  });
  if (!done && done.error().code == base::Code::already_exists) return std::string("identifier.certificate.taken");
  return done;
}

base::Result<void> remove_certificate_for(const House& house, const rights::Actor& actor, std::string_view account,
                                          std::string_view fingerprint, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found, find_present(tx, actor, account, facts.now));
    RETURN_IF_ERROR(store::delete_certificate(tx, found.id, fingerprint));
    return store::append_event(tx, flow::make_event(audit::type::account_change, actor, found, facts,
                                                    {{"fields", "certificate"}, {"change", "removed"}}));
  });
}

}  // namespace flow
