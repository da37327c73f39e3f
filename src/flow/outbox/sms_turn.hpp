// The limits of short messages (S3.8), judged in the transaction that queues the message. Codes count towards the
// limits. Resets have counts of their own, as large as those of codes, so that codes never use up what a reset needs.
// Notices tell of something that has happened; they are counted and never refused.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/record.hpp"
#include "flow/house/request_facts.hpp"
#include "store/engine/store.hpp"

namespace flow {

enum class SmsPurpose : std::uint8_t {
  code,    // of a login, or of a number that its owner confirms
  reset,   // the link of a reset or of an invitation
  notice,  // everything else; also a temporary password, because its reset has had its turn
};
std::string_view name_of(SmsPurpose purpose);
/// By the name of the message (flow/outbox/queue_message.hpp).
SmsPurpose purpose_of_message(std::string_view message);

enum class SmsTurn : std::uint8_t {
  granted,
  number_limit,   // too many to this number in the window
  network_limit,  // too many for this network in the window
  day_limit,      // the quota of the day is used up
};
std::string_view name_of(SmsTurn turn);

struct SmsWish {
  std::string_view number;  // E.164 with plus
  SmsPurpose purpose = SmsPurpose::code;
};
/// Takes the turn of one message, or says which limit is reached. The caller queues the message in the same transaction
/// if the turn was granted. If not, it tells people the same sentence for every limit, and commits the transaction,
/// because it has the counts and the event sms_limit: one for a limit and a window or day, not one for each refusal.
/// Super administrators get a mail, at most one an hour. `facts`: of the request that causes the message; its address
/// counts only if it is one.
base::Result<SmsTurn> take_sms_turn(const House& house, store::Tx& tx, const Subject& whose, const SmsWish& wish,
                                    const RequestFacts& facts);

/// too_many, for a caller whose whole change must not happen without the message. It rolls back what take_sms_turn has
/// written, so note_sms_refusal() follows outside of the transaction.
base::Error refuse_sms(SmsTurn turn);
/// Records the refusal if `error` is one of refuse_sms(), in a transaction of its own: the count of the day, and at
/// most one event a minute for a limit. A failure is logged.
void note_sms_refusal(const House& house, const Subject& whose, const base::Error& error, const RequestFacts& facts);

}  // namespace flow
