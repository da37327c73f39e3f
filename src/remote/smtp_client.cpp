#include "remote/smtp_client.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/ip_address.hpp"
#include "remote/curl.hpp"

namespace remote {
namespace {

constexpr std::size_t most_line = 998;  // RFC 5321 §4.5.3.1.6, without CRLF
constexpr std::size_t most_reply = 200;

// How far the conversation has come. The trace of libcurl tells it, because its error codes do not tell the phase.
struct Conversation {
  enum class Phase : std::uint8_t {
    greeting,
    envelope,
    content
  };
  std::string_view rest;  // the part of the message that is not sent yet
  Phase phase = Phase::greeting;
  bool is_over = false;      // QUIT was sent: later replies have no effect
  std::string reply;         // the last line that the server sent
  std::vector<int> sockets;  // those that are open
};

std::size_t give_message(char* to, std::size_t, std::size_t room, void* from) {
  auto& rest = static_cast<Conversation*>(from)->rest;
  const std::size_t size = std::min(room, rest.size());
  rest.copy(to, size);
  rest.remove_prefix(size);
  return size;
}

int note_socket(void* to, curl_socket_t socket, curlsocktype) {
  static_cast<Conversation*>(to)->sockets.push_back(socket);
  return CURL_SOCKOPT_OK;
}

int close_socket(void* to, curl_socket_t socket) {
  std::erase(static_cast<Conversation*>(to)->sockets, socket);
  return ::close(socket);
}

// Closes the reading side, because libcurl would wait for the reply to QUIT without a time limit, and the reply is not
// needed.
void end(Conversation& conversation) {
  conversation.is_over = true;
  for (const int socket : conversation.sockets) ::shutdown(socket, SHUT_RD);
}

int trace(CURL*, curl_infotype type, char* data, std::size_t size, void* to) {
  auto& conversation = *static_cast<Conversation*>(to);
  const std::string_view line(data, size);
  if (type == CURLINFO_HEADER_OUT && line.starts_with("QUIT")) end(conversation);
  if (conversation.is_over) return 0;
  if (type == CURLINFO_HEADER_OUT) {
    if (line.starts_with("MAIL FROM:")) conversation.phase = Conversation::Phase::envelope;
    // A reply belongs to the command before it. If no reply comes, the old one must not be taken for it.
    conversation.reply.clear();
  } else if (type == CURLINFO_DATA_OUT) {
    conversation.phase = Conversation::Phase::content;
    conversation.reply.clear();
  } else if (type == CURLINFO_HEADER_IN) {
    conversation.reply.clear();
    for (const char c : line.substr(0, most_reply)) {
      if (c != '\r' && c != '\n') conversation.reply.push_back(c >= 0x20 && c < 0x7f ? c : '?');
    }
  }
  return 0;
}

std::size_t drop(const char* /*data*/, std::size_t size, std::size_t count, void* /*to*/) {
  return size * count;
}

int reply_code(std::string_view reply) {
  if (reply.size() < 3) return 0;
  int code = 0;
  for (const char c : reply.substr(0, 3)) {
    if (c < '0' || c > '9') return 0;
    code = code * 10 + (c - '0');
  }
  return code;
}

// A CR or LF alone is refused, because servers that take it for the end of a line can be made to see a second message
// (SMTP smuggling).
bool is_message(std::string_view message) {
  if (!message.ends_with("\r\n")) return false;
  std::size_t line = 0;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    if (c == '\r') {
      if (message[i + 1] != '\n') return false;
      ++i;
      line = 0;
    } else if (c == '\n' || c == '\0' || (static_cast<unsigned char>(c) & 0x80) != 0 || ++line > most_line) {
      return false;
    }
  }
  return true;
}

// RFC 4954 §6: these replies concern our right to send and not this message.
bool is_about_authentication(int code) {
  return code == 530 || code == 534 || code == 535 || code == 538;
}

SmtpOutcome judge(CURLcode code, std::string_view detail, const Conversation& conversation) {
  if (code == CURLE_OK) return {SmtpOutcome::Kind::accepted, reply_code(conversation.reply), conversation.reply};
  const int reply = reply_code(conversation.reply);
  const bool about_message = conversation.phase != Conversation::Phase::greeting && !is_about_authentication(reply);
  // A reply below 400 is no refusal, so that it does not tell why the conversation ended.
  std::string reason = reply >= 400 ? conversation.reply : curl::describe_failure(code, detail);
  const bool is_final = about_message && reply >= 500 && reply <= 599;
  return {is_final ? SmtpOutcome::Kind::refused : SmtpOutcome::Kind::later, reply, std::move(reason)};
}

long tls_level(SmtpTls tls) {
  switch (tls) {
    case SmtpTls::implicit:
    case SmtpTls::required: return static_cast<long>(CURLUSESSL_ALL);
    case SmtpTls::opportunistic: return static_cast<long>(CURLUSESSL_TRY);
    case SmtpTls::none: break;
  }
  return static_cast<long>(CURLUSESSL_NONE);
}

}  // namespace

