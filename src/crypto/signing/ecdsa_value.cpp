#include "crypto/signing/ecdsa_value.hpp"

namespace crypto {
namespace {

constexpr std::size_t longest_number = 66;  // of P-521
constexpr unsigned char sequence_tag = 0x30;
constexpr unsigned char integer_tag = 0x02;
constexpr unsigned char sign_bit = 0x80;
constexpr unsigned char one_length_octet = 0x81;  // X.690 §8.1.3.5: one octet of length follows

unsigned char octet(base::BytesView bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

tl::unexpected<base::Error> refuse(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

bool append_integer(base::Bytes& out, base::BytesView number) {
  const auto first = number.find_first_not_of('\0');
  if (first == base::BytesView::npos) return false;
  number.remove_prefix(first);
  const bool needs_zero = (octet(number, 0) & sign_bit) != 0;
  out.push_back(static_cast<char>(integer_tag));
  out.push_back(static_cast<char>(number.size() + (needs_zero ? 1 : 0)));
  if (needs_zero) out.push_back('\0');
  out.append(number);
  return true;
}

// Removes the header of a value with that tag and gives the value's size; npos if there is none in DER.
std::size_t take_header(base::BytesView& der, unsigned char tag) {
  if (der.size() < 2 || octet(der, 0) != tag) return base::BytesView::npos;
  std::size_t size = octet(der, 1);
  std::size_t header = 2;
  if (size == one_length_octet) {
    if (der.size() < 3 || octet(der, 2) < sign_bit) return base::BytesView::npos;
    size = octet(der, 2);
    header = 3;
  } else if (size >= sign_bit) {
    return base::BytesView::npos;
  }
  der.remove_prefix(header);
  return size <= der.size() ? size : base::BytesView::npos;
}

bool take_integer(base::BytesView& der, std::size_t order_size, base::Bytes& out) {
  const std::size_t size = take_header(der, integer_tag);
  if (size == base::BytesView::npos || size == 0) return false;
  base::BytesView number = der.substr(0, size);
  der.remove_prefix(size);
  if ((octet(number, 0) & sign_bit) != 0) return false;  // negative
  if (octet(number, 0) == 0) {
    // Zero itself, or a leading zero that nothing asks for.
    if (number.size() == 1 || (octet(number, 1) & sign_bit) == 0) return false;
    number.remove_prefix(1);
  }
  if (number.size() > order_size) return false;
  out.append(order_size - number.size(), '\0');
  out.append(number);
  return true;
}

}  // namespace

base::Result<base::Bytes> encode_ecdsa_value(base::BytesView raw) {
  const std::size_t half = raw.size() / 2;
  if (raw.empty() || raw.size() % 2 != 0 || half > longest_number) return refuse("not two numbers of one length");
  base::Bytes numbers;
  numbers.reserve(raw.size() + 6);
  if (!append_integer(numbers, raw.substr(0, half)) || !append_integer(numbers, raw.substr(half))) {
    return refuse("a number of the signature is zero");
  }
  base::Bytes out;
  out.reserve(numbers.size() + 3);
  out.push_back(static_cast<char>(sequence_tag));
  if (numbers.size() >= sign_bit) out.push_back(static_cast<char>(one_length_octet));
  out.push_back(static_cast<char>(numbers.size()));
  return out.append(numbers);
}

base::Result<base::Bytes> decode_ecdsa_value(base::BytesView der, std::size_t order_size) {
  const std::size_t size = take_header(der, sequence_tag);
  if (size == base::BytesView::npos || size != der.size()) return refuse("not one sequence in DER");
  base::Bytes out;
  out.reserve(2 * order_size);
  if (!take_integer(der, order_size, out) || !take_integer(der, order_size, out) || !der.empty()) {
    return refuse("not two positive numbers of the curve in DER");
  }
  return out;
}

}  // namespace crypto
