#include "signature/form/signature_wish.hpp"

#include <algorithm>
#include <array>

namespace signature {
namespace {

constexpr std::array<std::string_view, 6> formats{"cades", "xades", "pades", "asic_e", "asic_s", "jades"};
constexpr std::array<std::string_view, 4> levels{"B", "T", "LT", "LTA"};
constexpr std::array<std::string_view, 3> packagings{"enveloped", "enveloping", "detached"};

template <class Enum, std::size_t n>
base::Result<Enum> parse(const std::array<std::string_view, n>& names, std::string_view name, const char* what) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    return base::fail(base::Code::invalid_input,
                      std::string("no such ") + what + ": " + std::string(name.substr(0, 40)));
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view name_of(Format format) {
  return formats.at(static_cast<std::size_t>(format));
}

base::Result<Format> parse_format(std::string_view name) {
  return parse<Format>(formats, name, "format");
}

std::string_view name_of(Level level) {
  return levels.at(static_cast<std::size_t>(level));
}

base::Result<Level> parse_level(std::string_view name) {
  return parse<Level>(levels, name, "level");
}

std::string_view name_of(Packaging packaging) {
  return packagings.at(static_cast<std::size_t>(packaging));
}

base::Result<Packaging> parse_packaging(std::string_view name) {
  return parse<Packaging>(packagings, name, "packaging");
}

}  // namespace signature
