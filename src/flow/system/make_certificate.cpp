#include "flow/system/make_certificate.hpp"

#include <algorithm>
#include <array>

#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/certificate_traits.hpp"
#include "crypto/certificate/key_pair.hpp"
#include "crypto/certificate/pkcs12.hpp"
#include "flow/certificate/issue_certificate.hpp"
#include "flow/certificate/revoke_certificate.hpp"
#include "flow/certificate/signed_ahead.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/proof/spend_once.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/system/find_system.hpp"
#include "store/engine/store.hpp"
#include "zip/zip.hpp"

namespace flow {
namespace {

struct Row {
  std::string_view name;
  crypto::KeyKind kind;
};
// In the order of SystemKey.
constexpr std::array rows{Row{"rsa2048", crypto::KeyKind::rsa_2048}, Row{"ecc256", crypto::KeyKind::ec_p256},
                          Row{"rsa3072", crypto::KeyKind::rsa_3072}};

// Without those that look alike (0 O, 1 I l), because it is typed in at a workstation: 56 characters, 92 bits.
constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
constexpr std::size_t password_length = 16;

// No form is older, because its session has ended by then.
constexpr base::Duration wish_lasts = std::chrono::hours(24);

base::Secret make_password() {
  constexpr std::size_t fair = 256 / letters.size() * letters.size();
  std::string made;
  made.reserve(password_length);
  while (made.size() < password_length) {
    for (const char c : base::random_bytes(2 * password_length)) {
      const auto octet = static_cast<unsigned char>(c);
      if (octet < fair && made.size() < password_length) made.push_back(letters[octet % letters.size()]);
    }
  }
  return base::Secret(std::move(made));
}

/// The id in names of files, which have at most 255 octets.
std::string name_files(std::string_view system_id) {
  constexpr std::size_t most = 200;
  const auto is_inside = [&](std::size_t at) { return (static_cast<unsigned char>(system_id[at]) & 0xc0) == 0x80; };
  std::size_t end = std::min(system_id.size(), most);
  while (end > 0 && end < system_id.size() && is_inside(end)) --end;
  return std::string(system_id.substr(0, end));
}

base::Result<base::Secret> pack(const SystemZipWish& wish, const crypto::KeyPair& key, const IssuedCertificate& issued,
                                base::Time now) {
  const base::Secret password = make_password();
  ASSIGN_OR_RETURN(base::Secret file, crypto::encode_pkcs12({.key = key,
                                                             .certificate = issued.der,
                                                             .chain = issued.chain,
                                                             .name = wish.system_id,
                                                             .is_for_old_software = wish.is_for_old_software},
                                                            password));
  const std::string name = name_files(wish.system_id);
  const std::array entries{zip::Entry{name + ".p12", std::move(file)}, zip::Entry{name + "-password.txt", password}};
  return zip::pack(entries, now);
}

crypto::RevocationReason reason_of(std::string_view reason) {
  if (reason == "lost") return crypto::RevocationReason::key_compromise;
  if (reason == "replaced") return crypto::RevocationReason::superseded;
  return crypto::RevocationReason::cessation_of_operation;
}

}  // namespace

base::Result<IssuedCertificate> issue_for_system(const CertificateAct& act, const store::ClientSystem& system,
                                                 base::BytesView public_key) {
  CertificateWish wanted;
  wanted.profile = authority::Profile::client_system;
  wanted.tenant_id = system.tenant_id;
  wanted.account_id = system.account_id;
  wanted.client_system = system.id;
  wanted.common_name = system.id;
  wanted.public_key = public_key;
  ASSIGN_OR_RETURN(IssuedCertificate issued, issue_certificate(act, wanted));
  ASSIGN_OR_RETURN(crypto::CertificateFacts facts, crypto::parse_certificate(issued.der));
  ASSIGN_OR_RETURN(const crypto::CertificateTraits traits, crypto::read_traits(facts.der));
  store::SystemCertificate row = make_certificate_row(std::move(facts), traits);
  row.is_own = true;
  ASSIGN_OR_RETURN(const CertificateFlaw flaw, register_certificate(act, system, std::move(row)));
  if (flaw != CertificateFlaw::none) return base::fail(base::Code::too_many, std::string(certificates_full));
  return issued;
}

std::string_view name_of(SystemKey key) {
  return rows.at(static_cast<std::size_t>(key)).name;
}

std::optional<SystemKey> find_system_key(std::string_view name) {
  const auto* const found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
  if (found == rows.end()) return std::nullopt;
  return static_cast<SystemKey>(found - rows.begin());
}

base::Result<SystemZip> issue_system_certificate(const House& house, const rights::Actor& actor,
                                                 const SystemZipWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_systems, facts.now));
  ASSIGN_OR_RETURN(const auto known,
                   house.store.read([&](store::Tx& tx) { return find_managed_system(tx, actor, wish.system_id); }));
  // Before the transaction, because an RSA key takes time.
  const crypto::KeyKind kind = rows.at(static_cast<std::size_t>(wish.key)).kind;
  ASSIGN_OR_RETURN(const crypto::KeyPair key, crypto::KeyPair::generate(kind));
  return sign_ahead([&](SignedAhead& ahead) {
    return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<SystemZip> {
      ASSIGN_OR_RETURN(const store::ClientSystem system, find_managed_system(tx, actor, wish.system_id));
      if (!wish.once.empty() && !actor.is_operator()) {
        ASSIGN_OR_RETURN(const bool is_first,
                         spend_once(tx, actor.account(), {"system_zip", wish.once, wish_lasts}, facts.now));
        if (!is_first) return base::fail(base::Code::already_exists, "the same form was sent before");
      }
      ASSIGN_OR_RETURN(const IssuedCertificate issued,
                       issue_for_system({house, tx, facts, &actor, &ahead}, system, key.public_key()));
      SystemZip made{name_files(system.id) + ".zip", {}, issued.sha256};
      // In the transaction: without the file the certificate would be of no use to anybody.
      ASSIGN_OR_RETURN(made.octets, pack(wish, key, issued, facts.now));
      return made;
    });
  });
}

base::Result<void> revoke_issued(const House& house, store::Tx& tx, const rights::Actor& actor,
                                 const store::SystemCertificate& certificate, const RequestFacts& facts) {
  auto revoked = revoke_certificate({house, tx, facts, &actor}, certificate.sha256, reason_of(certificate.reason));
  if (!revoked && revoked.error().code != base::Code::not_found) return base::pass_on(std::move(revoked));
  return {};
}

}  // namespace flow
