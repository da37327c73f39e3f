// The buffers of one connection while it has a request. The loop lends them and takes them back when the connection is
// idle, so that ten thousand idle connections need none.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "http/pipeline.hpp"
#include "http/request_reader.hpp"

namespace http {

/// Octets that have been read and not yet been consumed, in one piece.
class InputBuffer {
 public:
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  [[nodiscard]] std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  void consume(std::size_t octets) {
    begin_ += octets;
    if (empty()) begin_ = end_ = 0;
  }
  /// At least so many octets to read into.
  void make_room(std::size_t least = least_room) {
    if (capacity_ - end_ >= least) return;
    if (begin_ > 0) {
      std::copy(data_.get() + begin_, data_.get() + end_, data_.get());
      end_ -= begin_;
      begin_ = 0;
      if (capacity_ - end_ >= least) return;
    }
    const std::size_t larger = std::max({std::size_t{4096}, capacity_ * 2, end_ + least});
    auto fresh = std::make_unique<char[]>(larger);
    std::copy(data_.get(), data_.get() + end_, fresh.get());
    wipe();
    data_ = std::move(fresh);
    capacity_ = larger;
  }
  [[nodiscard]] char* room() { return data_.get() + end_; }
  [[nodiscard]] std::size_t room_size() const { return capacity_ - end_; }
  void commit(std::size_t octets) {
    end_ += octets;
    highest_ = std::max(highest_, end_);
  }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  void clear() { begin_ = end_ = 0; }
  /// Consumed octets are overwritten, because they may hold a password.
  void wipe() {
    if (highest_ > 0) ::explicit_bzero(data_.get(), highest_);
    highest_ = 0;
  }

 private:
  static constexpr std::size_t least_room = 2048;
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t highest_ = 0;
};

struct Workspace {
  InputBuffer in;
  std::string out;
  std::size_t sent = 0;  // octets of `out`
  RequestReader reader;
  Exchange exchange;
  bool sensitive = false;  // has held a request with a body

  [[nodiscard]] bool is_small() const {
    return in.capacity() <= 64 * 1024 && out.capacity() <= 256 * 1024 && exchange.request.body.capacity() <= 128 * 1024;
  }
  void clear() {
    if (sensitive) {
      in.wipe();
      ::explicit_bzero(exchange.request.body.data(), exchange.request.body.size());
      ::explicit_bzero(out.data(), out.size());
      sensitive = false;
    }
    in.clear();
    out.clear();
    sent = 0;
    exchange.request.body.clear();
    exchange.request.stored_body.reset();
    exchange.request.headers.clear();
    exchange.response = Response();
  }
};

}  // namespace http
