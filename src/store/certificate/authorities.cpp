#include "store/certificate/authorities.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::string_view purpose = "authority-key";
constexpr std::int64_t most = 1000;

base::Bytes place_of_authority(const base::Id& id) {
  return base::Bytes("certificate_authority").append(id.bytes());
}

base::Bytes place_of_responder(const base::Id& authority_id, std::string_view sha256) {
  return base::Bytes("ocsp_responder").append(authority_id.bytes()).append(sha256);
}

constexpr SqlPart columns =
    "id, tenant_id, parent_id, kind, state, key_kind, subject, sha256, der, not_before, not_after, number, "
    "base_number, base_at, listed_at, changed_at, created_at, revoked_at, reason FROM certificate_authority";

AuthorityRow read_authority(const Row& row) {
  Fields field(row);
  AuthorityRow read;
  read.id = field.id();
  read.tenant_id = field.optional_id();
  read.parent_id = field.optional_id();
  read.kind = field.text();
  read.state = field.text();
  read.key_kind = field.text();
  read.subject = field.text();
  read.sha256 = field.text();
  read.der = field.text();
  read.not_before = field.time();
  read.not_after = field.time();
  read.number = field.integer();
  read.base_number = field.integer();
  read.base_at = field.time();
  read.listed_at = field.time();
  read.changed_at = field.optional_time();
  read.created_at = field.time();
  read.revoked_at = field.optional_time();
  read.reason = field.text();
  return read;
}

CertificateList read_list(const Row& row) {
  Fields field(row);
  CertificateList list;
  list.authority_id = field.id();
  list.kind = field.text();
  list.number = field.integer();
  list.der = field.text();
  list.this_update = field.time();
  list.next_update = field.time();
  return list;
}

// A key on a token is sealed as this word, its name and its id. PKCS#8 begins with the octet 0x30, a SEQUENCE.
constexpr std::string_view on_token = "token ";

base::Secret print_key(const AuthorityKey& key) {
  if (key.token.empty()) return key.pkcs8;
  return base::Secret(std::string(on_token) + key.token + ' ' + base::to_hex(key.token_object));
}

base::Result<AuthorityKey> parse_key(base::Secret opened) {
  const std::string_view text = opened.reveal();
  if (!text.starts_with(on_token)) return AuthorityKey{std::move(opened), {}, {}};
  const std::size_t space = text.find(' ', on_token.size());
  if (space == std::string_view::npos) return base::fail(base::Code::internal, "the place of a key cannot be read");
  ASSIGN_OR_RETURN(base::Bytes object, base::parse_hex(text.substr(space + 1)));
  return AuthorityKey{{}, std::string(text.substr(on_token.size(), space - on_token.size())), std::move(object)};
}

struct SealedKey {
  base::Id id;
  std::string sha256;
  base::Bytes sealed;
};

SealedKey read_sealed(const Row& row) {
  Fields field(row);
  SealedKey key;
  key.id = field.id();
  key.sha256 = field.text();
  key.sealed = field.text();
  return key;
}

}  // namespace

base::Result<void> insert_authority(Tx& tx, const AuthorityRow& row, const AuthorityKey& key) {
  const base::Bytes sealed = tx.master().seal(purpose, print_key(key).reveal(), place_of_authority(row.id));
  return without_count(tx.run(
      "INSERT INTO certificate_authority(id, tenant_id, parent_id, kind, state, key_kind, subject, sha256, der, "
      "sealed_pkcs8, not_before, not_after, number, base_number, base_at, listed_at, changed_at, created_at, reason) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, 0, 0, $13, $13, '')",
      {row.id, row.tenant_id, row.parent_id, row.kind, row.state, row.key_kind, row.subject, row.sha256, Blob{row.der},
       Blob{sealed}, row.not_before, row.not_after, row.created_at}));
}

base::Result<std::optional<AuthorityRow>> find_authority(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " WHERE id = $1">, {id}, read_authority);
}

base::Result<std::optional<AuthorityRow>> find_authority_by(Tx& tx, std::string_view sha256) {
  return tx.find_one(sql<"SELECT ", columns, " WHERE sha256 = $1">, {sha256}, read_authority);
}

base::Result<std::optional<AuthorityRow>> find_active_authority(Tx& tx, const std::optional<base::Id>& tenant_id,
                                                                std::string_view kind) {
  if (!tenant_id) {
    return tx.find_one(sql<"SELECT ", columns,
                           " WHERE tenant_id IS NULL AND kind = $1 AND state = 'active' ORDER BY created_at DESC, id "
                           "DESC LIMIT 1">,
                       {kind}, read_authority);
  }
  return tx.find_one(sql<"SELECT ", columns,
                         " WHERE tenant_id = $1 AND kind = $2 AND state = 'active' ORDER BY created_at DESC, id DESC "
                         "LIMIT 1">,
                     {tenant_id, kind}, read_authority);
}

base::Result<std::vector<AuthorityRow>> list_authorities(Tx& tx) {
  return tx.find_all(sql<"SELECT ", columns, " ORDER BY created_at, id LIMIT $1">, {most}, read_authority);
}

base::Result<std::vector<base::Id>> list_changed_authorities(Tx& tx) {
  return tx.find_all("SELECT id FROM certificate_authority WHERE changed_at IS NOT NULL ORDER BY changed_at LIMIT $1",
                     {std::int64_t{100}}, read_id);
}

base::Result<AuthorityKey> find_authority_key(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(
      const auto found,
      tx.find_one("SELECT id, sha256, sealed_pkcs8 FROM certificate_authority WHERE id = $1", {id}, read_sealed));
  if (!found) return base::fail(base::Code::not_found, "the authority does not exist");
  auto opened = tx.master().open(purpose, found->sealed, place_of_authority(id));
  if (!opened) return base::fail(base::Code::internal, "the key of an authority cannot be opened");
  return parse_key(std::move(*opened));
}

