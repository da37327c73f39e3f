#include "rights/protocol.hpp"

#include <doctest/doctest.h>

using rights::AuthMethod;
using rights::ClientAuth;
using rights::Endpoint;
using rights::GrantType;

TEST_CASE("every word of the protocol is found by its name, and nothing else is") {
  for (const GrantType grant : rights::all_grant_types) CHECK(rights::find_grant_type(rights::name_of(grant)) == grant);
  for (const AuthMethod method : rights::all_auth_methods)
    CHECK(rights::find_auth_method(rights::name_of(method)) == method);
  for (const auto mode : rights::all_response_modes) CHECK(rights::find_response_mode(rights::name_of(mode)) == mode);
  for (const char* never : {"", "implicit", "password", "Authorization_code", "fragment", "client_secret_jwt"}) {
    CAPTURE(never);
    CHECK_FALSE(rights::find_grant_type(never));
    CHECK_FALSE(rights::find_auth_method(never));
    CHECK_FALSE(rights::find_response_mode(never));
  }
}

TEST_CASE("only introspection and the client's own grant refuse a client that proves nothing") {
  for (const Endpoint endpoint : rights::all_endpoints) {
    CAPTURE(rights::name_of(endpoint));
    CHECK(rights::allows(endpoint, AuthMethod::none) == (endpoint != Endpoint::introspection));
    for (const AuthMethod method : {AuthMethod::basic, AuthMethod::post, AuthMethod::assertion})
      CHECK(rights::allows(endpoint, method));
  }
  for (const GrantType grant : rights::all_grant_types) {
    CAPTURE(rights::name_of(grant));
    CHECK(rights::allows(grant, AuthMethod::none) == (grant != GrantType::client_credentials));
  }
}

TEST_CASE("a client is authenticated in the way that it is registered for, and in no other") {
  rights::Client client;
  const auto accepted = [&] {
    std::string names;
    for (const AuthMethod method : rights::all_auth_methods) {
      if (rights::accepts(client, method)) names.append(rights::name_of(method)).append(" ");
    }
    return names;
  };
  CHECK(accepted() == "client_secret_basic client_secret_post ");
  client.auth_method = "client_secret_post";
  CHECK(accepted() == "client_secret_post ");
  client.auth_method.clear();
  client.auth = ClientAuth::private_key_jwt;
  CHECK(accepted() == "private_key_jwt ");
  client.auth = ClientAuth::none;
  CHECK(accepted() == "none ");
}
