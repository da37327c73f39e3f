#include "flow/account/own_data.hpp"

#include <algorithm>
#include <array>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/account/verify_address.hpp"
#include "flow/certificate/judge_certificate.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/house/site_country.hpp"
#include "flow/identifier/make_identifiers.hpp"
#include "flow/outbox/sms_turn.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/identifier/identifier.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/group/groups.hpp"

namespace flow {
namespace {

namespace type = identity::identifier_type;

constexpr std::array<std::string_view, 3> fixed_types{type::nip, type::regon, type::pwz};

using Identifiers = std::vector<store::Identifier>;

const store::Identifier* find_of(const Identifiers& all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const store::Identifier& one) { return one.type == name; });
  return found == all.end() ? nullptr : &*found;
}

bool may_edit(const identity::Account& account) {
  return account.kind == identity::AccountKind::employee;
}

template <class A>
bool is_same_mailbox(const A& one, const identity::Identifier& other) {
  return one.canonical == other.canonical &&
         mailbox_of(one.type, one.canonical, one.display) == mailbox_of(other.type, other.canonical, other.display);
}

/// One field of the form, compared with the value in force.
struct Field {
  std::string_view name;
  bool asked = false;  // the wish has it
  const store::Identifier* old = nullptr;
  std::optional<identity::Identifier> wished;  // none = empty
  bool broken = false;

  [[nodiscard]] bool is_there() const { return wished || broken; }
  [[nodiscard]] bool is_changed() const {
    if (!asked) return false;
    if (!wished) return old != nullptr;
    return old == nullptr || old->canonical != wished->canonical || old->display != wished->display;
  }
  /// Whether it is a different address or name, and not only a different spelling.
  [[nodiscard]] bool is_other() const {
    return asked && wished &&
           (old == nullptr || old->canonical != wished->canonical ||
            (name == type::email && !is_same_mailbox(*old, *wished)));
  }
  [[nodiscard]] bool is_verified() const { return old != nullptr && old->verified_at.has_value() && is_there(); }
  /// Verified, or entered by an administrator: messages go there.
  [[nodiscard]] bool is_in_force() const {
    return is_verified() || (old != nullptr && old->given_at.has_value() && is_there());
  }
};

/// What is stored of an account when the change begins.
struct Before {
  identity::Account account;
  std::optional<identity::Account> main;  // the main account of a sub account
  Identifiers identifiers;
  std::vector<store::PendingAddress> pending;
};

class Change {
 public:
  Change(const OwnDataWish& wish, const Before& before, std::string_view country)
      : wish_(wish), before_(before), account_(before.account), country_(country) {
    const std::array<const std::optional<std::string>*, 5> typed{&wish.login, &wish.email, &wish.phone,
                                                                 &wish.epuap_account, &wish.epuap_profile};
    for (std::size_t i = 0; i < names.size(); ++i) fields_.at(i) = read(names.at(i), *typed.at(i));
    preferred_channel_ = wish.preferred_channel ? *wish.preferred_channel : find_channel();
  }
  static constexpr std::array<std::string_view, 5> names{type::login, type::email, type::phone, type::epuap_account,
                                                         type::epuap_profile};

  [[nodiscard]] const std::array<Field, 5>& fields() const { return fields_; }
  [[nodiscard]] const Field& email() const { return fields_[1]; }
  [[nodiscard]] const Field& phone() const { return fields_[2]; }
  [[nodiscard]] const std::string& preferred_channel() const { return preferred_channel_; }
  [[nodiscard]] bool redirects() const {
    return account_.main_account_id && wish_.redirect_to_main.value_or(account_.redirects_to_main);
  }

  std::vector<FieldFlaw> find_flaws() {
    find_flaws_of_login();
    find_flaws_of_addresses();
    if (wish_.preferred_channel) find_flaws_of_channel();
    if (wish_.redirect_to_main || email().asked) find_flaws_of_redirection();
    return std::move(flaws_);
  }

 private:
  Field read(std::string_view name, const std::optional<std::string>& typed) {
    Field field;
    field.name = name;
    field.asked = typed.has_value();
    field.old = find_of(before_.identifiers, name);
    if (!typed) {
      field.wished = find_stored(field);
      return field;
    }
    if (typed->empty()) return field;
    // An older login may break a newer rule, and stays what it is.
    if (name == type::login && field.old != nullptr && *typed == field.old->display) {
      field.wished = find_stored(field);
      return field;
    }
    auto parsed = identity::parse_identifier(name, *typed, name == type::phone ? country_ : std::string_view());
    field.broken = !parsed;
    if (parsed)
      field.wished = std::move(*parsed);
    else
      flaw(name, identity::key_of_invalid(name));
    return field;
  }
  /// The value in force, or, of an address that was never confirmed, the one that waits for its code.
  [[nodiscard]] std::optional<identity::Identifier> find_stored(const Field& field) const {
    if (field.old != nullptr) return identity::Identifier{field.old->type, field.old->canonical, field.old->display};
    for (const store::PendingAddress& one : before_.pending) {
      if (one.type == field.name) return identity::Identifier{one.type, one.canonical, one.display};
    }
    return std::nullopt;
  }
  void flaw(std::string_view field, std::string key) { flaws_.push_back({std::string(field), std::move(key)}); }
  /// A flaw of the addresses together stands at one that the wish has.
  void flaw_of_addresses(std::string key) {
    if (!email().asked && phone().asked) return flaw(type::phone, std::move(key));
    flaw(email().asked ? type::email : std::string_view("preferred_channel"), std::move(key));
  }

