// The own time-stamp authority: its certificates and keys (sealed under the master key), the numbers that nodes have
// reserved, and the latest time that was stamped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "store/engine/store.hpp"

namespace store {

struct TimestampAuthority {
  base::Id id;
  std::string state;  // active | retired
  std::string sha256;
  std::string name;  // common name that was wished
  std::string subject;
  base::Bytes certificate;
  base::Bytes chain;      // DER, one behind the other, the issuer first
  std::string algorithm;  // crypto::SignatureAlgorithm
  base::Bytes spki;
  std::string token;         // name in the configuration; "" = the key is here
  base::Bytes token_object;  // CKA_ID
  base::Time not_before;
  base::Time not_after;
  base::Time created_at;
  std::optional<base::Id> created_by{};
};

/// `pkcs8`: sealed here; "" = the key is on a token.
base::Result<void> insert_timestamp_authority(Tx& tx, const TimestampAuthority& row, const base::Secret& pkcs8);
/// The active one, the newest. nullopt: there is none.
base::Result<std::optional<TimestampAuthority>> find_timestamp_authority(Tx& tx);
/// Of one in software. Errors: not_found, internal (it cannot be opened).
base::Result<base::Secret> find_timestamp_key(Tx& tx, const base::Id& id);
/// The newest first, at most 100.
base::Result<std::vector<TimestampAuthority>> list_timestamp_authorities(Tx& tx);
/// All active ones but `id`; their keys are destroyed, because what they have stamped needs their certificates only.
base::Result<void> retire_timestamp_authorities(Tx& tx, const base::Id& but);
/// Seals all keys under the next master key. Errors: internal (a value does not open).
base::Result<void> seal_timestamp_keys_anew(Tx& tx, const crypto::MasterKey& next);

/// Reserves `count` numbers and gives the first one. No other call gives them again.
base::Result<std::int64_t> reserve_serials(Tx& tx, std::int64_t count);

struct TimestampClock {
  std::int64_t next_serial = 1;
  base::Time last_at;
};
base::Result<TimestampClock> find_timestamp_clock(Tx& tx);
/// `at` is stamped. It is kept if it is a tenth of a second later than what is kept, so that few stamps write the row.
/// False: it lies more than `tolerance` before what was stamped already, and nothing is kept.
base::Result<bool> note_stamped_time(Tx& tx, base::Time at, base::Duration tolerance);

}  // namespace store
