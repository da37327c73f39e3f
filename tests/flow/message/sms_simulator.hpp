// An SMS gateway for tests, over real HTTP. It enforces the rules of the manual (S3.7, S3.8): id, password, the sender
// in `origin`, a spam filter for each number, a quota; or it misbehaves.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "courier/gateway.hpp"
#include "unit/remote/loopback_server.hpp"

namespace testing {

/// The fields of a form, decoded; enough for a test.
class SmsFields {
 public:
  SmsFields() = default;
  explicit SmsFields(std::string_view form) {
    while (!form.empty()) {
      const std::string_view pair = form.substr(0, form.find('&'));
      form.remove_prefix(std::min(form.size(), pair.size() + 1));
      const auto equals = std::min(pair.find('='), pair.size());
      fields_[decode(pair.substr(0, equals))] = decode(pair.substr(std::min(equals + 1, pair.size())));
    }
  }
  [[nodiscard]] bool has(const std::string& name) const { return fields_.contains(name); }
  [[nodiscard]] std::string get(const std::string& name) const {
    const auto found = fields_.find(name);
    return found == fields_.end() ? std::string() : found->second;
  }

 private:
  static std::string decode(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '%' && at + 2 < text.size()) {
        decoded.push_back(static_cast<char>(std::stoi(std::string(text.substr(at + 1, 2)), nullptr, 16)));
        at += 2;
      } else {
        decoded.push_back(text[at]);
      }
    }
    return decoded;
  }
  std::map<std::string, std::string> fields_;
};

class SmsSimulator {
 public:
  enum class Mood : std::uint8_t {
    honest,
    down,          // 500
    silent,        // takes the message and drops the connection
    slow,          // takes the message, and answers after go_on()
    half,          // an answer that ends in the middle
    other_coding,  // an answer in octets that are no UTF-8
    refusing,      // 400: this message never
    redirecting
  };

  SmsSimulator()
      : server_([this](remote_test::Connection& c) {
          const std::string request = c.read_http_request();
          const std::string answer = answer_to(request);
          wait_while_slow();
          if (!answer.empty()) c.write(answer);
        }) {}
  ~SmsSimulator() { go_on(); }
  SmsSimulator(const SmsSimulator&) = delete;
  SmsSimulator& operator=(const SmsSimulator&) = delete;

  /// The answers that are held back leave.
  void go_on() {
    const std::lock_guard lock(mutex_);
    mood_ = mood_ == Mood::slow ? Mood::honest : mood_;
    changed_.notify_all();
  }

  void mood(Mood mood) {
    const std::lock_guard lock(mutex_);
    mood_ = mood;
  }
  void limit(std::size_t per_number, std::size_t quota) {
    const std::lock_guard lock(mutex_);
    per_number_ = per_number;
    quota_ = quota;
  }
  /// Every request that came, also one that was refused.
  std::size_t asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  /// The messages that the phone has: the fields of each.
  std::vector<SmsFields> messages() {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  [[nodiscard]] std::string place() const { return server_.place(); }
  [[nodiscard]] courier::SmsGateway gateway(const std::string& name, const std::string& preset = "pitcom") const {
    courier::SmsGateway gateway;
    gateway.name = name;
    gateway.preset = preset;
    gateway.form = courier::find_gateway_preset(preset)->form;
    gateway.url = server_.url("/send");
    gateway.id = "clinic";
    gateway.password = base::Secret("secret");
    gateway.report_key = base::Secret("key-of-reports-1234");
    return gateway;
  }

 private:
  void wait_while_slow() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return mood_ != Mood::slow; });
  }

  static std::string say(int status, const std::string& body) {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n\r\n" + body;
  }

  std::string take(const std::string& request) {
    const SmsFields form(std::string_view(request).substr(request.find("\r\n\r\n") + 4));
    if (form.get("id") != "clinic" || form.get("password") != "secret") return say(401, "wrong login");
    const std::string origin = form.get("origin");
    if (!origin.empty() && !courier::is_sms_sender(origin)) return say(400, "wrong origin");
    const std::string number = form.get("number");
    if (!number.starts_with("00")) return say(400, "wrong number");
    if (per_number_ > 0 && of_number_[number] >= per_number_) return say(429, "too many for this number");
    if (quota_ > 0 && messages_.size() >= quota_) return say(402, "quota");
    ++of_number_[number];
    messages_.push_back(form);
    return say(200, "OK id=m" + std::to_string(messages_.size()));
  }

  std::string answer_to(const std::string& request) {
    const std::lock_guard lock(mutex_);
    ++asked_;
    switch (mood_) {
      case Mood::down: return say(500, "broken");
      case Mood::silent: (void)take(request); return {};
      case Mood::half: return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nOK id";
      case Mood::other_coding: (void)take(request); return say(200, "OK id=\xff\xfe");
      case Mood::refusing: return say(400, "never");
      case Mood::redirecting: return "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
      case Mood::slow:
      case Mood::honest: break;
    }
    return take(request);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  Mood mood_ = Mood::honest;
  std::size_t per_number_ = 0;
  std::size_t quota_ = 0;
  std::size_t asked_ = 0;
  std::map<std::string, std::size_t> of_number_;
  std::vector<SmsFields> messages_;
  remote_test::LoopbackServer server_;
};

}  // namespace testing
