// Makes the folder as it is after a power failure: the folder as it was before, with the changes on the tape (tape.hpp)
// that were synced. The others may be lost. The seed decides for each write and each size whether it survives, and for
// a torn write which of its sectors do. Of the changes of names the first ones survive, because file systems journal
// them in order.
//
//   what_survives BASE TAPE TARGET (--seed N | --all) [--until OCTETS]
//
//   --all     everything survives, as for the processes of a machine that goes on
//   --until   the power failed when the tape was as long as this
//
// Prints as JSON how many records there were, and what became of the writes that had not been synced.
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "power/tape.hpp"

namespace {

namespace fs = std::filesystem;
using power::Head;
using power::Kind;

constexpr std::size_t sector = 512;

struct Record {
  Head head;
  std::string octets;
};

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::stringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

// A record that is cut off in the middle is ignored.
std::vector<Record> read_tape(const fs::path& file, std::uint64_t until) {
  const std::string tape = read_file(file);
  const std::size_t end = std::min<std::uint64_t>(until, tape.size());
  std::vector<Record> records;
  std::size_t at = 0;
  while (at + sizeof(Head) <= end) {
    Head head{};
    std::memcpy(&head, tape.data() + at, sizeof head);
    at += sizeof head;
    if (head.length > end - at) break;
    records.push_back({head, tape.substr(at, head.length)});
    at += head.length;
  }
  return records;
}

// Decides which of the changes that were not synced survive.
class Fate {
 public:
  explicit Fate(bool everything, std::uint64_t seed) : everything_(everything), random_(seed) {
    kind_ = static_cast<Kinds>(number(0, 4));
    border_ = number(0, 100);
  }

  enum class Of {
    kept,
    torn,
    dropped
  };
  /// `progress`: how many percent of the changes since the last sync came before this one.
  Of choose(std::uint64_t progress) {
    if (everything_) return Of::kept;
    switch (kind_) {
      case Kinds::nothing: return Of::dropped;
      case Kinds::early: return progress < border_ ? Of::kept : progress == border_ ? Of::torn : Of::dropped;
      case Kinds::late: return progress < border_ ? Of::dropped : progress == border_ ? Of::torn : Of::kept;
      default: return static_cast<Of>(number(0, 2));
    }
  }
  bool coin() { return number(0, 1) == 0; }
  /// How many of `count` changes of names survive.
  std::uint64_t beginning_of(std::uint64_t count) { return everything_ ? count : number(0, count); }

 private:
  enum class Kinds : std::uint64_t {
    nothing,
    early,
    late
  };  // and any higher number: each by itself

  std::uint64_t number(std::uint64_t least, std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>(least, most)(random_);
  }
  bool everything_;
  std::mt19937_64 random_;
  Kinds kind_{};
  std::uint64_t border_ = 0;
};

struct Count {
  std::uint64_t kept = 0;
  std::uint64_t torn = 0;
  std::uint64_t dropped = 0;
};

class Disk {
 public:
  Disk(const fs::path& base, std::vector<Record> records, Fate fate)
      : records_(std::move(records)), fate_(std::move(fate)) {
    for (const auto& entry : fs::directory_iterator(base)) {
      if (entry.is_regular_file()) names_[entry.path().filename()] = add(read_file(entry.path()));
    }
  }

  void fail() {
    apply_names();
    for (auto& [file, changes] : find_changes()) apply(contents_.at(places_.at(file)), changes, synced_[file]);
  }

  void write(const fs::path& target) const {
    fs::create_directories(target);
    for (const auto& [name, place] : names_) {
      std::ofstream out(target / name, std::ios::binary);
      out << contents_.at(place);
      out.close();
      if (!out) throw std::runtime_error("cannot write " + (target / name).string());
      fs::permissions(target / name, fs::perms::owner_read | fs::perms::owner_write);
    }
  }

  [[nodiscard]] const Count& count() const { return count_; }
  [[nodiscard]] std::size_t records() const { return records_.size(); }

 private:
  std::size_t add(std::string content) {
    contents_.push_back(std::move(content));
    return contents_.size() - 1;
  }

  static bool is_of_names(Kind kind) {
    return kind == Kind::create || kind == Kind::remove || kind == Kind::link || kind == Kind::rename;
  }

