// Questions of OCSP, which strangers send without TLS: what is read is answered as well.
#include <cstdint>

#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/ocsp.hpp"

namespace {

struct Responder {
  crypto::KeyPair key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  base::Bytes certificate = make();

  [[nodiscard]] base::Bytes make() const {
    crypto::CertificateTemplate wanted;
    wanted.serial = crypto::make_serial();
    wanted.common_name = "OCSP";
    wanted.not_after = base::Time(std::chrono::hours(24 * 365 * 60));
    wanted.key_uses = {crypto::KeyUse::digital_signature};
    wanted.extended_uses = {crypto::ExtendedUse::ocsp_signing};
    return crypto::issue_root(wanted, key).value();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Responder responder;
  const base::BytesView input(reinterpret_cast<const char*>(data), size);
  const auto request = crypto::OcspRequest::parse(input);
  static_cast<void>(
      crypto::read_ocsp_answer(input, responder.certificate, responder.certificate, base::Time()).has_value());
  if (!request) return 0;
  if (request->count() == 0 || request->count() > crypto::most_ocsp_questions) __builtin_trap();
  const std::vector<crypto::OcspAnswer> answers(request->count());
  for (std::size_t i = 0; i < request->count(); ++i) {
    static_cast<void>(request->is_about(i, responder.certificate));
  }
  const auto answer = crypto::answer_ocsp(*request, answers, {base::Time(), base::Time(std::chrono::hours(1))},
                                          {responder.certificate, responder.key});
  if (!answer) __builtin_trap();
  return 0;
}
