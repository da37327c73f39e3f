#include "flow/timestamp/timestamp_desk.hpp"

#include <utility>

#include "flow/signing/chain_text.hpp"
#include "flow/signing/make_credential.hpp"
#include "flow/signing/soft_keys.hpp"
#include "store/engine/store.hpp"
#include "store/timestamp/timestamps.hpp"
#include "token/token.hpp"

namespace flow {
namespace {

constexpr base::Duration read_each = std::chrono::minutes(1);
// A tenth of a second at full speed; at most so many numbers are lost with a process.
constexpr std::int64_t block_size = 1000;

struct Found {
  store::TimestampAuthority row;
  base::Secret pkcs8;  // "" = on a token
};

using Sign = std::function<base::Result<base::Bytes>(base::BytesView)>;

base::Result<std::optional<Found>> find(store::Tx& tx) {
  ASSIGN_OR_RETURN(auto row, store::find_timestamp_authority(tx));
  if (!row) return std::optional<Found>();
  base::Secret pkcs8;
  if (row->token.empty()) {
    ASSIGN_OR_RETURN(pkcs8, store::find_timestamp_key(tx, row->id));
  }
  return std::optional(Found{std::move(*row), std::move(pkcs8)});
}

base::Result<base::Bytes> sign_on(token::Token& token, const base::Secret& pin, token::Order order) {
  ASSIGN_OR_RETURN(auto values, token.sign(pin, std::move(order)));
  return std::move(values.front());
}

base::Result<Sign> make_sign(const House& house, const Found& found, crypto::SignatureAlgorithm algorithm) {
  if (found.row.token.empty()) {
    ASSIGN_OR_RETURN(const crypto::SoftKey key, keep_soft_key(found.row.spki, found.pkcs8));
    return Sign([key, algorithm](base::BytesView octets) { return key.sign(algorithm, octets); });
  }
  ASSIGN_OR_RETURN(token::Token* const token, find_token(house, found.row.token));
  const base::Secret& pin = house.timestamps->settings().token_pin;
  return Sign([token, pin, id = found.row.token_object, algorithm](base::BytesView octets) {
    return sign_on(*token, pin, {id, algorithm, {base::Bytes(octets)}});
  });
}

base::Result<std::shared_ptr<const ReadyTimestampAuthority>> make_ready(const House& house, const Found& found) {
  const store::TimestampAuthority& row = found.row;
  const auto ready = std::make_shared<ReadyTimestampAuthority>();
  ASSIGN_OR_RETURN(ready->signer.algorithm, crypto::parse_signature_algorithm(row.algorithm));
  ASSIGN_OR_RETURN(ready->signer.sign, make_sign(house, found, ready->signer.algorithm));
  ready->signer.certificate = row.certificate;
  ready->signer.chain = split_chain(row.chain);
  ready->sha256 = row.sha256;
  ready->subject = row.subject;
  ready->not_before = row.not_before;
  ready->not_after = row.not_after;
  return std::shared_ptr<const ReadyTimestampAuthority>(ready);
}

}  // namespace

base::Result<std::shared_ptr<const ReadyTimestampAuthority>> TimestampDesk::find_authority(const House& house,
                                                                                           base::Time now) {
  {
    const std::lock_guard lock(authority_mutex_);
    // A clock that was set back must not keep an old one.
    if (read_at_ && now >= *read_at_ && now - *read_at_ < read_each && authority_) return authority_;
  }
  ASSIGN_OR_RETURN(const auto found, house.store.read([](store::Tx& tx) { return find(tx); }));
  std::shared_ptr<const ReadyTimestampAuthority> ready;
  if (found) {
    ASSIGN_OR_RETURN(ready, make_ready(house, *found));
  }
  const std::lock_guard lock(authority_mutex_);
  authority_ = ready;
  read_at_ = now;
  return ready;
}

void TimestampDesk::forget_authority() {
  const std::lock_guard lock(authority_mutex_);
  authority_.reset();
  read_at_.reset();
}

base::Result<base::Bytes> TimestampDesk::take_serial(const House& house) {
  const std::lock_guard lock(serial_mutex_);
  if (next_ >= end_) {
    ASSIGN_OR_RETURN(const std::int64_t first,
                     house.store.write([](store::Tx& tx) { return store::reserve_serials(tx, block_size); }));
    // A deferred write may still fail. A read waits until it is durable, and says what is.
    ASSIGN_OR_RETURN(const store::TimestampClock clock,
                     house.store.read([](store::Tx& tx) { return store::find_timestamp_clock(tx); }));
    RETURN_IF_ERROR(house.store.wait_durable());
    if (clock.next_serial < first + block_size) {
      return base::fail(base::Code::unavailable, "numbers of time stamps could not be reserved");
    }
    next_ = first;
    end_ = first + block_size;
    suffix_ = base::random_bytes(4);
  }
  base::Bytes serial;
  for (unsigned i = 8; i-- > 0;)
    serial.push_back(static_cast<char>((static_cast<std::uint64_t>(next_) >> (8U * i)) & 0xffU));
  ++next_;
  serial.append(suffix_);
  return serial.substr(serial.find_first_not_of('\0'));
}

TimestampDesk::SerialBlock TimestampDesk::look_at_serials() {
  const std::lock_guard lock(serial_mutex_);
  return {next_, end_};
}

signature::ClockFlaw TimestampDesk::judge_clock(const ClockReading& now) {
  const std::lock_guard lock(clock_mutex_);
  return signature::watch_clock(watch_, now, settings_.accuracy);
}

}  // namespace flow
