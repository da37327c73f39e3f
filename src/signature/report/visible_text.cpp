#include "signature/report/visible_text.hpp"

#include <array>
#include <cstdio>

#include "base/hidden_text.hpp"

namespace signature {
namespace {

std::string write_code(char32_t code, bool is_octet) {
  std::array<char, 16> text{};
  const int size =
      std::snprintf(text.data(), text.size(), is_octet ? "[%02X]" : "[U+%04X]", static_cast<unsigned>(code));
  return {text.data(), static_cast<std::size_t>(size)};
}

void show(std::string& text) {
  text = make_visible(std::string_view(text));
}

}  // namespace

std::string make_visible(std::string_view text) {
  return base::replace_hidden(text, write_code);
}

void make_visible(SignatureReport& report) {
  for (std::string* const text :
       {&report.id, &report.signer.name, &report.signer.organisation, &report.signer.issuer, &report.algorithm,
        &report.policy, &report.commitment, &report.role, &report.verdict.detail, &report.level_flaw.detail}) {
    show(*text);
  }
  for (auto& block : report.blocks) show(block.second.detail);
  for (ScopePart& part : report.scope) show(part.name);
  for (CertificateNote& note : report.certificates) {
    show(note.subject);
    show(note.issuer);
  }
  for (TimestampNote& note : report.timestamps) {
    show(note.authority);
    show(note.policy);
    show(note.verdict.detail);
  }
}

}  // namespace signature
