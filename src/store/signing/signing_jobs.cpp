#include "store/signing/signing_jobs.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::string_view purpose = "signing-job-key";

base::Bytes place_of(const base::Id& id) {
  return base::Bytes("signing_job").append(id.bytes());
}

constexpr SqlPart columns =
    "id, number, tenant_id, account_id, client_id, credential_id, certificate, chain, algorithm, format, level, "
    "packaging, element, policy, commitment, role, state, sealed_key, repeat_hash, wish_hash, signing_at, runs_until, "
    "created_at, expires_at FROM signing_job";

struct ReadJob {
  SigningJob job;
  base::Bytes sealed_key;
};
ReadJob read_job(const Row& row) {
  Fields field(row);
  ReadJob read;
  SigningJob& job = read.job;
  job.id = field.id();
  job.number = field.text();
  job.tenant_id = field.id();
  job.account_id = field.optional_id();
  job.client_id = field.optional_id();
  job.credential_id = field.optional_id();
  job.certificate = field.text();
  job.chain = field.text();
  job.algorithm = field.text();
  job.format = field.text();
  job.level = field.text();
  job.packaging = field.text();
  job.element = field.text();
  job.policy = field.text();
  job.commitment = field.text();
  job.role = field.text();
  job.state = field.text();
  read.sealed_key = field.text();
  job.repeat_hash = field.text();
  job.wish_hash = field.text();
  job.signing_at = field.time();
  job.runs_until = field.optional_time();
  job.created_at = field.time();
  job.expires_at = field.time();
  return read;
}

/// A key that does not open is as good as none: the job lives shorter than any master key.
SigningJob open(const Tx& tx, ReadJob read) {
  if (!read.sealed_key.empty()) {
    auto opened = tx.master().open(purpose, read.sealed_key, place_of(read.job.id));
    if (opened) read.job.key = std::move(*opened);
  }
  return std::move(read.job);
}

std::optional<SigningJob> open(const Tx& tx, std::optional<ReadJob> read) {
  if (!read) return std::nullopt;
  return open(tx, std::move(*read));
}

std::vector<SigningJob> open(const Tx& tx, std::vector<ReadJob> read) {
  std::vector<SigningJob> jobs;
  for (ReadJob& one : read) jobs.push_back(open(tx, std::move(one)));
  return jobs;
}

SigningItem read_item(const Row& row) {
  Fields field(row);
  SigningItem item;
  item.position = field.integer();
  item.name = field.text();
  item.media_type = field.text();
  item.size = field.integer();
  item.digest = field.text();
  item.sha256 = field.text();
  item.is_kept = field.flag();
  item.state = field.text();
  item.reason = field.text();
  item.value = field.text();
  item.token = field.text();
  return item;
}

struct SealedKey {
  base::Id id;
  base::Bytes sealed;
};
SealedKey read_sealed(const Row& row) {
  Fields field(row);
  SealedKey read;
  read.id = field.id();
  read.sealed = field.text();
  return read;
}

}  // namespace

base::Result<void> insert_signing_job(Tx& tx, const SigningJob& job, const std::vector<SigningItem>& items) {
  const base::Bytes key =
      job.key.empty() ? base::Bytes() : tx.master().seal(purpose, job.key.reveal(), place_of(job.id));
  RETURN_IF_ERROR(
      tx.run("INSERT INTO signing_job(id, number, tenant_id, account_id, client_id, credential_id, certificate, chain, "
             "algorithm, format, level, packaging, element, policy, commitment, role, state, sealed_key, repeat_hash, "
             "wish_hash, signing_at, runs_until, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
             "$10, $11, "
             "$12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
             {job.id,
              job.number,
              job.tenant_id,
              job.account_id,
              job.client_id,
              job.credential_id,
              Blob{job.certificate},
              Blob{job.chain},
              job.algorithm,
              job.format,
              job.level,
              job.packaging,
              job.element,
              job.policy,
              job.commitment,
              job.role,
              job.state,
              Blob{key},
              job.repeat_hash,
              Blob{job.wish_hash},
              job.signing_at,
              job.runs_until,
              job.created_at,
              job.expires_at}));
  for (const SigningItem& item : items) {
    RETURN_IF_ERROR(tx.run(
        "INSERT INTO signing_item(job_id, position, name, media_type, size, digest, sha256, is_kept, state, reason, "
        "value, token) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        {job.id, item.position, item.name, item.media_type, item.size, Blob{item.digest}, item.sha256, item.is_kept,
         item.state, item.reason, Blob{item.value}, Blob{item.token}}));
  }
  return {};
}

base::Result<std::optional<SigningJob>> find_signing_job(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(auto found, tx.find_one(sql<"SELECT ", columns, " WHERE id = $1">, {id}, read_job));
  return open(tx, std::move(found));
}

base::Result<bool> has_signing_job_number(Tx& tx, std::string_view number) {
  ASSIGN_OR_RETURN(const std::int64_t found,
                   tx.query("SELECT id FROM signing_job WHERE number = $1", {number}, [](const Row&) {}));
  return found > 0;
}

base::Result<std::optional<SigningJob>> find_signing_job_by_repeat(Tx& tx, std::string_view repeat_hash) {
  ASSIGN_OR_RETURN(auto found, tx.find_one(sql<"SELECT ", columns, " WHERE repeat_hash = $1 AND repeat_hash <> ''">,
                                           {repeat_hash}, read_job));
  return open(tx, std::move(found));
}

