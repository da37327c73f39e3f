#include "courier/sms_text.hpp"

#include <doctest/doctest.h>

using courier::measure_sms;
using courier::SmsAlphabet;

namespace {

std::string repeat(const std::string& what, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += what;
  return all;
}

}  // namespace

TEST_CASE("a text of the GSM alphabet has 160 characters in one part and 153 in each of several") {
  CHECK(measure_sms("").parts == 0);
  CHECK(measure_sms("a").parts == 1);
  CHECK(measure_sms(repeat("a", 160)).parts == 1);
  CHECK(measure_sms(repeat("a", 161)).parts == 2);
  CHECK(measure_sms(repeat("a", 306)).parts == 2);
  CHECK(measure_sms(repeat("a", 307)).parts == 3);
  CHECK(measure_sms(repeat("ü", 160)).parts == 1);
  CHECK(measure_sms(repeat("a", 160)).alphabet == SmsAlphabet::gsm);
  CHECK(measure_sms("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà").units == 71);
}

TEST_CASE("a character of the extension table needs two septets, which stay in one part") {
  CHECK(measure_sms("€").units == 2);
  for (const char* one : {"^", "{", "}", "\\", "[", "~", "]", "|", "€"}) {
    CAPTURE(one);
    CHECK(measure_sms(one).units == 2);
  }
  CHECK(measure_sms(repeat("€", 80)).parts == 1);
  CHECK(measure_sms(repeat("a", 159) + "€").parts == 2);
  CHECK(measure_sms(repeat("a", 152) + "€" + repeat("a", 152)).units == 306);
  CHECK(measure_sms(repeat("a", 152) + "€" + repeat("a", 152)).parts == 3);
}

TEST_CASE("one other character makes the text UCS-2, with 70 and 67 units") {
  CHECK(measure_sms("ąśćż€😀").alphabet == SmsAlphabet::ucs2);
  CHECK(measure_sms("ąśćż€😀").units == 7);
  CHECK(measure_sms("ąśćż€😀").parts == 1);
  CHECK(measure_sms(repeat("ą", 70)).parts == 1);
  CHECK(measure_sms(repeat("ą", 71)).parts == 2);
  CHECK(measure_sms(repeat("ą", 134)).parts == 2);
  CHECK(measure_sms(repeat("ą", 135)).parts == 3);
  for (const char* one : {"`", "\t", "ç", "ł", "„", "–"}) {
    CAPTURE(one);
    CHECK(measure_sms(one).alphabet == SmsAlphabet::ucs2);
  }
}

TEST_CASE("the two halves of a character beyond the basic plane stay in one part") {
  CHECK(measure_sms(repeat("😀", 35)).parts == 1);
  CHECK(measure_sms(repeat("😀", 36)).parts == 2);
  CHECK(measure_sms(repeat("😀", 66)).parts == 2);
  CHECK(measure_sms(repeat("😀", 67)).units == 134);
  CHECK(measure_sms(repeat("😀", 67)).parts == 3);
}

TEST_CASE("text that is not UTF-8 is measured without harm") {
  for (const char* bad : {"\xff", "\xc3", "a\xe2\x82", "\xf0\x9f", "\x80\x80"}) CHECK(measure_sms(bad).parts == 1);
}

TEST_CASE("parts are spared only where a text has more than one") {
  CHECK(courier::spare_parts("Żółw " + repeat("x", 60)) == "Żółw " + repeat("x", 60));
  CHECK(courier::spare_parts("Klinika „Żółw”: für – " + repeat("x", 60)) ==
        "Klinika \"Zolw\": für - " + repeat("x", 60));
  CHECK(courier::spare_parts(repeat("a", 306)) == repeat("a", 306));
}
