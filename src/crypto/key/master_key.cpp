#include "crypto/key/master_key.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "crypto/digest/hmac.hpp"
#include "crypto/digest/openssl.hpp"

namespace crypto {
namespace {

constexpr char version = 1;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t overhead = 1 + nonce_size + tag_size;
constexpr std::string_view salt = "chancery master key 1";

constexpr std::size_t key_size = 32;
constexpr std::string_view rewrapping = "rewrapped";
// Purposes of one-way values that are stored or given out, and of the rewrapping of stored ones. The order is that of
// former_keys().
constexpr std::array<std::string_view, 5> one_way{"client-secret", "password-history-salt", "password-history",
                                                  rewrapping, "refresh-token"};
// What former_keys() gave before it had a head was of the first so many purposes.
constexpr std::size_t purposes_without_head = 4;
constexpr char head_of_former_keys = 2;

using FormerGeneration = std::vector<HmacKey>;  // in the order of `one_way`

// The keys of one purpose. Sealing has a key of its own, so that no key is used with two algorithms.
struct PurposeKeys {
  HmacKey main;
  base::Secret sealing;
};

EVP_CIPHER_CTX* cipher_context() {
  thread_local const ossl::Cipher context(EVP_CIPHER_CTX_new());
  ossl::demand(context != nullptr);
  return context.get();
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

int length_of(base::BytesView bytes) {
  ossl::demand(bytes.size() < std::size_t{1} << 30);
  return static_cast<int>(bytes.size());
}

}  // namespace

struct MasterKey::Impl {
  explicit Impl(base::Secret key) : master(std::move(key)) {}

  const PurposeKeys& keys_for(std::string_view purpose) {
    {
      const std::shared_lock lock(mutex);
      const auto found = by_purpose.find(purpose);
      if (found != by_purpose.end()) return found->second;
    }
    PurposeKeys keys{HmacKey(hkdf_sha256(master, salt, "key " + std::string(purpose), 32)),
                     hkdf_sha256(master, salt, "seal " + std::string(purpose), 32)};
    const std::unique_lock lock(mutex);
    // The reference stays valid after the lock, because a map does not move its nodes.
    return by_purpose.try_emplace(std::string(purpose), std::move(keys)).first->second;
  }

