// The open sessions of an account as pages of a list, the last used first, and the known devices in which none is open:
// one list for the owner and for administrators, in which each session stands with its device.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/page_of_list.hpp"
#include "identity/account/account.hpp"
#include "rights/session.hpp"
#include "store/session/devices.hpp"
#include "text/language.hpp"

namespace flow {

struct SessionsWish {
  PageWish page{};
  bool longest_unused_first = false;
  std::optional<base::Id> own{};                 // the session that asks: it stands first
  text::Language language = text::Language::en;  // of the names of applications
  std::optional<base::Id> asked{};               // a session that is wanted whatever page it stands on
};

struct OpenSession {
  rights::Session session;
  bool is_own = false;
  std::optional<store::Device> device{};    // nullopt: none is known, or it was forgotten
  std::string context{};                    // as rights::ActingContext::name; "" = none yet
  std::vector<std::string> applications{};  // opened with it
};
struct OpenSessions {
  std::vector<OpenSession> rows;  // those of one device stand together
  PageEnds ends;
  std::optional<OpenSession> asked{};         // nullopt: it has ended, or is none of this account
  std::vector<store::Device> idle_devices{};  // known devices without an open session, the last used first
};

/// Inside a transaction. Errors: invalid_input (no such page).
base::Result<OpenSessions> list_open_sessions(const House& house, store::Tx& tx, const identity::Account& account,
                                              const SessionsWish& wish, base::Time now);

/// The known devices of the account whose time is not over, the last used first.
base::Result<std::vector<store::Device>> list_known_devices(const House& house, store::Tx& tx,
                                                            const base::Id& account_id, base::Time now);

}  // namespace flow