  // A login with "@" must be the verified address of the account, or the login that an administrator has given.
  void find_flaws_of_login() {
    const Field& login = fields_[0];
    if (login.asked && !login.is_there()) flaw(type::login, "own.flaw.login_missing");
    if (!login.asked && !email().asked) return;
    if (!login.wished || !is_address_like(login.wished->canonical)) return;
    const auto is_own_login = [&](const store::Identifier* one) {
      return one != nullptr && one->canonical == login.wished->canonical;
    };
    const bool is_own_address = email().is_verified() && is_own_login(email().old);
    const bool was_given = is_own_login(login.old) && !is_own_login(email().old);
    if (!is_own_address && !was_given) flaw(login.asked ? type::login : type::email, "own.flaw.login_address");
  }

  [[nodiscard]] bool has_in_force() const { return email().is_in_force() || phone().is_in_force(); }
  /// Whether messages can go by the channel: there is an address, and if any is in force, this one is.
  [[nodiscard]] bool can_be_used(std::string_view channel) const {
    const Field& field = channel == "sms" ? phone() : email();
    if (!field.is_there()) return false;
    return !has_in_force() || field.is_in_force() || (channel == "email" && redirects());
  }
  [[nodiscard]] std::string find_channel() const {
    const std::string& now = account_.preferred_channel;
    const bool needs_one = email().is_there() && phone().is_there();
    if (now.empty() ? !needs_one : can_be_used(now)) return now;
    for (const std::string_view channel : {"email", "sms"}) {
      if (can_be_used(channel)) return std::string(channel);
    }
    return {};
  }

  // S4.13, and S2.5 for pseudo addresses.
  void find_flaws_of_addresses() {
    if (!email().asked && !phone().asked && !wish_.preferred_channel) return;
    if (!email().is_there() && !phone().is_there()) return flaw_of_addresses("own.flaw.no_channel");
    const bool had_one = account_.has_email_in_force() || account_.has_phone_in_force();
    if (had_one && !has_in_force()) flaw_of_addresses("own.flaw.none_verified");
    if (account_.main_account_id && email().asked && !email().is_there()) flaw(type::email, "own.flaw.email_missing");
  }
  void find_flaws_of_channel() {
    constexpr std::string_view field = "preferred_channel";
    const std::string& preferred = preferred_channel_;
    if (preferred.empty()) {
      if (email().is_there() && phone().is_there()) flaw(field, "own.flaw.preferred_missing");
      return;
    }
    if (preferred != "email" && preferred != "sms") return flaw(field, "own.flaw.preferred_unknown");
    const bool is_there = (preferred == "sms" ? phone() : email()).is_there();
    if (!is_there && (email().is_there() || phone().is_there())) return flaw(field, "own.flaw.preferred_absent");
    if (is_there && !can_be_used(preferred)) flaw(field, "own.flaw.preferred_unverified");
  }
  // A redirection stays in force when the main account's address changes, because it still leads to the same person.
  void find_flaws_of_redirection() {
    const bool is_same = email().wished && email().wished->display == account_.email;
    const bool is_new = !account_.redirects_to_main || (email().is_changed() && !is_same);
    if (redirects() && is_new && email().wished &&
        !(before_.main && is_pseudo_of(*before_.main, email().wished->display))) {
      flaw(wish_.redirect_to_main ? std::string_view("redirect_to_main") : type::email, "own.flaw.not_pseudo");
    }
  }

  const OwnDataWish& wish_;
  const Before& before_;
  const identity::Account& account_;
  std::string_view country_;
  std::array<Field, 5> fields_;
  std::string preferred_channel_;
  std::vector<FieldFlaw> flaws_;
};

// Finds all identifiers that are taken before anything is written, so that the person sees them at once.
base::Result<std::vector<FieldFlaw>> find_taken(store::Tx& tx, const identity::Account& account, const Change& change) {
  std::vector<FieldFlaw> flaws;
  for (const Field& field : change.fields()) {
    if (!field.wished || !field.is_changed()) continue;
    ASSIGN_OR_RETURN(const bool taken, store::is_taken(tx, field.name, field.wished->canonical, account.id));
    ASSIGN_OR_RETURN(const bool login_taken, reads_like_another(tx, account.id, *field.wished));
    if (taken || login_taken) flaws.push_back({std::string(field.name), identity::key_of_taken(field.name)});
  }
  return flaws;
}

