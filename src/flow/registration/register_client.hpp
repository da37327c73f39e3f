// Clients that register themselves (RFC 7591, OpenID Connect Registration) and change or delete their registration
// (RFC 7592). Only who has an initial access token registers, with the scopes that the token allows; what registered
// itself always needs the consent of people (rights::needs_consent).
//
//   initial access token ─> client, secret, registration access token ─> read, update, delete by that token
//
// Documents that the metadata names (jwks_uri, sector_identifier_uri) are fetched only for who has shown a token, by
// the client of room remote, which refuses inner addresses (security rule 11).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/registration/client_metadata.hpp"
#include "flow/registration/fetch_documents.hpp"

namespace flow {

/// Where clients register.
struct Registrar {
  const House& house;
  DocumentSource documents;
};
/// "https://login.example/oauth2/register".
std::string registration_address(const House& house);

struct ClientInformation {
  std::optional<RegistrationRefusal> refusal{};
  std::string metadata{};  // JSON, if there is no refusal; "" after a deletion
};
/// Errors: unavailable, internal.
base::Result<ClientInformation> register_client(const Registrar& registrar, std::string_view initial_token,
                                                std::string_view json, const RequestFacts& facts);

/// A call of a client about itself.
struct ManagementCall {
  std::string client_id;
  std::string token;  // its registration access token
};
/// Errors: unavailable.
base::Result<ClientInformation> read_registration(const House& house, const ManagementCall& call,
                                                  const RequestFacts& facts);
/// Replaces the metadata, at most 20 times an hour. What administrators have set and RFC 7591 does not know stays;
/// scopes and grants cannot be widened, and the client proves itself as strongly as before, keeps PKCE, PAR and
/// pairwise subjects (docs/decisions/0074). One that begins to authenticate by a secret gets one. Errors: unavailable,
/// conflict (changed meanwhile).
base::Result<ClientInformation> update_registration(const Registrar& registrar, const ManagementCall& call,
                                                    std::string_view json, const RequestFacts& facts);
/// Errors: unavailable.
base::Result<ClientInformation> delete_registration(const House& house, const ManagementCall& call,
                                                    const RequestFacts& facts);

}  // namespace flow
