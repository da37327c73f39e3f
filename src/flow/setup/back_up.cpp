#include "flow/setup/back_up.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/json.hpp"
#include "base/log.hpp"
#include "crypto/signing/digest_stream.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/setup/copies_folder.hpp"
#include "flow/setup/copy_parts.hpp"
#include "flow/setup/new_file.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/copies.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"
#include "store/timestamp/timestamps.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece = std::size_t{64} * 1024;
// More numbers than an authority gives in any time for which backups are kept.
constexpr std::int64_t skipped_serials = std::int64_t{1} << 32;

struct Snapshot {
  OpenFile pages;
  std::int64_t schema = 0;
  std::int64_t events = 0;
};

std::int64_t size_of_database(const std::string& file) {
  std::int64_t size = 0;
  for (const char* const end : {"", "-wal"}) {
    std::error_code error;
    const auto octets = fs::file_size(file + end, error);
    if (!error) size += static_cast<std::int64_t>(octets);
  }
  return size;
}

// On a connection of its own: the pages are those of one moment, and no write waits.
base::Result<Snapshot> take_snapshot(const House& house, const CopiesFolder& folder) {
  return house.store.read_background([&](store::Tx& tx) -> base::Result<Snapshot> {
    ASSIGN_OR_RETURN(const auto head, store::find_head(tx));
    ASSIGN_OR_RETURN(const std::int64_t schema, store::find_step(tx));
    ASSIGN_OR_RETURN(const int pages, store::copy_pages(tx, folder.path()));
    return Snapshot{OpenFile::own(pages), schema, head ? head->seq : 0};
  });
}

std::string manifest_of(const House& house, const CopyOrder& order, const Snapshot& snapshot) {
  base::JsonObject manifest;
  manifest.number("octets", snapshot.pages.size()).number("events", snapshot.events);
  if (order.has_master_key) manifest.text("master_key", house.master.to_text().reveal());
  return manifest.finish();
}

base::Result<void> seal_pages(Snapshot& snapshot, SealedFileWriter& writer, crypto::DigestStream& digest) {
  while (true) {
    ASSIGN_OR_RETURN(const base::Bytes octets, snapshot.pages.read(piece));
    if (octets.empty()) return {};
    digest.add(octets);
    RETURN_IF_ERROR(writer.add('P', octets));
  }
}

struct Unsealed {
  SealedHead head;
  std::string digest;
  std::optional<crypto::MasterKey> master;
};

// Writes the pages into a new file, which is kept only if the backup is whole.
base::Result<Unsealed> unseal(SealedFileReader& reader, const std::string& into) {
  if (reader.head().kind != "backup") {
    return base::fail(base::Code::invalid_input,
                      "it is a " + reader.head().kind + " and no backup; see `chancery load`");
  }
  ASSIGN_OR_RETURN(NewFile pages, NewFile::make(into));
  crypto::DigestStream digest(crypto::DigestKind::sha256);
  Unsealed out;
  out.head = reader.head();
  while (true) {
    ASSIGN_OR_RETURN(const auto item, reader.next());
    if (item.kind == 'P') {
      digest.add(item.octets);
      RETURN_IF_ERROR(pages.write(item.octets));
      continue;
    }
    ASSIGN_OR_RETURN(const boost::json::object object, parse_object(item.octets));
    if (item.kind == 'E') {
      ASSIGN_OR_RETURN(const std::string expected, text_of(object, "sha256"));
      if (expected == base::to_hex(digest.finish())) break;
      return base::fail(base::Code::invalid_input, "the pages are not those that were copied");
    }
    if (item.kind == 'M' && object.contains("master_key")) {
      ASSIGN_OR_RETURN(const std::string key, text_of(object, "master_key"));
      ASSIGN_OR_RETURN(out.master, crypto::MasterKey::parse(key));
    }
  }
  RETURN_IF_ERROR(pages.keep());
  out.digest = reader.digest();
  return out;
}

