// What an act on many accounts would do to each of them, and why not: one judgement for the preview and for the moment
// in which it is done.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

inline constexpr std::size_t most_in_bulk = 1000;
inline constexpr std::array<std::string_view, 8> bulk_acts{"add_group", "remove_group", "give_context", "take_context",
                                                           "suspend",   "restore",      "reset",        "sessions"};

struct BulkWish {
  std::string act;     // of bulk_acts
  std::string target;  // name of the group or key of the context; "" for other acts
  std::vector<base::Id> accounts;
};

/// What became of one account. Room text has the sentences.
namespace bulk_outcome {
inline constexpr std::string_view waits;  // or would be done
inline constexpr std::string_view done = "done";
inline constexpr std::string_view already = "already";        // nothing to change
inline constexpr std::string_view own = "own";                // the actor's own account
inline constexpr std::string_view above = "above";            // it has more rights than the actor
inline constexpr std::string_view gone = "gone";              // deleted, or not reached
inline constexpr std::string_view missing = "missing";        // its organisation has no such group or context
inline constexpr std::string_view rights = "rights";          // the context gives rights that the actor lacks
inline constexpr std::string_view impossible = "impossible";  // not in the account's state
inline constexpr std::string_view no_channel = "no_channel";  // no address for a link
inline constexpr std::string_view limited = "limited";        // too many links within an hour
inline constexpr std::string_view failed = "failed";          // the server could not
inline constexpr std::string_view stopped = "stopped";        // the actor stopped the run before
inline constexpr std::string_view refused = "refused";        // the actor may not act any more
inline constexpr std::array all{done,       already,    own,     above,  gone,    missing, rights,
                                impossible, no_channel, limited, failed, stopped, refused};
}  // namespace bulk_outcome

struct BulkRow {
  base::Id account_id;
  std::string name{};  // "" = it is not reached
  std::string login{};
  std::string outcome{};  // of bulk_outcome
};

/// Errors: invalid_input (no such act, a target too many or too few, no accounts, or too many).
base::Result<void> check_bulk(const BulkWish& wish);
rights::Permission permission_of_bulk(std::string_view act);
/// Errors: only those of the database.
base::Result<BulkRow> judge_bulk(store::Tx& tx, const rights::Actor& actor, const BulkWish& wish,
                                 const base::Id& account_id, base::Time now);

}  // namespace flow
