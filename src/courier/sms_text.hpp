// How many parts a short message has, and the letters that a spared message goes without. GSM 7 bit default alphabet
// with its extension table (3GPP TS 23.038 §6.2.1): 160 septets in one message, 153 in each joined part. Any other
// character makes the whole message UCS-2: 70 and 67 units of 16 bits, of which a character outside of the basic
// plane needs two that stand in one part (TS 23.040 §9.2.3.24.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace courier {

enum class SmsAlphabet : std::uint8_t {
  gsm,
  ucs2
};

struct SmsSize {
  SmsAlphabet alphabet = SmsAlphabet::gsm;
  std::size_t units = 0;  // septets, or 16 bit units
  std::size_t parts = 0;  // 0: the text is empty
};
/// `text`: UTF-8.
SmsSize measure_sms(std::string_view text);

/// The text without the accents of Polish letters and with plain quotation marks and dashes, if they alone would make
/// it longer than one part. A text of one part stays as it is.
std::string spare_parts(std::string text);

}  // namespace courier
