#include "flow/house/key_ring.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>
#include <tuple>

#include "base/json.hpp"
#include "base/log.hpp"
#include "crypto/token/jwt.hpp"
#include "flow/house/record.hpp"
#include "store/audit/audit_log.hpp"
#include "store/oauth/keys.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {

struct KeyRing::Snapshot {
  std::shared_ptr<const std::vector<crypto::SigningKey>> verifiers;
  std::shared_ptr<const std::string> jwks;
  std::array<std::optional<crypto::SigningKey>, 2> signers;  // by algorithm
  base::Time loaded_at;

  [[nodiscard]] const std::optional<crypto::SigningKey>& signer(crypto::Algorithm algorithm) const {
    return signers.at(static_cast<std::size_t>(algorithm));
  }
  [[nodiscard]] bool knows(std::string_view kid) const {
    return std::any_of(verifiers->begin(), verifiers->end(), [&](const auto& key) { return key.kid() == kid; });
  }
};

namespace {

constexpr std::string_view returning_type = "at+jwt";

std::string find_kid(std::string_view token) {
  const auto header = base::parse_base64url(token.substr(0, std::min<std::size_t>(token.find('.'), 2048)));
  if (!header) return {};
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(*header, error);
  if (error || !value.is_object()) return {};
  const boost::json::value* kid = value.get_object().if_contains("kid");
  return kid != nullptr && kid->is_string() ? std::string(kid->get_string()) : std::string();
}

// Of a token that was verified.
std::optional<std::string> payload_of(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  auto payload = base::parse_base64url(token.substr(first + 1, second - first - 1));
  return payload ? std::optional(std::move(*payload)) : std::nullopt;
}

bool has_key(const std::vector<store::SigningKeyRow>& rows, std::string_view algorithm, std::string_view state) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const auto& row) { return row.state == state && row.algorithm == algorithm; });
}

base::Result<store::SigningKeyRow> make_key_row(const crypto::SigningKey& key, std::string_view state, base::Time now) {
  store::SigningKeyRow row;
  row.kid = key.kid();
  row.algorithm = crypto::name_of(key.algorithm());
  ASSIGN_OR_RETURN(row.pkcs8, key.to_pkcs8());
  row.state = state;
  row.created_at = now;
  return row;
}

// Does nothing if another node has made such a key in the meantime.
base::Result<void> insert_missing(store::Tx& tx, const store::SigningKeyRow& row) {
  ASSIGN_OR_RETURN(const auto rows, store::list_signing_keys(tx));
  if (has_key(rows, row.algorithm, row.state)) return {};
  RETURN_IF_ERROR(store::insert_signing_key(tx, row));
  ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
  RequestFacts facts;
  facts.now = row.created_at;
  return store::append_event(tx, make_event(audit::type::key_create, tenant.id, facts,
                                            {{"kid", audit::Value::checked_code(row.kid)},
                                             {"algorithm", audit::Value::checked_code(row.algorithm)},
                                             {"new", audit::Value::checked_code(row.state)}}));
}

}  // namespace

KeyRing::KeyRing(store::Store& store, KeyMaker make) : store_(store), make_(std::move(make)) {
  auto empty = std::make_shared<Snapshot>();
  empty->verifiers = std::make_shared<const std::vector<crypto::SigningKey>>();
  empty->jwks = std::make_shared<const std::string>(base::JsonObject().raw("keys", "[]").finish());
  snapshot_ = std::move(empty);
}

std::shared_ptr<const KeyRing::Snapshot> KeyRing::current() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

base::Result<void> KeyRing::read_keys(base::Time now) {
  ASSIGN_OR_RETURN(auto rows, store_.read([](store::Tx& tx) { return store::list_signing_keys(tx); }));
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return std::tie(a.created_at, a.kid) < std::tie(b.created_at, b.kid); });
  const auto before = current();
  auto next = std::make_shared<Snapshot>();
  std::vector<crypto::SigningKey> keys;
  base::JsonArray jwks;
  for (const store::SigningKeyRow& row : rows) {
    if (row.state == "revoked" || row.state == "retired") continue;
    ASSIGN_OR_RETURN(const crypto::Algorithm algorithm, crypto::parse_algorithm(row.algorithm));
    const auto known = std::find_if(before->verifiers->begin(), before->verifiers->end(),
                                    [&](const auto& key) { return key.kid() == row.kid; });
    if (known != before->verifiers->end()) {
      keys.push_back(*known);
    } else {
      ASSIGN_OR_RETURN(auto key, crypto::SigningKey::from_pkcs8(algorithm, row.pkcs8));
      keys.push_back(std::move(key));
    }
    jwks.raw(keys.back().public_jwk());
    auto& signer = next->signers.at(static_cast<std::size_t>(algorithm));
    if (row.state == "active" && !signer) signer = keys.back();
  }
  next->verifiers = std::make_shared<const std::vector<crypto::SigningKey>>(std::move(keys));
  next->jwks = std::make_shared<const std::string>(base::JsonObject().raw("keys", jwks.finish()).finish());
  next->loaded_at = now;
  const std::lock_guard lock(mutex_);
  snapshot_ = std::move(next);
  return {};
}

