#include "flow/validation/find_format.hpp"

#include "signature/cades/read_cades.hpp"

namespace flow {
namespace {

base::BytesView after_blanks(base::BytesView octets) {
  constexpr base::BytesView mark = "\xEF\xBB\xBF";
  if (octets.starts_with(mark)) octets.remove_prefix(mark.size());
  const std::size_t begin = octets.find_first_not_of(" \t\r\n");
  return begin == base::BytesView::npos ? base::BytesView() : octets.substr(begin);
}

bool is_utf16(base::BytesView octets) {
  return octets.starts_with(base::BytesView("\xFF\xFE<\0", 4)) || octets.starts_with(base::BytesView("\xFE\xFF\0<", 4));
}

}  // namespace

DocumentKind find_kind(base::BytesView octets) {
  if (octets.empty()) return DocumentKind::empty;
  // What is inside a signature may be a document of another kind, so that the signature is looked for first.
  if (signature::is_cms_signature(octets)) return DocumentKind::cms;
  const base::BytesView text = after_blanks(octets);
  if (text.starts_with('<') || is_utf16(octets)) return DocumentKind::xml;
  if (octets.starts_with("PK\x03\x04")) return DocumentKind::zip;
  // ISO 32000-1 annex H: the header may stand in the first 1024 octets.
  constexpr std::size_t pdf_room = 1024;
  if (octets.substr(0, pdf_room).find("%PDF-") != base::BytesView::npos) return DocumentKind::pdf;
  return text.starts_with('{') ? DocumentKind::json : DocumentKind::other;
}

base::Result<base::Bytes> read_beginning(base::BytesView octets, const base::OctetSource* source) {
  constexpr std::size_t most = 4096;
  if (source != nullptr) return source->read(0, most);
  return base::Bytes(octets.substr(0, most));
}

}  // namespace flow
