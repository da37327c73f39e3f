// How an address that a client names differs from those that are registered for it: the sentence that a developer needs
// when the exact comparison (rights/client.hpp, RFC 9700 §2.1) has failed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rights {

/// `path differs from the registered "https://app.example.org/callback"`: the parts that differ from the most similar
/// one of `registered`; "no address is registered" if there is none.
std::string describe_difference(const std::vector<std::string>& registered, std::string_view uri);

/// A part of an address as a page shows it.
struct UriPiece {
  std::string text;
  bool differs = false;
};
using UriPieces = std::vector<UriPiece>;
struct UriComparison {
  UriPieces named;
  /// The most similar one first, with the parts that differ from it; in the others nothing is marked.
  std::vector<UriPieces> registered;
};
/// What a developer compares: of every address only the printable part (printable_uri) in ASCII, others than ASCII
/// percent-encoded. Of `registered` at most ten.
UriComparison compare_uris(const std::vector<std::string>& registered, std::string_view uri);

/// The address for a log, at most 300 octets: without user information, and without the values of query and fragment,
/// which may be secret.
std::string printable_uri(std::string_view uri);

}  // namespace rights
