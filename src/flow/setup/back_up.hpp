// Backup and restore of an embedded database (docs/decisions/0095). A backup is made while the server works: the pages
// as one snapshot sees them, sealed for the owner of a secret key that the server does not have, and then restored once
// to see that it can be. PostgreSQL has its own tools.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/key/master_key.hpp"
#include "flow/audit/verify_audit.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/setup/sealed_file.hpp"
#include "rights/actor.hpp"

namespace flow {

struct CopyOrder {
  base::Bytes public_key;  // for whom it is sealed
  std::string program;     // version of this program
  bool is_verified = true;
  bool has_master_key = false;  // of a backup: the key stands in it as well
  std::string into{};           // of a dump: where the sealed file is made; "" = the folder copies
};
struct MadeCopy {
  std::string file;  // sealed, in the folder copies; the command puts it where it belongs
  std::string digest;
  std::string database;  // of which it is: sqlite | postgresql
  std::int64_t octets = 0;
  std::int64_t rows = 0;  // of a dump
  base::Time made_at;
  ChainReport chain;  // of the copy: events, head, and flaws that are in the database itself
};
/// Errors: denied, invalid_input (PostgreSQL, no public key), conflict (another copy is being made), unavailable (disk
/// full), internal (the file does not restore).
base::Result<MadeCopy> make_backup(const House& house, const rights::Actor& actor, const CopyOrder& order,
                                   const RequestFacts& facts);

struct RestoreOrder {
  std::string file;
  std::string folder;  // the data folder; made if it is not there
  crypto::RecipientKeys keys;
  std::optional<crypto::MasterKey> master{};  // nullopt = the one that is in the backup
  RequestFacts facts{};
};
struct Restored {
  SealedHead head;
  std::string digest;
  ChainReport chain;             // as it was in the backup
  base::Time last_event;         // of the backup; unset = none
  bool has_written_key = false;  // master.key was made in the folder
};
/// Fills a data folder that has no database. The time-stamp authority goes on behind all numbers that may have been
/// given since the copy. What was begun is removed if it fails. Errors: already_exists (a database is there),
/// invalid_input (no backup, cut off, altered, another key, another master key, a newer schema), not_found,
/// unavailable.
base::Result<Restored> restore_backup(const RestoreOrder& order);

}  // namespace flow
