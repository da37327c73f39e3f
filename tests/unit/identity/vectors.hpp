// Reads tests/vectors/<name>.csv: lines of fields separated by ";", a heading first, "#" for comments. "<U+200B>" in a
// field stands for that character, "<empty>" for nothing.
#pragma once

#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "places.hpp"

inline std::string unescape(const std::string& field) {
  if (field == "<empty>") return {};
  std::string text;
  for (std::size_t i = 0; i < field.size();) {
    const std::size_t end = field.find('>', i);
    if (field.compare(i, 3, "<U+") == 0 && end != std::string::npos) {
      const auto c = static_cast<std::uint32_t>(std::stoul(field.substr(i + 3, end - i - 3), nullptr, 16));
      if (c < 0x80) {
        text += static_cast<char>(c);
      } else if (c < 0x800) {
        text += static_cast<char>(0xc0 | (c >> 6));
        text += static_cast<char>(0x80 | (c & 0x3f));
      } else if (c < 0x10000) {
        text += static_cast<char>(0xe0 | (c >> 12));
        text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (c & 0x3f));
      } else {
        text += static_cast<char>(0xf0 | (c >> 18));
        text += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
        text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (c & 0x3f));
      }
      i = end + 1;
    } else {
      text += field[i++];
    }
  }
  return text;
}

inline std::vector<std::vector<std::string>> read_vectors(const std::string& name) {
  const std::string path = testing::source_folder + "/tests/vectors/" + name + ".csv";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  bool heading = true;
  while (std::getline(file, line)) {
    if (line.empty() || line.front() == '#') continue;
    if (heading) {
      heading = false;
      continue;
    }
    std::vector<std::string> fields;
    std::istringstream in(line);
    for (std::string field; std::getline(in, field, ';');) fields.push_back(unescape(field));
    rows.push_back(fields);
  }
  return rows;
}
