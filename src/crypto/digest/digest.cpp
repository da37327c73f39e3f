#include "crypto/digest/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <array>

#include "crypto/digest/hmac.hpp"
#include "crypto/digest/openssl.hpp"

namespace crypto {
namespace ossl {

const Algorithms& algorithms() {
  static const Algorithms fetched = [] {
    const Algorithms all;
    demand(all.sha256 != nullptr && all.hmac != nullptr && all.aes_256_gcm != nullptr);
    return all;
  }();
  return fetched;
}

}  // namespace ossl

namespace {

ossl::Mac new_mac() {
  ossl::Mac mac(EVP_MAC_CTX_new(ossl::algorithms().hmac));
  ossl::demand(mac != nullptr);
  std::array<char, 7> name{"SHA256"};
  const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
                                             OSSL_PARAM_construct_end()};
  ossl::demand(EVP_MAC_CTX_set_params(mac.get(), parameters.data()) == 1);
  return mac;
}

void set_key(EVP_MAC_CTX* mac, base::BytesView key) {
  // A null pointer means "the earlier key" to OpenSSL, so an empty key needs an address too.
  static constexpr unsigned char nothing = 0;
  ossl::demand(EVP_MAC_init(mac, key.empty() ? &nothing : ossl::octets(key), key.size(), nullptr) == 1);
}

base::Bytes finish(EVP_MAC_CTX* mac, base::BytesView data) {
  base::Bytes out(32, '\0');
  std::size_t size = 0;
  ossl::demand(EVP_MAC_update(mac, ossl::octets(data), data.size()) == 1 &&
               EVP_MAC_final(mac, ossl::octets(out), &size, out.size()) == 1 && size == 32);
  return out;
}

}  // namespace

base::Bytes sha1(base::BytesView data) {
  base::Bytes out(20, '\0');
  ossl::demand(EVP_Q_digest(nullptr, "SHA1", nullptr, data.data(), data.size(), ossl::octets(out), nullptr) == 1);
  return out;
}

base::Bytes sha256(base::BytesView data) {
  thread_local const ossl::Digest context(EVP_MD_CTX_new());
  base::Bytes out(32, '\0');
  ossl::demand(context && EVP_DigestInit_ex2(context.get(), ossl::algorithms().sha256, nullptr) == 1 &&
               EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1 &&
               EVP_DigestFinal_ex(context.get(), ossl::octets(out), nullptr) == 1);
  return out;
}

base::Bytes hmac_sha256(const base::Secret& key, base::BytesView data) {
  thread_local const ossl::Mac mac = new_mac();
  set_key(mac.get(), key.reveal());
  return finish(mac.get(), data);
}

HmacKey::HmacKey(base::Secret key) : key_(std::move(key)), number_(ossl::next_key_number()) {}

base::Bytes HmacKey::authenticate(base::BytesView data) const {
  struct Slot {
    std::uint64_t number = 0;
    ossl::Mac mac;
  };
  thread_local std::array<Slot, 16> slots;
  Slot& slot = slots.at(number_ % slots.size());
  if (slot.number == number_) {
    ossl::demand(EVP_MAC_init(slot.mac.get(), nullptr, 0, nullptr) == 1);
  } else {
    slot.number = 0;
    if (!slot.mac) slot.mac = new_mac();
    set_key(slot.mac.get(), key_.reveal());
    slot.number = number_;
  }
  return finish(slot.mac.get(), data);
}

base::Secret hkdf_sha256(const base::Secret& material, base::BytesView salt, base::BytesView info, std::size_t size) {
  // §2.2: "if not provided, [salt] is set to a string of HashLen zeros", which for HMAC is the same as an empty key.
  const base::Secret pseudorandom(hmac_sha256(base::Secret(std::string(salt)), material.reveal()));
  if (size > std::size_t{255} * 32) throw std::length_error("HKDF gives at most 255 blocks");
  std::string out;
  out.reserve(size + 32);
  std::string block;
  for (unsigned char counter = 1; out.size() < size; ++counter) {
    block.append(info);
    block.push_back(static_cast<char>(counter));
    const base::Secret input(std::move(block));
    block = hmac_sha256(pseudorandom, input.reveal());
    out.append(block);
  }
  const base::Secret last_block(std::move(block));
  out.resize(size);
  return base::Secret(std::move(out));
}

}  // namespace crypto
