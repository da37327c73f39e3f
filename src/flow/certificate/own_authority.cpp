#include "flow/certificate/own_authority.hpp"

#include <map>
#include <mutex>

#include "crypto/signing/token_parts.hpp"
#include "flow/certificate/authority_token.hpp"
#include "flow/house/site_settings.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

// Far more than one installation has; the keys themselves are a few hundred octets.
constexpr std::size_t most_keys = 256;

class KeysInMemory {
 public:
  std::optional<crypto::KeyPair> find(const std::string& sha256) {
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(sha256);
    if (found == keys_.end()) return std::nullopt;
    return found->second;
  }
  void keep(const std::string& sha256, const crypto::KeyPair& key) {
    const std::lock_guard lock(mutex_);
    if (keys_.size() >= most_keys) keys_.clear();
    keys_.emplace(sha256, key);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, crypto::KeyPair> keys_;
};

KeysInMemory& keys_in_memory() {
  static KeysInMemory keys;
  return keys;
}

std::string find_base(const House& house) {
  const SiteSettings& site = house.settings.site;
  if (!site.certificate_address.empty()) {
    std::string given = site.certificate_address;
    while (given.ends_with('/')) given.pop_back();
    return given;
  }
  constexpr std::string_view secure = "https://";
  if (!site.issuer.starts_with(secure)) return site.issuer;
  const std::string_view rest = std::string_view(site.issuer).substr(secure.size());
  const std::string_view authority = rest.substr(0, rest.find('/'));
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  return "http://" + std::string(has_port ? authority.substr(0, colon) : authority);
}

}  // namespace

base::Result<store::AuthorityRow> find_issuing_authority(store::Tx& tx, const base::Id& tenant_id) {
  ASSIGN_OR_RETURN(auto found, store::find_active_authority(tx, tenant_id, "issuing"));
  if (!found) {
    ASSIGN_OR_RETURN(found, store::find_active_authority(tx, std::nullopt, "issuing"));
  }
  if (!found) {
    return base::fail(base::Code::conflict,
                      "there is no certificate authority; make it with `chancery authority create`");
  }
  return std::move(*found);
}

base::Result<std::vector<base::Bytes>> find_chain(store::Tx& tx, const store::AuthorityRow& authority) {
  std::vector<base::Bytes> chain{authority.der};
  if (!authority.parent_id) return chain;
  ASSIGN_OR_RETURN(const auto root, store::find_authority(tx, *authority.parent_id));
  if (root) chain.push_back(root->der);
  return chain;
}

namespace {

base::Result<crypto::KeyPair> keep_key(const std::string& sha256, const base::Secret& pkcs8) {
  if (auto known = keys_in_memory().find(sha256)) return std::move(*known);
  ASSIGN_OR_RETURN(crypto::KeyPair key, crypto::KeyPair::from_pkcs8(pkcs8));
  keys_in_memory().keep(sha256, key);
  return key;
}

}  // namespace

base::Result<crypto::KeyPair> find_key_of(const House& house, store::Tx& tx, const store::AuthorityRow& authority) {
  if (auto known = keys_in_memory().find(authority.sha256)) return std::move(*known);
  ASSIGN_OR_RETURN(const store::AuthorityKey key, store::find_authority_key(tx, authority.id));
  if (!key.token.empty()) return find_key_on_token(house, key, authority.der);
  return keep_key(authority.sha256, key.pkcs8);
}

base::Result<crypto::KeyPair> find_key_of(const CertificateAct& act, const store::AuthorityRow& authority) {
  if (auto known = keys_in_memory().find(authority.sha256)) return std::move(*known);
  ASSIGN_OR_RETURN(const store::AuthorityKey key, store::find_authority_key(act.tx, authority.id));
  if (key.token.empty()) return keep_key(authority.sha256, key.pkcs8);
  if (act.ahead == nullptr) return base::fail(base::Code::internal, "a token would sign in a transaction");
  ASSIGN_OR_RETURN(const crypto::CertificateParts parts, crypto::split_certificate(authority.der));
  return find_key_ahead(act.house, key, parts.public_key, *act.ahead);
}

base::Result<crypto::KeyPair> find_key_of(const House& house, const store::OcspResponder& responder) {
  if (!responder.key.token.empty()) return find_key_on_token(house, responder.key, responder.der);
  return keep_key(responder.sha256, responder.key.pkcs8);
}

AuthorityAddresses addresses_of(const House& house, const base::Id& authority_id) {
  const std::string base = find_base(house) + "/pki/";
  const std::string id = authority_id.to_string();
  return {base + id + ".cer", base + id + ".crl", base + id + "-delta.crl", base + "ocsp"};
}

}  // namespace flow
