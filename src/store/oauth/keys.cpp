#include "store/oauth/keys.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::string_view purpose = "signing-key";

base::Bytes place_of(std::string_view kid) {
  return base::Bytes("signing_key").append(kid);
}

}  // namespace

base::Result<std::vector<SigningKeyRow>> list_signing_keys(Tx& tx) {
  std::vector<base::Bytes> sealed;
  ASSIGN_OR_RETURN(auto keys,
                   tx.find_all("SELECT sealed_pkcs8, kid, algorithm, state, created_at, changed_at FROM signing_key "
                               "ORDER BY created_at, kid",
                               {}, [&](const Row& row) {
                                 Fields field(row);
                                 sealed.push_back(field.text());
                                 return SigningKeyRow{field.text(), field.text(), {},
                                                      field.text(), field.time(), field.time()};
                               }));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto opened = tx.master().open(purpose, sealed[i], place_of(keys[i].kid));
    if (!opened) return base::fail(base::Code::internal, "the signing key " + keys[i].kid + " cannot be opened");
    keys[i].pkcs8 = std::move(*opened);
  }
  return keys;
}

base::Result<void> insert_signing_key(Tx& tx, const SigningKeyRow& key) {
  const base::Bytes sealed = tx.master().seal(purpose, key.pkcs8.reveal(), place_of(key.kid));
  return without_count(
      tx.run("INSERT INTO signing_key(kid, algorithm, sealed_pkcs8, state, created_at, changed_at) "
             "VALUES ($1, $2, $3, $4, $5, $5)",
             {key.kid, key.algorithm, Blob{sealed}, key.state, key.created_at}));
}

base::Result<void> set_key_state(Tx& tx, std::string_view kid, std::string_view state, base::Time now) {
  return expect_changed(tx.run("UPDATE signing_key SET state = $2, changed_at = $3 WHERE kid = $1", {kid, state, now}),
                        "the signing key");
}

base::Result<void> seal_signing_keys_anew(Tx& tx, const crypto::MasterKey& next) {
  ASSIGN_OR_RETURN(const auto keys, list_signing_keys(tx));
  for (const SigningKeyRow& key : keys) {
    const base::Bytes sealed = next.seal(purpose, key.pkcs8.reveal(), place_of(key.kid));
    RETURN_IF_ERROR(tx.run("UPDATE signing_key SET sealed_pkcs8 = $2 WHERE kid = $1", {key.kid, Blob{sealed}}));
  }
  return {};
}

}  // namespace store
