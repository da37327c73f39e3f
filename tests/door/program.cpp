#include "door/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace door {
namespace {

const std::string chancery = CHANCERY_BINARY_DIR "/chancery";

std::vector<char*> pointers(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  return argv;
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  return ends;
}

int status_of(int waited) {
  return WIFEXITED(waited) ? WEXITSTATUS(waited) : 128 + WTERMSIG(waited);
}

int reap(pid_t child) {
  int waited = 0;
  while (::waitpid(child, &waited, 0) < 0 && errno == EINTR) {
  }
  return status_of(waited);
}

}  // namespace

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "chancery-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder");
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(std::string_view name, std::string_view text) const {
  const std::string path = *this / name;
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  return path;
}

Finished run_chancery(const std::vector<std::string>& arguments, const std::string& input) {
  std::vector<std::string> all{chancery};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const auto argv = pointers(all);
  const auto in = make_pipe();
  const auto out = make_pipe();
  const auto err = make_pipe();
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    ::setsid();  // without a terminal that could be asked for a password
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  for (const int end : {in[0], out[1], err[1]}) ::close(end);
  const bool fed = ::write(in[1], input.data(), input.size()) == static_cast<ssize_t>(input.size());
  ::close(in[1]);
  Finished finished;
  std::array<pollfd, 2> wanted{{{out[0], POLLIN, 0}, {err[0], POLLIN, 0}}};
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(10);
  std::array<char, 4096> buffer{};
  for (int open = 2; open > 0;) {
    if (std::chrono::steady_clock::now() > until) ::kill(child, SIGKILL);
    if (::poll(wanted.data(), wanted.size(), 1000) < 0 && errno != EINTR) break;
    for (auto& one : wanted) {
      if (one.fd < 0 || one.revents == 0) continue;
      const ssize_t got = ::read(one.fd, buffer.data(), buffer.size());
      if (got > 0) {
        (one.fd == out[0] ? finished.out : finished.err).append(buffer.data(), static_cast<std::size_t>(got));
      } else {
        one.fd = -1;
        --open;
      }
    }
  }
  ::close(out[0]);
  ::close(err[0]);
  finished.status = reap(child);
  if (!fed && finished.status == 0) finished.err += "(standard input was not read)";
  return finished;
}

ServerProcess::ServerProcess(const std::string& config, const std::string& log,
                             const std::vector<std::string>& wrapper) {
  const auto ready = make_pipe();
  const int errors = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  std::vector<std::string> all = wrapper;
  all.insert(all.end(), {chancery, "serve", "--config", config, "--ready-fd", "3"});
  const auto argv = pointers(all);
  child_ = ::fork();
  if (child_ == 0) {
    ::dup2(errors, STDERR_FILENO);
    if (ready[1] == 3) {
      ::fcntl(3, F_SETFD, 0);
    } else {
      ::dup2(ready[1], 3);
    }
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(ready[1]);
  ::close(errors);
  std::array<char, 1024> buffer{};
  for (ssize_t got = 1; got > 0;) {
    got = ::read(ready[0], buffer.data(), buffer.size());
    if (got > 0) ports_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(ready[0]);
}

ServerProcess::~ServerProcess() {
  if (child_ <= 0) return;
  ::kill(child_, SIGKILL);
  reap(child_);
}

std::uint16_t ServerProcess::port(const std::string& listener) const {
  const auto at = ports_.find("\"" + listener + "\":");
  return at == std::string::npos ? std::uint16_t{0}
                                 : static_cast<std::uint16_t>(std::stoi(ports_.substr(at + listener.size() + 3)));
}

void ServerProcess::send(int signal) const {
  ::kill(child_, signal);
}

int ServerProcess::wait() {
  const int status = reap(child_);
  child_ = -1;
  return status;
}

}  // namespace door
