#include "flow/proof/certificate_handoff.hpp"

#include <chrono>

#include "crypto/key/master_key.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/proof/proof_settings.hpp"
#include "flow/proof/spend_once.hpp"

namespace flow {
namespace {

constexpr base::Duration errand_lasts = std::chrono::minutes(30);
constexpr base::Duration presented_lasts = std::chrono::seconds(60);
// The clocks of two nodes may differ by so much.
constexpr base::Duration skew = std::chrono::seconds(5);
constexpr std::string_view errand_purpose = "certificate-errand";
constexpr std::string_view presented_purpose = "certificate";
constexpr std::size_t id_size = 16;
constexpr std::size_t longest_next = 2000;

char code_of(CertificateUse use) {
  return static_cast<char>('a' + static_cast<int>(use));
}

base::Bytes place_of(const CertificateErrand& errand) {
  return base::Bytes(1, code_of(errand.use)).append(errand.bound_to.bytes());
}

bool is_young(const base::Id& made, base::Duration lasts, base::Time now) {
  return now + skew >= made.made_at() && now < made.made_at() + lasts;
}

tl::unexpected<base::Error> refuse_errand(base::Code code) {
  return base::fail(code, "the request for a certificate is not from here or too old");
}

}  // namespace

std::string presentation_url(const House& house, const CertificateErrand& errand, base::Time now) {
  const std::string& origin = house.settings.proof.certificate_origin;
  if (origin.empty()) return {};
  // An id tells the time at which it was made.
  base::Bytes plain(base::Id::make(now).bytes());
  plain.append(place_of(errand)).append(errand.next.substr(0, longest_next));
  return origin +
         "/login/certificate/present?errand=" + base::to_base64url(house.master.seal(errand_purpose, plain, {}));
}

base::Result<CertificateErrand> open_errand(const House& house, std::string_view errand, base::Time now) {
  const auto octets = base::parse_base64url(errand);
  if (!octets) return refuse_errand(base::Code::invalid_input);
  const auto plain = house.master.open(errand_purpose, *octets, {});
  constexpr std::size_t use_at = id_size;
  constexpr std::size_t bound_at = use_at + 1;
  constexpr std::size_t next_at = bound_at + id_size;
  if (!plain || plain->size() < next_at) return refuse_errand(base::Code::invalid_input);
  const std::string_view text = plain->reveal();
  ASSIGN_OR_RETURN(const base::Id made, base::Id::from_bytes(text.substr(0, id_size)));
  if (!is_young(made, errand_lasts, now)) return refuse_errand(base::Code::expired);
  CertificateErrand opened;
  opened.use = static_cast<CertificateUse>(text[use_at] - 'a');
  ASSIGN_OR_RETURN(opened.bound_to, base::Id::from_bytes(text.substr(bound_at, id_size)));
  opened.next = text.substr(next_at);
  return opened;
}

std::string return_url(const House& house, const CertificateErrand& errand, base::BytesView der, base::Time now) {
  std::string address = house.settings.site.issuer;
  switch (errand.use) {
    case CertificateUse::login:
      address.append("/login/certificate/return?attempt=").append(errand.bound_to.to_string());
      break;
    case CertificateUse::proof:
      address.append("/account/confirm?next=").append(base::percent_encode(errand.next));
      break;
    case CertificateUse::enrolment: address.append("/account/data/certificate/presented?"); break;
  }
  if (!address.ends_with('?')) address.push_back('&');
  address.append("certificate=");
  if (der.empty() || der.size() > largest_presented) return address;
  const base::Bytes plain = base::Bytes(base::Id::make(now).bytes()).append(der);
  return address.append(base::to_base64url(house.master.seal(presented_purpose, plain, place_of(errand))));
}

base::Result<PresentedCertificate> open_presented(const House& house, const CertificateErrand& errand,
                                                  const base::Secret& presented, base::Time now) {
  const auto refuse = [] {
    return base::fail(base::Code::expired, "no certificate was presented for this, or too long ago");
  };
  const auto octets = base::parse_base64url(presented.reveal());
  if (!octets) return refuse();
  const auto plain = house.master.open(presented_purpose, *octets, place_of(errand));
  if (!plain || plain->size() <= id_size) return refuse();
  const std::string_view text = plain->reveal();
  ASSIGN_OR_RETURN(const base::Id made, base::Id::from_bytes(text.substr(0, id_size)));
  if (!is_young(made, presented_lasts, now)) return refuse();
  return PresentedCertificate{base::Bytes(text.substr(id_size)), base::Bytes(text.substr(0, id_size))};
}

base::Result<bool> take_presented(store::Tx& tx, const identity::Account& account, base::BytesView number,
                                  base::Time now) {
  return spend_once(tx, account, {presented_purpose, number, presented_lasts + skew}, now);
}

}  // namespace flow
