#include "crypto/factor/totp.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <array>
#include <chrono>

#include "crypto/digest/openssl.hpp"

namespace crypto {
namespace {

constexpr std::chrono::seconds period(30);
constexpr std::size_t sha1_size = 20;

using Octets = std::array<unsigned char, sha1_size>;

Octets hmac_sha1(const base::Secret& key, base::BytesView data) {
  const ossl::Mac context(EVP_MAC_CTX_new(ossl::algorithms().hmac));
  std::array<char, 5> name{'S', 'H', 'A', '1', '\0'};
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), name.size() - 1),
      OSSL_PARAM_construct_end()};
  Octets out{};
  std::size_t size = 0;
  ossl::demand(context != nullptr &&
               EVP_MAC_init(context.get(), ossl::octets(key.reveal()), key.size(), parameters.data()) == 1 &&
               EVP_MAC_update(context.get(), ossl::octets(data), data.size()) == 1 &&
               EVP_MAC_final(context.get(), out.data(), &size, out.size()) == 1 && size == out.size());
  return out;
}

}  // namespace

base::Secret make_totp_secret() {
  return base::Secret(base::random_bytes(totp_secret_size));
}

std::int64_t totp_step_of(base::Time at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch() / period;
}

std::string make_totp_code(const base::Secret& secret, std::int64_t step, std::size_t digits) {
  base::Bytes counter;
  for (int shift = 56; shift >= 0; shift -= 8) counter.push_back(static_cast<char>(step >> shift & 0xff));
  const Octets hash = hmac_sha1(secret, counter);
  const std::size_t offset = hash[sha1_size - 1] & 0xfU;
  // "The reason for masking the most significant bit of P is to avoid confusion about signed vs. unsigned modulo."
  const std::uint32_t number = (hash[offset] & 0x7fU) << 24 | static_cast<std::uint32_t>(hash[offset + 1]) << 16 |
                               static_cast<std::uint32_t>(hash[offset + 2]) << 8 | hash[offset + 3];
  std::string code = std::to_string(number);
  if (code.size() < digits) code.insert(0, digits - code.size(), '0');
  return code.substr(code.size() - digits);
}

std::optional<std::int64_t> find_totp_step(const base::Secret& secret, std::string_view typed, std::int64_t used,
                                           base::Time now) {
  const std::int64_t present = totp_step_of(now);
  std::optional<std::int64_t> found;
  for (std::int64_t step = present - 1; step <= present + 1; ++step) {
    const bool is_equal = base::equal_in_constant_time(make_totp_code(secret, step), typed);
    if (is_equal && step > used) found = step;
  }
  return found;
}

}  // namespace crypto