// Restores the file beside the database, and judges the result.
base::Result<ChainReport> restore_to_see(const House& house, const CopiesFolder& folder, const MadeCopy& made,
                                         const base::Secret& stream_key) {
  ASSIGN_OR_RETURN(auto reader, SealedFileReader::open(made.file, stream_key));
  const std::string path = folder.new_name("check");
  const auto unsealed = unseal(reader, path);
  if (!unsealed) return tl::unexpected<base::Error>(unsealed.error());
  if (unsealed->digest != made.digest)
    return base::fail(base::Code::invalid_input, "the file on the disk is another one");
  ChainReport report;
  RETURN_IF_ERROR(store::read_copy(path, true, house.master, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(report, walk_chain(tx));
    return {};
  }));
  return report;
}

base::Result<MadeCopy> write_backup(const House& house, const CopyOrder& order, const CopiesFolder& folder,
                                    base::Time now) {
  ASSIGN_OR_RETURN(Snapshot snapshot, take_snapshot(house, folder));
  MadeCopy made;
  made.file = folder.new_name("sealed");
  made.database = "sqlite";
  made.made_at = now;
  made.octets = snapshot.pages.size();
  made.chain.events = snapshot.events;
  ASSIGN_OR_RETURN(auto writer,
                   SealedFileWriter::make(made.file, {"backup", order.program, "sqlite", snapshot.schema, now, {}},
                                          order.public_key));
  Removal removal({made.file});
  crypto::DigestStream digest(crypto::DigestKind::sha256);
  RETURN_IF_ERROR(writer.add('M', manifest_of(house, order, snapshot)));
  RETURN_IF_ERROR(seal_pages(snapshot, writer, digest));
  const std::string end = base::JsonObject().text("sha256", base::to_hex(digest.finish())).finish();
  ASSIGN_OR_RETURN(made.digest, writer.finish(end));
  if (order.is_verified) {
    auto report = restore_to_see(house, folder, made, writer.stream_key());
    if (!report) {
      return base::fail(base::Code::internal,
                        "the backup was removed, because it cannot be restored: " + report.error().reason);
    }
    made.chain = std::move(*report);
  }
  removal.cancel();
  return made;
}

}  // namespace

base::Result<MadeCopy> make_backup(const House& house, const rights::Actor& actor, const CopyOrder& order,
                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
  ASSIGN_OR_RETURN(const std::string database, database_of(house));
  if (database.empty()) {
    return base::fail(
        base::Code::invalid_input,
        "the database is PostgreSQL: back it up with pg_dump or pg_basebackup (docs/operators/backup.md)");
  }
  ASSIGN_OR_RETURN(const CopiesFolder folder, CopiesFolder::open(database));
  // The copy and the sealed file; for the check the copy is there once more instead.
  RETURN_IF_ERROR(folder.demand_space(2 * size_of_database(database)));
  ASSIGN_OR_RETURN(MadeCopy made, beside_others([&] { return write_backup(house, order, folder, facts.now); }));
  // The copy may hold commits that were not durable yet; all of them are when this one is.
  auto recorded = write_for(house, actor, facts.now, [&](store::Tx& tx) {
    return record_copy(tx, audit::type::backup_make, made, &actor, facts);
  });
  if (recorded) return made;
  ::unlink(made.file.c_str());
  return base::pass_on(std::move(recorded));
}

namespace {

/// A folder that was made for a database which may never come: empty, it goes as well.
class MadeFolder {
 public:
  MadeFolder() = default;
  MadeFolder(const MadeFolder&) = delete;
  MadeFolder& operator=(const MadeFolder&) = delete;
  ~MadeFolder() {
    if (!path_.empty()) ::rmdir(path_.c_str());
  }
  void note(std::string path) { path_ = std::move(path); }
  void keep() { path_.clear(); }

