#include "flow/client/client_snippets.hpp"

#include <algorithm>
#include <array>
#include <span>
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

function say(response, status, type, text) {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(text);
}

http.createServer(async (request, response) => {
  const url = new URL(request.url, redirectUri);
  try {
    if (url.pathname === new URL(redirectUri).pathname && url.search !== '') {
      const state = url.searchParams.get('state');
      const login = begun.get(state);
      begun.delete(state);
      if (!login) {
        say(response, 400, 'text/html', 'This login was used already, or did not begin here. <a href="/">Begin again</a>');
        return;
      }
      const { verifier, nonce } = login;
      const tokens = await oidc.authorizationCodeGrant(config, url, {
        pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
      });
      const { name, sub } = tokens.claims();
      say(response, 200, 'text/plain', `Logged in: ${name ? `${name}, ` : ''}${sub}`);
      return;
    }
    // A browser asks by itself for more, such as /favicon.ico; that begins no login.
    if (url.pathname !== '/') {
      say(response, 404, 'text/plain', 'There is nothing here.');
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
    // What the server has answered is in the error itself or, after a 401, still in the answer.
    const answer = error.error ? error : await error.response?.json().catch(() => undefined);
    console.error('The login did not work:', answer?.error ?? error.code, answer?.error_description ?? error);
    say(response, 400, 'text/plain', 'The login did not work.');
  }
}).listen(new URL(redirectUri).port || 3000);
)";

constexpr std::string_view python =
    R"(# Save it as app.py; pip install authlib flask requests; then CLIENT_SECRET=… SESSION_KEY=… flask run #secret
# Save it as app.py; pip install authlib flask requests; then SESSION_KEY=… flask run #public
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

@app.route("/")
def start():
    return f"Logged in: {session['person']['sub']}" if "person" in session else redirect("/login")
)";

constexpr std::string_view spring =
    R"(# application.yml; dependencies: spring-boot-starter-oauth2-client, spring-boot-starter-web
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
import org.springframework.context.annotation.*;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory; #es256
import org.springframework.security.oauth2.client.registration.*;
import org.springframework.security.oauth2.client.web.*;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm; #es256
import org.springframework.security.oauth2.jwt.JwtDecoderFactory; #es256
import org.springframework.security.web.SecurityFilterChain;

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
// Save it where {REDIRECT_PATH} leads; it needs the extension curl and no library. Whoever opens it logs in.
session_start();

function call(string $url, array $options = []): array {
    $request = curl_init($url);
    curl_setopt_array($request, $options + [CURLOPT_RETURNTRANSFER => true, CURLOPT_FAILONERROR => true]);
    $answer = curl_exec($request);
    if ($answer === false) throw new RuntimeException(curl_error($request));
    return json_decode($answer, true, 16, JSON_THROW_ON_ERROR);
}
function in_base64url(string $octets): string {
    return rtrim(strtr(base64_encode($octets), '+/', '-_'), '=');
}
function fail(): never {
    http_response_code(400);
    exit('The login did not work.');
}

$server = call('{DISCOVERY}');
if (!isset($_GET['state'])) {
    $login = array_map(fn() => in_base64url(random_bytes(32)), ['state' => 0, 'nonce' => 0, 'verifier' => 0]);
    $_SESSION['login'] = $login;
    header('Location: ' . $server['authorization_endpoint'] . '?' . http_build_query([
        'response_type' => 'code', 'client_id' => '{CLIENT}', 'redirect_uri' => '{REDIRECT_JS}', 'scope' => '{SCOPE}',
        'state' => $login['state'], 'nonce' => $login['nonce'],
        'code_challenge' => in_base64url(hash('sha256', $login['verifier'], true)), 'code_challenge_method' => 'S256',
    ]));
    exit;
}
$login = $_SESSION['login'] ?? null;
unset($_SESSION['login']);
if (!$login || !is_string($_GET['state']) || !hash_equals($login['state'], $_GET['state'])) fail();
if (!isset($_GET['code']) || ($_GET['iss'] ?? '') !== '{ISSUER}') fail();
$tokens = call($server['token_endpoint'], [
    CURLOPT_USERPWD => '{CLIENT}:' . urlencode(getenv('CLIENT_SECRET')), #secret
    CURLOPT_POSTFIELDS => http_build_query([
        'client_id' => '{CLIENT}', #public
        'grant_type' => 'authorization_code', 'code' => $_GET['code'], 'redirect_uri' => '{REDIRECT_JS}',
        'code_verifier' => $login['verifier'],
    ]),
]);
// It comes from the server itself over TLS, which takes the place of its signature (OpenID Connect Core 3.1.3.7).
$claims = json_decode(base64_decode(strtr(explode('.', $tokens['id_token'])[1], '-_', '+/')), true);
if ($claims['iss'] !== '{ISSUER}' || !in_array('{CLIENT}', (array) $claims['aud'], true)) fail();
if (!hash_equals($login['nonce'], $claims['nonce'] ?? '') || $claims['exp'] < time()) fail();
session_regenerate_id(true);
$_SESSION['person'] = $claims['sub'];
echo 'Logged in: ', htmlspecialchars($claims['sub']);
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

