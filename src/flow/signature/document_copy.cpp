#include "flow/signature/document_copy.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/signature/job_owner.hpp"
#include "flow/signature/signing_desk.hpp"
#include "flow/validation/find_format.hpp"

namespace flow {
namespace {

constexpr std::array<std::string_view, 9> names{"unknown", "text", "xml", "pdf", "png", "jpeg", "gif", "webp", "other"};
// In the list of a job: a letter each, and whether there is a copy of its own.
constexpr std::string_view letters = "?txpnjgwo";

/// A code point that is cut off at the end does not count.
bool is_text(base::BytesView octets, bool is_whole) {
  constexpr std::size_t longest_code_point = 4;
  if (octets.empty() || octets.find('\0') != base::BytesView::npos) return false;
  for (std::size_t cut = 0; cut < longest_code_point && cut < octets.size(); ++cut) {
    if (base::is_utf8(octets.substr(0, octets.size() - cut))) return true;
    if (is_whole) return false;
  }
  return false;
}

base::Result<base::Bytes> all_of(const DocumentSent& document) {
  if (document.source) return document.source->load();
  return document.octets;
}

/// nullopt: there is no such job, or nobody who may see it.
base::Result<std::optional<OwnedJob>> find_readable(const House& house, const KeyUser& user, const base::Id& id,
                                                    base::Time now) {
  if (house.signing == nullptr) return std::optional<OwnedJob>();
  return house.store.read([&](store::Tx& tx) -> base::Result<std::optional<OwnedJob>> {
    ASSIGN_OR_RETURN(const bool may_read, acts_now(tx, user, now));
    if (!may_read) return std::optional<OwnedJob>();
    return find_owned_job(tx, user, id, now);
  });
}

tl::unexpected<base::Error> nothing_here() {
  return base::fail(base::Code::not_found, "the document is not here");
}

/// Two characters for each document: its letter, and '+' for a copy of its own.
std::string read_list(const House& house, const store::SigningJob& row) {
  const auto list = house.signing->spool().get(row.id, Spool::list_of_copies, row.key);
  return list ? std::string(*list) : std::string();
}

LookKind kind_in(const std::string& list, std::size_t position) {
  const std::size_t at = 2 * position < list.size() ? letters.find(list[2 * position]) : 0;
  return at == std::string_view::npos ? LookKind::unknown : static_cast<LookKind>(at);
}

bool has_copy(const std::string& list, std::size_t position) {
  return 2 * position + 1 < list.size() && list[2 * position + 1] == '+';
}

/// Copies are a help: of an account they take a quarter of what its documents may.
base::Result<bool> has_share_of_copies(const House& house, const store::SigningJob& row, base::Time now) {
  if (!row.account_id) return true;
  const SigningSettings& settings = house.signing->settings();
  ASSIGN_OR_RETURN(const store::OctetsOfJobs there, house.store.read([&](store::Tx& tx) {
    return store::count_octets_of_jobs(tx, *row.account_id, now - settings.keep,
                                       static_cast<std::int64_t>(most_copied));
  }));
  return static_cast<std::size_t>(there.copied) <= settings.most_kept_of_account / 4;
}

}  // namespace

std::string_view name_of(LookKind kind) {
  return names.at(static_cast<std::size_t>(kind));
}

LookKind find_look_kind(base::BytesView octets, bool is_whole) {
  using namespace std::string_view_literals;
  const auto begins = [&](std::string_view mark) { return octets.substr(0, mark.size()) == mark; };
  if (begins("\x89PNG\r\n\x1a\n"sv)) return LookKind::png;
  if (begins("\xff\xd8\xff"sv)) return LookKind::jpeg;
  if (begins("GIF87a"sv) || begins("GIF89a"sv)) return LookKind::gif;
  if (begins("RIFF"sv) && octets.size() >= 12 && octets.substr(8, 4) == "WEBP"sv) return LookKind::webp;
  switch (find_kind(octets)) {
    case DocumentKind::pdf: return LookKind::pdf;
    case DocumentKind::xml: return is_text(octets, is_whole) ? LookKind::xml : LookKind::other;
    case DocumentKind::zip: return LookKind::other;
    default: break;
  }
  return is_text(octets, is_whole) ? LookKind::text : LookKind::other;
}

base::Result<void> keep_copies(const House& house, const KeyUser& user, const Job& job,
                               const std::vector<DocumentSent>& documents, base::Time now) {
  ASSIGN_OR_RETURN(const auto owned, find_readable(house, user, job.id, now));
  if (!owned || owned->items.size() != documents.size()) return {};
  Spool& spool = house.signing->spool();
  const store::SigningJob& row = owned->row;
  std::string list;
  std::size_t copied = 0;
  ASSIGN_OR_RETURN(const bool has_share, has_share_of_copies(house, row, now));
  for (const store::SigningItem& item : owned->items) {
    const DocumentSent& document = documents[static_cast<std::size_t>(item.position)];
    const base::Bytes beginning = read_beginning(document.octets, document.source.get()).value_or(base::Bytes());
    list += letters[static_cast<std::size_t>(find_look_kind(beginning, document.size() <= beginning.size()))];
    const bool is_wanted = has_share && !item.is_kept && item.size > 0 && document.size() <= most_copied &&
                           copied + document.size() <= most_copied_of_job;
    const auto octets = is_wanted ? all_of(document) : base::Result<base::Bytes>(base::Bytes());
    const bool is_copied =
        is_wanted && octets && spool.put(row.id, Spool::copy_of(item.position), row.key, *octets).has_value();
    list += is_copied ? '+' : '-';
    if (is_copied) copied += document.size();
  }
  auto listed = spool.put(row.id, Spool::list_of_copies, row.key, list);
  if (!listed) base::log(base::Level::warning, "no copies of documents are kept", {{"reason", listed.error().reason}});
  return {};
}

base::Result<std::vector<Looked>> list_copies(const House& house, const KeyUser& user, const base::Id& id,
                                              base::Time now) {
  ASSIGN_OR_RETURN(const auto owned, find_readable(house, user, id, now));
  if (!owned) return nothing_here();
  const std::string list = read_list(house, owned->row);
  std::vector<Looked> all;
  for (const store::SigningItem& item : owned->items) {
    const auto position = static_cast<std::size_t>(item.position);
    const bool is_there = owned->row.state != "cancelled" && (item.is_kept || has_copy(list, position));
    all.push_back({kind_in(list, position), is_there});
  }
  return all;
}

base::Result<DocumentCopy> find_copy(const House& house, const KeyUser& user, const base::Id& id, std::int64_t position,
                                     base::Time now) {
  ASSIGN_OR_RETURN(const auto owned, find_readable(house, user, id, now));
  if (!owned || owned->row.state == "cancelled" || position < 0) return nothing_here();
  if (static_cast<std::size_t>(position) >= owned->items.size()) return nothing_here();
  const store::SigningItem& item = owned->items[static_cast<std::size_t>(position)];
  const std::int64_t place = item.is_kept ? position : Spool::copy_of(position);
  const JobOwner owner{owned->row.tenant_id, owned->row.account_id, owned->row.client_id};
  const std::int64_t size = std::max<std::int64_t>(item.size, 0);
  ASSIGN_OR_RETURN(const Readings::Turn turn,
                   house.signing->readings().take(owner.mark(), static_cast<std::size_t>(size)));
  DocumentCopy copy;
  ASSIGN_OR_RETURN(copy.octets, house.signing->spool().get(id, place, owned->row.key));
  if (base::to_hex(crypto::sha256(copy.octets)) != item.sha256) {
    return base::fail(base::Code::internal, "the copy is another document than the one that is signed");
  }
  copy.name = item.name;
  copy.kind = find_look_kind(copy.octets, true);
  return copy;
}

}  // namespace flow
