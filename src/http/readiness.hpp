// The only use of Asio: a coroutine waits until a descriptor is ready or a timer fires. Reading, writing and TLS are
// plain calls (transport.hpp). Only loop.cpp and connection.cpp include this header, because it is slow to compile.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <coroutine>
#include <exception>

namespace http {

using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;
using Timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                      boost::asio::io_context::executor_type>;

/// A detached coroutine: it begins at once, and its frame is freed at its end.
struct Task {
  struct promise_type {
    Task get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

/// co_await until the descriptor is ready or cancelled; the next call of the transport shows which.
struct Ready {
  Descriptor& descriptor;
  Descriptor::wait_type type;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    descriptor.async_wait(type, [waiting](const boost::system::error_code&) { waiting.resume(); });
  }
  void await_resume() const noexcept {}
};

/// co_await until the time has passed or the timer is cancelled.
struct Passed {
  Timer& timer;
  std::chrono::milliseconds time;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    timer.expires_after(time);
    timer.async_wait([waiting](const boost::system::error_code&) { waiting.resume(); });
  }
  void await_resume() const noexcept {}
};

}  // namespace http