base::Result<void> replace(store::Tx& tx, const identity::Account& account, const Field& field, base::Time now) {
  if (field.old != nullptr)
    RETURN_IF_ERROR(store::delete_identifier(tx, account.id, field.old->type, field.old->canonical));
  if (!field.wished) return {};
  store::Identifier fresh;
  fresh.account_id = account.id;
  fresh.type = field.wished->type;
  fresh.canonical = field.wished->canonical;
  fresh.display = field.wished->display;
  const bool is_address = field.name == type::email || field.name == type::phone;
  // Here an address changes only its spelling; another address needs a code first.
  fresh.verified_at = is_address && field.old != nullptr ? field.old->verified_at : std::optional(now);
  fresh.may_login = field.name == type::login || (is_address && field.old != nullptr && field.old->may_login);
  fresh.redirect_to_main = is_address && field.old != nullptr && field.old->redirect_to_main;
  if (is_address && field.old != nullptr) fresh.given_at = field.old->given_at;
  return store::insert_identifier(tx, fresh, now);
}

/// The result of a change.
struct Applied {
  std::string names;  // of the fields that were changed: "login email"
  bool code_to_email = false;
  bool code_to_phone = false;
  bool dropped = false;
};

base::Result<Applied> apply(const House& house, store::Tx& tx, const Before& before, const Change& change,
                            const RequestFacts& facts) {
  Applied applied;
  const identity::Account& account = before.account;
  const auto& pending = before.pending;
  const auto is_pending = [&](const identity::Identifier& wished) {
    return std::any_of(pending.begin(), pending.end(), [&](const auto& one) {
      return one.type == wished.type && is_same_mailbox(one, wished) &&
             one.redirect_to_main == (wished.type == type::email && change.redirects());
    });
  };
  const auto note = [&](std::string_view name) { applied.names.append(applied.names.empty() ? "" : " ").append(name); };
  for (const Field& field : change.fields()) {
    const bool is_address = field.name == type::email || field.name == type::phone;
    if (!field.asked) continue;
    if (!field.is_changed()) {
      const bool waits =
          std::any_of(pending.begin(), pending.end(), [&](const auto& one) { return one.type == field.name; });
      if (!is_address || !waits) continue;
      note(field.name);
      applied.dropped = true;
      RETURN_IF_ERROR(store::drop_pending(tx, account.id, field.name));
      continue;
    }
    if (is_address && field.is_other()) {
      if (is_pending(*field.wished)) continue;  // the form shows the address that waits for its code
      note(field.name);
      RETURN_IF_ERROR(begin_verification(house, tx, account,
                                         {*field.wished, field.name == type::email && change.redirects()}, facts));
      (field.name == type::email ? applied.code_to_email : applied.code_to_phone) = true;
      continue;
    }
    note(field.name);
    if (is_address && !field.wished) {
      RETURN_IF_ERROR(store::drop_pending(tx, account.id, field.name));
      RETURN_IF_ERROR(tell_old_address(house, tx, account, *field.old, facts));
    }
    RETURN_IF_ERROR(replace(tx, account, field, facts.now));
  }
  if (account.main_account_id && change.redirects() != account.redirects_to_main && !change.email().is_other()) {
    note("redirect_to_main");
    RETURN_IF_ERROR(store::set_redirect(tx, account.id, change.redirects()));
  }
  if (change.preferred_channel() != account.preferred_channel) {
    note("preferred_channel");
    RETURN_IF_ERROR(store::set_preferred_channel(tx, account.id, change.preferred_channel()));
  }
  return applied;
}

base::Result<identity::Account> find_self(store::Tx& tx, const rights::Actor& actor) {
  ASSIGN_OR_RETURN(auto account, store::find_account(tx, actor.account().id));
  if (!account || !identity::may_log_in(*account))
    return base::fail(base::Code::denied, "the account is not active any more");
  return *std::move(account);
}

base::Result<Before> read_before(store::Tx& tx, const rights::Actor& actor) {
  Before before;
  ASSIGN_OR_RETURN(before.account, find_self(tx, actor));
  ASSIGN_OR_RETURN(before.identifiers, store::list_identifiers(tx, before.account.id));
  ASSIGN_OR_RETURN(before.pending, store::list_pending(tx, before.account.id));
  if (before.account.main_account_id) {
    ASSIGN_OR_RETURN(before.main, store::find_account(tx, *before.account.main_account_id));
  }
  return before;
}

}  // namespace

