#include "flow/certificate/publish_lists.hpp"

#include <map>
#include <mutex>

#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "flow/certificate/authority_token.hpp"
#include "flow/certificate/own_authority.hpp"
#include "store/certificate/authorities.hpp"
#include "store/certificate/issued_certificates.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

constexpr base::Duration list_lasts = std::chrono::hours(24);
constexpr base::Duration made_anew_after = std::chrono::hours(12);
constexpr base::Duration base_lasts = std::chrono::hours(24);
// RFC 5280 §3.3: an entry stays until one list beyond the end of its certificate.
constexpr base::Duration kept_after_end = std::chrono::hours(48);

using Entries = std::vector<crypto::RevokedSerial>;

/// Of a root: its issuing authorities that are revoked.
base::Result<Entries> list_revoked_authorities(store::Tx& tx, const base::Id& root_id, base::Time since) {
  ASSIGN_OR_RETURN(const auto rows, store::list_authorities(tx));
  Entries entries;
  for (const store::AuthorityRow& row : rows) {
    if (row.parent_id != root_id || !row.revoked_at || *row.revoked_at < since) continue;
    ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::parse_certificate(row.der));
    ASSIGN_OR_RETURN(const crypto::RevocationReason reason, crypto::parse_revocation_reason(row.reason));
    entries.push_back({facts.serial, *row.revoked_at, reason});
  }
  return entries;
}

base::Result<Entries> list_entries(store::Tx& tx, const store::AuthorityRow& row, base::Time since, base::Time now) {
  if (row.kind == "root") return list_revoked_authorities(tx, row.id, since);
  ASSIGN_OR_RETURN(const auto revoked, store::list_revoked(tx, row.id, since, now - kept_after_end));
  Entries entries;
  for (const store::RevokedRow& one : revoked) {
    ASSIGN_OR_RETURN(const crypto::RevocationReason reason, crypto::parse_revocation_reason(one.reason));
    entries.push_back({one.serial, one.at, reason});
  }
  return entries;
}

/// Inside the transaction, so that no revocation comes between what is read and the mark that it is published.
base::Result<void> publish(const House& house, store::Tx& tx, const store::AuthorityRow& row, base::Time now) {
  ASSIGN_OR_RETURN(const crypto::KeyPair key, find_key_of(house, tx, row));
  const AuthorityAddresses addresses = addresses_of(house, row.id);
  store::AuthorityLists lists{row.number + 1, row.base_number, row.base_at, now};
  if (lists.base_number == 0 || now - lists.base_at >= base_lasts) {
    lists.base_number = lists.number;
    lists.base_at = now;
  }
  crypto::RevocationListTemplate wanted;
  wanted.number = lists.number;
  wanted.this_update = now;
  wanted.next_update = now + list_lasts;
  wanted.list_url = addresses.list;
  wanted.delta_url = addresses.delta;
  ASSIGN_OR_RETURN(wanted.revoked, list_entries(tx, row, base::Time(), now));
  ASSIGN_OR_RETURN(const base::Bytes complete, crypto::make_revocation_list(wanted, {row.der, key}));
  wanted.base_number = lists.base_number;
  ASSIGN_OR_RETURN(wanted.revoked, list_entries(tx, row, lists.base_at, now));
  ASSIGN_OR_RETURN(const base::Bytes delta, crypto::make_revocation_list(wanted, {row.der, key}));
  RETURN_IF_ERROR(store::put_certificate_list(
      tx, {row.id, "complete", lists.number, complete, wanted.this_update, wanted.next_update}));
  RETURN_IF_ERROR(
      store::put_certificate_list(tx, {row.id, "delta", lists.number, delta, wanted.this_update, wanted.next_update}));
  return store::set_authority_lists(tx, row.id, lists);
}

/// A token that is not there is asked again after a while, and not twice a second.
class Pauses {
 public:
  [[nodiscard]] bool is_paused(const base::Id& id, base::Time now) {
    const std::lock_guard lock(mutex_);
    const auto found = until_.find(id);
    return found != until_.end() && now < found->second && found->second <= now + lasts;
  }
  void begin(const base::Id& id, base::Time now) {
    const std::lock_guard lock(mutex_);
    if (until_.size() >= most) until_.clear();
    until_[id] = now + lasts;
  }

 private:
  static constexpr base::Duration lasts = std::chrono::seconds(30);
  static constexpr std::size_t most = 1000;
  std::mutex mutex_;
  std::map<base::Id, base::Time> until_;
};

Pauses& pauses() {
  static Pauses all;
  return all;
}

/// The list that was signed before stays until a new one is there.
base::Result<void> demand_key(const House& house, const base::Id& id) {
  ASSIGN_OR_RETURN(const store::AuthorityKey key,
                   house.store.read_background([&](store::Tx& tx) { return store::find_authority_key(tx, id); }));
  return key.token.empty() ? base::Result<void>() : demand_token(house, key.token);
}

base::Result<void> publish_row(const House& house, const base::Id& id, base::Time now) {
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto row, store::find_authority(tx, id));
    // Another node may have published them meanwhile.
    const bool is_due = row && (row->changed_at || now - row->listed_at >= made_anew_after);
    return is_due && row->not_after > now ? publish(house, tx, *row, now) : base::Result<void>();
  });
}

}  // namespace

namespace {

base::Result<void> publish_one(const House& house, const base::Id& id, base::Time now) {
  if (pauses().is_paused(id, now)) return {};
  auto ready = demand_key(house, id);
  if (!ready) pauses().begin(id, now);
  return ready ? publish_row(house, id, now) : std::move(ready);
}

}  // namespace

base::Result<void> publish_changed_lists(const House& house, base::Time now) {
  ASSIGN_OR_RETURN(const auto ids,
                   house.store.read_background([](store::Tx& tx) { return store::list_changed_authorities(tx); }));
  // One whose key is not there does not hold up the others.
  base::Result<void> all;
  for (const base::Id& id : ids) {
    auto published = publish_one(house, id, now);
    if (!published && all) all = std::move(published);
  }
  return all;
}

base::Result<void> publish_due_lists(const House& house, base::Time now) {
  ASSIGN_OR_RETURN(const auto rows,
                   house.store.read_background([](store::Tx& tx) { return store::list_authorities(tx); }));
  base::Result<void> all;
  for (const store::AuthorityRow& row : rows) {
    const bool is_due = row.changed_at || now - row.listed_at >= made_anew_after;
    if (!is_due || row.not_after <= now) continue;
    auto published = publish_one(house, row.id, now);
    if (!published && all) all = std::move(published);
  }
  return all;
}

base::Result<std::optional<PublishedList>> find_published_list(const House& house, const base::Id& authority_id,
                                                               std::string_view kind) {
  ASSIGN_OR_RETURN(
      auto list, house.store.read([&](store::Tx& tx) { return store::find_certificate_list(tx, authority_id, kind); }));
  if (!list) return std::optional<PublishedList>();
  return std::optional(PublishedList{std::move(list->der), list->this_update, list->next_update});
}

base::Result<std::optional<base::Bytes>> find_authority_certificate(const House& house, const base::Id& authority_id) {
  ASSIGN_OR_RETURN(auto row, house.store.read([&](store::Tx& tx) { return store::find_authority(tx, authority_id); }));
  if (!row) return std::optional<base::Bytes>();
  return std::optional(std::move(row->der));
}

}  // namespace flow
