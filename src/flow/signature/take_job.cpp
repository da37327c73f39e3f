#include "flow/signature/take_job.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "crypto/cms/certificate_parts.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/signing/soft_key.hpp"
#include "flow/signature/job_form.hpp"
#include "flow/signature/signing_desk.hpp"
#include "flow/signing/chain_text.hpp"
#include "flow/validation/content_at_hand.hpp"
#include "flow/validation/content_from_source.hpp"
#include "store/account/accounts.hpp"

namespace flow {
namespace {

using crypto::SignatureAlgorithm;

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_text = 500;
constexpr std::size_t longest_chain = 10;
constexpr std::size_t longest_certificate = 64 * 1024;
constexpr int tries_for_number = 20;
// Jobs of one account that wait for somebody. A younger one may be in the hands of a program that signs at once.
constexpr std::size_t most_waiting = 8;
constexpr std::size_t most_waiting_young = 32;
constexpr std::chrono::seconds young{30};
constexpr std::int64_t most_looked_at = 100;

/// Without a path, control characters and what is too long: it is shown, and files are called like it.
std::string tidy_name(std::string_view name) {
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string tidy;
  if (base::is_utf8(name)) {
    std::copy_if(name.begin(), name.end(), std::back_inserter(tidy),
                 [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '"'; });
  }
  // With signs that change the direction of what follows one name looks like another (Unicode TR 36): U+202A to
  // U+202E, U+2066 to U+2069, U+200E, U+200F, U+061C.
  for (const std::string_view sign :
       {"\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa7",
        "\xe2\x81\xa8", "\xe2\x81\xa9", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xd8\x9c"}) {
    for (std::size_t at = tidy.find(sign); at != std::string::npos; at = tidy.find(sign, at)) {
      tidy.erase(at, sign.size());
    }
  }
  while (base::count_code_points(tidy) > longest_name) {
    do tidy.pop_back();
    while (!base::is_utf8(tidy));
  }
  const bool is_empty = tidy.find_first_not_of(". ") == std::string::npos;
  return is_empty ? "document" : tidy;
}

bool is_line(std::string_view text, std::size_t longest) {
  return text.size() <= longest && base::is_utf8(text) &&
         std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

/// Three letters and three digits, without letters that look like digits.
std::string make_number() {
  constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  const base::Bytes random = base::random_bytes(6);
  std::string number;
  for (std::size_t i = 0; i < 6; ++i) {
    const auto octet = static_cast<unsigned char>(random[i]);
    if (i == 3) number += '-';
    number += i < 3 ? letters[octet % letters.size()] : static_cast<char>('0' + octet % 10);
  }
  return number;
}

/// The documents of a wish as they are hashed: those that came as a digest alone are not asked for another.
using Contents = std::vector<std::unique_ptr<signature::Content>>;

Contents contents_of(const JobWish& wish) {
  Contents contents;
  for (const DocumentSent& one : wish.documents) {
    if (one.source) {
      contents.push_back(std::make_unique<ContentFromSource>(one.name, one.source));
    } else {
      contents.push_back(std::make_unique<ContentInMemory>(one.name, one.octets));
    }
  }
  return contents;
}

base::Result<base::Bytes> hash_of(const JobWish& wish, const Contents& contents) {
  base::Bytes all;
  const auto add = [&](base::BytesView part) { all.append(std::to_string(part.size())).append(":").append(part); };
  add(wish.credential_id ? wish.credential_id->to_string() : std::string());
  add(wish.certificate);
  add(wish.algorithm ? name_of(*wish.algorithm) : "");
  add(signature::name_of(wish.format));
  add(signature::name_of(wish.level));
  add(signature::name_of(wish.packaging));
  for (const std::string* text : {&wish.element, &wish.policy, &wish.commitment, &wish.role}) add(*text);
  for (std::size_t i = 0; i < wish.documents.size(); ++i) {
    const DocumentSent& one = wish.documents[i];
    add(one.name);
    add(one.media_type);
    ASSIGN_OR_RETURN(const base::Bytes sha256, contents[i]->digest(crypto::DigestKind::sha256));
    add(sha256);
    add(one.digest);
  }
  return crypto::sha256(all);
}

/// A document that is a part of its signature is in memory while that is made.
std::optional<SignRefusal> judge_size(const JobWish& wish, const SigningSettings& settings) {
  const bool is_inside = needs_document(wish.format, wish.packaging, !wish.element.empty());
  std::size_t octets = 0;
  for (const DocumentSent& one : wish.documents) {
    if (one.size() > settings.most_octets) return SignRefusal::document_too_large;
    if (is_inside && one.size() > settings.most_octets_inside) return SignRefusal::document_too_large_inside;
    octets += one.size();
  }
  if (octets > settings.most_octets_of_job) return SignRefusal::job_too_large;
  if (is_inside && octets > settings.most_octets_of_job_inside) return SignRefusal::job_too_large_inside;
  return std::nullopt;
}

std::optional<SignRefusal> judge_form(const JobWish& wish, const SigningSettings& settings) {
  if (wish.format != Format::cades && wish.format != Format::xades) return SignRefusal::format_not_built;
  if (wish.level != Level::b && wish.level != Level::t) return SignRefusal::level_not_built;
  if (wish.format == Format::cades && wish.packaging == Packaging::enveloped) return SignRefusal::packaging_wrong;
  if (!wish.element.empty() && (wish.format != Format::xades || wish.packaging == Packaging::enveloping)) {
    return SignRefusal::element_wrong;
  }
  if (!is_line(wish.element, longest_text)) return SignRefusal::element_wrong;
  if (!is_line(wish.role, longest_text) || !is_line(wish.commitment, longest_text)) return SignRefusal::text_wrong;
  if (!wish.policy.empty() && !settings.policies.contains(wish.policy)) return SignRefusal::policy_unknown;
  return std::nullopt;
}

bool is_empty(const DocumentSent& document) {
  return document.size() == 0 && document.digest.empty();
}

std::optional<SignRefusal> judge_documents(const JobWish& wish, const SigningSettings& settings) {
  if (wish.documents.empty()) return SignRefusal::no_documents;
  if (wish.documents.size() > most_orders) return SignRefusal::too_many_documents;
  // In a stack an empty one fails alone, as any other that cannot be signed.
  if (std::all_of(wish.documents.begin(), wish.documents.end(), is_empty)) return SignRefusal::empty_document;
  for (const DocumentSent& one : wish.documents) {
    if (!is_line(one.media_type, longest_text)) return SignRefusal::text_wrong;
    if (one.digest.empty()) continue;
    if (needs_document(wish.format, wish.packaging, !wish.element.empty())) return SignRefusal::document_needed;
    if (one.digest.size() != crypto::size_of(one.digest_kind)) return SignRefusal::digest_wrong;
  }
  return judge_size(wish, settings);
}

struct Signer {
  std::optional<SignRefusal> refusal{};
  base::Bytes certificate{};
  std::vector<base::Bytes> chain{};
  std::vector<SignatureAlgorithm> algorithms{};
};

Signer read_certificate(const JobWish& wish) {
  const bool is_small = wish.certificate.size() <= longest_certificate && wish.chain.size() <= longest_chain;
  const auto parts = crypto::cms::read_certificate_parts(wish.certificate);
  const bool are_readable = std::all_of(wish.chain.begin(), wish.chain.end(), [](const base::Bytes& one) {
    return one.size() <= longest_certificate && crypto::cms::read_certificate_parts(one).has_value();
  });
  if (!is_small || !parts || !are_readable) return {SignRefusal::certificate_wrong};
  auto algorithms = crypto::list_algorithms_of(parts->spki);
  if (algorithms.empty()) return {SignRefusal::certificate_wrong};
  return {std::nullopt, wish.certificate, wish.chain, std::move(algorithms)};
}

base::Result<Signer> find_signer(store::Tx& tx, const KeyUser& user, const JobWish& wish) {
  if (!wish.credential_id) return read_certificate(wish);
  ASSIGN_OR_RETURN(const auto credential, find_known_credential(tx, user, *wish.credential_id));
  if (!credential) return Signer{SignRefusal::no_credential};
  return Signer{std::nullopt, credential->certificate, split_chain(credential->chain),
                crypto::list_algorithms_of(credential->spki)};
}

/// The one that was asked for; else the standard one, or that of the digests that came instead of documents.
std::optional<SignatureAlgorithm> choose_algorithm(const Signer& signer, const JobWish& wish) {
  const auto fits = [&](const SignatureAlgorithm& one) {
    const bool is_asked = !wish.algorithm || *wish.algorithm == one;
    return is_asked && std::all_of(wish.documents.begin(), wish.documents.end(), [&](const DocumentSent& document) {
             return document.digest.empty() || document.digest_kind == one.digest;
           });
  };
  const auto found = std::find_if(signer.algorithms.begin(), signer.algorithms.end(), fits);
  if (found == signer.algorithms.end()) return std::nullopt;
  return *found;
}

base::Result<store::SigningItem> make_item(const DocumentSent& document, const signature::Content& content,
                                           crypto::DigestKind kind) {
  store::SigningItem item;
  item.name = tidy_name(document.name);
  item.media_type = document.media_type;
  if (!document.digest.empty()) {
    item.size = -1;
    item.digest = document.digest;
    if (kind == crypto::DigestKind::sha256) item.sha256 = base::to_hex(document.digest);
    return item;
  }
  item.size = static_cast<std::int64_t>(document.size());
  ASSIGN_OR_RETURN(item.digest, content.digest(kind));
  ASSIGN_OR_RETURN(const base::Bytes sha256, content.digest(crypto::DigestKind::sha256));
  item.sha256 = base::to_hex(sha256);
  return item;
}

void fail_item(store::SigningItem& item, std::string reason) {
  item.state = "failed";
  item.is_kept = false;
  item.reason = std::move(reason);
}

class Taking {
 public:
  Taking(const House& house, const KeyUser& user, const JobWish& wish, const RequestFacts& facts, TakenFor purpose)
      : house_(house), desk_(*house.signing), user_(user), wish_(wish), facts_(facts), purpose_(purpose) {}

  base::Result<TakenJob> run() {
    if (const auto refusal = judge_form(wish_, desk_.settings())) return TakenJob{refusal};
    if (const auto refusal = judge_documents(wish_, desk_.settings())) return TakenJob{refusal};
    contents_ = contents_of(wish_);
    ASSIGN_OR_RETURN(wish_hash_, hash_of(wish_, contents_));
    ASSIGN_OR_RETURN(TakenJob found, house_.store.read([&](store::Tx& tx) { return begin(tx); }));
    if (found.refusal || found.job) return found;
    const auto prepared = prepare();
    if (!prepared && prepared.error().code == base::Code::too_many) return TakenJob{SignRefusal::busy};
    if (!prepared) return tl::unexpected<base::Error>(prepared.error());
    RETURN_IF_ERROR(keep_documents(found));
    if (found.refusal) return found;
    auto other = write_job(house_, user_, facts_.now, [&](store::Tx& tx) { return insert(tx); });
    if (other && !other->refusal && !other->job) {
      for (const auto& [id, count] : cancelled_) desk_.spool().remove(id, count);
      return TakenJob{std::nullopt, std::move(job_)};
    }
    remove_documents();
    if (!other && other.error().code == base::Code::denied) return TakenJob{SignRefusal::forbidden};
    return other;
  }

 private:
  /// Everything but the documents. A job that was made before is the answer.
  base::Result<TakenJob> begin(store::Tx& tx) {
    ASSIGN_OR_RETURN(const auto owner, find_job_owner(tx, user_));
    ASSIGN_OR_RETURN(const bool acts, acts_now(tx, user_, facts_.now));
    if (!owner || !acts) return TakenJob{SignRefusal::forbidden};
    store::SigningJob& job = job_.job.row;
    if (!wish_.repeat_key.empty())
      job.repeat_hash = base::to_hex(crypto::sha256(owner->mark() + "\n" + wish_.repeat_key));
    ASSIGN_OR_RETURN(TakenJob repeated, find_repeated(tx));
    if (repeated.refusal || repeated.job) return repeated;
    ASSIGN_OR_RETURN(const Signer signer, find_signer(tx, user_, wish_));
    if (signer.refusal) return TakenJob{signer.refusal};
    const auto algorithm = choose_algorithm(signer, wish_);
    // Without a certificate there is no algorithm either, and that is what has to be said.
    if (!algorithm && !signer.algorithms.empty()) {
      const bool is_known = !wish_.algorithm || std::find(signer.algorithms.begin(), signer.algorithms.end(),
                                                          *wish_.algorithm) != signer.algorithms.end();
      return TakenJob{is_known ? SignRefusal::digest_wrong : SignRefusal::algorithm_wrong};
    }
    fill(job, *owner, signer, algorithm.value_or(SignatureAlgorithm()));
    ASSIGN_OR_RETURN(TakenJob judged, judge(tx));
    if (judged.refusal) return judged;
    ASSIGN_OR_RETURN(const bool has_share, has_share_of_disk(tx));
    if (!has_share) judged.refusal = SignRefusal::storage_share;
    return judged;
  }

  /// So that nobody fills with jobs that are done what others need. An operator has made the programs.
  base::Result<bool> has_share_of_disk(store::Tx& tx) {
    const auto& account = job_.job.row.account_id;
    if (!account || !needs_document(wish_.format, wish_.packaging, !wish_.element.empty())) return true;
    ASSIGN_OR_RETURN(const auto owner, store::find_account(tx, *account));
    if (!owner || !identity::is_human(owner->kind)) return true;
    std::size_t octets = 0;
    for (const DocumentSent& one : wish_.documents) octets += one.size();
    ASSIGN_OR_RETURN(const store::OctetsOfJobs there,
                     store::count_octets_of_jobs(tx, *account, facts_.now - desk_.settings().keep, 0));
    return octets + static_cast<std::size_t>(there.kept) <= desk_.settings().most_kept_of_account;
  }

  base::Result<TakenJob> find_repeated(store::Tx& tx) {
    if (job_.job.row.repeat_hash.empty()) return TakenJob();
    ASSIGN_OR_RETURN(auto row, store::find_signing_job_by_repeat(tx, job_.job.row.repeat_hash));
    if (!row || facts_.now >= row->expires_at) return TakenJob();
    if (row->wish_hash != wish_hash_) return TakenJob{SignRefusal::key_reused};
    // Who may not sign now is not told what was signed either; that its key has ended meanwhile takes no result away.
    ASSIGN_OR_RETURN(const auto refusal, find_job_refusal(house_, tx, user_, *row, facts_));
    if (refusal == SignRefusal::forbidden) return TakenJob{refusal};
    JobInHand repeated;
    ASSIGN_OR_RETURN(repeated.job.items, store::list_signing_items(tx, row->id));
    repeated.job.row = std::move(*row);
    repeated.parts.resize(repeated.job.items.size());
    repeated.is_repeat = true;
    return TakenJob{std::nullopt, std::move(repeated)};
  }

  /// A proof or a PIN can still come.
  base::Result<TakenJob> judge(store::Tx& tx) {
    ASSIGN_OR_RETURN(const auto refusal, find_job_refusal(house_, tx, user_, job_.job.row, facts_));
    if (refusal && *refusal != SignRefusal::proof_needed) return TakenJob{refusal};
    return TakenJob();
  }

  void fill(store::SigningJob& job, const JobOwner& owner, const Signer& signer, SignatureAlgorithm algorithm) const {
    job.id = base::Id::make(facts_.now);
    job.tenant_id = owner.tenant_id;
    job.account_id = owner.account_id;
    job.client_id = owner.client_id;
    job.credential_id = wish_.credential_id;
    job.certificate = signer.certificate;
    job.chain = join_chain(signer.chain);
    job.algorithm = name_of(algorithm);
    job.format = signature::name_of(wish_.format);
    job.level = signature::name_of(wish_.level);
    job.packaging = signature::name_of(wish_.packaging);
    job.element = wish_.element;
    job.policy = wish_.policy.empty() ? desk_.settings().policy : wish_.policy;
    job.commitment = wish_.commitment;
    job.role = wish_.role;
    job.key = Spool::make_key();
    job.wish_hash = wish_hash_;
    // Claimed times have no fractions in CAdES.
    job.signing_at = base::from_seconds(base::to_seconds(facts_.now));
    job.created_at = facts_.now;
    job.expires_at = facts_.now + desk_.settings().keep;
  }

  /// The first step of each document, so that one that cannot be signed is told at once. Errors: too_many (no memory
  /// for it now), unavailable, internal.
  base::Result<void> prepare() {
    const JobForm form{job_.job.row, desk_.settings(), !wish_.element.empty()};
    const bool is_kept = needs_document(wish_.format, wish_.packaging, !wish_.element.empty());
    for (std::size_t i = 0; i < wish_.documents.size(); ++i) {
      const DocumentSent& document = wish_.documents[i];
      ASSIGN_OR_RETURN(store::SigningItem item, make_item(document, *contents_[i], form.algorithm().digest));
      item.position = static_cast<std::int64_t>(i);
      item.is_kept = is_kept && document.digest.empty();
      JobInHand::Part part;
      part.octets = base::Bytes();
      if (is_empty(document)) {
        fail_item(item, "empty_document");
        job_.job.items.push_back(std::move(item));
        job_.parts.push_back(std::move(part));
        continue;
      }
      if (is_kept) {
        ASSIGN_OR_RETURN(part.octets, contents_[i]->octets());
      }
      auto prepared = prepare_item(form, item, *part.octets);
      if (prepared) {
        part.prepared = std::move(*prepared);
      } else {
        fail_item(item, reason_of(prepared.error()));
        base::log(base::Level::info, "a document cannot be signed", {{"reason", base::describe(prepared.error())}});
      }
      job_.job.items.push_back(std::move(item));
      job_.parts.push_back(std::move(part));
    }
    return {};
  }

  base::Result<void> keep_documents(TakenJob& answer) {
    auto kept = put_documents();
    if (kept) return {};
    remove_documents();
    if (kept.error().reason != spool_full) return kept;
    answer.refusal = SignRefusal::storage_full;
    return {};
  }

  base::Result<void> put_documents() {
    bool any = false;
    for (const store::SigningItem& item : job_.job.items) {
      if (!item.is_kept) continue;
      any = true;
      const base::Bytes& octets = *job_.parts[static_cast<std::size_t>(item.position)].octets;
      RETURN_IF_ERROR(desk_.spool().put(job_.job.row.id, item.position, job_.job.row.key, octets));
    }
    return any ? desk_.spool().settle() : base::Result<void>();
  }

  void remove_documents() { desk_.spool().remove(job_.job.row.id, static_cast<std::int64_t>(job_.job.items.size())); }

  /// Nothing in the answer: it is taken.
  base::Result<TakenJob> insert(store::Tx& tx) {
    // Meanwhile the same may have come again, or a right may have ended.
    ASSIGN_OR_RETURN(TakenJob repeated, find_repeated(tx));
    if (repeated.refusal || repeated.job) return repeated;
    ASSIGN_OR_RETURN(TakenJob judged, judge(tx));
    if (judged.refusal) return judged;
    store::SigningJob& row = job_.job.row;
    if (!row.repeat_hash.empty()) {
      // One whose time is over has not been swept yet.
      ASSIGN_OR_RETURN(const auto over, store::find_signing_job_by_repeat(tx, row.repeat_hash));
      if (over) RETURN_IF_ERROR(store::delete_signing_job(tx, over->id));
    }
    bool is_free = false;
    for (int i = 0; i < tries_for_number && !is_free; ++i) {
      row.number = make_number();
      ASSIGN_OR_RETURN(const bool is_taken, store::has_signing_job_number(tx, row.number));
      is_free = !is_taken;
    }
    if (!is_free) return base::fail(base::Code::unavailable, "no number of a job is free");
    const bool any_waits = std::any_of(job_.job.items.begin(), job_.job.items.end(),
                                       [](const store::SigningItem& item) { return item.state == "waiting"; });
    if (!any_waits) row.state = "done";
    RETURN_IF_ERROR(store::insert_signing_job(tx, row, job_.job.items));
    for (const store::SigningItem& item : job_.job.items) {
      if (item.state == "failed") RETURN_IF_ERROR(record_item(tx, user_, job_.job, item, facts_));
    }
    if (purpose_ == TakenFor::somebody) RETURN_IF_ERROR(cancel_oldest(tx));
    return TakenJob();
  }

  /// The documents of a job that nobody confirms wait on the disk for SigningSettings::keep. Of one account so many
  /// wait, and the oldest make room; one of which a document is signed stays.
  base::Result<void> cancel_oldest(store::Tx& tx) {
    cancelled_.clear();
    const auto& account = job_.job.row.account_id;
    if (!account) return {};
    ASSIGN_OR_RETURN(const auto rows, store::list_signing_jobs_of_account(tx, *account, most_looked_at));
    std::size_t newer = 0;
    for (const store::SigningJob& row : rows) {
      const bool is_run = row.runs_until && *row.runs_until > facts_.now;
      if (row.state != "open" || is_run || facts_.now >= row.expires_at) continue;
      const std::size_t most = facts_.now - row.created_at < young ? most_waiting_young : most_waiting;
      if (newer++ < most) continue;
      ASSIGN_OR_RETURN(const auto items, store::list_signing_items(tx, row.id));
      if (std::any_of(items.begin(), items.end(), is_signed)) continue;
      ASSIGN_OR_RETURN(const bool is_ended, store::end_signing_job(tx, row.id, "cancelled"));
      if (is_ended) cancelled_.emplace_back(row.id, static_cast<std::int64_t>(items.size()));
    }
    return {};
  }
  static bool is_signed(const store::SigningItem& item) { return item.state == "valued" || item.state == "done"; }

  const House& house_;
  SigningDesk& desk_;
  const KeyUser& user_;
  const JobWish& wish_;
  const RequestFacts& facts_;
  const TakenFor purpose_;
  Contents contents_;
  base::Bytes wish_hash_;
  JobInHand job_;
  std::vector<std::pair<base::Id, std::int64_t>> cancelled_;  // others, with the number of their documents
};

}  // namespace

base::Result<TakenJob> take_documents(const House& house, const KeyUser& user, const JobWish& wish,
                                      const RequestFacts& facts, TakenFor purpose) {
  if (house.signing == nullptr) return TakenJob{SignRefusal::not_offered};
  return Taking(house, user, wish, facts, purpose).run();
}

}  // namespace flow