  const base::Secret master;
  std::vector<FormerGeneration> former;  // the newest first; set before other threads are there
  std::shared_mutex mutex;
  std::map<std::string, PurposeKeys, std::less<>> by_purpose;
};

MasterKey::MasterKey(base::Secret key) : impl_(std::make_shared<Impl>(std::move(key))) {}

base::Result<MasterKey> MasterKey::parse(std::string_view text) {
  text = trim(text);
  base::Result<base::Bytes> key = base::fail(base::Code::invalid_input,
                                             "the master key is neither 64 hexadecimal digits nor 43 or 44 characters "
                                             "of base64, but " +
                                                 std::to_string(text.size()) + " characters");
  if (text.size() == 64) {
    key = base::parse_hex(text);
  } else if (text.size() == 43) {
    key = base::parse_base64url(text);
    if (!key) key = base::parse_base64(std::string(text) + "=");
  } else if (text.size() == 44 && text.back() == '=') {
    key = base::parse_base64(text);
    if (!key) key = base::parse_base64url(text.substr(0, 43));
  }
  if (!key) return base::pass_on(std::move(key));
  return MasterKey(base::Secret(std::move(*key)));
}

MasterKey MasterKey::make() {
  return MasterKey(base::Secret(base::random_bytes(32)));
}

base::Secret MasterKey::to_text() const {
  return base::Secret(base::to_hex(impl_->master.reveal()));
}

base::Secret MasterKey::derive(std::string_view purpose) const {
  return impl_->keys_for(purpose).main.key();
}

base::Bytes MasterKey::authenticate(std::string_view purpose, base::BytesView data) const {
  return impl_->keys_for(purpose).main.authenticate(data);
}

base::Bytes MasterKey::seal(std::string_view purpose, base::BytesView plain, base::BytesView bound_to) const {
  const PurposeKeys& keys = impl_->keys_for(purpose);
  base::Bytes out(plain.size() + overhead, '\0');
  out[0] = version;
  const base::Bytes nonce = base::random_bytes(nonce_size);
  out.replace(1, nonce_size, nonce);
  unsigned char* const body = ossl::octets(out) + 1 + nonce_size;
  EVP_CIPHER_CTX* const context = cipher_context();
  int size = 0;
  ossl::demand(EVP_EncryptInit_ex2(context, ossl::algorithms().aes_256_gcm, ossl::octets(keys.sealing.reveal()),
                                   ossl::octets(nonce), nullptr) == 1 &&
               EVP_EncryptUpdate(context, nullptr, &size, ossl::octets(bound_to), length_of(bound_to)) == 1 &&
               EVP_EncryptUpdate(context, body, &size, ossl::octets(plain), length_of(plain)) == 1 &&
               EVP_EncryptFinal_ex(context, body + size, &size) == 1 &&
               EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_size, body + plain.size()) == 1);
  return out;
}

base::Result<base::Secret> MasterKey::open(std::string_view purpose, base::BytesView sealed,
                                           base::BytesView bound_to) const {
  const auto no = [] { return base::fail(base::Code::invalid_input, "the sealed value does not open under this key"); };
  if (sealed.size() < overhead || sealed[0] != version) return no();
  const PurposeKeys& keys = impl_->keys_for(purpose);
  const base::BytesView nonce = sealed.substr(1, nonce_size);
  const base::BytesView body = sealed.substr(1 + nonce_size, sealed.size() - overhead);
  base::Bytes tag(sealed.substr(sealed.size() - tag_size));
  base::Bytes plain(body.size(), '\0');
  EVP_CIPHER_CTX* const context = cipher_context();
  int size = 0;
  ossl::demand(EVP_DecryptInit_ex2(context, ossl::algorithms().aes_256_gcm, ossl::octets(keys.sealing.reveal()),
                                   ossl::octets(nonce), nullptr) == 1 &&
               EVP_DecryptUpdate(context, nullptr, &size, ossl::octets(bound_to), length_of(bound_to)) == 1 &&
               EVP_DecryptUpdate(context, ossl::octets(plain), &size, ossl::octets(body), length_of(body)) == 1 &&
               EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1);
  base::Secret opened(std::move(plain));
  // The tag is checked here; before this the plain text is not authentic.
  unsigned char rest = 0;
  if (EVP_DecryptFinal_ex(context, &rest, &size) != 1) return no();
  return opened;
}

base::Bytes MasterKey::rewrap(base::BytesView value) const {
  return authenticate(rewrapping, value);
}

std::size_t MasterKey::generations() const {
  return 1 + impl_->former.size();
}

base::Bytes MasterKey::authenticate_in(std::size_t generation, std::string_view purpose, base::BytesView data) const {
  if (generation == 0) return authenticate(purpose, data);
  const auto* const place = std::find(one_way.begin(), one_way.end(), purpose);
  ossl::demand(place != one_way.end());
  return impl_->former.at(generation - 1).at(static_cast<std::size_t>(place - one_way.begin())).authenticate(data);
}

base::Bytes MasterKey::stored_form(std::size_t generation, base::Bytes value) const {
  for (std::size_t next = generation; next > 0; --next) value = authenticate_in(next - 1, rewrapping, value);
  return value;
}

base::Secret MasterKey::former_keys() const {
  std::string keys(1, head_of_former_keys);
  for (const std::string_view purpose : one_way) keys += derive(purpose).reveal();
  for (const FormerGeneration& generation : impl_->former) {
    for (const HmacKey& key : generation) keys += key.key().reveal();
  }
  return base::Secret(std::move(keys));
}

base::Result<void> MasterKey::take_former_keys(const base::Secret& kept) const {
  std::string_view octets = kept.reveal();
  const bool has_head = octets.size() % key_size == 1 && octets.front() == head_of_former_keys;
  if (has_head) octets.remove_prefix(1);
  const std::size_t purposes = has_head ? one_way.size() : purposes_without_head;
  const std::size_t generation_size = purposes * key_size;
  if (octets.size() % generation_size != 0) {
    return base::fail(base::Code::invalid_input, "what is kept of former master keys has another size");
  }
  std::vector<FormerGeneration> former;
  for (std::size_t at = 0; at < octets.size(); at += generation_size) {
    FormerGeneration& generation = former.emplace_back();
    for (std::size_t i = 0; i < one_way.size(); ++i) {
      // Under a key of before a purpose was kept nothing was made for it: a key that nobody knows.
      generation.emplace_back(base::Secret(i < purposes ? std::string(octets.substr(at + i * key_size, key_size))
                                                        : base::random_bytes(key_size)));
    }
  }
  impl_->former = std::move(former);
  return {};
}

}  // namespace crypto
