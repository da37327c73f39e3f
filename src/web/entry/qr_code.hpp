// A QR code (ISO/IEC 18004) as an SVG path, by libqrencode.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace web {

struct QrCode {
  int size = 0;      // modules of a side, with the quiet zone of four modules around
  std::string path;  // for the attribute `d`: a rectangle for each row of dark modules
};
/// Of a text with error correction M. Errors: invalid_input (longer than a QR code can hold, or empty).
base::Result<QrCode> make_qr_code(std::string_view text);

}  // namespace web
