#include "http/connection.hpp"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <optional>

#include "base/log.hpp"
#include "http/parties.hpp"
#include "http/readiness.hpp"
#include "http/transport.hpp"

namespace http {
namespace {

using Clock = std::chrono::steady_clock;
using Outcome = Transport::Outcome;

constexpr std::size_t flush_at = 64 * 1024;
constexpr std::size_t room_for_stored = 32 * 1024;  // to read into, of a body that goes to the disk
// Of the memory's budget: a body takes as much again as it has, within these.
constexpr std::size_t least_at_once = 64 * 1024;
constexpr std::size_t most_at_once = 1024 * 1024;
constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

/// The coarse clock is exact to one kernel tick, which is enough for deadlines, and costs a fifth of the exact one.
Clock::time_point coarse_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return Clock::time_point(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

class Served final : public Connection, public Job {
 public:
  Served(Loop& loop, int socket, ListenerState& listener, std::unique_ptr<Peer> peer)
      : loop_(loop),
        limits_(loop.context().options.limits),
        peer_(std::move(peer)),
        tls_(listener.tls()),
        transport_(socket, tls_.get()),
        descriptor_(loop.io(), socket) {
    enter(transport_.is_tls() ? Phase::handshake : Phase::idle);
  }
  ~Served() override {
    drop_stored();
    if (workspace_) loop_.give_back(std::move(workspace_));
    loop_.context().admission.leave(entrance_of(*peer_));
  }

  void begin() override { serve(); }
  void resume() override { std::exchange(parked_, nullptr).resume(); }
  void check(Clock::time_point now) override {
    if (!is_on_lane() && now >= deadline_) interrupt();
  }
  void make_room() override {
    const bool is_waiting = phase_ == Phase::idle || phase_ == Phase::handshake || phase_ == Phase::header;
    if (is_waiting && loop_.context().admission.is_over_share(entrance_of(*peer_))) abort();
  }
  void drain() override {
    if (phase_ != Phase::idle && phase_ != Phase::handshake) return;
    // Who has just connected is answered once more: after a restart that hands the port on, nobody was refused.
    if (has_asked_) {
      abort();
    } else {
      deadline_ = std::min(deadline_, coarse_now() + limits_.linger);
    }
  }
  void abort() override {
    aborted_ = true;
    if (!is_on_lane()) interrupt();
  }

  bool run() noexcept override {
    if (phase_ == Phase::storing) {
      store_piece();
      loop_.complete(*this);
      return true;
    }
    if (phase_ == Phase::admitting) {
      is_admitted_ = loop_.context().pipeline.admit(workspace_->exchange);
      loop_.complete(*this);
      return true;
    }
    const auto pending = loop_.context().pipeline.handle(workspace_->exchange);
    workspace_->exchange.request.stored_body.reset();  // here, because the loop does not wait for the disk
    if (!pending) {
      loop_.complete(*this);
      return true;
    }
    pending->when_over([this](bool done) {
      if (!done) loop_.context().pipeline.refuse(workspace_->exchange, 503);
      loop_.complete(*this);
    });
    return false;
  }
  [[nodiscard]] bool is_short() const override {
    const Route* const route = workspace_->exchange.match.route;
    return phase_ == Phase::handling && route != nullptr && route->deferred;
  }
  [[nodiscard]] Parties parties() const override { return parties_of(workspace_->exchange); }
  void abandon() noexcept override {
    if (phase_ == Phase::storing) {
      store_failure_ = 503;
    } else {
      is_admitted_ = false;
      loop_.context().pipeline.refuse(workspace_->exchange, 503);
    }
    loop_.complete(*this);
  }

 private:
  enum class Phase : std::uint8_t {
    handshake,
    idle,
    header,
    admitting,
    admitted,
    body,
    storing,
    stored,
    handling,
    answered,
    writing,
    lingering,
    closed
  };
  enum class Wait : std::uint8_t {
    readable,
    writable,
    lane,
    nothing
  };

  struct OnLane {
    Served& self;
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiting) {
      self.parked_ = waiting;
      return self.submit();
    }
    void await_resume() const noexcept {}
  };

  /// Serves the connection until its end: takes every step that is possible, then waits for the next event.
  Task serve() {
    while (true) {
      const Wait wait = advance();
      if (wait == Wait::nothing) break;
      if (wait == Wait::lane) {
        co_await OnLane{*this};
        phase_ = phase_after_lane();
      } else {
        co_await Ready{descriptor_, wait == Wait::readable ? Descriptor::wait_read : Descriptor::wait_write};
      }
    }
    loop_.remove(*this);
  }

  Wait advance() noexcept;
  std::optional<Wait> take_step();
  std::optional<Wait> shake_hands();
  std::optional<Wait> await_request();
  std::optional<Wait> read_request();
  std::optional<Wait> read_more();
  std::optional<Wait> handle();
  std::optional<Wait> go_to_lane();
  void answer();
  std::optional<Wait> write();
  std::optional<Wait> linger();

  void enter(Phase phase);
  void interrupt();
  void on_interrupt();
  void begin_request();
  void judge_header();
  [[nodiscard]] bool needs_admission() const;
  void go_on_after_admission();
  void ask_for_body();
  bool begin_body(bool may_store);
  bool hold_body();
  bool hold_response();
  void end_response();
  void take_body(bool is_complete);
  void store_piece() noexcept;
  void go_on_after_piece();
  void drop_stored();
  /// Another thread has the request; the deadline is that of the client alone.
  [[nodiscard]] bool is_on_lane() const {
    return phase_ == Phase::handling || phase_ == Phase::storing || phase_ == Phase::admitting;
  }
  [[nodiscard]] Phase phase_after_lane() const {
    if (phase_ == Phase::admitting) return Phase::admitted;
    return phase_ == Phase::storing ? Phase::stored : Phase::answered;
  }
  void refuse(int status);
  void answer_before_body();
  bool submit();
  void flush_to(Phase next) {
    next_ = next;
    enter(Phase::writing);
  }
  /// The event that an unfinished call of the transport needs. The connection ends if no event can help.
  std::optional<Wait> wait_for(Outcome outcome) {
    if (outcome == Outcome::want_read) return Wait::readable;
    if (outcome == Outcome::want_write) return Wait::writable;
    phase_ = Phase::closed;
    return std::nullopt;
  }

  Loop& loop_;
  const Limits& limits_;
  std::unique_ptr<Peer> peer_;
  std::shared_ptr<const TlsContext> tls_;
  Transport transport_;
  Descriptor descriptor_;  // owns the socket
  std::unique_ptr<Workspace> workspace_;
  std::coroutine_handle<> parked_;
  Clock::time_point deadline_;
  std::size_t batch_ = 0;  // requests answered since the last wait
  Phase phase_ = Phase::idle;
  Phase next_ = Phase::idle;            // after writing
  std::string_view rest_;               // of the response, after Workspace::out: its large body
  std::size_t most_in_memory_ = 0;      // octets of the body that can be in memory at one time
  BodyLease memory_;                    // of Context::large_bodies: what is here of the body, or of a large response
  std::shared_ptr<StoredBody> stored_;  // the body, if it is too large for memory
  Clock::time_point storing_since_;
  int store_failure_ = 0;          // status to refuse with
  bool is_admitted_ = false;       // Route::admit lets the body come
  bool is_body_complete_ = false;  // the piece that is being stored is the last one
  bool has_asked_ = false;         // the first octet of a request has come
  bool interrupted_ = false;
  bool aborted_ = false;
  bool close_ = false;  // after the response that is being written
};

void Served::enter(Phase phase) {
  phase_ = phase;
  std::chrono::milliseconds limit = limits_.idle;
  // A client that has not asked anything yet gets no more time than one that stops in a header.
  if (phase == Phase::idle && !has_asked_) limit = std::min(limits_.idle, limits_.header);
  if (phase == Phase::handshake) limit = limits_.handshake;
  if (phase == Phase::header) limit = limits_.header;
  if (phase == Phase::body) limit = limits_.body;
  if (phase == Phase::writing) limit = limits_.write;
  if (phase == Phase::lingering) limit = limits_.linger;
  if (phase == Phase::idle && loop_.context().pipeline.is_draining()) limit = limits_.linger;
  deadline_ = coarse_now() + limit;
}

void Served::interrupt() {
  interrupted_ = true;
  descriptor_.cancel();
}

/// A deadline has passed, or the server stops.
void Served::on_interrupt() {
  interrupted_ = false;
  const bool reading = phase_ == Phase::header || phase_ == Phase::body;
  if (aborted_ || !reading) {
    phase_ = Phase::closed;
  } else {
    refuse(408);
  }
}

Served::Wait Served::advance() noexcept {
  try {
    if (interrupted_) on_interrupt();
    while (true) {
      if (const auto wait = take_step()) return *wait;
    }
  } catch (const std::exception& error) {
    base::log(base::Level::error, "a connection failed", {{"error", error.what()}});
  }
  return Wait::nothing;
}

std::optional<Served::Wait> Served::take_step() {
  switch (phase_) {
    case Phase::handshake: return shake_hands();
    case Phase::idle: return await_request();
    case Phase::header:
    case Phase::body: return read_request();
    case Phase::admitting: return go_to_lane();
    case Phase::admitted: go_on_after_admission(); return std::nullopt;
    case Phase::storing: return Wait::lane;
    case Phase::stored: go_on_after_piece(); return std::nullopt;
    case Phase::handling: return handle();
    case Phase::answered: answer(); return std::nullopt;
    case Phase::writing: return write();
    case Phase::lingering: return linger();
    case Phase::closed: break;
  }
  return Wait::nothing;
}

std::optional<Served::Wait> Served::shake_hands() {
  const auto step = transport_.shake_hands();
  if (step.outcome != Outcome::done) return wait_for(step.outcome);
  if (may_have_certificate(*peer_->listener)) {
    peer_->certificate = transport_.find_client_certificate();
    peer_->certificate_sha256 = fingerprint_of(peer_->certificate);
  }
  enter(Phase::idle);
  return std::nullopt;
}

std::optional<Served::Wait> Served::await_request() {
  if (!workspace_) workspace_ = loop_.borrow();
  InputBuffer& in = workspace_->in;
  in.make_room();
  const auto step = transport_.read(in.room(), in.room_size());
  if (step.outcome != Outcome::done) {
    loop_.give_back(std::move(workspace_));
    batch_ = 0;
    return wait_for(step.outcome);
  }
  in.commit(step.octets);
  begin_request();
  return std::nullopt;
}

void Served::begin_request() {
  has_asked_ = true;
  Exchange& exchange = workspace_->exchange;
  exchange.peer = peer_.get();
  exchange.began = Clock::now();
  exchange.refusal = 0;
  exchange.match = Router::Match();
  exchange.request.request_id.clear();
  exchange.request.path_parameters.clear();
  workspace_->reader.begin(exchange.request, limits_.header_bytes, limits_.header_count);
  enter(Phase::header);
}

std::optional<Served::Wait> Served::read_request() {
  std::size_t used = 0;
  const auto state = workspace_->reader.read(workspace_->in.view(), used);
  workspace_->in.consume(used);
  switch (state) {
    case RequestReader::State::header_complete: judge_header(); return std::nullopt;
    case RequestReader::State::failed: {
      const int failure = workspace_->reader.failure();
      // Of a request that is refused anyway the body counts for nothing, however long it is.
      const int refusal = workspace_->exchange.refusal;
      refuse(failure == 413 && refusal != 0 ? refusal : failure);
      return std::nullopt;
    }
    case RequestReader::State::complete:
    case RequestReader::State::need_more: break;
  }
  if (!hold_body()) {
    refuse(503);
    return std::nullopt;
  }
  if (state == RequestReader::State::complete) {
    take_body(true);
    return std::nullopt;
  }
  if (stored_ && workspace_->exchange.request.body.size() >= limits_.piece_of_body) {
    take_body(false);
    return std::nullopt;
  }
  // Responses that are ready are sent before the wait, because the client may send nothing more until it has them.
  if (!workspace_->out.empty()) {
    flush_to(phase_);
    return std::nullopt;
  }
  return read_more();
}

std::optional<Served::Wait> Served::read_more() {
  InputBuffer& in = workspace_->in;
  if (stored_) {
    in.make_room(room_for_stored);
  } else {
    in.make_room();
  }
  const auto step = transport_.read(in.room(), in.room_size());
  if (step.outcome != Outcome::done) return wait_for(step.outcome);
  in.commit(step.octets);
  return std::nullopt;
}

/// The header is complete: the pipeline finds client and route, and the body is allowed or refused.
void Served::judge_header() {
  Workspace& space = *workspace_;
  loop_.context().pipeline.arrive(space.exchange);
  enter(Phase::body);
  if (!space.reader.has_body()) {
    space.reader.allow_body(0);
    return;
  }
  space.sensitive = true;
  const Pipeline::BodyRule rule = loop_.context().pipeline.body_rule(space.exchange);
  space.exchange.request.body_limit = rule.limit;
  if (!space.reader.allow_body(rule.limit, least_at_once)) {
    return refuse(space.exchange.refusal != 0 ? space.exchange.refusal : 413);
  }
  if (!begin_body(rule.is_stored)) return refuse(503);
  if (needs_admission()) {
    phase_ = Phase::admitting;
  } else {
    ask_for_body();
  }
}

/// A small body costs less than the question, and its handler asks it.
bool Served::needs_admission() const {
  const Exchange& exchange = workspace_->exchange;
  return exchange.refusal == 0 && exchange.match.route->admit && workspace_->reader.most_of_body() > limits_.small_body;
}

void Served::go_on_after_admission() {
  if (aborted_) {
    phase_ = Phase::closed;
  } else if (is_admitted_) {
    enter(Phase::body);
    ask_for_body();
  } else {
    answer_before_body();
  }
}

void Served::ask_for_body() {
  Workspace& space = *workspace_;
  if (!space.reader.expects_continue()) return;
  if (space.exchange.refusal != 0) return refuse(space.exchange.refusal);
  if (!space.in.empty()) return;  // the client sends its body without waiting for 100
  space.out.append(continue_line);
  flush_to(Phase::body);
}

/// False: it is longer than all that is meant for bodies. What is announced takes nothing.
bool Served::begin_body(bool may_store) {
  Context& context = loop_.context();
  const std::size_t octets = workspace_->reader.most_of_body();
  most_in_memory_ = octets;
  if (octets <= limits_.small_body) return true;
  const Holders holders = holders_of(workspace_->exchange);
  memory_ = BodyLease(context.large_bodies, holders);
  const bool is_announced = !workspace_->reader.is_chunked();
  if (!may_store || octets <= limits_.piece_of_body) return !is_announced || octets <= context.large_bodies->all();
  if (is_announced && octets > context.stored_bodies->all()) return false;
  // The last piece may be longer by what is read at once.
  most_in_memory_ = limits_.piece_of_body + room_for_stored;
  stored_ = std::make_shared<StoredBody>(context.options.body_store, BodyLease(context.stored_bodies, holders),
                                         BodyLease(context.large_bodies, holders));
  store_failure_ = 0;
  return true;
}

/// The budget is taken as octets come, so that a client that announces many and sends few holds few. False: other
/// bodies, of all or of this network, have it.
bool Served::hold_body() {
  std::string& body = workspace_->exchange.request.body;
  const std::size_t held = memory_.octets();
  if (body.size() <= limits_.small_body || body.size() <= held) return true;
  const std::size_t at_once = std::clamp(held, least_at_once, most_at_once);
  const std::size_t wanted = std::max(body.size(), std::min(held + at_once, most_in_memory_));
  if (!memory_.grow(wanted - held) && !memory_.grow(body.size() - held)) return false;
  // Once, because each time copies what is there.
  if (!workspace_->reader.is_chunked() && body.size() > least_at_once) body.reserve(most_in_memory_);
  return true;
}

/// A large body is gone as soon as it is sent, and not when the connection has its next request.
void Served::end_response() {
  std::string& body = workspace_->exchange.response.body;
  if (body.size() <= largest_copied || (next_ != Phase::idle && next_ != Phase::lingering)) return;
  if (workspace_->sensitive) ::explicit_bzero(body.data(), body.size());
  std::string().swap(body);
  memory_.end();
}

/// The body of a large response takes of the budget until it is sent: a client that does not read holds no more than
/// its network's share. False: there is too little.
bool Served::hold_response() {
  Exchange& exchange = workspace_->exchange;
  // What is ready-made is in memory once for all. The operator's own listener is never refused.
  const std::size_t octets = exchange.response.ready_body ? 0 : exchange.response.body.size();
  if (octets <= largest_copied || exchange.request.method == Method::head || peer_->listener->reserved) return true;
  const auto& budget = loop_.context().large_bodies;
  memory_ = BodyLease(budget, holders_of(exchange));
  // One that is larger than half of all could never be sent beside another.
  return memory_.grow(std::min(octets, budget->all() / 2));
}

/// What has come of the body goes to the disk, if it does not stay in memory.
void Served::take_body(bool is_complete) {
  is_body_complete_ = is_complete;
  const std::size_t here = workspace_->exchange.request.body.size();
  if (stored_ && stored_->size() == 0 && is_complete && here <= limits_.piece_of_body) stored_.reset();
  phase_ = stored_ ? Phase::storing : Phase::handling;
  storing_since_ = coarse_now();
}

/// On a thread of the lane `disk`. Meanwhile nothing is read, so that the client waits for the disk as well.
void Served::store_piece() noexcept {
  try {
    auto done = stored_->append(workspace_->exchange.request.body);
    if (done && is_body_complete_) done = stored_->finish();
    if (done) return;
    const bool is_full = done.error().reason == disk_full;
    store_failure_ = is_full ? 507 : 503;
    base::log(is_full ? base::Level::warning : base::Level::info, "a body could not be stored",
              {{"request_id", workspace_->exchange.request.request_id}, {"reason", base::describe(done.error())}});
  } catch (const std::exception& error) {
    store_failure_ = 503;
    base::log(base::Level::error, "a body could not be stored",
              {{"request_id", workspace_->exchange.request.request_id}, {"error", error.what()}});
  }
}

void Served::go_on_after_piece() {
  Request& request = workspace_->exchange.request;
  if (aborted_) {
    phase_ = Phase::closed;
    return;
  }
  if (store_failure_ != 0) return refuse(store_failure_);
  const std::size_t octets = request.body.size();
  workspace_->reader.pass_body();
  if (is_body_complete_) {
    request.stored_body = std::move(stored_);
    std::string().swap(request.body);
    memory_.end();
    phase_ = Phase::handling;
    return;
  }
  // The client has the time again that the disk took, and earns some by what it has sent; but never more than at first.
  const Clock::time_point now = coarse_now();
  const std::chrono::milliseconds earned(octets * 1000 / std::max<std::size_t>(1, limits_.slowest_body));
  deadline_ = std::min(now + limits_.body, deadline_ + (now - storing_since_) + earned);
  phase_ = Phase::body;
}

/// Closes the file of a body on a thread of the lane `disk`, because that may take long.
void Served::drop_stored() {
  struct Closing final : Job {
    bool run() noexcept override {
      const std::unique_ptr<Closing> self(this);
      return true;
    }
    [[nodiscard]] bool is_short() const override { return false; }
    [[nodiscard]] Parties parties() const override { return {}; }
    void abandon() noexcept override { const std::unique_ptr<Closing> self(this); }
    std::shared_ptr<const StoredBody> body;
  };
  memory_.end();
  if (!stored_ && (!workspace_ || !workspace_->exchange.request.stored_body)) return;
  auto closing = std::make_unique<Closing>();
  closing->body = std::move(stored_);
  if (workspace_ && !closing->body) closing->body = std::move(workspace_->exchange.request.stored_body);
  if (closing->body && loop_.context().disk.submit(*closing)) (void)closing.release();
}

void Served::refuse(int status) {
  loop_.context().pipeline.refuse(workspace_->exchange, status);
  answer_before_body();
}

/// The connection is closed after an answer before the whole request has been read, because the place where the next
/// request begins is unknown.
void Served::answer_before_body() {
  close_ = true;
  phase_ = Phase::answered;
}

std::optional<Served::Wait> Served::handle() {
  if (Pipeline::lane_of(workspace_->exchange) == Lane::instant) {
    loop_.context().pipeline.handle(workspace_->exchange);
    phase_ = Phase::answered;
    return std::nullopt;
  }
  return go_to_lane();
}

/// Earlier responses are sent first, because the lane may take long.
std::optional<Served::Wait> Served::go_to_lane() {
  if (workspace_->out.empty()) return Wait::lane;
  flush_to(phase_);
  return std::nullopt;
}

/// False: the lane is full, and the coroutine continues at once with the refusal.
bool Served::submit() {
  Context& context = loop_.context();
  const bool is_storing = phase_ == Phase::storing;
  LaneThreads* lane = &context.disk;
  if (phase_ == Phase::admitting) lane = &context.work;
  if (phase_ == Phase::handling) lane = context.threads_of(Pipeline::lane_of(workspace_->exchange));
  if (lane != nullptr && lane->submit(*this)) return true;
  parked_ = nullptr;
  if (is_storing) {
    store_failure_ = 503;
  } else {
    is_admitted_ = false;
    context.pipeline.refuse(workspace_->exchange, 503);
  }
  return false;
}

void Served::answer() {
  Workspace& space = *workspace_;
  drop_stored();
  const Pipeline& pipeline = loop_.context().pipeline;
  if (!hold_response()) pipeline.refuse(space.exchange, 503);
  close_ = close_ || aborted_ || !space.reader.keep_alive() || pipeline.is_draining();
  Framing framing;
  framing.date = loop_.date();
  framing.close = close_;
  framing.http_1_0 = space.reader.http_1_0();
  rest_ = pipeline.leave(space.exchange, space.out, framing);
  ++batch_;
  if (rest_.empty() && !close_ && !space.in.empty() && batch_ % std::max<std::size_t>(1, limits_.pipelined) != 0 &&
      space.out.size() < flush_at) {
    begin_request();
  } else {
    flush_to(close_ ? Phase::lingering : Phase::idle);
  }
}

std::optional<Served::Wait> Served::write() {
  Workspace& space = *workspace_;
  while (space.sent < space.out.size()) {
    const auto step = transport_.write(std::string_view(space.out).substr(space.sent));
    if (step.outcome != Outcome::done) return wait_for(step.outcome);
    space.sent += step.octets;
  }
  while (!rest_.empty()) {
    const auto step = transport_.write(rest_);
    if (step.outcome != Outcome::done) return wait_for(step.outcome);
    rest_.remove_prefix(step.octets);
  }
  space.out.clear();
  space.sent = 0;
  end_response();
  if (next_ == Phase::lingering) {
    transport_.finish();
    enter(Phase::lingering);
  } else if (next_ != Phase::idle) {
    enter(next_);
  } else if (!space.in.empty()) {
    begin_request();
    return Wait::writable;  // after a full batch the loop serves its other connections first
  } else {
    enter(Phase::idle);
    if (loop_.context().pipeline.is_draining()) phase_ = Phase::closed;
    if (phase_ == Phase::idle && !transport_.has_pending()) {
      loop_.give_back(std::move(workspace_));
      batch_ = 0;
      return Wait::readable;
    }
  }
  return std::nullopt;
}

/// A socket closed with unread octets resets the connection, and the client may lose the response that it was sent
/// (RFC 9112 §9.6). Therefore the rest is read and discarded until the client closes or the deadline passes.
std::optional<Served::Wait> Served::linger() {
  while (true) {
    const auto step = transport_.discard();
    if (step.outcome != Outcome::done) return wait_for(step.outcome);
  }
}

}  // namespace

Connection* Connection::open(Loop& loop, int socket, ListenerState& listener, std::unique_ptr<Peer> peer) {
  try {
    return new Served(loop, socket, listener, std::move(peer));
  } catch (...) {
    ::close(socket);
    throw;
  }
}

}  // namespace http