// A single-page application: all of it runs in the browser, so that it has no secret and proves by PKCE.
constexpr std::string_view in_browser =
    R"(// npm install oidc-client-ts; it does PKCE by itself. Load it as a module, at {REDIRECT_PATH} as well.
import { UserManager } from 'oidc-client-ts';

const manager = new UserManager({
  authority: '{ISSUER}',
  client_id: '{CLIENT}',
  redirect_uri: '{REDIRECT_JS}',
  scope: '{SCOPE}',
});

const answer = new URLSearchParams(location.search);
if (answer.has('state') && (answer.has('code') || answer.has('error'))) {
  // Ends with an exception if the answer is an error or belongs to no login of this browser.
  await manager.signinRedirectCallback();
  history.replaceState({}, '', location.pathname);
}
const person = await manager.getUser();
if (person && !person.expired) {
  document.body.textContent = `Logged in: ${person.profile.sub}`;
} else {
  await manager.signinRedirect();
}
)";

constexpr std::string_view android =
    R"(// build.gradle.kts: implementation("net.openid:appauth:0.11.1"), and manifestPlaceholders["appAuthRedirectScheme"]
// with what is before the colon of {REDIRECT}. It does PKCE by itself.
class LoginActivity : ComponentActivity() {
  private val service by lazy { AuthorizationService(this) }
  private val login = registerForActivityResult(ActivityResultContracts.StartActivityForResult()) { result ->
    val answer = AuthorizationResponse.fromIntent(result.data ?: return@registerForActivityResult)
        ?: return@registerForActivityResult
    service.performTokenRequest(answer.createTokenExchangeRequest()) { tokens, problem ->
      // tokens?.idToken says who it is; problem says why nobody is logged in.
    }
  }

  fun logIn() = AuthorizationServiceConfiguration.fetchFromIssuer(Uri.parse("{ISSUER}")) { found, _ ->
    if (found == null) return@fetchFromIssuer
    val request = AuthorizationRequest.Builder(found, "{CLIENT}", ResponseTypeValues.CODE, Uri.parse("{REDIRECT}"))
        .setScope("{SCOPE}")
        .build()
    login.launch(service.getAuthorizationRequestIntent(request))
  }
}
)";

// A program that acts for itself, and the system that it calls.
constexpr std::string_view token_by_curl =
    R"(# CLIENT_SECRET=… in the environment; the answer has "access_token", and "expires_in" in seconds.
curl -fsS -u "{CLIENT}:$CLIENT_SECRET" -d grant_type=client_credentials -d "scope={SCOPE}" {ISSUER}/oauth2/token #scoped
curl -fsS -u "{CLIENT}:$CLIENT_SECRET" -d grant_type=client_credentials {ISSUER}/oauth2/token #unscoped
# When a scope is registered for it, say before the address: -d "scope=…" #unscoped

# Each call of the other system takes it along: curl -H "Authorization: Bearer $ACCESS_TOKEN" …
)";

constexpr std::string_view introspection_by_curl =
    R"(# CLIENT_SECRET=… and the token of a caller, ACCESS_TOKEN=…, in the environment; "active" says whether it counts.