base::Result<void> KeyRing::make_missing(std::string_view state, base::Time now) {
  ASSIGN_OR_RETURN(const auto rows, store_.read([](store::Tx& tx) { return store::list_signing_keys(tx); }));
  for (const crypto::Algorithm algorithm : crypto::all_algorithms) {
    if (has_key(rows, crypto::name_of(algorithm), state)) continue;
    // Made outside of the transaction, because an RSA key takes half a second.
    ASSIGN_OR_RETURN(const auto key, make_(algorithm));
    ASSIGN_OR_RETURN(const store::SigningKeyRow row, make_key_row(key, state, now));
    const auto written = store_.write([&](store::Tx& tx) { return insert_missing(tx, row); });
    if (!written) return written;
  }
  return read_keys(now);
}

base::Result<void> KeyRing::load(base::Time now) {
  const std::lock_guard lock(loading_);
  RETURN_IF_ERROR(read_keys(now));
  const auto snapshot = current();
  const bool complete = std::all_of(snapshot->signers.begin(), snapshot->signers.end(),
                                    [](const auto& signer) { return signer.has_value(); });
  return complete ? base::Result<void>{} : make_missing("active", now);
}

base::Result<void> KeyRing::prepare_next(base::Time now) {
  const std::lock_guard lock(loading_);
  return make_missing("pending", now);
}

void KeyRing::refresh(base::Time now) {
  if (now - current()->loaded_at < refresh_after) return;
  // While one thread reads, the others use the old keys.
  const std::unique_lock lock(loading_, std::try_to_lock);
  if (!lock || now - current()->loaded_at < refresh_after) return;
  if (const auto read = read_keys(now); !read) {
    base::log(base::Level::warning, "signing keys could not be read again", {{"reason", base::describe(read.error())}});
  }
}

base::Result<crypto::SigningKey> KeyRing::find_signer(crypto::Algorithm algorithm, base::Time now) {
  refresh(now);
  if (const auto snapshot = current(); snapshot->signer(algorithm)) return *snapshot->signer(algorithm);
  RETURN_IF_ERROR(load(now));
  const auto snapshot = current();
  if (!snapshot->signer(algorithm)) return base::fail(base::Code::internal, "a key was made and is not there");
  return *snapshot->signer(algorithm);
}

base::Result<std::string> KeyRing::sign(crypto::Algorithm algorithm, std::string_view type, std::string_view claims,
                                        base::Time now) {
  ASSIGN_OR_RETURN(const auto key, find_signer(algorithm, now));
  ASSIGN_OR_RETURN(std::string token, crypto::sign_jwt(key, type, claims));
  // Access tokens come back with each request; ID tokens only as a hint, where one verification is no cost.
  if (type == returning_type) known_.add(crypto::VerifiedTokens::digest_of(type, token), key.kid());
  return token;
}

base::Result<std::string> KeyRing::verify(std::string_view type, std::string_view token, base::Time now) {
  refresh(now);
  const auto snapshot = current();
  const crypto::VerifiedTokens::Digest digest = crypto::VerifiedTokens::digest_of(type, token);
  if (const auto kid = known_.find(digest); kid && snapshot->knows(*kid)) {
    if (auto payload = payload_of(token)) return std::move(*payload);
  }
  auto claims = crypto::verify_jwt(*snapshot->verifiers, type, token);
  if (claims) known_.add(digest, find_kid(token));
  if (claims || now - snapshot->loaded_at < least_between_loads) return claims;
  const std::string kid = find_kid(token);
  if (kid.empty() || snapshot->knows(kid)) return claims;
  {
    const std::lock_guard lock(loading_);
    if (now - current()->loaded_at >= least_between_loads) {
      RETURN_IF_ERROR(read_keys(now));
    }
  }
  return crypto::verify_jwt(*current()->verifiers, type, token);
}

std::shared_ptr<const std::vector<crypto::SigningKey>> KeyRing::verifiers() const {
  return current()->verifiers;
}
std::shared_ptr<const std::string> KeyRing::jwks() const {
  return current()->jwks;
}

}  // namespace flow
