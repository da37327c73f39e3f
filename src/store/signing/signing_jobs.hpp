// Jobs that sign documents (S4.22): what was asked for, and what became of each document. A document itself is never in
// the database; its sealed file is opened by the job's key, which is sealed under the master key.
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

struct SigningJob {
  base::Id id;
  std::string number;  // "ABC-123"
  base::Id tenant_id;
  std::optional<base::Id> account_id{};     // whose it is; with neither: of the operator
  std::optional<base::Id> client_id{};      // row id of an application that signs for itself
  std::optional<base::Id> credential_id{};  // nullopt: the key is not held here
  base::Bytes certificate;                  // of the signer, DER
  base::Bytes chain;                        // DER, one behind the other
  std::string algorithm;                    // name of a crypto::SignatureAlgorithm
  std::string format;
  std::string level;
  std::string packaging;
  std::string element;
  std::string policy;
  std::string commitment;
  std::string role;
  std::string state = "open";  // open | done | cancelled
  base::Secret key{};          // of the sealed files; "" = they are gone
  std::string repeat_hash{};   // of owner and Idempotency-Key, hexadecimal; "" = none
  base::Bytes wish_hash{};     // of all that was asked for
  base::Time signing_at;       // the time that the signatures claim
  std::optional<base::Time> runs_until{};
  base::Time created_at;
  base::Time expires_at;
};

struct SigningItem {
  std::int64_t position = 0;  // from 0
  std::string name;
  std::string media_type;
  std::int64_t size = 0;          // octets; -1: only the digest is known
  base::Bytes digest;             // by the digest of the job's algorithm
  std::string sha256;             // lower-case hexadecimal; "" = not known
  bool is_kept = false;           // in a sealed file
  std::string state = "waiting";  // waiting | valued | done | failed
  std::string reason{};           // of a failure
  base::Bytes value{};            // of the signature; ECDSA in DER
  base::Bytes token{};            // time stamp, DER
};

/// Errors: already_exists (the number, or the repeat_hash).
base::Result<void> insert_signing_job(Tx& tx, const SigningJob& job, const std::vector<SigningItem>& items);
base::Result<std::optional<SigningJob>> find_signing_job(Tx& tx, const base::Id& id);
base::Result<bool> has_signing_job_number(Tx& tx, std::string_view number);
base::Result<std::optional<SigningJob>> find_signing_job_by_repeat(Tx& tx, std::string_view repeat_hash);
/// The newest first.
base::Result<std::vector<SigningJob>> list_signing_jobs_of_account(Tx& tx, const base::Id& account_id,
                                                                   std::int64_t most);
base::Result<std::vector<SigningJob>> list_signing_jobs_of_client(Tx& tx, const base::Id& client_id, std::int64_t most);
struct OctetsOfJobs {
  std::int64_t kept = 0;    // of documents in sealed files
  std::int64_t copied = 0;  // of the others, of which there may be copies
};
/// Of the account's jobs since then that were not cancelled. `longest`: longer documents have no copies.
base::Result<OctetsOfJobs> count_octets_of_jobs(Tx& tx, const base::Id& account_id, base::Time since,
                                                std::int64_t longest);
/// In the order given; at most 250.
base::Result<std::vector<SigningItem>> list_signing_items(Tx& tx, const base::Id& job_id);

/// True: the caller runs the job until then. False: somebody else does, or it is not open.
base::Result<bool> take_signing_job(Tx& tx, const base::Id& id, base::Time now, base::Time until);
/// Whoever runs it goes on until then.
base::Result<void> renew_signing_job(Tx& tx, const base::Id& id, base::Time until);
base::Result<void> leave_signing_job(Tx& tx, const base::Id& id);
/// done | cancelled. False: it was not open any more. With `cancelled` the key of the files is deleted.
base::Result<bool> end_signing_job(Tx& tx, const base::Id& id, std::string_view state);
/// From `waiting` or `valued` to the state that the item says, with its reason, value and token. False: it was in
/// another state already, and nothing is changed.
base::Result<bool> move_signing_item(Tx& tx, const base::Id& job_id, const SigningItem& item, std::string_view from);

/// With its items.
base::Result<void> delete_signing_job(Tx& tx, const base::Id& id);
/// Ids of jobs whose time is over, some of them.
base::Result<std::vector<base::Id>> list_over_signing_jobs(Tx& tx, base::Time now, std::int64_t most);

/// Seals the keys of files under the next master key. Errors: internal (a value does not open).
base::Result<void> seal_signing_jobs_anew(Tx& tx, const crypto::MasterKey& next);

}  // namespace store
