#include "flow/client/client_snippets.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "flow/house/site_settings.hpp"

namespace flow {
namespace {

// {NAME} is replaced; a line that ends with "#public", "#secret", "#es256" or "#http" stands only for clients without
// or with a secret, with that algorithm, or on an issuer without TLS.
constexpr std::string_view node =
    R"(// Save it as app.mjs; npm install openid-client; then CLIENT_SECRET=… node app.mjs #secret
// Save it as app.mjs; npm install openid-client; then node app.mjs #public
import http from 'node:http';
import * as oidc from 'openid-client';

const redirectUri = '{REDIRECT_JS}';
const issuer = new URL('{ISSUER}');
const auth = oidc.None(); #public
const auth = oidc.ClientSecretBasic(process.env.CLIENT_SECRET); #secret
const config = await oidc.discovery(issuer, '{CLIENT}', undefined, auth); #tls
// Without TLS only to try it out. #http
const config = await oidc.discovery(issuer, '{CLIENT}', undefined, auth, { execute: [oidc.allowInsecureRequests] }); #http

// What a login began with, by its state. An application keeps it in the session of the browser.
const begun = new Map();

http.createServer(async (request, response) => {
  const url = new URL(request.url, redirectUri);
  try {
    if (url.pathname === new URL(redirectUri).pathname) {
      const state = url.searchParams.get('state');
      const { verifier, nonce } = begun.get(state);
      begun.delete(state);
      const tokens = await oidc.authorizationCodeGrant(config, url, {
        pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
      });
      response.end(`Logged in: ${tokens.claims().sub}`);
      return;
    }
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const nonce = oidc.randomNonce();
    begun.set(state, { verifier, nonce });
    const login = oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri, scope: '{SCOPE}', state, nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    });
    response.writeHead(302, { location: login.href }).end();
  } catch (error) {
    console.error(error);
    response.writeHead(400).end('The login did not work.');
  }
}).listen(new URL(redirectUri).port || 3000);
)";

constexpr std::string_view python = R"(# pip install authlib flask requests
import os
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session

app = Flask(__name__)
app.secret_key = os.environ["SESSION_KEY"]
oauth = OAuth(app)
oauth.register(
    "chancery",
    client_id="{CLIENT}",
    client_secret=os.environ["CLIENT_SECRET"], #secret
    server_metadata_url="{DISCOVERY}",
    client_kwargs={
        "scope": "{SCOPE}",
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": "none", #public
        "token_endpoint_auth_method": "client_secret_basic", #secret
    },
)

@app.route("/login")
def login():
    return oauth.chancery.authorize_redirect("{REDIRECT}")

@app.route("{REDIRECT_PATH}")
def callback():
    session["person"] = oauth.chancery.authorize_access_token()["userinfo"]
    return redirect("/")
)";

constexpr std::string_view spring = R"(# application.yml; dependency: spring-boot-starter-oauth2-client
spring:
  security:
    oauth2:
      client:
        registration:
          chancery:
            client-id: "{CLIENT}"
            client-secret: "${CLIENT_SECRET}" #secret
            client-authentication-method: client_secret_basic #secret
            client-authentication-method: none #public
            authorization-grant-type: authorization_code
            redirect-uri: "{REDIRECT}"
            scope: [{SCOPE_COMMAS}]
        provider:
          chancery:
            issuer-uri: "{ISSUER}"

// LoginConfiguration.java
@Configuration
class LoginConfiguration {
  @Bean
  SecurityFilterChain filterChain(HttpSecurity http, ClientRegistrationRepository clients) throws Exception {
    var requests = new DefaultOAuth2AuthorizationRequestResolver(clients, "/oauth2/authorization");
    requests.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
    return http
        .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
        .oauth2Login(login -> login
            .redirectionEndpoint(endpoint -> endpoint.baseUri("{REDIRECT_PATH}"))
            .authorizationEndpoint(endpoint -> endpoint.authorizationRequestResolver(requests)))
        .build();
  }
 #es256
  // The ID tokens are signed with ES256; Spring expects RS256 if it is not told. #es256
  @Bean #es256
  JwtDecoderFactory<ClientRegistration> idTokenDecoders() { #es256
    var decoders = new OidcIdTokenDecoderFactory(); #es256
    decoders.setJwsAlgorithmResolver(client -> SignatureAlgorithm.ES256); #es256
    return decoders; #es256
  } #es256
}
)";

constexpr std::string_view php = R"(<?php
// composer require jumbojett/openid-connect-php
// The library does not know ES256: let the ID tokens of this client be signed with RS256. #es256
require 'vendor/autoload.php';

$oidc = new Jumbojett\OpenIDConnectClient('{ISSUER}', '{CLIENT}', getenv('CLIENT_SECRET')); #secret
$oidc = new Jumbojett\OpenIDConnectClient('{ISSUER}', '{CLIENT}'); #public
$oidc->setRedirectURL('{REDIRECT_JS}');
$oidc->addScope(explode(' ', '{SCOPE}'));
$oidc->setCodeChallengeMethod('S256');
$oidc->authenticate();
$_SESSION['person'] = $oidc->getVerifiedClaims('sub');
)";