base::Result<std::vector<SigningJob>> list_signing_jobs_of_account(Tx& tx, const base::Id& account_id,
                                                                   std::int64_t most) {
  ASSIGN_OR_RETURN(
      auto found,
      tx.find_all(sql<"SELECT ", columns, " WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2">,
                  {account_id, most}, read_job));
  return open(tx, std::move(found));
}

base::Result<std::vector<SigningJob>> list_signing_jobs_of_client(Tx& tx, const base::Id& client_id,
                                                                  std::int64_t most) {
  ASSIGN_OR_RETURN(
      auto found,
      tx.find_all(sql<"SELECT ", columns, " WHERE client_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2">,
                  {client_id, most}, read_job));
  return open(tx, std::move(found));
}

base::Result<OctetsOfJobs> count_octets_of_jobs(Tx& tx, const base::Id& account_id, base::Time since,
                                                std::int64_t longest) {
  ASSIGN_OR_RETURN(
      const auto found,
      tx.find_one(
          "SELECT CAST(COALESCE(SUM(CASE WHEN i.is_kept = 1 THEN i.size ELSE 0 END), 0) AS bigint), "
          "CAST(COALESCE(SUM(CASE WHEN i.is_kept = 0 AND i.size BETWEEN 1 AND $3 THEN i.size "
          "ELSE 0 END), 0) AS bigint) FROM (SELECT id FROM signing_job WHERE account_id = $1 AND created_at > $2 "
          "AND state <> 'cancelled' ORDER BY created_at DESC LIMIT 2000) j "
          "JOIN signing_item i ON i.job_id = j.id",
          {account_id, since, longest}, [](const Row& row) {
            Fields field(row);
            OctetsOfJobs read;
            read.kept = field.integer();
            read.copied = field.integer();
            return read;
          }));
  return found.value_or(OctetsOfJobs());
}

base::Result<std::vector<SigningItem>> list_signing_items(Tx& tx, const base::Id& job_id) {
  return tx.find_all(
      "SELECT position, name, media_type, size, digest, sha256, is_kept, state, reason, value, token FROM signing_item "
      "WHERE job_id = $1 ORDER BY position LIMIT 250",
      {job_id}, read_item);
}

base::Result<bool> take_signing_job(Tx& tx, const base::Id& id, base::Time now, base::Time until) {
  ASSIGN_OR_RETURN(const std::int64_t taken,
                   tx.run("UPDATE signing_job SET runs_until = $3 WHERE id = $1 AND state = 'open' AND "
                          "(runs_until IS NULL OR runs_until < $2)",
                          {id, now, until}));
  return taken == 1;
}

base::Result<void> renew_signing_job(Tx& tx, const base::Id& id, base::Time until) {
  return without_count(tx.run("UPDATE signing_job SET runs_until = $2 WHERE id = $1 AND state = 'open'", {id, until}));
}

base::Result<void> leave_signing_job(Tx& tx, const base::Id& id) {
  return without_count(tx.run("UPDATE signing_job SET runs_until = NULL WHERE id = $1", {id}));
}

base::Result<bool> end_signing_job(Tx& tx, const base::Id& id, std::string_view state) {
  constexpr std::string_view cancelled = "cancelled";
  if (state == cancelled) {
    ASSIGN_OR_RETURN(const std::int64_t ended,
                     tx.run("UPDATE signing_job SET state = $2, runs_until = NULL, sealed_key = $3 WHERE id = $1 AND "
                            "state = 'open'",
                            {id, state, Blob{{}}}));
    return ended == 1;
  }
  ASSIGN_OR_RETURN(
      const std::int64_t ended,
      tx.run("UPDATE signing_job SET state = $2, runs_until = NULL WHERE id = $1 AND state = 'open'", {id, state}));
  return ended == 1;
}

base::Result<bool> move_signing_item(Tx& tx, const base::Id& job_id, const SigningItem& item, std::string_view from) {
  ASSIGN_OR_RETURN(const std::int64_t moved,
                   tx.run("UPDATE signing_item SET state = $4, reason = $5, value = $6, token = $7 WHERE job_id = $1 "
                          "AND position = $2 AND state = $3",
                          {job_id, item.position, from, item.state, item.reason, Blob{item.value}, Blob{item.token}}));
  return moved == 1;
}

base::Result<void> delete_signing_job(Tx& tx, const base::Id& id) {
  RETURN_IF_ERROR(tx.run("DELETE FROM signing_item WHERE job_id = $1", {id}));
  return without_count(tx.run("DELETE FROM signing_job WHERE id = $1", {id}));
}

base::Result<std::vector<base::Id>> list_over_signing_jobs(Tx& tx, base::Time now, std::int64_t most) {
  return tx.find_all("SELECT id FROM signing_job WHERE expires_at < $1 ORDER BY expires_at, id LIMIT $2", {now, most},
                     [](const Row& row) { return Fields(row).id(); });
}

base::Result<void> seal_signing_jobs_anew(Tx& tx, const crypto::MasterKey& next) {
  const auto read_after = [&](const base::Id& last, std::int64_t most) {
    return tx.find_all("SELECT id, sealed_key FROM signing_job WHERE id > $1 ORDER BY id LIMIT $2", {last, most},
                       read_sealed);
  };
  return for_each_in_steps<base::Id>(
      read_after, [](const SealedKey& row) { return row.id; },
      [&](const SealedKey& row) -> base::Result<void> {
        if (row.sealed.empty()) return {};
        ASSIGN_OR_RETURN(const base::Bytes key, seal_anew(tx, next, purpose, row.sealed, place_of(row.id)));
        return without_count(tx.run("UPDATE signing_job SET sealed_key = $2 WHERE id = $1", {row.id, Blob{key}}));
      });
}

}  // namespace store
