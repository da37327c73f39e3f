// The practice program of the demonstration, the portal's page /practice (S1.4): it takes the ZIP file of a client
// system, connects to the connector with it by real mutual TLS, and says of every step what came out, in words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "demo/application_pages.hpp"
#include "demo/options.hpp"
#include "http/router.hpp"
#include "text/text.hpp"

namespace demo {

/// One step of the connection: a key of words, what was seen, and whether it went well.
struct PracticeStep {
  std::string word;
  std::string detail;
  bool is_good = true;
};

struct PracticeCall {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string authority_file;  // that the connector's certificate must come from
  std::string path = "/connector/self";
};
/// Reads the archive, `<id>.p12` and `<id>-password.txt`, and asks the connector. The steps up to the first that fails.
std::vector<PracticeStep> connect_practice(base::BytesView archive, const PracticeCall& call);

/// Adds GET and POST /practice.
void add_practice(http::Router& portal, const Application& application, const Options& options,
                  const std::string& authority_file);

}  // namespace demo
