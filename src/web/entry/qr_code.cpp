#include "web/entry/qr_code.hpp"

#include <qrencode.h>

#include <memory>

namespace web {
namespace {

constexpr int quiet_zone = 4;
constexpr std::size_t longest_text = 1000;

struct Freed {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

base::Result<QrCode> make_qr_code(std::string_view text) {
  const auto bad = [] { return base::fail(base::Code::invalid_input, "no QR code can hold the text"); };
  if (text.empty() || text.size() > longest_text) return bad();
  const std::unique_ptr<QRcode, Freed> code(QRcode_encodeData(
      static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
  if (code == nullptr) return bad();
  QrCode drawn;
  drawn.size = code->width + 2 * quiet_zone;
  const auto is_dark = [&](int x, int y) { return (code->data[y * code->width + x] & 1U) != 0; };
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      if (!is_dark(x, y)) continue;
      const int from = x;
      while (x < code->width && is_dark(x, y)) ++x;
      const std::string width = std::to_string(x - from);
      drawn.path.append("M").append(std::to_string(from + quiet_zone));
      drawn.path.append(" ").append(std::to_string(y + quiet_zone));
      drawn.path.append("h").append(width).append("v1h-").append(width).append("z");
    }
  }
  return drawn;
}

}  // namespace web
