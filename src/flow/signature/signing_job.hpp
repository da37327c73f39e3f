// A job that signs documents (S4.22), as doors see it: taken with all its documents, signed by a key that is held here
// or by one of the caller's, and kept until its results were downloaded or its time is over.
//
//   taken ─> open ─ each document: waiting ─the key is used─> valued ─completed, stamped─> done │ failed
//             └─ all done or failed ─> done        └─ cancelled
//
// What a document's signature needs is durable before the key is used, and the value of the signature is stored in the
// transaction that counts the use: whoever is killed in between signs nothing twice and loses nothing. A signature is
// put together from value and document whenever it is asked for; it is never stored.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/octet_source.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/signing/signature_algorithm.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/signature/reading_turn.hpp"
#include "flow/signature/sign_refusal.hpp"
#include "flow/signing/use_credential.hpp"
#include "signature/form/signature_wish.hpp"
#include "signature/timestamp/watch_clock.hpp"

namespace flow {

using signature::Format;
using signature::Level;
using signature::Packaging;

struct DocumentSent {
  std::string name;          // as its owner calls it; a path before it is dropped
  std::string media_type{};  // "" = not said
  base::Bytes octets{};
  base::Bytes digest{};  // instead of the octets, for detached signatures
  crypto::DigestKind digest_kind = crypto::DigestKind::sha256;
  std::shared_ptr<const base::OctetSource> source{};  // instead of the octets, if they are not in memory

  [[nodiscard]] std::size_t size() const { return source ? source->size() : octets.size(); }
};

struct JobWish {
  std::optional<base::Id> credential_id{};                // a key that is held here; else
  base::Bytes certificate{};                              // that of a key of the caller's, DER
  std::vector<base::Bytes> chain{};                       // above it
  std::optional<crypto::SignatureAlgorithm> algorithm{};  // nullopt: the standard one of the key
  Format format = Format::cades;
  Level level = Level::b;
  Packaging packaging = Packaging::detached;
  std::string element{};     // XPath of one element, XAdES enveloped
  std::string policy{};      // name of one of SigningSettings::policies
  std::string commitment{};  // OID
  std::string role{};
  std::vector<DocumentSent> documents{};  // 1 to most_orders
  std::string repeat_key{};               // Idempotency-Key, or of a form; "" = none
};

struct JobItem {
  std::int64_t position = 0;
  std::string name;
  std::int64_t size = 0;  // octets; -1: only the digest is known
  std::string sha256;     // "" = not known
  std::string state;      // "waiting", "valued" (signed, and its time stamp is missing), "done", "failed"
  std::string reason;     // of a failure, or why the time stamp is missing: a code
};
struct Job {
  base::Id id;
  std::string number;  // "ABC-123"
  std::string state;   // "open", "running", "done", "cancelled"
  Format format = Format::cades;
  Level level = Level::b;
  Packaging packaging = Packaging::detached;
  std::optional<base::Id> credential_id;
  base::Bytes certificate;
  crypto::SignatureAlgorithm algorithm;
  base::Time created_at;
  base::Time expires_at;
  std::vector<JobItem> items;
  bool is_repeat = false;  // the same wish came before

  [[nodiscard]] std::int64_t count(std::string_view item_state) const;
};

/// The job as it is now, also beside a refusal if there is one.
struct JobAnswer {
  std::optional<SignRefusal> refusal{};
  std::optional<Job> job{};
  std::vector<base::Bytes> to_be_signed{};  // of prepare_signature, in the order of the items that wait
};

/// Gives both clocks, again and again while a job runs (flow::read_clocks).
using ReadClocks = std::function<signature::ClockReading()>;

/// Takes the documents: they are stored durably, or nothing is. A document that cannot be signed this way is a failed
/// item, with its reason. The same wish with the same repeat_key gives the job that was made before, `is_repeat`.
/// Errors: unavailable, internal.
base::Result<JobAnswer> take_job(const House& house, const KeyUser& user, const JobWish& wish,
                                 const RequestFacts& facts);
/// The same, and gives the octets to be signed: the first of the two steps. Errors: as take_job.
base::Result<JobAnswer> prepare_signature(const House& house, const KeyUser& user, const JobWish& wish,
                                          const RequestFacts& facts);

struct JobOrder {
  base::Id job_id;
  base::Secret pin{};                 // of the key that is held here
  std::vector<base::Bytes> values{};  // of complete_signature: ECDSA as DER or r‖s
  ReadClocks clocks;
};
/// The second of the two steps with values of a key of the caller's, in the order of the documents that wait. All of
/// them count or none. Errors: as take_job.
base::Result<JobAnswer> complete_signature(const House& house, const KeyUser& user, const JobOrder& order,
                                           const RequestFacts& facts);
/// Signs all that wait with the key that is held here, a few at a time, so that progress shows. After a refusal those
/// that were signed stay signed, and the same call goes on. Errors: as take_job.
base::Result<JobAnswer> sign_job(const House& house, const KeyUser& user, const JobOrder& order,
                                 const RequestFacts& facts);
/// take_job and sign_job. A repeated job goes on where it was. `order.job_id` is not looked at.
base::Result<JobAnswer> sign_documents(const House& house, const KeyUser& user, const JobWish& wish,
                                       const JobOrder& order, const RequestFacts& facts);

/// Errors: not_found, unavailable.
base::Result<Job> find_job(const House& house, const KeyUser& user, const base::Id& id, base::Time now);
/// The newest 100, without their items. Errors: unavailable.
base::Result<std::vector<Job>> list_own_jobs(const House& house, const KeyUser& user, base::Time now);
/// What waits is not signed any more, and the documents are deleted. False: it was over already. Errors: not_found.
base::Result<bool> cancel_job(const House& house, const KeyUser& user, const base::Id& id, base::Time now);
/// Forgets a job with all its results, as if its time were over. Errors: not_found.
base::Result<void> forget_job(const House& house, const KeyUser& user, const base::Id& id, base::Time now);

struct JobResult {
  std::string name;        // "report.pdf.p7s", "order-signed.xml"
  std::string media_type;  // of the signature or the signed document
  base::Bytes octets;
};
/// The signature of one document that is done. Errors: not_found (there is none, or the document is gone), unavailable
/// (readings_busy).
base::Result<JobResult> find_result(const House& house, const KeyUser& user, const base::Id& id, std::int64_t position,
                                    base::Time now);
/// A turn for results whose documents have so many octets together. Errors: unavailable (readings_busy).
base::Result<Readings::Turn> take_reading(const House& house, const KeyUser& user, std::size_t octets);
/// As find_result, for who has a turn.
base::Result<JobResult> read_result(const House& house, const KeyUser& user, const base::Id& id, std::int64_t position,
                                    base::Time now);

/// Deletes jobs whose time is over, and files without a job. For the background.
base::Result<void> sweep_jobs(const House& house, base::Time now);

}  // namespace flow