  void apply_names() {
    std::uint64_t synced = 0;
    std::uint64_t unsynced = 0;
    for (const Record& record : records_) {
      if (record.head.kind == Kind::sync_names) synced = std::max(synced, record.head.number);
      if (record.head.kind == Kind::sync_file) {
        auto& until = synced_[record.head.file];
        until = std::max(until, record.head.number);
      }
    }
    for (std::uint64_t i = synced; i < records_.size(); ++i) unsynced += is_of_names(records_[i].head.kind) ? 1U : 0U;
    std::uint64_t more = fate_.beginning_of(unsynced);
    for (std::uint64_t i = 0; i < records_.size(); ++i) {
      const Record& record = records_[i];
      if (record.head.kind == Kind::exists) places_[record.head.file] = names_.at(record.octets);
      if (record.head.kind == Kind::create) places_[record.head.file] = add("");
      if (!is_of_names(record.head.kind)) continue;
      if (i >= synced && more == 0) continue;
      if (i >= synced) --more;
      apply_name(record);
    }
  }

  void apply_name(const Record& record) {
    if (record.head.kind == Kind::create) {
      names_[record.octets] = places_.at(record.head.file);
    } else if (record.head.kind == Kind::remove) {
      names_.erase(record.octets);
    } else {
      const std::size_t zero = record.octets.find('\0');
      const auto from = names_.find(record.octets.substr(0, zero));
      if (from == names_.end()) throw std::runtime_error("the tape names a file that is not there");
      names_[record.octets.substr(zero + 1)] = from->second;
      if (record.head.kind == Kind::rename) names_.erase(from);
    }
  }

  struct Change {
    std::uint64_t index;
    const Record* record;
  };
  std::map<std::uint32_t, std::vector<Change>> find_changes() const {
    std::map<std::uint32_t, std::vector<Change>> changes;
    for (std::uint64_t i = 0; i < records_.size(); ++i) {
      const Kind kind = records_[i].head.kind;
      if (kind == Kind::write || kind == Kind::size) changes[records_[i].head.file].push_back({i, &records_[i]});
    }
    return changes;
  }

  void apply(std::string& content, const std::vector<Change>& changes, std::uint64_t synced) {
    for (const Change& change : changes) {
      Fate::Of fate = Fate::Of::kept;
      if (change.index >= synced) {
        fate = fate_.choose((change.index - synced) * 100 / (records_.size() - synced));
        count_.kept += fate == Fate::Of::kept ? 1U : 0U;
        count_.torn += fate == Fate::Of::torn ? 1U : 0U;
        count_.dropped += fate == Fate::Of::dropped ? 1U : 0U;
      }
      const Head& head = change.record->head;
      if (head.kind == Kind::size) {
        if (fate == Fate::Of::kept) content.resize(head.number);
      } else if (fate != Fate::Of::dropped) {
        put(content, head.number, change.record->octets, fate == Fate::Of::torn);
      }
    }
  }

  // The file is as long as the whole write would make it; sectors that are missing at its end are zeros.
  void put(std::string& content, std::uint64_t at, const std::string& octets, bool torn) {
    if (content.size() < at + octets.size()) content.resize(at + octets.size());
    std::size_t from = 0;
    while (from < octets.size()) {
      const std::size_t length = std::min(octets.size() - from, sector - (at + from) % sector);
      if (!torn || fate_.coin()) content.replace(at + from, length, octets, from, length);
      from += length;
    }
  }

  std::vector<Record> records_;
  Fate fate_;
  std::vector<std::string> contents_;
  std::map<std::string, std::size_t> names_;       // name → place in contents_
  std::map<std::uint32_t, std::size_t> places_;    // file of the tape → place in contents_
  std::map<std::uint32_t, std::uint64_t> synced_;  // file of the tape → records before this one are durable
  Count count_;
};

int run(const std::vector<std::string>& words) {
  if (words.size() < 4)
    throw std::runtime_error("usage: what_survives BASE TAPE TARGET (--seed N | --all) [--until OCTETS]");
  bool everything = false;
  std::uint64_t seed = 0;
  std::uint64_t until = std::numeric_limits<std::uint64_t>::max();
  for (std::size_t i = 3; i < words.size(); ++i) {
    if (words[i] == "--all") {
      everything = true;
    } else if (words[i] == "--seed" && i + 1 < words.size()) {
      seed = std::stoull(words[++i]);
    } else if (words[i] == "--until" && i + 1 < words.size()) {
      until = std::stoull(words[++i]);
    } else {
      throw std::runtime_error("unknown option " + words[i]);
    }
  }
  Disk disk(words[0], read_tape(words[1], until), Fate(everything, seed));
  disk.fail();
  disk.write(words[2]);
  const Count& count = disk.count();
  std::cout << R"({"records":)" << disk.records() << R"(,"kept":)" << count.kept << R"(,"torn":)" << count.torn
            << R"(,"dropped":)" << count.dropped << "}" << std::endl;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& wrong) {
    std::cerr << "what_survives: " << wrong.what() << std::endl;
    return 1;
  }
}
