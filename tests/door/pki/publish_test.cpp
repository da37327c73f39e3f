// What the authority publishes without TLS: certificates, lists, OCSP.
#include <doctest/doctest.h>

#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/ocsp.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "door/connector/practice.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/certificate/publish_lists.hpp"
#include "flow/certificate/revoke_certificate.hpp"

using door::Practice;

namespace {

std::string escape(const std::string& base64) {
  std::string escaped;
  for (const char c : base64) escaped += c == '/' ? "%2F" : c == '+' ? "%2B" : c == '=' ? "%3D" : std::string(1, c);
  return escaped;
}

struct Published : Practice {
  store::AuthorityRow authority = flow::create_authority(app.house(), ada, {"", "Clinic", {}}, facts()).value();
  flow::CommandCertificate server = flow::issue_by_command(app.house(), ada,
                                                           {authority::Profile::tls_server,
                                                            "",
                                                            "",
                                                            "id.example",
                                                            {"id.example"},
                                                            {"127.0.0.1"},
                                                            {},
                                                            {},
                                                            crypto::KeyKind::ec_p256},
                                                           facts())
                                        .value();

  [[nodiscard]] test::Answer fetch(const std::string& path, const std::string& method = "GET") const {
    test::Client client(app.port());
    return client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").read();
  }
  [[nodiscard]] test::Answer post(const std::string& body, const std::string& type = "application/ocsp-request") const {
    test::Client client(app.port());
    return client
        .send("POST /pki/ocsp HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type +
              "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
        .read();
  }
  [[nodiscard]] std::string place(const std::string& end) const { return "/pki/" + authority.id.to_string() + end; }
};

}  // namespace

TEST_CASE("the chain, the certificate and both lists are there for everybody, without TLS and without cookies") {
  const Published f;
  REQUIRE(flow::publish_changed_lists(f.app.house(), base::now()));
  const auto chain = f.fetch("/pki/chain.pem");
  CHECK(chain.status == 200);
  CHECK(chain.body.starts_with("-----BEGIN CERTIFICATE-----"));
  CHECK_FALSE(chain.has("Set-Cookie"));
  const auto certificate = f.fetch(f.place(".cer"));
  CHECK(certificate.body == f.authority.der);
  CHECK(certificate.has("application/pkix-cert"));
  const auto list = f.fetch(f.place(".crl"));
  CHECK(list.has("application/pkix-crl"));
  CHECK(crypto::is_signed_by(list.body, f.authority.der).value());
  CHECK(crypto::read_revocation_list(f.fetch(f.place("-delta.crl")).body)->is_delta);
}

TEST_CASE("other names are not there") {
  const Published f;
  for (const char* path : {"/pki/x.crl", "/pki/0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55.crl", "/pki/chain",
                           "/pki/0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55.cer"}) {
    CAPTURE(path);
    CHECK(f.fetch(path).status == 404);
  }
  CHECK(f.fetch(f.place(".key")).status == 404);
  CHECK(f.fetch(f.place("")).status == 404);
  CHECK(f.fetch(f.place(".crl"), "POST").status == 405);
}

TEST_CASE("OCSP answers by POST and by GET, and a revocation shows in the next answer") {
  const Published f;
  const auto request = crypto::make_ocsp_request(f.server.issued.der, f.authority.der).value();
  const auto status = [&](const test::Answer& answer) {
    CHECK(answer.status == 200);
    CHECK(answer.has("application/ocsp-response"));
    return crypto::read_ocsp_answer(answer.body, f.server.issued.der, f.authority.der, base::now())->status;
  };
  CHECK(status(f.post(request)) == crypto::OcspStatus::good);
  const std::string packed = base::to_base64(request);
  CHECK(status(f.fetch("/pki/ocsp/" + escape(packed))) == crypto::OcspStatus::good);
  CHECK(status(f.fetch("/pki/ocsp/" + packed)) == crypto::OcspStatus::good);
  REQUIRE(flow::revoke_named_certificate(f.app.house(), f.ada, f.server.issued.sha256, {}, f.facts()));
  CHECK(status(f.post(request)) == crypto::OcspStatus::revoked);
}

TEST_CASE("OCSP by GET takes a request whose base64 has slashes, side by side as well, escaped or not") {
  const Published f;
  // The extension of a nonce (RFC 9654) of octets that are all ones, which base64 writes as slashes.
  const auto part = [](char tag, const std::string& content) {
    const std::string more = content.size() < 0x80 ? "" : "\x81";
    return tag + more + static_cast<char>(content.size()) + content;
  };
  const std::string nonce = part(0x04, part(0x04, std::string(16, '\xff')));
  const std::string oid = part(0x06, std::string("\x2b\x06\x01\x05\x05\x07\x30\x01\x02", 9));
  const std::string extensions = part('\xa2', part(0x30, part(0x30, oid + nonce)));
  const std::string plain = crypto::make_ocsp_request(f.server.issued.der, f.authority.der).value();
  // OCSPRequest { tbsRequest { requestList } }: the list is what its head is followed by.
  const auto head_of = [](const std::string& der) -> std::size_t {
    return static_cast<unsigned char>(der.at(1)) < 0x80 ? 2 : 3;
  };
  const std::string outer = plain.substr(head_of(plain));
  std::string list = outer.substr(head_of(outer));
  list.resize(head_of(list) + static_cast<unsigned char>(list.at(head_of(list) - 1)));
  const std::string request = part(0x30, part(0x30, list + extensions));
  REQUIRE(request.size() < 0xff);
  const std::string packed = base::to_base64(request);
  REQUIRE(packed.find("//") != std::string::npos);
  for (const std::string& path : {packed, escape(packed)}) {
    CAPTURE(path);
    const auto answer = f.fetch("/pki/ocsp/" + path);
    CHECK(answer.status == 200);
    CHECK(answer.has("application/ocsp-response"));
    CHECK(crypto::read_ocsp_answer(answer.body, f.server.issued.der, f.authority.der, base::now())->status ==
          crypto::OcspStatus::good);
  }
  CHECK(f.fetch("/pki/ocsp/..%2Fchain.pem").status == 400);
  CHECK(f.fetch("/pki/ocsp/../chain.pem").status == 400);
}

TEST_CASE("rubbish gets an answer of OCSP, and another type or too much gets none") {
  const Published f;
  CHECK(f.post("rubbish").body == crypto::refuse_ocsp(crypto::OcspRefusal::malformed));
  CHECK(f.fetch("/pki/ocsp/rubbish").body == crypto::refuse_ocsp(crypto::OcspRefusal::malformed));
  CHECK(f.post("rubbish", "text/plain").status == 415);
  CHECK(f.post(std::string(5000, 'x')).status == 413);
}

TEST_CASE("without an authority there is nothing to fetch") {
  const Practice f;
  test::Client client(f.app.port());
  CHECK(client.send("GET /pki/chain.pem HTTP/1.1\r\nHost: localhost\r\n\r\n").read().status == 404);
}