base::Result<void> demand_editor_kind(const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_in_person(actor));
  if (actor.is_operator() || !may_edit(actor.account()))
    return base::fail(base::Code::denied, "only employees change their data");
  return demand_permission(actor, rights::Permission::own_data);
}

base::Result<void> demand_editor(const House& house, const rights::Actor& actor, base::Time now) {
  RETURN_IF_ERROR(demand_editor_kind(actor));
  return demand_fresh_proof(house, actor, now);
}

base::Result<OwnData> read_own_data(const House& house, const rights::Actor& actor, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::own_data));
  return house.store.read([&](store::Tx& tx) -> base::Result<OwnData> {
    OwnData data;
    ASSIGN_OR_RETURN(data.account, find_self(tx, actor));
    data.may_edit = may_edit(data.account);
    ASSIGN_OR_RETURN(const auto identifiers, store::list_identifiers(tx, data.account.id));
    ASSIGN_OR_RETURN(const auto pending, store::list_pending(tx, data.account.id));
    const auto display_of = [&](std::string_view name) {
      const store::Identifier* found = find_of(identifiers, name);
      return found == nullptr ? std::string() : found->display;
    };
    const auto address_of = [&](std::string_view name) {
      const store::Identifier* found = find_of(identifiers, name);
      Address address;
      address.display = display_of(name);
      address.verified = found != nullptr && found->verified_at.has_value();
      address.given = found != nullptr && !address.verified && found->given_at.has_value();
      for (const auto& one : pending) {
        if (one.type != name) continue;
        // If no code was sent, it is the address of the account, not verified.
        const bool was_sent = !one.code_hash.empty();
        (address.display.empty() && !was_sent ? address.display : address.pending) = one.display;
        if (!was_sent) continue;
        address.code_until = one.expires_at;
        address.again_at = may_send_again_at(one);
      }
      return address;
    };
    data.email = address_of(type::email);
    data.phone = address_of(type::phone);
    data.epuap_account = display_of(type::epuap_account);
    data.epuap_profile = display_of(type::epuap_profile);
    if (data.account.person_id) {
      ASSIGN_OR_RETURN(data.fixed, store::list_person_identifiers(tx, *data.account.person_id));
    }
    for (const std::string_view name : fixed_types) {
      if (std::string display = display_of(name); !display.empty())
        data.fixed.push_back({std::string(name), std::move(display)});
    }
    ASSIGN_OR_RETURN(data.contexts, store::list_contexts(tx, data.account.id, now));
    ASSIGN_OR_RETURN(auto groups, store::list_groups_of(tx, data.account.id));
    for (store::Group& group : groups) data.groups.push_back(std::move(group.shown));
    ASSIGN_OR_RETURN(data.certificates, store::list_certificates(tx, data.account.id));
    for (const Certificate& one : data.certificates) {
      ASSIGN_OR_RETURN(const auto judged, judge_person_certificate(tx, one.der, now));
      if (judged.flaw == "certificate_untrusted") data.untrusted.push_back(one.fingerprint);
    }
    if (data.account.main_account_id) {
      ASSIGN_OR_RETURN(const auto main, store::find_account(tx, *data.account.main_account_id));
      data.main_account = main ? main->display_name() : std::string();
    }
    return data;
  });
}

base::Result<OwnDataChange> change_own_data(const House& house, const rights::Actor& actor, const OwnDataWish& wish,
                                            const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_editor(house, actor, facts.now));
  const std::string country = find_country(house.settings.site);
  auto changed = write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<OwnDataChange> {
    OwnDataChange outcome;
    ASSIGN_OR_RETURN(const Before before, read_before(tx, actor));
    const identity::Account& account = before.account;
    if (account.version != wish.version) return base::fail(base::Code::conflict, "the account was changed meanwhile");
    Change change(wish, before, country);
    outcome.flaws = change.find_flaws();
    ASSIGN_OR_RETURN(const auto taken, find_taken(tx, account, change));
    outcome.flaws.insert(outcome.flaws.end(), taken.begin(), taken.end());
    if (!outcome.flaws.empty()) return outcome;
    ASSIGN_OR_RETURN(const Applied applied, apply(house, tx, before, change, facts));
    if (applied.names.empty()) return outcome;
    outcome.changed = true;
    outcome.code_to_email = applied.code_to_email;
    outcome.code_to_phone = applied.code_to_phone;
    outcome.dropped = applied.dropped;
    RETURN_IF_ERROR(store::raise_version(tx, account.id, wish.version, facts.now));
    // The event names the fields without values, because it is kept longer than the data.
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::account_change, actor, account, facts,
                                                       {{"fields", audit::Value::checked_code(applied.names)}})));
    return outcome;
  });
  if (!changed) note_sms_refusal(house, actor.account(), changed.error(), facts);
  return changed;
}

}  // namespace flow
