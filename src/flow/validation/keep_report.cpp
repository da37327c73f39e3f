#include "flow/validation/keep_report.hpp"

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/validation/report_json.hpp"
#include "flow/validation/validation_desk.hpp"
#include "signature/report/visible_text.hpp"
#include "store/engine/store.hpp"
#include "store/validation/validation_reports.hpp"

namespace flow {
namespace {

constexpr std::size_t secret_octets = 16;
constexpr std::size_t id_octets = 16;
constexpr std::int64_t most_reports = 5000;

}  // namespace

base::Result<std::string> keep_report(const House& house, const signature::ValidationReport& report,
                                      std::string_view content_name, base::Time now) {
  const base::Duration keep =
      house.validation == nullptr ? base::Duration(0) : house.validation->settings().keep_reports;
  const base::Bytes secret = base::random_bytes(secret_octets);
  store::KeptReport kept;
  kept.id = base::Id::make(now);
  kept.secret_hash = crypto::sha256(secret);
  kept.report = print_report(report, text::Language::en, signature::make_visible(content_name));
  kept.created_at = now;
  kept.expires_at = now + keep;
  RETURN_IF_ERROR(
      house.store.write([&](store::Tx& tx) { return store::insert_validation_report(tx, kept, most_reports); }));
  return base::to_base64url(base::Bytes(kept.id.bytes()) + secret);
}

base::Result<std::optional<FoundReport>> find_report(const House& house, std::string_view address, base::Time now) {
  const auto octets = base::parse_base64url(address);
  if (!octets || octets->size() != id_octets + secret_octets) return std::nullopt;
  const auto id = base::Id::from_bytes(base::BytesView(*octets).substr(0, id_octets));
  if (!id) return std::nullopt;
  ASSIGN_OR_RETURN(const auto kept,
                   house.store.read([&](store::Tx& tx) { return store::find_validation_report(tx, *id); }));
  const base::Bytes hash = crypto::sha256(base::BytesView(*octets).substr(id_octets));
  if (!kept || kept->expires_at <= now || !base::equal_in_constant_time(hash, kept->secret_hash)) return std::nullopt;
  ASSIGN_OR_RETURN(signature::ValidationReport report, read_report(kept->report));
  ASSIGN_OR_RETURN(std::string content_name, read_content_name(kept->report));
  return std::optional(FoundReport{std::move(report), std::move(content_name), kept->expires_at});
}

}  // namespace flow
