#include "crypto/key/pkey.hpp"

#include <openssl/rsa.h>

#include <array>

#include "crypto/digest/digest.hpp"

namespace crypto {
namespace {

struct Slot {
  std::uint64_t number = 0;
  ossl::KeyContext context;
};
using Slots = std::array<Slot, 16>;

// The context of this key in this thread's table, initialised at first use; nullptr if the key cannot do it.
EVP_PKEY_CTX* context_in(Slots& slots, const Pkey& pkey, int (*initialise)(EVP_PKEY_CTX*)) {
  Slot& slot = slots.at(pkey.number % slots.size());
  if (slot.number == pkey.number) return slot.context.get();
  slot.number = 0;
  slot.context.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey.key.get(), nullptr));
  EVP_PKEY_CTX* const context = slot.context.get();
  if (context == nullptr || initialise(context) != 1) return nullptr;
  const bool is_pss = pkey.algorithm == Algorithm::ps256;
  const int padding = is_pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;
  if (pkey.algorithm != Algorithm::es256 && EVP_PKEY_CTX_set_rsa_padding(context, padding) != 1) return nullptr;
  if (EVP_PKEY_CTX_set_signature_md(context, ossl::algorithms().sha256) != 1) return nullptr;
  // RFC 7518 §3.5: "The size of the salt value is the same size as the hash function output", and MGF1 has that hash.
  if (is_pss && (EVP_PKEY_CTX_set_rsa_mgf1_md(context, ossl::algorithms().sha256) != 1 ||
                 EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return nullptr;
  }
  slot.number = pkey.number;
  return context;
}

void append_integer(base::Bytes& out, base::BytesView value) {
  const auto first = value.find_first_not_of('\0');
  value.remove_prefix(first);
  const bool needs_zero = (static_cast<unsigned char>(value[0]) & 0x80) != 0;
  out.push_back('\x02');
  out.push_back(static_cast<char>(value.size() + (needs_zero ? 1 : 0)));
  if (needs_zero) out.push_back('\0');
  out.append(value);
}

bool is_zero(base::BytesView value) {
  return value.find_first_not_of('\0') == base::BytesView::npos;
}

// Removes an INTEGER from the front of `der` and appends its value as 32 octets.
bool take_integer(base::BytesView& der, base::Bytes& out) {
  if (der.size() < 3 || der[0] != '\x02') return false;
  const auto size = static_cast<std::size_t>(static_cast<unsigned char>(der[1]));
  if (size == 0 || size > 33 || der.size() < 2 + size) return false;
  base::BytesView value = der.substr(2, size);
  der.remove_prefix(2 + size);
  if (value[0] == '\0') value.remove_prefix(1);
  if (value.size() > 32) return false;
  out.append(32 - value.size(), '\0');
  out.append(value);
  return true;
}

}  // namespace

base::Bytes to_der(base::BytesView r_s) {
  if (r_s.size() != 64 || is_zero(r_s.substr(0, 32)) || is_zero(r_s.substr(32))) return {};
  base::Bytes out("\x30\0", 2);
  append_integer(out, r_s.substr(0, 32));
  append_integer(out, r_s.substr(32));
  out[1] = static_cast<char>(out.size() - 2);
  return out;
}

base::Bytes from_der(base::BytesView der) {
  if (der.size() < 2 || der[0] != '\x30' || static_cast<unsigned char>(der[1]) != der.size() - 2) return {};
  der.remove_prefix(2);
  base::Bytes out;
  out.reserve(64);
  if (!take_integer(der, out) || !take_integer(der, out) || !der.empty()) return {};
  return out;
}

base::Result<base::Bytes> Pkey::sign(base::BytesView input) const {
  thread_local Slots slots;
  EVP_PKEY_CTX* const context = context_in(slots, *this, EVP_PKEY_sign_init);
  const base::Bytes digest = sha256(input);
  // The largest accepted RSA key has 4096 bits.
  std::array<unsigned char, 512> out{};
  std::size_t size = out.size();
  if (context == nullptr ||
      EVP_PKEY_sign(context, out.data(), &size, ossl::octets(base::BytesView(digest)), digest.size()) != 1) {
    return base::fail(base::Code::internal, "the key does not sign");
  }
  const base::BytesView made(reinterpret_cast<const char*>(out.data()), size);
  return algorithm == Algorithm::es256 ? from_der(made) : base::Bytes(made);
}

bool Pkey::verify(base::BytesView input, base::BytesView signature) const {
  thread_local Slots slots;
  EVP_PKEY_CTX* const context = context_in(slots, *this, EVP_PKEY_verify_init);
  if (context == nullptr) return false;
  base::Bytes der;
  if (algorithm == Algorithm::es256) {
    der = to_der(signature);
    if (der.empty()) return false;
    signature = der;
  } else if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key.get()))) {
    return false;
  }
  const base::Bytes digest = sha256(input);
  return EVP_PKEY_verify(context, ossl::octets(signature), signature.size(), ossl::octets(base::BytesView(digest)),
                         digest.size()) == 1;
}

}  // namespace crypto