 private:
  std::string path_;  // "" = it was there before
};

base::Result<void> prepare_folder(const std::string& folder, MadeFolder& made) {
  std::error_code error;
  if (::mkdir(folder.c_str(), 0700) == 0) {
    made.note(folder);
  } else if (errno != EEXIST) {
    return base::fail(base::Code::unavailable, "the folder " + folder + " cannot be made: " + std::strerror(errno));
  }
  for (const char* const name : {"chancery.db", "chancery.db-wal", "chancery.db-shm", "chancery.db-journal"}) {
    const std::string path = (fs::path(folder) / name).string();
    if (!fs::exists(path, error)) continue;
    return base::fail(base::Code::already_exists,
                      path +
                          " is there; a backup is restored into a folder that has no database. Stop the server, and "
                          "move the database away or name another folder");
  }
  return {};
}

// The first writes in the restored database: it says of itself that it is a copy.
base::Result<void> record_restore(const std::string& database, const crypto::MasterKey& master, const MadeCopy& copy,
                                  const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto opened, store::Store::open({.url = "sqlite:" + database, .readers = 1}, master));
  return opened->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto authority, store::find_timestamp_authority(tx));
    if (authority) RETURN_IF_ERROR(store::reserve_serials(tx, skipped_serials));
    return record_copy(tx, audit::type::backup_restore, copy, nullptr, facts);
  });
}

// All writes are in the file itself, on the disk, and none is left in its log.
base::Result<void> demand_one_file(const std::string& path) {
  std::error_code error;
  const auto left = fs::file_size(path + "-wal", error);
  if (!error && left != 0) return base::fail(base::Code::internal, "the log of the database was not emptied");
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_kept = file >= 0 && ::fsync(file) == 0;
  const std::string why = is_kept ? std::string() : std::strerror(errno);
  if (file >= 0) ::close(file);
  if (is_kept) return {};
  return base::fail(base::Code::unavailable, path + " cannot be written: " + why);
}

base::Result<void> judge_restored(const std::string& path, const crypto::MasterKey& master, Restored& restored) {
  return store::read_copy(path, false, master, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(restored.chain, walk_chain(tx));
    store::AuditFilter newest;
    newest.most = 1;
    ASSIGN_OR_RETURN(const auto page, store::find_events(tx, newest));
    if (!page.events.empty()) restored.last_event = page.events.front().at;
    return {};
  });
}

// The key beside the database, unless the folder has it.
base::Result<bool> put_master_key(const std::string& folder, const crypto::MasterKey& master) {
  const std::string path = (fs::path(folder) / "master.key").string();
  std::error_code error;
  if (fs::exists(path, error)) return false;
  RETURN_IF_ERROR(write_new_file(path, std::string(master.to_text().reveal()) + "\n"));
  return true;
}

}  // namespace

base::Result<Restored> restore_backup(const RestoreOrder& order) {
  ASSIGN_OR_RETURN(auto reader, SealedFileReader::open(order.file, order.keys));
  if (reader.head().schema > store::newest_step()) {
    return base::fail(base::Code::invalid_input, "it was made by a newer program (schema " +
                                                     std::to_string(reader.head().schema) + "), " +
                                                     reader.head().program);
  }
  MadeFolder made_folder;  // before what removes the files in it
  RETURN_IF_ERROR(prepare_folder(order.folder, made_folder));
  const std::string database = (fs::path(order.folder) / "chancery.db").string();
  const std::string unfinished = database + ".unfinished";
  for (const char* const end : {"", "-wal", "-shm"}) ::unlink((unfinished + end).c_str());
  ASSIGN_OR_RETURN(const Unsealed unsealed, unseal(reader, unfinished));
  const Removal passing({unfinished, unfinished + "-wal", unfinished + "-shm", unfinished + ".lock"});
  const auto master = order.master ? order.master : unsealed.master;
  if (!master) {
    return base::fail(
        base::Code::invalid_input,
        "the master key is not in this backup; name its file with --master-key, or put it into the folder "
        "as master.key");
  }
  Restored restored;
  restored.head = unsealed.head;
  restored.digest = unsealed.digest;
  RETURN_IF_ERROR(judge_restored(unfinished, *master, restored));
  MadeCopy copy;
  copy.digest = restored.digest;
  copy.database = restored.head.database;
  copy.chain.events = restored.chain.events;
  // Before it has its name: a server that finds it must not give a number of a time stamp again, however this ends.
  RETURN_IF_ERROR(record_restore(unfinished, *master, copy, order.facts));
  RETURN_IF_ERROR(demand_one_file(unfinished));
  RETURN_IF_ERROR(put_in_place(unfinished, database));
  Removal removal({database});
  ASSIGN_OR_RETURN(restored.has_written_key, put_master_key(order.folder, *master));
  removal.cancel();
  made_folder.keep();
  return restored;
}

}  // namespace flow
