#include "store/timestamp/timestamps.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::string_view purpose = "timestamp-key";
constexpr std::int64_t most = 100;
constexpr base::Duration kept_each = std::chrono::milliseconds(100);

base::Bytes place_of(const base::Id& id) {
  return base::Bytes("timestamp_authority").append(id.bytes());
}

constexpr SqlPart columns =
    "id, state, sha256, name, subject, certificate, chain, algorithm, spki, token, token_object, not_before, "
    "not_after, created_at, "
    "created_by "
    "FROM timestamp_authority";

TimestampAuthority read_authority(const Row& row) {
  Fields field(row);
  TimestampAuthority read;
  read.id = field.id();
  read.state = field.text();
  read.sha256 = field.text();
  read.name = field.text();
  read.subject = field.text();
  read.certificate = field.text();
  read.chain = field.text();
  read.algorithm = field.text();
  read.spki = field.text();
  read.token = field.text();
  read.token_object = field.text();
  read.not_before = field.time();
  read.not_after = field.time();
  read.created_at = field.time();
  read.created_by = field.optional_id();
  return read;
}

struct SealedKey {
  base::Id id;
  base::Bytes sealed;
};

SealedKey read_sealed(const Row& row) {
  Fields field(row);
  SealedKey key;
  key.id = field.id();
  key.sealed = field.text();
  return key;
}

TimestampClock read_clock(const Row& row) {
  Fields field(row);
  TimestampClock clock;
  clock.next_serial = field.integer();
  clock.last_at = field.time();
  return clock;
}

}  // namespace

base::Result<void> insert_timestamp_authority(Tx& tx, const TimestampAuthority& row, const base::Secret& pkcs8) {
  const base::Bytes sealed =
      pkcs8.empty() ? base::Bytes() : tx.master().seal(purpose, pkcs8.reveal(), place_of(row.id));
  return without_count(tx.run(
      "INSERT INTO timestamp_authority(id, state, sha256, name, subject, certificate, chain, algorithm, spki, "
      "sealed_pkcs8, token, token_object, not_before, not_after, created_at, created_by) VALUES ($1, $2, $3, $4, $5, "
      "$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
      {row.id, row.state, row.sha256, row.name, row.subject, Blob{row.certificate}, Blob{row.chain}, row.algorithm,
       Blob{row.spki}, Blob{sealed}, row.token, Blob{row.token_object}, row.not_before, row.not_after, row.created_at,
       row.created_by}));
}

base::Result<std::optional<TimestampAuthority>> find_timestamp_authority(Tx& tx) {
  return tx.find_one(sql<"SELECT ", columns, " WHERE state = 'active' ORDER BY created_at DESC, id DESC LIMIT 1">, {},
                     read_authority);
}

base::Result<base::Secret> find_timestamp_key(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(const auto found,
                   tx.find_one("SELECT id, sealed_pkcs8 FROM timestamp_authority WHERE id = $1", {id}, read_sealed));
  if (!found) return base::fail(base::Code::not_found, "the time-stamp authority does not exist");
  auto opened = tx.master().open(purpose, found->sealed, place_of(id));
  if (!opened) return base::fail(base::Code::internal, "the key of a time-stamp authority cannot be opened");
  return std::move(*opened);
}

base::Result<std::vector<TimestampAuthority>> list_timestamp_authorities(Tx& tx) {
  return tx.find_all(sql<"SELECT ", columns, " ORDER BY created_at DESC, id DESC LIMIT $1">, {most}, read_authority);
}

base::Result<void> retire_timestamp_authorities(Tx& tx, const base::Id& but) {
  return without_count(
      tx.run("UPDATE timestamp_authority SET state = 'retired', sealed_pkcs8 = $2 WHERE state = 'active' AND id <> $1",
             {but, Blob{{}}}));
}

base::Result<void> seal_timestamp_keys_anew(Tx& tx, const crypto::MasterKey& next) {
  ASSIGN_OR_RETURN(const auto keys, tx.find_all("SELECT id, sealed_pkcs8 FROM timestamp_authority WHERE state = "
                                                "'active' AND token = '' ORDER BY id LIMIT $1",
                                                {most}, read_sealed));
  for (const SealedKey& key : keys) {
    ASSIGN_OR_RETURN(const base::Bytes sealed, seal_anew(tx, next, purpose, key.sealed, place_of(key.id)));
    RETURN_IF_ERROR(tx.run("UPDATE timestamp_authority SET sealed_pkcs8 = $2 WHERE id = $1", {key.id, Blob{sealed}}));
  }
  return {};
}

base::Result<TimestampClock> find_timestamp_clock(Tx& tx) {
  ASSIGN_OR_RETURN(const auto found,
                   tx.find_one("SELECT next_serial, last_at FROM timestamp_clock WHERE id = 1", {}, read_clock));
  if (!found) return base::fail(base::Code::internal, "the row of the time-stamp clock is missing");
  return *found;
}

base::Result<std::int64_t> reserve_serials(Tx& tx, std::int64_t count) {
  ASSIGN_OR_RETURN(const TimestampClock clock, find_timestamp_clock(tx));
  RETURN_IF_ERROR(expect_changed(tx.run("UPDATE timestamp_clock SET next_serial = $2 WHERE id = 1 AND next_serial = $1",
                                        {clock.next_serial, clock.next_serial + count}),
                                 "the row of the time-stamp clock"));
  return clock.next_serial;
}

base::Result<bool> note_stamped_time(Tx& tx, base::Time at, base::Duration tolerance) {
  ASSIGN_OR_RETURN(const TimestampClock clock, find_timestamp_clock(tx));
  if (at + tolerance < clock.last_at) return false;
  if (at < clock.last_at + kept_each) return true;
  RETURN_IF_ERROR(tx.run("UPDATE timestamp_clock SET last_at = $1 WHERE id = 1 AND last_at < $1", {at}));
  return true;
}

}  // namespace store
