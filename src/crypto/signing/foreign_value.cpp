#include "crypto/signing/foreign_value.hpp"

#include "crypto/certificate/x509.hpp"
#include "crypto/signing/ecdsa_value.hpp"
#include "crypto/signing/openssl_signing.hpp"

namespace crypto {
namespace {

constexpr std::size_t longest_pair = 512;  // octets; of P-521 there are 132

// r‖s of any even length, each half a number with as many leading zeros as its writer liked.
std::optional<base::Bytes> read_halves(base::BytesView value, std::size_t order_size) {
  if (value.empty() || value.size() % 2 != 0 || value.size() > longest_pair) return std::nullopt;
  base::Bytes pair;
  for (const std::size_t from : {std::size_t{0}, value.size() / 2}) {
    base::BytesView number = value.substr(from, value.size() / 2);
    const std::size_t first = std::min(number.find_first_not_of('\0'), number.size());
    number.remove_prefix(first);
    if (number.empty() || number.size() > order_size) return std::nullopt;
    pair.append(order_size - number.size(), '\0').append(number);
  }
  return pair;
}

}  // namespace

std::optional<bool> verify_foreign_value(base::BytesView spki, SignatureAlgorithm algorithm, base::BytesView octets,
                                         base::BytesView value) {
  const ossl::ErrorsCleared cleared;
  const ossl::KnownKey* const known = ossl::find_public_key(spki);
  if (known == nullptr || !ossl::is_for(known->key.get(), algorithm.scheme)) return std::nullopt;
  if (verify_signature(spki, algorithm, octets, value, ValueForm::raw)) return true;
  const std::size_t order_size = size_of_order(spki);
  if (order_size == 0) return false;
  // Octets can be both; then each reading is a value of its own, and only what the key made is right.
  if (decode_ecdsa_value(value, order_size) && verify_signature(spki, algorithm, octets, value, ValueForm::der)) {
    return true;
  }
  const auto pair = read_halves(value, order_size);
  return pair && *pair != value && verify_signature(spki, algorithm, octets, *pair, ValueForm::raw);
}

}  // namespace crypto