curl -fsS -u "{CLIENT}:$CLIENT_SECRET" -d "token=$ACCESS_TOKEN" {ISSUER}/oauth2/introspect
)";

/// What fits the kind: a program in a browser or on a phone has no server side.
constexpr std::array for_browsers{std::string_view("browser")};
constexpr std::array for_devices{std::string_view("node"), std::string_view("android")};
constexpr std::array for_servers{std::string_view("node"), std::string_view("python"), std::string_view("spring"),
                                 std::string_view("php"),  std::string_view("dotnet"), std::string_view("apache")};

constexpr std::array for_machines{std::string_view("curl")};
constexpr std::array for_called{std::string_view("introspection")};

std::span<const std::string_view> find_fitting(rights::ClientKind kind) {
  switch (kind) {
    case rights::ClientKind::web: return for_servers;
    case rights::ClientKind::spa: return for_browsers;
    case rights::ClientKind::native: return for_devices;
    case rights::ClientKind::machine: return for_machines;
    case rights::ClientKind::resource: return for_called;
  }
  return {};
}

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

/// Scopes as they can stand between the quotes of every language here. RFC 6749 §3.3 allows $, ` and ' as well, with
/// which a line that is pasted into a shell would run a command; such a scope is left out.
std::vector<std::string> list_plain(const std::vector<std::string>& scopes) {
  std::vector<std::string> plain;
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("._:/+-").find(c) != std::string_view::npos;
  };
  for (const std::string& scope : scopes) {
    if (std::all_of(scope.begin(), scope.end(), is_plain)) plain.push_back(scope);
  }
  return plain;
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
  const bool logs_in = rights::is_registered(client.grants, "authorization_code") && !client.redirect_uris.empty();
  const bool is_called = client.kind == rights::ClientKind::machine || client.kind == rights::ClientKind::resource;
  // With a key instead of a secret a program makes an assertion, for which no one line is enough.
  if (is_called ? client.auth != rights::ClientAuth::secret : !logs_in) return snippets;
  const bool is_public = client.auth == rights::ClientAuth::none;
  std::vector<std::string_view> marks{is_public ? "public" : "secret"};
  if (client.id_token_alg == "ES256") marks.emplace_back("es256");
  marks.emplace_back(house.settings.site.issuer.starts_with("https://") ? "tls" : "http");
  const std::vector<std::string> scopes = list_plain(client.scopes);
  marks.emplace_back(scopes.empty() ? "unscoped" : "scoped");
  const std::string redirect = client.redirect_uris.empty() ? std::string() : client.redirect_uris.front();
  const Values values{{"{CLIENT}", client.client_id},
                      {"{ISSUER}", house.settings.site.issuer},
                      {"{DISCOVERY}", find_discovery_address(house)},
                      {"{SCOPE}", base::join(scopes, " ")},
                      {"{SCOPE_COMMAS}", base::join(scopes, ", ")},
                      {"{REDIRECT_JS}", in_single_quotes(redirect)},
                      {"{REDIRECT_PATH}", find_path(redirect)},
                      {"{REDIRECT}", redirect}};
  const std::array<Snippet, 10> all{{{"node", "Node.js: openid-client 6", std::string(node)},
                                     {"python", "Python: Authlib and Flask", std::string(python)},
                                     {"spring", "Java: Spring Boot", std::string(spring)},
                                     {"php", "PHP, without a library", std::string(php)},
                                     {"dotnet", ".NET: ASP.NET Core", std::string(dotnet)},
                                     {"apache", "Apache: mod_auth_openidc", std::string(apache)},
                                     {"browser", "Browser: oidc-client-ts", std::string(in_browser)},
                                     {"android", "Android: AppAuth", std::string(android)},
                                     {"curl", "curl: client_credentials", std::string(token_by_curl)},
                                     {"introspection", "curl: introspection", std::string(introspection_by_curl)}}};
  const auto fitting = find_fitting(client.kind);
  for (const Snippet& one : all) {
    if (std::find(fitting.begin(), fitting.end(), one.key) == fitting.end()) continue;
    snippets.push_back({one.key, one.title, fill(one.text, marks, values)});
  }
  return snippets;
}

}  // namespace flow
