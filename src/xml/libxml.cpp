#include "xml/libxml.hpp"

#include <libxml/xmlerror.h>

namespace xml {
namespace {

xmlParserInput* load_nothing(const char* /*url*/, const char* /*id*/, xmlParserCtxt* /*parser*/) {
  return nullptr;
}
void print_nothing(void* /*context*/, const char* /*format*/, ...) {}
void tell_nobody(void* /*context*/, xmlError* /*error*/) {}

}  // namespace

void prepare_libxml() {
  static const bool is_prepared = [] {
    xmlInitParser();
    xmlSetExternalEntityLoader(load_nothing);
    return true;
  }();
  // Handlers of errors belong to a thread.
  thread_local const bool is_silent = [] {
    xmlSetGenericErrorFunc(nullptr, print_nothing);
    xmlSetStructuredErrorFunc(nullptr, tell_nobody);
    return true;
  }();
  static_cast<void>(is_prepared);
  static_cast<void>(is_silent);
}

}  // namespace xml
