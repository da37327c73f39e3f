#include "flow/signing/remind_credentials.hpp"

#include <array>
#include <chrono>

#include "flow/outbox/queue_message.hpp"
#include "store/account/accounts.hpp"
#include "store/signing/signing_credentials.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::array<std::int64_t, 3> thresholds{1, 7, 30};
constexpr std::int64_t page = 200;
constexpr base::Duration day = std::chrono::hours(24);

base::Result<bool> warn(const House& house, store::Tx& tx, const store::SigningCredential& row, std::int64_t days,
                        base::Time now) {
  ASSIGN_OR_RETURN(const bool is_first, store::note_credential_warning(tx, row.id, days));
  const auto& told = row.account_id ? row.account_id : row.created_by;
  if (!is_first || !told || !row.not_after) return false;
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, *told));
  if (!account || !identity::may_log_in(*account)) return false;
  ASSIGN_OR_RETURN(const auto to, find_destination(tx, *account));
  if (!to) return false;
  Message message;
  message.name = "credential_ends";
  message.arguments = {{"days", std::to_string(std::chrono::ceil<std::chrono::days>(*row.not_after - now).count())},
                       {"credential", row.label}};
  message.time = row.not_after;
  RETURN_IF_ERROR(queue_message(house, tx, {*account, *to}, message, now));
  return true;
}

}  // namespace

base::Result<std::size_t> send_credential_warnings(const House& house, base::Time now) {
  std::size_t sent = 0;
  // The nearest end first: who hears that one day is left need not hear of thirty.
  for (const std::int64_t days : thresholds) {
    for (;;) {
      ASSIGN_OR_RETURN(const auto ending, house.store.read_background([&](store::Tx& tx) {
        return store::list_ending_credentials(tx, now, now + days * day, days, page);
      }));
      for (const store::SigningCredential& row : ending) {
        ASSIGN_OR_RETURN(const bool one,
                         house.store.write([&](store::Tx& tx) { return warn(house, tx, row, days, now); }));
        if (one) ++sent;
      }
      if (ending.size() < static_cast<std::size_t>(page)) break;
    }
  }
  return sent;
}

}  // namespace flow
