#include "flow/certificate/publish_lists.hpp"

#include <map>
#include <mutex>
#include <set>

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
// A revocation has the time at which it was asked for. One that is committed while the base is signed is not in the
// base, and has an earlier time.
constexpr base::Duration committed_late = std::chrono::minutes(2);
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

/// What the lists of an authority are made of, as one read finds it.
struct Ground {
  store::AuthorityRow row;
  crypto::KeyPair key;
  Entries complete;
  Entries since_base;
  store::AuthorityLists lists{};
};

/// Another node may have published them meanwhile.
bool is_due(const store::AuthorityRow& row, base::Time now) {
  return row.not_after > now && (row.changed_at || now - row.listed_at >= made_anew_after);
}

/// nullopt: nothing is to be done.
base::Result<std::optional<Ground>> find_ground(const House& house, store::Tx& tx, const base::Id& id, base::Time now) {
  ASSIGN_OR_RETURN(auto row, store::find_authority(tx, id));
  if (!row || !is_due(*row, now)) return std::optional<Ground>();
  ASSIGN_OR_RETURN(crypto::KeyPair key, find_key_of(house, tx, *row));
  Ground ground{std::move(*row), std::move(key), {}, {}};
  ground.lists = {ground.row.number + 1, ground.row.base_number, ground.row.base_at, now};
  if (ground.lists.base_number == 0 || now - ground.lists.base_at >= base_lasts) {
    ground.lists.base_number = ground.lists.number;
    ground.lists.base_at = now;
  }
  ASSIGN_OR_RETURN(ground.complete, list_entries(tx, ground.row, base::Time(), now));
  ASSIGN_OR_RETURN(ground.since_base, list_entries(tx, ground.row, ground.lists.base_at - committed_late, now));
  return std::optional(std::move(ground));
}

struct Signed {
  base::Bytes complete;
  base::Bytes delta;
};

/// Outside of any transaction, because a token may need seconds, and a long list is long to write.
base::Result<Signed> sign(const House& house, const Ground& ground, base::Time now) {
  const AuthorityAddresses addresses = addresses_of(house, ground.row.id);
  crypto::RevocationListTemplate wanted;
  wanted.number = ground.lists.number;
  wanted.this_update = now;
  wanted.next_update = now + list_lasts;
  wanted.list_url = addresses.list;
  wanted.delta_url = addresses.delta;
  wanted.revoked = ground.complete;
  Signed made;
  ASSIGN_OR_RETURN(made.complete, crypto::make_revocation_list(wanted, {ground.row.der, ground.key}));
  wanted.base_number = ground.lists.base_number;
  wanted.revoked = ground.since_base;
  ASSIGN_OR_RETURN(made.delta, crypto::make_revocation_list(wanted, {ground.row.der, ground.key}));
  return made;
}

std::set<std::string> serials_of(const Entries& entries) {
  std::set<std::string> serials;
  for (const crypto::RevokedSerial& one : entries) serials.insert(one.serial);
  return serials;
}

/// A revocation that came while the lists were signed is not in them: the mark that it is not published yet stays.
base::Result<void> keep(store::Tx& tx, const Ground& ground, const Signed& made, base::Time now) {
  const base::Id& id = ground.row.id;
  ASSIGN_OR_RETURN(const auto row, store::find_authority(tx, id));
  if (!row || row->number != ground.row.number) return {};  // those of another node have this number
  ASSIGN_OR_RETURN(const Entries entries, list_entries(tx, *row, base::Time(), now));
  const std::int64_t number = ground.lists.number;
  RETURN_IF_ERROR(store::put_certificate_list(tx, {id, "complete", number, made.complete, now, now + list_lasts}));
  RETURN_IF_ERROR(store::put_certificate_list(tx, {id, "delta", number, made.delta, now, now + list_lasts}));
  RETURN_IF_ERROR(store::set_authority_lists(tx, id, ground.lists));
  if (serials_of(entries) == serials_of(ground.complete)) return {};
  return store::mark_authority_changed(tx, id, now);
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
  ASSIGN_OR_RETURN(const auto ground,
                   house.store.read_background([&](store::Tx& tx) { return find_ground(house, tx, id, now); }));
  if (!ground) return {};
  ASSIGN_OR_RETURN(const Signed made, sign(house, *ground, now));
  return house.store.write([&](store::Tx& tx) { return keep(tx, *ground, made, now); });
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
    if (!is_due(row, now)) continue;
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