base::Result<SmtpClient> SmtpClient::make(SmtpOptions options) {
  const auto bad = [](const char* why) { return base::fail(base::Code::invalid_input, why); };
  if (!is_domain(options.host) && !base::IpAddress::parse(options.host)) return bad("the mail server is no host name");
  if (options.port == 0) return bad("the mail server has no port");
  if (options.hello_name.empty()) options.hello_name = "localhost";
  if (!is_domain(options.hello_name)) return bad("the name in EHLO is no domain");
  const bool has_tls = options.tls == SmtpTls::implicit || options.tls == SmtpTls::required;
  if (!has_tls && !options.may_be_plain) return bad("mail without TLS is not allowed");
  if (!has_tls && !options.user.empty()) return bad("the mail password would go over the line in clear");
  if ((options.user + std::string(options.password.reveal())).find('\0') != std::string::npos) {
    return bad("a zero octet in the mail server's user or password");
  }
  return SmtpClient(std::move(options));
}

// One connection to the server; the strings stay while libcurl uses them.
struct SmtpClient::Line {
  Conversation conversation;
  std::string url;
  std::string place;
  base::Secret password;
  curl::Handle handle = curl::new_handle();

  SmtpOutcome talk() {
    curl::Detail detail{};
    curl::set(handle.get(), CURLOPT_ERRORBUFFER, detail.data());
    const CURLcode code = curl_easy_perform(handle.get());
    curl::set(handle.get(), CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
    curl::log_tls_failure(code, place);
    return judge(code, detail.data(), conversation);
  }
};

void SmtpClient::open(Line& line) const {
  const bool is_v6 = options_.host.find(':') != std::string::npos;
  line.place = options_.host + ":" + std::to_string(options_.port);
  line.url = std::string(options_.tls == SmtpTls::implicit ? "smtps://" : "smtp://") +
             (is_v6 ? "[" + options_.host + "]" : options_.host) + ":" + std::to_string(options_.port) + "/" +
             options_.hello_name;
  line.password = base::Secret(std::string(options_.password.reveal()));
  CURL* const handle = line.handle.get();
  curl::set_common(handle, options_.connect_time, options_.total_time, options_.ca_file);
  curl::set(handle, CURLOPT_URL, line.url.c_str());
  curl::set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl::set(handle, CURLOPT_USE_SSL, tls_level(options_.tls));
  if (options_.tls == SmtpTls::opportunistic) {
    // The certificate is not checked, because an attacker that could show a false one could also hide STARTTLS.
    curl::set(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl::set(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!options_.user.empty()) {
    curl::set(handle, CURLOPT_USERNAME, options_.user.c_str());
    curl::set(handle, CURLOPT_PASSWORD, line.password.reveal().data());
  }
  curl::set(handle, CURLOPT_SOCKOPTFUNCTION, &note_socket);
  curl::set(handle, CURLOPT_SOCKOPTDATA, &line.conversation);
  curl::set(handle, CURLOPT_CLOSESOCKETFUNCTION, &close_socket);
  curl::set(handle, CURLOPT_CLOSESOCKETDATA, &line.conversation);
  // Without it libcurl writes the reply to NOOP to standard output.
  curl::set(handle, CURLOPT_WRITEFUNCTION, &drop);
  curl::set(handle, CURLOPT_VERBOSE, 1L);
  curl::set(handle, CURLOPT_DEBUGFUNCTION, &trace);
  curl::set(handle, CURLOPT_DEBUGDATA, &line.conversation);
}

SmtpOutcome SmtpClient::send(std::string_view sender, std::string_view recipient, std::string_view message) const {
  const auto refuse = [](const char* why) { return SmtpOutcome{SmtpOutcome::Kind::refused, 0, why}; };
  if (!sender.empty() && !is_mailbox(sender)) return refuse("the sender is no mailbox");
  if (!is_mailbox(recipient)) return refuse("the recipient is no mailbox");
  if (!is_message(message)) return refuse("the message is not made of CRLF lines of 7 bits");

  const std::string from = "<" + std::string(sender) + ">";
  curl::List recipients;
  curl::append(recipients, "<" + std::string(recipient) + ">");
  Line line;
  line.conversation.rest = message;
  open(line);
  curl::set(line.handle.get(), CURLOPT_MAIL_FROM, from.c_str());
  curl::set(line.handle.get(), CURLOPT_MAIL_RCPT, recipients.get());
  curl::set(line.handle.get(), CURLOPT_UPLOAD, 1L);
  curl::set(line.handle.get(), CURLOPT_READFUNCTION, &give_message);
  curl::set(line.handle.get(), CURLOPT_READDATA, &line.conversation);
  return line.talk();
}

SmtpOutcome SmtpClient::greet() const {
  Line line;
  open(line);
  curl::set(line.handle.get(), CURLOPT_CUSTOMREQUEST, "NOOP");
  return line.talk();
}

}  // namespace remote
