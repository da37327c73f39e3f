#include "demo/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

namespace demo {

namespace {

std::string describe_status(int status) {
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return "exit status " + std::to_string(WEXITSTATUS(status));
}

/// Runs between fork and exec and therefore makes only async-signal-safe calls.
[[noreturn]] void become(char* const* arguments, pid_t parent, int in, int out) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(127);
  // The child gets a process group of its own, so that Ctrl-C reaches only the demonstration, which then stops the
  // child.
  ::setpgid(0, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  ::execv(arguments[0], arguments);
  for (const char* part : std::array<const char*, 2>{arguments[0], " could not be started\n"}) {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, part, std::strlen(part));
  }
  ::_exit(127);
}

base::Result<pid_t> fork_into(const std::vector<std::string>& command, int in, int out) {
  std::vector<std::string> copy = command;
  std::vector<char*> arguments;
  for (auto& argument : copy) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0)
    return base::fail(base::Code::unavailable, std::string("No process could be started: ") + std::strerror(errno));
  if (pid == 0) become(arguments.data(), parent, in, out);
  return pid;
}

}  // namespace

base::Result<Process> Process::start(const std::vector<std::string>& command, const std::string& log_file) {
  const int out = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (out < 0) return base::fail(base::Code::unavailable, "Cannot write " + log_file + ": " + std::strerror(errno));
  const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  auto pid = fork_into(command, in, out);
  ::close(in);
  ::close(out);
  if (!pid) return base::pass_on(std::move(pid));
  return Process(*pid);
}

Process::Process(Process&& other) noexcept : pid_(other.pid_), end_(std::move(other.end_)) {
  other.pid_ = -1;
}

Process::~Process() {
  stop(std::chrono::seconds(5));
}

std::optional<std::string> Process::find_end() {
  if (pid_ < 0) return end_;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) {
    pid_ = -1;
    end_ = describe_status(status);
  }
  return end_;
}

void Process::stop(std::chrono::milliseconds patience) {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!find_end() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  end_ = describe_status(status);
}

base::Result<Finished> run(const std::vector<std::string>& command, const std::string& input) {
  int in[2];
  int out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
    return base::fail(base::Code::unavailable, "No pipe could be made.");
  auto pid = fork_into(command, in[0], out[1]);
  ::close(in[0]);
  ::close(out[1]);
  if (pid && !input.empty()) {
    // A password fits into the pipe at once; SIGPIPE is ignored by main.
    [[maybe_unused]] const auto written = ::write(in[1], input.data(), input.size());
  }
  ::close(in[1]);
  Finished finished;
  char chunk[4096];
  ssize_t got = 0;
  while (pid && ((got = ::read(out[0], chunk, sizeof chunk)) > 0 || (got < 0 && errno == EINTR))) {
    if (got > 0 && finished.output.size() < 65536) finished.output.append(chunk, static_cast<std::size_t>(got));
  }
  ::close(out[0]);
  if (!pid) return base::pass_on(std::move(pid));
  int status = 0;
  while (::waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  finished.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return finished;
}

}  // namespace demo
