#include "app/doctor/examine_house.hpp"

#include <algorithm>
#include <limits>

#include "app/command/command_groups.hpp"
#include "app/house/machine.hpp"
#include "flow/audit/verify_audit.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/message/sms_route.hpp"
#include "flow/timestamp/timestamp_authority.hpp"
#include "flow/timestamp/timestamp_desk.hpp"
#include "flow/token/administer_keys.hpp"
#include "store/account/account_search.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/certificate/authorities.hpp"
#include "store/engine/database_state.hpp"
#include "store/message/outbox.hpp"
#include "store/signing/signing_credentials.hpp"
#include "token/token.hpp"

namespace app {
namespace {

constexpr base::Duration soon = std::chrono::hours(24 * 30);
constexpr base::Duration clocks_differ = std::chrono::minutes(5);
constexpr base::Duration outbox_stands = std::chrono::minutes(15);
constexpr base::Duration backup_is_old = std::chrono::hours(24 * 8);  // a weekly one, and a day
constexpr std::size_t failed_shown = 1000;
// Some ten seconds of a disk that reads 200 MB a second. Larger databases are read by the verification of each backup.
constexpr std::int64_t most_read = std::int64_t{2} * 1024 * 1024 * 1024;

std::string day_of(base::Time time) {
  return base::to_rfc3339(time).substr(0, 10);
}

void cannot_say(const std::string& check, const base::Error& error, Findings& findings) {
  findings.fault(check, "this cannot be examined: " + error.reason, "see the log of the server");
}

/// Gives whether the database can be examined further: behind a commit that waits everything else that writes waits
/// too.
bool examine_commits(const flow::House& house, Findings& findings) {
  const auto waiting = house.store.read_background([](store::Tx& tx) { return store::count_waiting_commits(tx); });
  if (!waiting) {
    findings.fault("database.ready", "the database does not answer: " + waiting.error().reason,
                   "look whether it runs, at its log, and whether database.url names the server that writes");
    return false;
  }
  if (*waiting == 0) return true;
  findings.fault("database.ready", "PostgreSQL lets every change wait, because a synchronous standby does not answer",
                 "bring the standby back, or take it out of synchronous_standby_names and say: "
                 "SELECT pg_reload_conf(); pg_stat_replication lists the standbys that are there");
  return false;
}

void examine_database(const flow::House& house, Findings& findings) {
  const std::string named = house.store.is_postgresql() ? "PostgreSQL" : "SQLite";
  if (!house.store.is_ready()) {
    findings.fault("database.ready", named + " takes no changes at the moment",
                   "look at its disk and, for PostgreSQL, whether this is the server that writes");
  } else {
    findings.fine("database.ready", named + " answers and takes changes");
  }
  const auto excess = house.store.find_excess_rights();
  if (!excess) return cannot_say("database.rights", excess.error(), findings);
  for (const std::string& right : *excess) {
    findings.warning("database.rights", "the role of database.url may do what the server never needs: " + right,
                     "take it away; docs/operators/cluster.md names the two roles that are enough");
  }
}

/// What PostgreSQL says of itself.
void examine_server(const store::DatabaseState& state, Findings& findings) {
  for (const std::string& setting : state.unsafe_settings) {
    const std::string check = "database." + setting;
    if (setting == "fsync") {
      findings.fault(check, "PostgreSQL runs with fsync = off: a power failure can destroy the database",
                     "ALTER SYSTEM RESET fsync; SELECT pg_reload_conf(); and look where it was set");
    } else {
      findings.warning(
          check,
          "PostgreSQL runs with full_page_writes = off: a power failure can destroy pages, unless the file "
          "system never writes half a page, as ZFS",
          "ALTER SYSTEM RESET full_page_writes; SELECT pg_reload_conf();");
    }
  }
  if (!state.has_checksums) {
    findings.warning(
        "database.checksums",
        "PostgreSQL keeps no checksums of its pages, so that nobody notices what a disk gives back wrongly",
        "while PostgreSQL is stopped: pg_checksums --enable -D its data folder");
  }
  for (const std::string& index : state.invalid_indexes) {
    findings.fault("database.indexes",
                   "the index " + index + " is not valid: statements that need it read whole tables",
                   "say in psql, in the database of Chancery: REINDEX INDEX CONCURRENTLY " + index);
  }
}

void examine_whole(const flow::House& house, Findings& findings) {
  const std::string check = "database.whole";
  const auto state = house.store.read_background([](store::Tx& tx) { return store::look_at_database(tx, most_read); });
  if (!state) {
    findings.fault(check, "the database cannot be read as a whole: " + state.error().reason,
                   "see the log of the system for errors of the disk; docs/operators/backup.md shows how to restore");
    return;
  }
  for (const store::MissingIndex& index : state->missing_indexes) {
    const char* const lost = index.statement.starts_with("CREATE UNIQUE")
                                 ? " is missing: nothing refuses two rows that must differ"
                                 : " is missing: statements that need it read whole tables";
    findings.fault("database.indexes", "the index " + index.name + lost,
                   "somebody has removed it; make it again as the owner of the tables: " + index.statement);
  }
  if (house.store.is_postgresql()) return examine_server(*state, findings);
  if (!state->damage.empty()) {
    findings.fault(check, "the database is damaged: " + state->damage, advice_for_damage);
  } else if (state->is_examined) {
    findings.fine(check, "all pages of the database are whole");
  } else {
    findings.fine(check, "the database is too large to be read here: each `chancery backup` reads it as a whole");
  }
}

void examine_times(const flow::House& house, base::Time now, Findings& findings) {
  struct Found {
    std::vector<audit::Event> newest;
    std::vector<store::Pulse> backups;
  };
  const auto found = house.store.read_background([](store::Tx& tx) -> base::Result<Found> {
    Found facts;
    store::AuditFilter filter;
    filter.most = 1;
    ASSIGN_OR_RETURN(auto page, store::find_events(tx, filter));
    facts.newest = std::move(page.events);
    constexpr auto after_all = std::numeric_limits<std::int64_t>::max();
    ASSIGN_OR_RETURN(facts.backups, store::list_pulses(tx, audit::type::backup_make, after_all, 1));
    return facts;
  });
  if (!found) return cannot_say("clock.order", found.error(), findings);
  if (!found->newest.empty() && found->newest.front().at > now + clocks_differ) {
    findings.fault(
        "clock.order",
        "the last event of the audit log is of " + base::to_rfc3339(found->newest.front().at) + ", later than now",
        "the clock went back, or the clocks of two nodes differ; set them by a time server");
  } else {
    findings.fine("clock.order", "no event is later than now");
  }
  if (house.store.is_postgresql()) return;  // its own tools make the copies
  const char* const how =
      "say: chancery backup FILE --key FILE; docs/operators/backup.md shows how to do it each night";
  if (found->backups.empty()) {
    findings.warning("backup.age", "no backup was ever made with `chancery backup`", how);
  } else if (now - found->backups.front().at > backup_is_old) {
    findings.warning("backup.age", "the last backup is of " + day_of(found->backups.front().at), how);
  } else {
    findings.fine("backup.age", "the last backup is of " + base::to_rfc3339(found->backups.front().at));
  }
}

void examine_chain(const flow::House& house, Findings& findings) {
  const auto report = flow::verify_audit(house, "");
  if (!report) return cannot_say("audit.chain", report.error(), findings);
  if (report->flaws.empty()) {
    findings.fine("audit.chain", "the audit log of " + std::to_string(report->events) + " events is intact");
    return;
  }
  findings.fault("audit.chain", "the audit log is not intact: " + audit::describe(report->flaws.front()),
                 "somebody changed the database by hand, or a copy was put back; `chancery audit verify` lists what is "
                 "wrong; keep the file as evidence");
}

void examine_keys(const flow::House& house, const rights::Actor& by, Findings& findings) {
  const auto keys = flow::list_keys(house, by);
  if (!keys) return cannot_say("keys.active", keys.error(), findings);
  for (const std::string_view algorithm : {"ES256", "RS256"}) {
    const auto has = [&](std::string_view state) {
      return std::any_of(keys->begin(), keys->end(),
                         [&](const flow::KeyState& key) { return key.algorithm == algorithm && key.state == state; });
    };
    const std::string named(algorithm);
    if (!has("active")) {
      findings.fault("keys.active", "no key signs with " + named,
                     "start the server; it makes the keys that are missing");
    } else if (!has("pending")) {
      findings.warning("keys.active", "there is no next key for " + named + ", so that a rotation has to wait",
                       "the running server makes it within a minute");
    } else {
      findings.fine("keys.active", "one key signs with " + named + ", and the next one is published");
    }
  }
}

void examine_outbox(const flow::House& house, base::Time now, Findings& findings) {
  struct Found {
    std::int64_t failed = 0;
    std::optional<base::Time> due;
  };
  const auto found = house.store.read_background([](store::Tx& tx) -> base::Result<Found> {
    Found facts;
    store::OutboxLook look;
    look.state = "failed";
    ASSIGN_OR_RETURN(facts.failed, store::count_outbox(tx, look, failed_shown));
    ASSIGN_OR_RETURN(facts.due, store::find_next_due(tx));
    return facts;
  });
  if (!found) return cannot_say("outbox.moves", found.error(), findings);
  if (found->due && now - *found->due > outbox_stands) {
    findings.fault(
        "outbox.moves", "a message has been due since " + base::to_rfc3339(*found->due) + " and was not tried",
        "look whether the server runs, and in its log; for mail and short messages see the checks of their servers");
  } else {
    findings.fine("outbox.moves", "no message waits longer than it should");
  }
  if (found->failed > 0) {
    findings.warning("outbox.failed",
                     std::to_string(found->failed) +
                         (found->failed > static_cast<std::int64_t>(failed_shown) ? " or more" : "") +
                         " messages were given up",
                     "`chancery message list --state failed` tells why; `chancery message retry` sends one again");
  }
}

void examine_administrators(const flow::House& house, base::Time now, Findings& findings) {
  struct Found {
    std::size_t count = 0;
    std::size_t reachable = 0;
  };
  const auto found = house.store.read_background([now](store::Tx& tx) -> base::Result<Found> {
    Found facts;
    ASSIGN_OR_RETURN(const auto ids, store::list_super_administrators(tx, now, 20));
    for (const base::Id& id : ids) {
      ASSIGN_OR_RETURN(const auto account, store::find_account(tx, id));
      if (!account) continue;
      ++facts.count;
      if (!account->email.empty()) ++facts.reachable;
    }
    return facts;
  });
  const std::string check = "accounts.administrators";
  if (!found) return cannot_say(check, found.error(), findings);
  if (found->count == 0) {
    findings.fault(check, "there is no account that may administer everything",
                   "say: chancery account create LOGIN --given … --family … --email … --context super_administrator");
  } else if (found->count == 1) {
    findings.warning(check,
                     "one account alone may administer everything: if it is lost, only this machine's console helps",
                     "give a second person the context super_administrator");
  } else if (found->reachable < found->count) {
    findings.warning(check,
                     std::to_string(found->count - found->reachable) +
                         " super administrators have no e-mail address: they cannot set a new password by themselves",
                     "say: chancery account set LOGIN --email ADDRESS");
  } else {
    findings.fine(check, std::to_string(found->count) + " accounts may administer everything");
  }
}

void examine_authorities(const flow::House& house, const rights::Actor& by, base::Time now, Findings& findings) {
  const auto authorities = flow::list_authorities_for(house, by);
  if (!authorities) return cannot_say("authority.end", authorities.error(), findings);
  for (const store::AuthorityRow& row : *authorities) {
    if (!row.counts(now) || row.state != "active") continue;
    if (row.not_after - now < soon) {
      findings.warning("authority.end", row.subject + " ends on " + day_of(row.not_after),
                       "the running server rolls it over by itself; if it did not, say: chancery authority rotate ID");
    } else {
      findings.fine("authority.end", row.subject + " counts until " + day_of(row.not_after));
    }
    const auto list = house.store.read_background(
        [&row](store::Tx& tx) { return store::find_certificate_list(tx, row.id, "complete"); });
    if (!list) return cannot_say("authority.list", list.error(), findings);
    if (*list && (*list)->next_update < now) {
      findings.fault(
          "authority.list",
          "the list of revoked certificates of " + row.subject + " is out of date: programs refuse its certificates",
          "the running server makes it anew each hour; look into its log");
    }
  }
}

void examine_timestamps(const flow::House& house, const rights::Actor& by, base::Time now, Findings& findings) {
  const auto look = flow::look_at_timestamps(house, by);
  if (!look) return cannot_say("timestamp.end", look.error(), findings);
  if (look->authorities.empty()) return;
  const auto& newest = look->authorities.front();
  if (newest.not_after <= now) {
    findings.fault("timestamp.end", "the certificate of the time-stamp authority ended on " + day_of(newest.not_after),
                   "say: chancery timestamp authority create");
  } else if (newest.not_after - now < std::chrono::hours(24 * 14)) {
    findings.warning("timestamp.end", "the certificate of the time-stamp authority ends on " + day_of(newest.not_after),
                     "the running server renews it a month before; look into its log");
  } else {
    findings.fine("timestamp.end", "the time-stamp authority counts until " + day_of(newest.not_after));
  }
}

void examine_tokens(const flow::House& house, Findings& findings) {
  if (house.tokens == nullptr) return;
  for (const auto& one : house.tokens->all()) {
    const std::string check = "token." + one->settings().name;
    const auto state = one->look();
    if (!state || !state->is_present) {
      findings.fault(check, "the token is not there: " + (state ? state->failure : state.error().reason),
                     "look at its cable or card, and at module, label and serial of its [[token]]");
      continue;
    }
    switch (state->pin) {
      case token::PinState::locked:
      case token::PinState::not_set:
      case token::PinState::to_be_changed:
        findings.fault(check, "its PIN is in the state " + std::string(token::name_of(state->pin)),
                       "unlock or set it with the tools of its maker");
        break;
      case token::PinState::low:
      case token::PinState::final_try:
        findings.warning(check, "a wrong PIN was given; its state is " + std::string(token::name_of(state->pin)),
                         "let its owner give the right one before it is locked");
        break;
      case token::PinState::fine: findings.fine(check, "the token " + state->label + " is there"); break;
    }
  }
}

/// Three wrong PINs of a person lock a card, and then the authority or the time stamps have no key.
void examine_shared_tokens(const flow::House& house, Findings& findings) {
  if (house.tokens == nullptr) return;
  for (const auto& one : house.tokens->all()) {
    const std::string& name = one->settings().name;
    const auto shared = house.store.read_background([&](store::Tx& tx) -> base::Result<bool> {
      ASSIGN_OR_RETURN(const bool has_credential, store::has_credential_on_token(tx, name));
      if (!has_credential) return false;
      if (house.timestamps != nullptr && house.timestamps->settings().token == name) return true;
      ASSIGN_OR_RETURN(const auto authorities, store::list_authorities(tx));
      for (const store::AuthorityRow& row : authorities) {
        ASSIGN_OR_RETURN(const store::AuthorityKey key, store::find_authority_key(tx, row.id));
        if (key.token == name) return true;
      }
      return false;
    });
    if (!shared) return cannot_say("token." + name + ".shared", shared.error(), findings);
    if (!*shared) continue;
    findings.warning("token." + name + ".shared",
                     "the token holds keys of the server (authority or time stamps) and keys that people use: wrong "
                     "PINs of people can lock it for the server",
                     "give the server a token of its own; docs/operators/authority.md says why");
  }
}

void examine_breakers(const flow::House& house, Findings& findings) {
  if (house.sms == nullptr) return;
  const auto states = house.sms->look();
  for (std::size_t i = 0; i < states.size() && i < house.sms->settings().gateways.size(); ++i) {
    if (!states[i].is_open) continue;
    findings.warning("sms." + house.sms->settings().gateways[i].name + ".breaker",
                     "the gateway failed (" + states[i].last_error + ") and is tried again at " +
                         base::to_rfc3339(states[i].next_probe),
                     "`chancery sms test` sends a message through it; ask its operator");
  }
}

}  // namespace

void walk_through_house(const flow::House& house, Findings& findings) {
  // PostgreSQL has answered already (examine_house).
  if (!house.store.is_postgresql()) examine_whole(house, findings);
  examine_chain(house, findings);
}

void examine_house(const flow::House& house, Findings& findings) {
  const Operator by = make_command_operator();
  const base::Time now = by.facts.now;
  if (!examine_commits(house, findings)) return;
  examine_database(house, findings);
  examine_times(house, now, findings);
  if (house.store.is_postgresql()) examine_whole(house, findings);  // it answers at once
  examine_keys(house, by.actor, findings);
  examine_outbox(house, now, findings);
  examine_administrators(house, now, findings);
  examine_authorities(house, by.actor, now, findings);
  examine_timestamps(house, by.actor, now, findings);
  examine_tokens(house, findings);
  examine_shared_tokens(house, findings);
  examine_breakers(house, findings);
}

}  // namespace app
