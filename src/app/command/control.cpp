#include "app/command/control.hpp"

#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "base/bytes.hpp"

namespace app {
namespace {

namespace json = boost::json;
constexpr std::size_t most_request = std::size_t{24} * 1024 * 1024;  // a document of 16 MiB, encoded

http::Response answer_of(int status, const Console& console) {
  json::object body;
  body["exit"] = status;
  body["out"] = console.out;
  body["err"] = console.err;
  if (!console.next.empty()) body["next"] = json::value_from(console.next);
  if (!console.save_as.empty()) {
    body["save_as"] = console.save_as;
    body["saved"] = base::to_base64url(console.saved);
  }
  return http::Response::json(json::serialize(body));
}

http::Response do_command(const flow::House& house, const http::Request& request) {
  if (request.listener != "control") return http::Response::text("Not Found\n", 404);
  boost::system::error_code error;
  const json::value sent = json::parse(request.body, error);
  const auto* object = error ? nullptr : sent.if_object();
  const auto* argv = object == nullptr ? nullptr : object->if_contains("argv");
  const auto* input = object == nullptr ? nullptr : object->if_contains("stdin");
  if (argv == nullptr || !argv->is_array() || input == nullptr || !input->is_string()) {
    return http::Response::text("Bad Request\n", 400);
  }
  std::vector<std::string> arguments;
  for (const auto& argument : argv->get_array()) {
    if (!argument.is_string()) return http::Response::text("Bad Request\n", 400);
    arguments.emplace_back(argument.get_string());
  }
  Console console;
  console.secret = base::Secret(std::string(input->get_string()));
  if (const auto* file = object->if_contains("file"); file != nullptr) {
    auto octets = file->is_string() ? base::parse_base64url(file->get_string())
                                    : base::fail(base::Code::invalid_input, "no text");
    if (!octets) return http::Response::text("Bad Request\n", 400);
    console.file = std::move(*octets);
  }
  if (const auto* digests = object->if_contains("digests"); digests != nullptr && digests->is_string()) {
    console.digests = std::string(digests->get_string());
  }
  const ParsedLine line = parse_command_line(arguments);
  if (!line.command || !line.command->in_house) {
    console.err = line.command ? "chancery: this command is not done by the server\n" : line.err;
    return answer_of(misused, console);
  }
  const auto* terminal = object->if_contains("terminal");
  console.form = line.command->form;
  console.form.is_terminal = terminal != nullptr && terminal->is_bool() && terminal->get_bool();
  const int status = line.command->in_house(house, console);
  return answer_of(status, console);
}

class Socket {
 public:
  explicit Socket(int handle) : handle_(handle) {}
  ~Socket() {
    if (handle_ >= 0) ::close(handle_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int handle() const { return handle_; }

 private:
  int handle_;
};

/// Whether it is connected; else errno says why not.
bool reach(const Socket& connection, const std::string& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.size() >= sizeof(address.sun_path)) {
    errno = ENOENT;  // no server can listen there either
    return false;
  }
  socket.copy(address.sun_path, socket.size());
  return ::connect(connection.handle(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

std::string owner_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return "another user";
  return name_of_user(status.st_uid);
}

bool send_all(int handle, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = ::send(handle, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string read_all(int handle) {
  std::string octets;
  std::array<char, 16 * 1024> buffer{};
  for (;;) {
    const ssize_t got = ::recv(handle, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return octets;
    octets.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

void mount_control(http::Router& router, const flow::House& house) {
  http::Route route;
  route.method = http::Method::post;
  route.pattern = "/control";
  route.body_limit = most_request;
  route.cross_site = true;
  route.only_listener = "control";
  route.guard = "none: no browser can open the socket";
  route.handler = [&house](const http::Request& request) { return do_command(house, request); };
  router.add(std::move(route));
}

base::Result<std::optional<Answer>> ask_server(const std::string& socket, const std::vector<std::string>& argv,
                                               const Console& input, base::Duration patience) {
  const Socket connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval silence{std::chrono::duration_cast<std::chrono::seconds>(patience).count(), 0};  // 0 = for ever
  (void)::setsockopt(connection.handle(), SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof(silence));
  if (!reach(connection, socket)) {
    if (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR) return std::optional<Answer>();
    if (errno == EACCES || errno == EPERM) {
      return base::fail(base::Code::unavailable,
                        "the server runs as " + owner_of(socket) + "; run this command as the same user or as root");
    }
    return base::fail(base::Code::unavailable,
                      "the server's socket " + socket + " cannot be reached: " + std::strerror(errno));
  }
  json::object sent;
  sent["argv"] = json::value_from(argv);
  sent["stdin"] = input.secret.reveal();
  if (input.form.is_terminal) sent["terminal"] = true;
  if (!input.file.empty()) sent["file"] = base::to_base64url(input.file);
  if (!input.digests.empty()) sent["digests"] = input.digests;
  const std::string body = json::serialize(sent);
  const std::string head =
      "POST /control HTTP/1.1\r\nHost: control\r\nConnection: close\r\nContent-Type: "
      "application/json\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n";
  if (!send_all(connection.handle(), head) || !send_all(connection.handle(), body)) {
    return base::fail(base::Code::unavailable, "the server did not take the command");
  }
  errno = 0;
  const std::string received = read_all(connection.handle());
  const bool was_silent = errno == EAGAIN;
  const auto end_of_head = received.find("\r\n\r\n");
  if (end_of_head == std::string::npos) {
    return base::fail(base::Code::unavailable,
                      was_silent
                          ? "the server runs and has said nothing for " + std::to_string(silence.tv_sec) + " seconds"
                          : std::string("the server did not answer the command; it may or may not have been done"));
  }
  if (!received.starts_with("HTTP/1.1 200")) {
    return base::fail(base::Code::unavailable,
                      "the server refused the command: " + received.substr(0, received.find('\r')));
  }
  boost::system::error_code error;
  const json::value parsed = json::parse(std::string_view(received).substr(end_of_head + 4), error);
  if (error || !parsed.is_object()) return base::fail(base::Code::unavailable, "the server's answer cannot be read");
  const json::object& object = parsed.get_object();
  Answer answer;
  const auto text = [&](std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  const auto* status = object.if_contains("exit");
  answer.status = status != nullptr && status->is_int64() ? static_cast<int>(status->get_int64()) : refused;
  answer.console.out = text("out");
  answer.console.err = text("err");
  answer.console.save_as = text("save_as");
  if (!answer.console.save_as.empty()) {
    ASSIGN_OR_RETURN(answer.console.saved, base::parse_base64url(text("saved")));
  }
  if (const auto* next = object.if_contains("next"); next != nullptr && next->is_array()) {
    for (const auto& argument : next->get_array()) {
      if (argument.is_string()) answer.console.next.emplace_back(argument.get_string());
    }
  }
  return std::optional<Answer>(std::move(answer));
}

std::optional<pid_t> find_server_process(const std::string& socket) {
  const Socket connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ucred listener{};
  socklen_t size = sizeof(listener);
  if (!reach(connection, socket)) return std::nullopt;
  if (::getsockopt(connection.handle(), SOL_SOCKET, SO_PEERCRED, &listener, &size) != 0) return std::nullopt;
  return listener.pid > 0 ? std::optional(listener.pid) : std::nullopt;
}

std::string name_of_user(uid_t id) {
  const passwd* const entry = ::getpwuid(id);
  return entry != nullptr ? entry->pw_name : "user " + std::to_string(id);
}

}  // namespace app
