#include "flow/session/open_sessions.hpp"

#include <algorithm>
#include <map>

#include "flow/session/session_settings.hpp"
#include "store/account/contexts.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

using Devices = std::vector<store::Device>;

// What the rows of one page have in common is looked up once.
class Describer {
 public:
  Describer(store::Tx& tx, const Devices& devices, const SessionsWish& wish)
      : tx_(tx), devices_(devices), own_(wish.own), language_(text::code_of(wish.language)) {}

  base::Result<OpenSession> describe(rights::Session session) {
    OpenSession open;
    open.is_own = own_ == session.id;
    if (session.context_id) {
      ASSIGN_OR_RETURN(open.context, find_context(*session.context_id));
    }
    ASSIGN_OR_RETURN(const auto joined, store::list_session_clients(tx_, session.id));
    for (const store::SessionClient& one : joined) {
      ASSIGN_OR_RETURN(std::string name, find_application(one.client_id));
      if (!name.empty()) open.applications.push_back(std::move(name));
    }
    if (session.device_id) {
      const auto known = std::find_if(devices_.begin(), devices_.end(),
                                      [&](const store::Device& device) { return device.id == *session.device_id; });
      if (known != devices_.end()) open.device = *known;
    }
    open.session = std::move(session);
    return open;
  }

 private:
  base::Result<std::string> find_context(const base::Id& id) {
    const auto known = contexts_.find(id);
    if (known != contexts_.end()) return known->second;
    ASSIGN_OR_RETURN(const auto context, store::find_context(tx_, id));
    return contexts_[id] = context ? context->name : std::string();
  }
  base::Result<std::string> find_application(const base::Id& id) {
    const auto known = applications_.find(id);
    if (known != applications_.end()) return known->second;
    ASSIGN_OR_RETURN(const auto client, store::find_client(tx_, id));
    return applications_[id] = client ? rights::name_in(*client, language_) : std::string();
  }

  store::Tx& tx_;
  const Devices& devices_;
  std::optional<base::Id> own_;
  std::string_view language_;
  std::map<base::Id, std::string> contexts_;
  std::map<base::Id, std::string> applications_;
};

/// nullopt: it is none of the account, or it is over.
base::Result<std::optional<rights::Session>> find_live(store::Tx& tx, const store::LiveSessions& of,
                                                       const std::optional<base::Id>& id) {
  if (!id) return std::nullopt;
  ASSIGN_OR_RETURN(auto session, store::find_session(tx, *id));
  const bool is_live =
      session && session->account_id == of.account_id && rights::is_alive(*session, of.security_stamp, of.now);
  if (!is_live) session.reset();
  return session;
}

base::Result<PageOfRows<rights::Session>> read_sessions(store::Tx& tx, const store::LiveSessions& of,
                                                        const SessionsWish& wish) {
  const RowFinder<store::SessionPlace> find_row =
      [&](std::string_view row) -> base::Result<std::optional<store::SessionPlace>> {
    const auto id = base::Id::parse(row);
    if (!id) return base::fail(base::Code::invalid_input, "no such page");
    ASSIGN_OR_RETURN(const auto session, find_live(tx, of, *id));
    if (!session) return std::nullopt;
    return store::SessionPlace{session->last_seen, session->id};
  };
  const PageReader<rights::Session, store::SessionPlace> read = [&](const auto& place, bool backward,
                                                                    std::size_t most) {
    return store::look_at_sessions(
        tx, {of, wish.own.value_or(base::Id()), place, wish.longest_unused_first != backward, most});
  };
  return read_page<rights::Session, store::SessionPlace>(wish.page, find_row, read);
}

/// Each device stands where its first session does.
void join_devices(std::vector<OpenSession>& rows) {
  for (auto at = rows.begin(); at != rows.end(); ++at) {
    if (!at->device) continue;
    const base::Id& device = at->device->id;
    at = std::prev(std::stable_partition(
        std::next(at), rows.end(), [&](const OpenSession& one) { return one.device && one.device->id == device; }));
  }
}

}  // namespace

base::Result<std::vector<store::Device>> list_known_devices(const House& house, store::Tx& tx,
                                                            const base::Id& account_id, base::Time now) {
  ASSIGN_OR_RETURN(auto devices, store::list_devices(tx, account_id));
  std::erase_if(devices, [&](const store::Device& device) {
    return now - device.last_seen >= house.settings.session.device_lasts;
  });
  return devices;
}

base::Result<OpenSessions> list_open_sessions(const House& house, store::Tx& tx, const identity::Account& account,
                                              const SessionsWish& wish, base::Time now) {
  const store::LiveSessions of{account.id, account.security_stamp, now};
  OpenSessions open;
  ASSIGN_OR_RETURN(auto page, read_sessions(tx, of, wish));
  open.ends = std::move(page.ends);
  ASSIGN_OR_RETURN(open.ends.count, store::count_sessions(tx, of, counted_exactly + 1));
  ASSIGN_OR_RETURN(open.idle_devices, list_known_devices(house, tx, account.id, now));
  Describer describer(tx, open.idle_devices, wish);
  const bool is_first_page = !open.ends.previous;
  ASSIGN_OR_RETURN(auto own, find_live(tx, of, is_first_page ? wish.own : std::nullopt));
  if (own) page.rows.insert(page.rows.begin(), std::move(*own));
  for (rights::Session& session : page.rows) {
    ASSIGN_OR_RETURN(OpenSession row, describer.describe(std::move(session)));
    open.rows.push_back(std::move(row));
  }
  join_devices(open.rows);
  ASSIGN_OR_RETURN(auto asked, find_live(tx, of, wish.asked));
  if (asked) {
    ASSIGN_OR_RETURN(open.asked, describer.describe(std::move(*asked)));
  }
  ASSIGN_OR_RETURN(const auto in_use, store::list_devices_in_use(tx, of));
  std::erase_if(open.idle_devices, [&](const store::Device& device) {
    return std::find(in_use.begin(), in_use.end(), device.id) != in_use.end();
  });
  return open;
}

}  // namespace flow
