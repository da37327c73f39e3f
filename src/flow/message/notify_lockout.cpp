#include "flow/message/notify_lockout.hpp"

#include <boost/json.hpp>
#include <chrono>

#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/house/read_claims.hpp"
#include "flow/outbox/queue_message.hpp"
#include "flow/proof/throttle_login.hpp"
#include "store/account/accounts.hpp"
#include "store/message/outbox.hpp"
#include "store/proof/throttling.hpp"

namespace flow {
namespace {

constexpr base::Duration window = std::chrono::hours(24);
constexpr std::int64_t most_in_window = 4;

base::Result<void> tell(const House& house, store::Tx& tx, const Claims& told, base::Time now) {
  ASSIGN_OR_RETURN(const base::Id id, base::Id::parse(told.text("account")));
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, id));
  if (!account || !identity::may_log_in(*account)) return {};
  const base::Bytes bucket = house.master.authenticate("throttle", "lockout-notice|" + std::string(id.bytes()));
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, window, now));
  if (count > most_in_window) return {};
  ASSIGN_OR_RETURN(const auto to, find_destination(tx, *account));
  if (!to) return {};
  Message message{told.text("form") == "classic" ? "locked" : "delayed"};
  ASSIGN_OR_RETURN(message.time, base::parse_rfc3339(told.text("until")));
  return queue_message(house, tx, {*account, *to}, message, now);
}

}  // namespace

Deliver make_lockout_deliverer(const House& house) {
  return [house](const store::OutboxItem& item, base::Time now) {
    const auto told = Claims::parse(item.payload);
    if (!told) return courier::give_up("unreadable");
    const auto done = house.store.write([&](store::Tx& tx) -> base::Result<void> {
      // Even an item that is delivered twice causes only one notice.
      ASSIGN_OR_RETURN(const bool is_there, store::forget_outbox(tx, item.id));
      return is_there ? tell(house, tx, *told, now) : base::Result<void>();
    });
    return done ? courier::delivered() : courier::judge(done.error());
  };
}

}  // namespace flow
