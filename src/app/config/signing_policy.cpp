#include "app/config/signing_policy.hpp"

#include <sstream>
#include <vector>

#include "base/bytes.hpp"
#include "crypto/cms/der.hpp"
#include "crypto/digest/digest.hpp"

namespace app {
namespace {

constexpr std::size_t longest_name = 40;
constexpr std::size_t longest_id = 500;

tl::unexpected<base::Error> fail(std::string_view line, const std::string& why) {
  return base::fail(base::Code::invalid_input, "signing.policies: \"" + std::string(line) + "\": " + why);
}

bool is_name(std::string_view name) {
  return name.size() <= longest_name &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") == std::string_view::npos;
}

bool is_identifier(const std::string& id) {
  if (id.size() > longest_id) return false;
  return id.find(':') != std::string::npos || crypto::der::make_oid(id).has_value();
}

}  // namespace

base::Result<std::pair<std::string, signature::PolicyReference>> parse_signing_policy(std::string_view line) {
  std::istringstream words{std::string(line)};
  std::vector<std::string> parts;
  for (std::string word; words >> word;) parts.push_back(std::move(word));
  if (parts.size() < 3 || parts.size() > 4) return fail(line, "it is NAME ID sha256:HEX, and perhaps a URL");
  if (!is_name(parts[0])) return fail(line, "a name has at most 40 small letters, digits and -_.");
  if (!is_identifier(parts[1])) return fail(line, "the id is neither an object identifier nor a URI");
  signature::PolicyReference policy;
  policy.oid_or_uri = parts[1];
  const std::size_t colon = parts[2].find(':');
  const auto kind = crypto::parse_digest_kind(parts[2].substr(0, colon));
  const auto digest = colon == std::string::npos ? base::Result<base::Bytes>(base::Bytes())
                                                 : base::parse_hex(parts[2].substr(colon + 1));
  if (!kind || *kind < crypto::DigestKind::sha256 || !digest || digest->size() != crypto::size_of(*kind)) {
    return fail(line, "the digest is sha256:, sha384: or sha512: and hexadecimal digits");
  }
  policy.digest_kind = *kind;
  policy.digest = *digest;
  if (parts.size() == 4) {
    if (!parts[3].starts_with("https://") && !parts[3].starts_with("http://")) return fail(line, "the URL is none");
    policy.url = parts[3];
  }
  return std::pair(std::move(parts[0]), std::move(policy));
}

}  // namespace app
