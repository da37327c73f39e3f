#include "app/config/config_table.hpp"

#include <algorithm>
#include <array>

#include "app/config/config.hpp"

namespace app {
namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

std::size_t count(const Value& v) {
  return static_cast<std::size_t>(v.number);
}
base::Duration lasting(const Value& v) {
  return base::Duration(v.number);
}
base::Level level_of(const Value& v) {
  if (v.text == "debug") return base::Level::debug;
  if (v.text == "warning") return base::Level::warning;
  return v.text == "error" ? base::Level::error : base::Level::info;
}
http::ClientCertificate client_certificate_of(const Value& v) {
  if (v.text == "optional") return http::ClientCertificate::optional;
  return v.text == "required" ? http::ClientCertificate::required : http::ClientCertificate::none;
}

remote::SmtpTls smtp_tls_of(const Value& v) {
  if (v.text == "none") return remote::SmtpTls::none;
  return v.text == "tls" ? remote::SmtpTls::implicit : remote::SmtpTls::required;
}

// clang-format off
const auto table = std::to_array<Row>({
  // the installation
  {.key = "issuer", .type = ValueType::text, .required = true,
   .sentence = "The address under which people and applications reach this server, and its name in every token: `https://` and a host, without a path and without a slash at the end. `http://` is accepted for a loopback host, or with `demo = true`.",
   .set = [](Config& c, const Value& v) { c.settings.site.issuer = v.text; }},
  {.key = "demo", .type = ValueType::boolean, .standard = "false",
   .sentence = "A demonstration: plain HTTP and weak password hashing are accepted. A database that was made so carries a mark and is refused without this setting; a database with accounts never gets the mark.",
   .set = [](Config& c, const Value& v) { c.settings.site.demo = v.truth; }},
  {.key = "data_dir", .type = ValueType::path, .standard = "/var/lib/chancery", .required = true,
   .sentence = "Folder of the embedded database and of the socket through which commands reach the running server. Made with mode 0700 if it is not there.",
   .set = [](Config& c, const Value& v) { c.data_dir = v.text; }},
  {.key = "master_key_file", .type = ValueType::path,
   .sentence = "File with the master key: 64 hexadecimal digits. Default: `master.key` in `data_dir`. The first start of `serve` on a new embedded database makes it with mode 0600; a key that is missing later is never replaced. The variable CHANCERY_MASTER_KEY with the key itself counts before the file.",
   .set = [](Config& c, const Value& v) { c.master_key_file = v.text; }},
  {.key = "time_zone", .type = ValueType::text, .standard = "Europe/Warsaw", .required = true,
   .sentence = "Time zone in which people read times, by its IANA name.",
   .set = [](Config& c, const Value& v) { c.settings.site.time_zone = v.text; }},
  {.key = "country", .type = ValueType::text,
   .sentence = "Country of the installation by its two letters of ISO 3166, such as `PL`: telephone numbers that people type without a country code are numbers of this country. Default: the country of `time_zone`. A zone without a country, such as `UTC`, gives none, and then only numbers with + and their country code are accepted.",
   .set = [](Config& c, const Value& v) { c.settings.site.country = v.text; }},
  {.key = "language", .type = ValueType::choice, .standard = "en", .choices = "en|de|pl",
   .sentence = "Language of messages to people whose account has no language and who did not cause the message in a browser: reminders, and what an administrator or a command does.",
   .set = [](Config& c, const Value& v) { (void)text::find_language(v.text, c.settings.site.language); }},
  {.key = "administrator", .type = ValueType::text,
   .sentence = "Whom people may ask when they cannot log in, for example an e-mail address and a telephone number; shown on pages.",
   .set = [](Config& c, const Value& v) { c.settings.site.administrator = v.text; }},

  {.key = "database.url", .type = ValueType::text, .secret = true,
   .sentence = "`sqlite:` and a file, or `postgresql://user@host/name?sslmode=verify-full&sslrootcert=FILE`; on this host without what follows the name. Default: `chancery.db` in `data_dir`.",
   .set = [](Config& c, const Value& v) { c.store.url = v.text; }},
  {.key = "database.risk_unverified_server", .type = ValueType::boolean, .standard = "false",
   .sentence = "A risk that is accepted: the database is on another host, and its address does not say `sslmode=verify-full`. Who can reach the network between them can then read and change everything. Without this setting such an address is refused.",
   .set = [](Config& c, const Value& v) { c.accepts_unverified_database = v.truth; }},
  {.key = "database.readers", .type = ValueType::integer, .standard = "4", .least = 1, .most = 64,
   .sentence = "Connections that read at the same time. Lists, searches and exports have two more, and what the server does by itself has two, so that no login waits for them. What finds no free connection in five seconds is refused with 503.",
   .set = [](Config& c, const Value& v) { c.store.readers = count(v); }},
  {.key = "database.group_limit", .type = ValueType::integer, .standard = "256", .least = 1, .most = 4096,
   .sentence = "How many changes one commit may carry.",
   .set = [](Config& c, const Value& v) { c.store.group_limit = count(v); }},
  {.key = "database.queue_limit", .type = ValueType::integer, .standard = "4096", .least = 16, .most = 65536,
   .sentence = "How many changes may wait; further ones are refused with 503.",
   .set = [](Config& c, const Value& v) { c.store.queue_limit = count(v); }},

  // listeners; without any, one plain listener on 127.0.0.1:8080
  {.key = "listener.name", .type = ValueType::text, .required = true,
   .sentence = "Name of the listener in logs; each has its own. `control` is taken.",
   .set = [](Config& c, const Value& v) { c.server.listeners.back().name = v.text; }},
  {.key = "listener.address", .type = ValueType::text, .standard = "127.0.0.1", .required = true,
   .sentence = "IP address to listen on; `::` for every one, IPv4 and IPv6.",
   .set = [](Config& c, const Value& v) { c.server.listeners.back().address = v.text; }},
  {.key = "listener.port", .type = ValueType::integer, .standard = "8080", .least = 0, .most = 65535,
   .sentence = "TCP port; 0 takes any that is free.",
   .set = [](Config& c, const Value& v) { c.server.listeners.back().port = static_cast<std::uint16_t>(v.number); }},
  {.key = "listener.tls", .type = ValueType::boolean, .standard = "false",
   .sentence = "TLS 1.2 and 1.3. A listener without TLS is for this machine, for example for a proxy on it; see `http.risk_plain_proxy_hop`. With an issuer of `https://` it answers requests of trusted proxies that came to them over TLS, and health checks; others get 421.",
   .set = [](Config& c, const Value& v) { c.server.listeners.back().tls = v.truth; }},
  {.key = "listener.certificate_file", .type = ValueType::path, .reloads = true,
   .sentence = "Certificate and its chain, in PEM.",
   .set = [](Config& c, const Value& v) { c.server.listeners.back().tls_files.certificate_file = v.text; }},
  {.key = "listener.key_file", .type = ValueType::path, .reloads = true,
   .sentence = "Private key of the certificate, in PEM.",
   .set = [](Config& c, const Value& v) { c.server.listeners.back().tls_files.key_file = v.text; }},
  {.key = "listener.client_certificate", .type = ValueType::choice, .standard = "none", .choices = "none|optional|required",
   .sentence = "Whether TLS asks the other side for a certificate.",
   .set = [](Config& c, const Value& v) { c.server.listeners.back().client_certificate = client_certificate_of(v); }},

  // HTTP
  {.key = "http.io_threads", .type = ValueType::integer, .standard = "1", .least = 1, .most = 64,
   .sentence = "Threads that move octets; one serves tens of thousands of requests a second.",
   .set = [](Config& c, const Value& v) { c.server.io_threads = count(v); }},
  {.key = "http.workers", .type = ValueType::integer, .standard = "16", .least = 1, .most = 256,
   .sentence = "Threads that answer requests, with database and signatures; what they write together is committed together.",
   .set = [](Config& c, const Value& v) { c.server.work.threads = count(v); }},
  {.key = "http.queue", .type = ValueType::integer, .standard = "1024", .least = 1, .most = 65536,
   .sentence = "How many requests may wait for a worker; further ones get 503 and Retry-After.",
   .set = [](Config& c, const Value& v) { c.server.work.queue = count(v); }},
  {.key = "http.trusted_proxies", .type = ValueType::list,
   .sentence = "Addresses and CIDR ranges of proxies whose X-Forwarded-For and X-Forwarded-Proto count.",
   .set = [](Config& c, const Value& v) { c.server.trusted_proxies = v.list; }},
  {.key = "http.risk_plain_proxy_hop", .type = ValueType::boolean, .standard = "false",
   .sentence = "A risk that is accepted: a proxy on another host reaches a listener without TLS. Who can reach the network between them can then read passwords and take over sessions. Needs `http.trusted_proxies`. Without this setting such a listener is refused.",
   .set = [](Config& c, const Value& v) { c.accepts_plain_hop = v.truth; }},
  {.key = "http.hsts", .type = ValueType::boolean, .standard = "true",
   .sentence = "Strict-Transport-Security on TLS listeners.",
   .set = [](Config& c, const Value& v) { c.server.hsts = v.truth; }},
  {.key = "http.header_bytes", .type = ValueType::size, .standard = "16KiB", .least = 1024, .most = 1024 * 1024,
   .sentence = "Request line and headers together.",
   .set = [](Config& c, const Value& v) { c.server.limits.header_bytes = count(v); }},
  {.key = "http.header_count", .type = ValueType::integer, .standard = "100", .least = 10, .most = 1000,
   .sentence = "Headers of one request.",
   .set = [](Config& c, const Value& v) { c.server.limits.header_count = count(v); }},
  {.key = "http.connections", .type = ValueType::integer, .standard = "10000", .least = 10, .most = 1'000'000,
   .sentence = "Connections at the same time.",
   .set = [](Config& c, const Value& v) { c.server.limits.connections = count(v); }},
  {.key = "http.connections_per_ip", .type = ValueType::integer, .standard = "500", .least = 1, .most = 1'000'000,
   .sentence = "Connections of one address; further ones are closed. Loopback counts as well: raise it for a proxy on the same machine.",
   .set = [](Config& c, const Value& v) { c.server.limits.connections_per_ip = count(v); }},
  {.key = "http.pipelined", .type = ValueType::integer, .standard = "32", .least = 1, .most = 1024,
   .sentence = "Requests of one connection that are read ahead.",
   .set = [](Config& c, const Value& v) { c.server.limits.pipelined = count(v); }},
  {.key = "http.handshake_timeout", .type = ValueType::duration, .standard = "10s", .least = 100, .most = 10 * minute,
   .sentence = "For the TLS handshake.",
   .set = [](Config& c, const Value& v) { c.server.limits.handshake = lasting(v); }},
  {.key = "http.header_timeout", .type = ValueType::duration, .standard = "10s", .least = 100, .most = 10 * minute,
   .sentence = "From the first octet of a request to the end of its header; a new connection that sends nothing at all ends after this time too.",
   .set = [](Config& c, const Value& v) { c.server.limits.header = lasting(v); }},
  {.key = "http.body_timeout", .type = ValueType::duration, .standard = "30s", .least = 100, .most = hour,
   .sentence = "For the body of a request.",
   .set = [](Config& c, const Value& v) { c.server.limits.body = lasting(v); }},
  {.key = "http.write_timeout", .type = ValueType::duration, .standard = "30s", .least = 100, .most = hour,
   .sentence = "For one answer to be taken.",
   .set = [](Config& c, const Value& v) { c.server.limits.write = lasting(v); }},
  {.key = "http.idle_timeout", .type = ValueType::duration, .standard = "75s", .least = 100, .most = hour,
   .sentence = "Between two requests of a connection.",
   .set = [](Config& c, const Value& v) { c.server.limits.idle = lasting(v); }},
  {.key = "http.linger", .type = ValueType::duration, .standard = "2s", .least = 0, .most = minute,
   .sentence = "How long what still comes is read after an early refusal.",
   .set = [](Config& c, const Value& v) { c.server.limits.linger = lasting(v); }},
  {.key = "http.drain", .type = ValueType::duration, .standard = "20s", .least = 0, .most = 10 * minute,
   .sentence = "How long running requests may go on when the server stops.",
   .set = [](Config& c, const Value& v) { c.server.limits.drain = lasting(v); }},

  // figures
  {.key = "metrics.listen", .type = ValueType::text, .standard = "127.0.0.1:9464",
   .sentence = "IP address and port on which `/metrics` is served for Prometheus, without TLS and for everybody who reaches it; every other listener answers 404. The port 0 takes any that is free; an empty text serves no figures.",
   .set = [](Config& c, const Value& v) { c.metrics_listen = v.text; }},

  // login
  {.key = "password.workers", .type = ValueType::integer, .standard = "0", .least = 0, .most = 128,
   .sentence = "Threads that compute password hashes; 0 = as many as there are cores that the server may use, for more "
               "take the cache from each other. Each needs `password.memory_kib`.",
   .set = [](Config& c, const Value& v) { c.server.password.threads = count(v); }},
  {.key = "password.queue", .type = ValueType::integer, .standard = "64", .least = 1, .most = 65536,
   .sentence = "How many logins may wait for a hash worker; further ones get 503 and Retry-After.",
   .set = [](Config& c, const Value& v) { c.server.password.queue = count(v); }},
  {.key = "password.memory_kib", .type = ValueType::integer, .standard = "19456", .least = 8, .most = 1024 * 1024,
   .sentence = "Memory of one Argon2id hash in KiB. Less than 19456 is accepted with `demo = true` only. Hashes with other parameters are renewed at the next login.",
   .set = [](Config& c, const Value& v) { c.settings.password_hash.memory_kib = static_cast<std::uint32_t>(v.number); }},
  {.key = "password.passes", .type = ValueType::integer, .standard = "2", .least = 1, .most = 20,
   .sentence = "Passes of Argon2id over its memory. Less than 2 is accepted with `demo = true` only.",
   .set = [](Config& c, const Value& v) { c.settings.password_hash.passes = static_cast<std::uint32_t>(v.number); }},
  {.key = "password.breached_file", .type = ValueType::path,
   .sentence = "File of passwords that are known from stolen data, which nobody may choose: lines `HASH:COUNT` sorted by HASH, the SHA-1 of the password in 40 hexadecimal digits. It is read by binary search and never loaded; see `passwords.md`. Empty = none.",
   .set = [](Config& c, const Value& v) { c.settings.breached.file = v.text; }},
  {.key = "lockout.form", .type = ValueType::choice, .standard = "protective", .choices = "protective|classic",
   .sentence = "What failed logins lead to. `protective`: delays for unknown devices, while a device from which the owner has logged in before keeps an allowance of its own, so that nobody can lock the owner out. `classic`: the account is locked for a time, whoever failed.",
   .set = [](Config& c, const Value& v) {
     c.settings.lockout.form = v.text == "classic" ? flow::LockoutForm::classic : flow::LockoutForm::protective;
   }},
  {.key = "lockout.failures", .type = ValueType::integer, .standard = "5", .least = 0, .most = 1000,
   .sentence = "After so many failed logins, whatever the method, the account is locked, or unknown devices are delayed; 0 = never.",
   .set = [](Config& c, const Value& v) {
     c.settings.lockout.classic.failures = v.number;
     c.settings.lockout.throttle.free_failures = v.number;
   }},
  {.key = "lockout.minutes", .type = ValueType::integer, .standard = "15", .least = 1, .most = 7 * 24 * 60,
   .sentence = "Form `classic`: how long an account stays locked.",
   .set = [](Config& c, const Value& v) { c.settings.lockout.classic.lasts = std::chrono::minutes(v.number); }},
  {.key = "lockout.first_delay", .type = ValueType::duration, .standard = "5s", .least = second, .most = hour,
   .sentence = "Form `protective`: the delay after the failures that are free; it doubles with each further failure.",
   .set = [](Config& c, const Value& v) { c.settings.lockout.throttle.first_delay = lasting(v); }},
  {.key = "lockout.longest_delay", .type = ValueType::duration, .standard = "15m", .least = second, .most = day,
   .sentence = "Form `protective`: no delay is longer.",
   .set = [](Config& c, const Value& v) { c.settings.lockout.throttle.longest_delay = lasting(v); }},
  {.key = "lockout.device_failures", .type = ValueType::integer, .standard = "10", .least = 1, .most = 1000,
   .sentence = "Form `protective`: after so many failures a known device counts as an unknown one, until a day without a failure has passed or an administrator unlocks the account.",
   .set = [](Config& c, const Value& v) { c.settings.lockout.throttle.device_failures = v.number; }},
  {.key = "lockout.network_failures", .type = ValueType::integer, .standard = "60", .least = 0, .most = 1'000'000,
   .sentence = "So many failures of unknown devices one address (IPv6: a /64 network) may have at once, whatever the accounts; 0 = any number.",
   .set = [](Config& c, const Value& v) { c.settings.lockout.network.capacity = v.number; }},
  {.key = "lockout.network_refill", .type = ValueType::duration, .standard = "2s", .least = 10, .most = hour,
   .sentence = "After each such span the network may have one failure more.",
   .set = [](Config& c, const Value& v) { c.settings.lockout.network.refill = lasting(v); }},
  {.key = "login.device", .type = ValueType::duration, .standard = "180d", .least = hour, .most = 400 * day,
   .sentence = "How long a browser stays a known device of an account since its last login.",
   .set = [](Config& c, const Value& v) { c.settings.session.device_lasts = lasting(v); }},
  {.key = "login.attempt", .type = ValueType::duration, .standard = "30m", .least = minute, .most = day,
   .sentence = "How long a login that was begun may take.",
   .set = [](Config& c, const Value& v) { c.settings.attempt.lasts = lasting(v); }},
  {.key = "reset.form", .type = ValueType::choice, .standard = "direct", .choices = "direct|temporary",
   .sentence = "What the link of a reset leads to. `direct`: the page behind it asks for the new password, and the reset is done. `temporary`: a temporary password is sent by the same channel, and the login with it asks for the person's own. Links that were sent before a change of this setting stay valid and follow the new one.",
   .set = [](Config& c, const Value& v) {
     c.settings.reset.form = v.text == "temporary" ? flow::ResetForm::temporary : flow::ResetForm::direct;
   }},
  {.key = "reset.link", .type = ValueType::duration, .standard = "30m", .least = minute, .most = day,
   .sentence = "How long the link of a password reset is valid. It works once.",
   .set = [](Config& c, const Value& v) { c.settings.reset.link_lasts = lasting(v); }},
  {.key = "reset.invitation", .type = ValueType::duration, .standard = "7d", .least = hour, .most = 60 * day,
   .sentence = "How long the link is valid with which an invited person chooses the first password. It works once; an administrator can send another.",
   .set = [](Config& c, const Value& v) { c.settings.reset.invitation_lasts = lasting(v); }},
  {.key = "reset.per_account_per_hour", .type = ValueType::integer, .standard = "5", .least = 0, .most = 1000,
   .sentence = "How many reset links one account may get in an hour; 0 = without limit. More are not sent; the page says the same.",
   .set = [](Config& c, const Value& v) { c.settings.reset.per_account_per_hour = v.number; }},
  {.key = "reset.per_network_per_hour", .type = ValueType::integer, .standard = "60", .least = 0, .most = 1'000'000,
   .sentence = "How many resets one network (an IPv4 address, an IPv6 /64) may ask for in an hour; 0 = without limit.",
   .set = [](Config& c, const Value& v) { c.settings.reset.per_network_per_hour = v.number; }},
  {.key = "reset.per_channel_per_hour", .type = ValueType::integer, .standard = "5", .least = 0, .most = 1000,
   .sentence = "How many reset links one e-mail address or telephone number may get in an hour; 0 = without limit.",
   .set = [](Config& c, const Value& v) { c.settings.reset.per_channel_per_hour = v.number; }},
  {.key = "session.idle", .type = ValueType::duration, .standard = "15m", .least = 5 * second, .most = day,
   .sentence = "Automatic logout after so long without a request.",
   .set = [](Config& c, const Value& v) { c.settings.session.idle = lasting(v); }},
  {.key = "session.absolute", .type = ValueType::duration, .standard = "12h", .least = 10 * second, .most = 30 * day,
   .sentence = "Logout after so long in any case.",
   .set = [](Config& c, const Value& v) { c.settings.session.absolute = lasting(v); }},
  {.key = "session.warning", .type = ValueType::duration, .standard = "2m", .least = second, .most = day,
   .sentence = "The page warns so long before the automatic logout.",
   .set = [](Config& c, const Value& v) { c.settings.session.warning = lasting(v); }},
  {.key = "session.choice", .type = ValueType::duration, .standard = "10m", .least = 10 * second, .most = day,
   .sentence = "How long the choice of the acting context may take.",
   .set = [](Config& c, const Value& v) { c.settings.session.choice = lasting(v); }},
  {.key = "session.acting_lasts", .type = ValueType::duration, .standard = "30m", .least = 10 * second, .most = day,
   .sentence = "How long an administrator acts for another person before returning to the own account without being asked.",
   .set = [](Config& c, const Value& v) { c.settings.session.acting_lasts = lasting(v); }},
  {.key = "session.acting_told", .type = ValueType::boolean, .standard = "true",
   .sentence = "Whether a person gets a message when an administrator begins to act for them.",
   .set = [](Config& c, const Value& v) { c.settings.session.acting_told = v.truth; }},

  // OpenID Connect
  {.key = "login.proof", .type = ValueType::duration, .standard = "5m", .least = 10 * second, .most = hour,
   .sentence = "How long a login, or the password given once more, is enough for dangerous actions such as a change of one's own data.",
   .set = [](Config& c, const Value& v) { c.settings.proof.lasts = lasting(v); }},
  {.key = "login.code_digits", .type = ValueType::integer, .standard = "6", .least = 6, .most = 10,
   .sentence = "Digits of the code that is sent for the second step of a login.",
   .set = [](Config& c, const Value& v) { c.settings.factor.code_digits = v.number; }},
  {.key = "login.code_lasts", .type = ValueType::duration, .standard = "5m", .least = minute, .most = 15 * minute,
   .sentence = "How long that code counts.",
   .set = [](Config& c, const Value& v) { c.settings.factor.code_lasts = lasting(v); }},
  {.key = "login.code_tries", .type = ValueType::integer, .standard = "5", .least = 1, .most = 10,
   .sentence = "After how many wrong entries that code is dead.",
   .set = [](Config& c, const Value& v) { c.settings.factor.code_tries = v.number; }},
  {.key = "login.code_again", .type = ValueType::duration, .standard = "30s", .least = second, .most = 5 * minute,
   .sentence = "How long a person waits before another code can be asked for.",
   .set = [](Config& c, const Value& v) { c.settings.factor.code_again_after = lasting(v); }},
  {.key = "oidc.code", .type = ValueType::duration, .standard = "60s", .least = second, .most = 10 * minute,
   .sentence = "Life of an authorization code.",
   .set = [](Config& c, const Value& v) { c.settings.token.code_lasts = lasting(v); }},
  {.key = "oidc.access_token", .type = ValueType::duration, .standard = "10m", .least = 10 * second, .most = day,
   .sentence = "Life of an access token.",
   .set = [](Config& c, const Value& v) { c.settings.token.access_token_lasts = lasting(v); }},
  {.key = "oidc.id_token", .type = ValueType::duration, .standard = "10m", .least = 10 * second, .most = day,
   .sentence = "Life of an ID token.",
   .set = [](Config& c, const Value& v) { c.settings.token.id_token_lasts = lasting(v); }},
  {.key = "remote.loopback_http", .type = ValueType::list,
   .sentence = "Loopback addresses (`host:port`) that may be called without TLS, for example for back-channel logout of an application on the same machine.",
   .set = [](Config& c, const Value& v) { c.loopback_http = v.list; }},
  {.key = "remote.networks", .type = ValueType::list,
   .sentence = "Inner networks (`10.1.0.0/16`) in which applications may be that are told about a logout (back-channel); others than public addresses are refused.",
   .set = [](Config& c, const Value& v) { c.remote_networks = v.list; }},
  {.key = "remote.ca_file", .type = ValueType::path,
   .sentence = "Certificates in PEM of own authorities that are trusted for applications and the SMS gateway besides the system's.",
   .set = [](Config& c, const Value& v) { c.remote_ca_file = v.text; }},

  // messages to people
  {.key = "mail.host", .type = ValueType::text,
   .sentence = "The server that takes our mails. Empty: mails wait in the outbox and are given up after a day.",
   .set = [](Config& c, const Value& v) { c.mail.server.host = v.text; }},
  {.key = "mail.port", .type = ValueType::integer, .standard = "587", .least = 1, .most = 65535,
   .sentence = "Its port: 587 with `starttls`, 465 with `tls`.",
   .set = [](Config& c, const Value& v) { c.mail.server.port = static_cast<std::uint16_t>(v.number); }},
  {.key = "mail.tls", .type = ValueType::choice, .standard = "starttls", .choices = "starttls|tls|none",
   .sentence = "How the connection is protected; the certificate is checked. `none` is accepted for a server on this machine, or with `demo = true`.",
   .set = [](Config& c, const Value& v) { c.mail.server.tls = smtp_tls_of(v); }},
  {.key = "mail.ca_file", .type = ValueType::path,
   .sentence = "Certificates in PEM that are trusted for the mail server besides the system's.",
   .set = [](Config& c, const Value& v) { c.mail.server.ca_file = v.text; }},
  {.key = "mail.login", .type = ValueType::text,
   .sentence = "Login at the mail server; empty = none.",
   .set = [](Config& c, const Value& v) { c.mail.server.user = v.text; }},
  {.key = "mail.password", .type = ValueType::text, .secret = true,
   .sentence = "Password at the mail server.",
   .set = [](Config& c, const Value& v) { c.mail.server.password = base::Secret(v.text); }},
  {.key = "mail.from", .type = ValueType::text,
   .sentence = "The sender of all mails, which people are told to expect: an address such as `login@clinic.example`. Also the envelope's, so bounces go there.",
   .set = [](Config& c, const Value& v) { c.mail.sender.from = v.text; }},
  {.key = "mail.from_name", .type = ValueType::text,
   .sentence = "Name shown with the sender's address.",
   .set = [](Config& c, const Value& v) { c.mail.sender.from_name = v.text; }},
  {.key = "mail.reply_to", .type = ValueType::text,
   .sentence = "Where answers to our mails go; empty = to the sender.",
   .set = [](Config& c, const Value& v) { c.mail.sender.reply_to = v.text; }},
  {.key = "mail.domain", .type = ValueType::text,
   .sentence = "Domain of Message-IDs and our name in the greeting. Default: the domain of `mail.from`.",
   .set = [](Config& c, const Value& v) { c.mail.sender.domain = c.mail.server.hello_name = v.text; }},
  {.key = "sms.url", .type = ValueType::text,
   .sentence = "Address of the SMS gateway, see `sms-gateway.md`. Empty: messages wait in the outbox and are given up after a day. Without TLS only a place of `remote.loopback_http`.",
   .set = [](Config& c, const Value& v) { c.sms.url = v.text; }},
  {.key = "sms.id", .type = ValueType::text,
   .sentence = "Our id at the gateway.",
   .set = [](Config& c, const Value& v) { c.sms.id = v.text; }},
  {.key = "sms.password", .type = ValueType::text, .secret = true,
   .sentence = "Our password at the gateway.",
   .set = [](Config& c, const Value& v) { c.sms.password = base::Secret(v.text); }},
  {.key = "sms.sender", .type = ValueType::text,
   .sentence = "Sender of short messages: 3 to 11 letters, digits, `.`, `-` and `_` between letters, or `00` and a number. Empty: the gateway's own.",
   .set = [](Config& c, const Value& v) { c.sms.sender = v.text; }},
  {.key = "sms.networks", .type = ValueType::list,
   .sentence = "Inner networks (`10.1.0.0/16`) in which the gateway may be; others than public addresses are refused.",
   .set = [](Config& c, const Value& v) { c.sms_networks = v.list; }},

  // records
  {.key = "audit.head_every", .type = ValueType::duration, .standard = "10m", .least = second, .most = day,
   .sentence = "How often the head of the audit log's chain is written to the log, so that it is kept elsewhere.",
   .set = [](Config& c, const Value& v) { c.settings.audit.head_every = lasting(v); }},
  {.key = "audit.keep_typed", .type = ValueType::duration, .standard = "30d", .least = 0, .most = 36'500 * day,
   .sentence = "How long the audit log keeps what was typed as a login (it may be a password in the wrong field); then it is erased. `0s` = without end.",
   .set = [](Config& c, const Value& v) { c.settings.audit.keep_typed = lasting(v); }},
  {.key = "audit.keep_addresses", .type = ValueType::duration, .standard = "180d", .least = 0, .most = 36'500 * day,
   .sentence = "How long the audit log keeps network addresses and browsers; then they are erased. `0s` = without end.",
   .set = [](Config& c, const Value& v) { c.settings.audit.keep_addresses = lasting(v); }},
  {.key = "audit.keep_reported", .type = ValueType::duration, .standard = "1095d", .least = 0, .most = 36'500 * day,
   .sentence = "How long the audit log keeps the texts of events that relying systems wrote (actor, subject, object, reason); then they are erased. `0s` = without end.",
   .set = [](Config& c, const Value& v) { c.settings.audit.keep_reported = lasting(v); }},
  {.key = "audit.reported_each_minute", .type = ValueType::integer, .standard = "600", .least = 1, .most = 1'000'000,
   .sentence = "How many events one relying system may write in a minute (`POST /api/v1/events`). Further ones are refused with 429.",
   .set = [](Config& c, const Value& v) { c.settings.audit.reported_each_minute = v.number; }},
  {.key = "audit.failures_each_minute", .type = ValueType::integer, .standard = "20", .least = 1, .most = 100'000,
   .sentence = "How many failed proofs of one network, and refused token requests of one application in a network, are written to the audit log in a minute. Further ones are only counted.",
   .set = [](Config& c, const Value& v) { c.settings.audit.failures_each_minute = v.number; }},
  {.key = "log.level", .type = ValueType::choice, .standard = "info", .choices = "debug|info|warning|error",
   .sentence = "What is worth a line.",
   .set = [](Config& c, const Value& v) { c.log_level = level_of(v); }},
  {.key = "log.file", .type = ValueType::path, .reloads = true,
   .sentence = "The server's log; empty = standard error.",
   .set = [](Config& c, const Value& v) { c.log_file = v.text; }},
  {.key = "log.access", .type = ValueType::path, .reloads = true,
   .sentence = "One JSON line a request; `-` = standard output, empty = none.",
   .set = [](Config& c, const Value& v) { c.server.access_log = v.text; }},
});
// clang-format on

}  // namespace

std::span<const Row> config_table() {
  return table;
}

const Row* find_row(std::string_view key) {
  const auto row = std::find_if(table.begin(), table.end(), [&](const Row& r) { return r.key == key; });
  return row == table.end() ? nullptr : &*row;
}

bool is_repeated(const Row& row) {
  return row.key.starts_with("listener.");
}

std::string environment_name(std::string_view key) {
  std::string name = "CHANCERY_";
  for (const char c : key) name.push_back(c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  return name;
}

}  // namespace app
