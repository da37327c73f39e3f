// Tokens of RFC 3161 in memory with a software key on P-256, without a server, a number that is durable, or an event,
// beside the bare signature: one line of JSON. Usage: timestamp_speed [SECONDS]
#include "bench/signer.hpp"
#include "crypto/cms/timestamp_request.hpp"
#include "crypto/cms/timestamp_token.hpp"

namespace {

void run(bench::Speed& speed) {
  const bench::Signer signer;
  const crypto::TimestampSigner authority{
      signer.certificate, {signer.issuing}, bench::ecdsa, [&](base::BytesView octets) {
        return signer.key.sign(bench::ecdsa, octets);
      }};
  crypto::TimestampInfo info;
  info.policy = "2.999.3161.1";
  info.imprint = crypto::digest(crypto::DigestKind::sha256, "document");
  info.serial = "\x01\x02\x03\x04";
  info.at = base::now();
  info.accuracy.seconds = 1;
  info.nonce = crypto::make_nonce();
  speed.measure("bare_signature", [&] { return signer.key.sign(bench::ecdsa, info.imprint).has_value(); });
  speed.measure("token", [&] { return crypto::make_timestamp_token(info, authority, true).has_value(); });
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_bench(argc, argv, run);
}