base::Result<void> set_authority_state(Tx& tx, const base::Id& id, std::string_view state) {
  return expect_changed(tx.run("UPDATE certificate_authority SET state = $2 WHERE id = $1", {id, state}),
                        "the authority");
}

base::Result<void> revoke_authority(Tx& tx, const base::Id& id, std::string_view reason, base::Time now) {
  return expect_changed(
      tx.run("UPDATE certificate_authority SET state = 'revoked', revoked_at = $2, reason = $3 WHERE id = $1 AND "
             "revoked_at IS NULL",
             {id, now, reason}),
      "the authority");
}

base::Result<void> mark_authority_changed(Tx& tx, const base::Id& id, base::Time now) {
  return expect_changed(tx.run("UPDATE certificate_authority SET changed_at = $2 WHERE id = $1", {id, now}),
                        "the authority");
}

base::Result<void> set_authority_lists(Tx& tx, const base::Id& id, const AuthorityLists& lists) {
  return expect_changed(
      tx.run("UPDATE certificate_authority SET number = $2, base_number = $3, base_at = $4, listed_at = $5, changed_at "
             "= NULL WHERE id = $1",
             {id, lists.number, lists.base_number, lists.base_at, lists.listed_at}),
      "the authority");
}

base::Result<void> put_certificate_list(Tx& tx, const CertificateList& list) {
  return without_count(
      tx.run("INSERT INTO certificate_list(authority_id, kind, number, der, this_update, next_update) VALUES ($1, $2, "
             "$3, $4, $5, $6) ON CONFLICT(authority_id, kind) DO UPDATE SET number = excluded.number, der = "
             "excluded.der, this_update = excluded.this_update, next_update = excluded.next_update",
             {list.authority_id, list.kind, list.number, Blob{list.der}, list.this_update, list.next_update}));
}

base::Result<std::optional<CertificateList>> find_certificate_list(Tx& tx, const base::Id& authority_id,
                                                                   std::string_view kind) {
  return tx.find_one(
      "SELECT authority_id, kind, number, der, this_update, next_update FROM certificate_list WHERE authority_id = $1 "
      "AND kind = $2",
      {authority_id, kind}, read_list);
}

base::Result<void> put_ocsp_responder(Tx& tx, const OcspResponder& responder) {
  const base::Bytes sealed = tx.master().seal(purpose, print_key(responder.key).reveal(),
                                              place_of_responder(responder.authority_id, responder.sha256));
  return without_count(
      tx.run("INSERT INTO ocsp_responder(authority_id, sha256, der, sealed_pkcs8, not_after, created_at) VALUES ($1, "
             "$2, $3, $4, $5, $6) ON CONFLICT(authority_id) DO UPDATE SET sha256 = excluded.sha256, der = "
             "excluded.der, sealed_pkcs8 = excluded.sealed_pkcs8, not_after = excluded.not_after, created_at = "
             "excluded.created_at",
             {responder.authority_id, responder.sha256, Blob{responder.der}, Blob{sealed}, responder.not_after,
              responder.created_at}));
}

base::Result<std::optional<OcspResponder>> find_ocsp_responder(Tx& tx, const base::Id& authority_id) {
  base::Bytes sealed;
  ASSIGN_OR_RETURN(auto found,
                   tx.find_one("SELECT sealed_pkcs8, sha256, der, not_after, created_at FROM ocsp_responder WHERE "
                               "authority_id = $1",
                               {authority_id}, [&](const Row& row) {
                                 Fields field(row);
                                 sealed = field.text();
                                 OcspResponder read;
                                 read.authority_id = authority_id;
                                 read.sha256 = field.text();
                                 read.der = field.text();
                                 read.not_after = field.time();
                                 read.created_at = field.time();
                                 return read;
                               }));
  if (!found) return std::optional<OcspResponder>();
  auto opened = tx.master().open(purpose, sealed, place_of_responder(authority_id, found->sha256));
  if (!opened) return base::fail(base::Code::internal, "the key of a responder cannot be opened");
  ASSIGN_OR_RETURN(found->key, parse_key(std::move(*opened)));
  return found;
}

base::Result<void> seal_authority_keys_anew(Tx& tx, const crypto::MasterKey& next) {
  ASSIGN_OR_RETURN(const auto authorities,
                   tx.find_all("SELECT id, sha256, sealed_pkcs8 FROM certificate_authority ORDER BY id LIMIT $1",
                               {most}, read_sealed));
  for (const SealedKey& key : authorities) {
    ASSIGN_OR_RETURN(const base::Bytes sealed, seal_anew(tx, next, purpose, key.sealed, place_of_authority(key.id)));
    RETURN_IF_ERROR(tx.run("UPDATE certificate_authority SET sealed_pkcs8 = $2 WHERE id = $1", {key.id, Blob{sealed}}));
  }
  ASSIGN_OR_RETURN(
      const auto responders,
      tx.find_all("SELECT authority_id, sha256, sealed_pkcs8 FROM ocsp_responder ORDER BY authority_id LIMIT $1",
                  {most}, read_sealed));
  for (const SealedKey& key : responders) {
    ASSIGN_OR_RETURN(const base::Bytes sealed,
                     seal_anew(tx, next, purpose, key.sealed, place_of_responder(key.id, key.sha256)));
    RETURN_IF_ERROR(
        tx.run("UPDATE ocsp_responder SET sealed_pkcs8 = $2 WHERE authority_id = $1", {key.id, Blob{sealed}}));
  }
  return {};
}

}  // namespace store