constexpr std::string_view dotnet =
    R"(// Program.cs; dotnet add package Microsoft.AspNetCore.Authentication.OpenIdConnect
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthorization();
builder.Services.AddAuthentication(options => {
    options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
    options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
}).AddCookie().AddOpenIdConnect(options => {
    options.Authority = "{ISSUER}";
    options.RequireHttpsMetadata = false;  // only to try it out #http
    options.ClientId = "{CLIENT}";
    options.ClientSecret = Environment.GetEnvironmentVariable("CLIENT_SECRET"); #secret
    options.CallbackPath = "{REDIRECT_PATH}";
    options.ResponseType = "code";
    options.ResponseMode = "query";
    options.UsePkce = true;
    options.MapInboundClaims = false;
    options.GetClaimsFromUserInfoEndpoint = true;
    options.Scope.Clear();
    foreach (var scope in "{SCOPE}".Split(' ')) options.Scope.Add(scope);
});
var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGet("/", (HttpContext context) => context.User.FindFirst("sub")?.Value).RequireAuthorization();
app.Run();
)";

constexpr std::string_view apache = R"(# a2enmod auth_openidc; secrets in files that only root reads
OIDCProviderMetadataURL {DISCOVERY}
OIDCClientID {CLIENT}
OIDCClientSecret ${CLIENT_SECRET} #secret
OIDCProviderTokenEndpointAuth client_secret_basic #secret
OIDCProviderTokenEndpointAuth none #public
OIDCRedirectURI {REDIRECT}
OIDCCryptoPassphrase ${SESSION_KEY}
OIDCPKCEMethod S256
OIDCScope "{SCOPE}"
OIDCRemoteUserClaim sub
<Location "/">
  AuthType openid-connect
  Require valid-user
</Location>
)";

using Values = std::vector<std::pair<std::string_view, std::string>>;

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

/// Text between the quotes ' of JavaScript and PHP. No URI has a backslash.
std::string in_single_quotes(std::string text) {
  replace_all(text, "'", "\\'");
  return text;
}

/// The path of an address, "/" if it has none.
std::string find_path(std::string_view uri) {
  uri.remove_prefix(std::min(rights::find_origin(uri).size(), uri.size()));
  uri = uri.substr(0, uri.find('?'));
  return uri.starts_with('/') ? std::string(uri) : "/";
}

/// The lines that stand for this client, with their values.
std::string fill(std::string_view pattern, const std::vector<std::string_view>& marks, const Values& values) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t end = pattern.find('\n');
    std::string_view line = pattern.substr(0, end);
    pattern.remove_prefix(end + 1);
    const std::size_t mark = line.rfind(" #");
    const bool is_marked = mark != std::string_view::npos && line.find(' ', mark + 1) == std::string_view::npos;
    if (is_marked) {
      if (std::find(marks.begin(), marks.end(), line.substr(mark + 2)) == marks.end()) continue;
      line = line.substr(0, mark);
    }
    std::string filled(line);
    for (const auto& [name, value] : values) replace_all(filled, name, value);
    out.append(filled).append("\n");
  }
  return out;
}

}  // namespace

std::string find_discovery_address(const House& house) {
  return house.settings.site.issuer + "/.well-known/openid-configuration";
}

std::vector<Snippet> make_snippets(const House& house, const rights::Client& client) {
  std::vector<Snippet> snippets;
  if (!rights::is_registered(client.grants, "authorization_code") || client.redirect_uris.empty()) return snippets;
  const bool is_public = client.auth == rights::ClientAuth::none;
  std::vector<std::string_view> marks{is_public ? "public" : "secret"};
  if (client.id_token_alg == "ES256") marks.emplace_back("es256");
  marks.emplace_back(house.settings.site.issuer.starts_with("https://") ? "tls" : "http");
  const std::string& redirect = client.redirect_uris.front();
  const Values values{{"{CLIENT}", client.client_id},
                      {"{ISSUER}", house.settings.site.issuer},
                      {"{DISCOVERY}", find_discovery_address(house)},
                      {"{SCOPE}", base::join(client.scopes, " ")},
                      {"{SCOPE_COMMAS}", base::join(client.scopes, ", ")},
                      {"{REDIRECT_JS}", in_single_quotes(redirect)},
                      {"{REDIRECT_PATH}", find_path(redirect)},
                      {"{REDIRECT}", redirect}};
  const std::array<Snippet, 6> all{{{"node", "Node.js: openid-client 6", std::string(node)},
                                    {"python", "Python: Authlib and Flask", std::string(python)},
                                    {"spring", "Java: Spring Boot", std::string(spring)},
                                    {"php", "PHP: OpenID-Connect-PHP", std::string(php)},
                                    {"dotnet", ".NET: ASP.NET Core", std::string(dotnet)},
                                    {"apache", "Apache: mod_auth_openidc", std::string(apache)}}};
  for (const Snippet& one : all) snippets.push_back({one.key, one.title, fill(one.text, marks, values)});
  return snippets;
}

}  // namespace flow
