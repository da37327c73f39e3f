#include "remote/address.hpp"

#include <doctest/doctest.h>

using remote::Address;
using remote::Network;

TEST_CASE("addresses of the public internet may be called") {
  for (const char* text : {"1.1.1.1",
                           "8.8.8.8",
                           "9.255.255.255",
                           "11.0.0.0",
                           "100.63.255.255",
                           "100.128.0.0",
                           "126.255.255.255",
                           "128.0.0.1",
                           "169.253.255.255",
                           "172.15.255.255",
                           "172.32.0.0",
                           "192.167.255.255",
                           "192.169.0.0",
                           "198.17.255.255",
                           "198.20.0.0",
                           "223.255.255.255",
                           "2606:4700:4700::1111",
                           "2a00:1450:4001:82a::200e",
                           "2001:200::1",
                           "2001:4860:4860::8888"}) {
    CAPTURE(text);
    CHECK(remote::is_public_address(Address::parse(text).value()));
  }
}

TEST_CASE("inner, special and disguised addresses may not be called") {
  for (const char* text : {"0.0.0.0",          "0.1.2.3",         "10.0.0.1",     "10.255.255.255",
                           "100.64.0.1",       "100.127.255.255", "127.0.0.1",    "127.255.255.255",
                           "169.254.0.1",      "169.254.169.254", "172.16.0.1",   "172.31.255.255",
                           "192.0.0.1",        "192.0.0.171",     "192.0.2.1",    "192.88.99.1",
                           "192.168.0.1",      "192.168.255.255", "198.18.0.1",   "198.19.255.255",
                           "198.51.100.7",     "203.0.113.9",     "224.0.0.1",    "239.255.255.255",
                           "240.0.0.1",        "255.255.255.255", "::",           "::1",
                           "::ffff:127.0.0.1", "::ffff:8.8.8.8",  "::127.0.0.1",  "64:ff9b::7f00:1",
                           "64:ff9b:1::1",     "100::1",          "2001::1",      "2001:0:7f00:1::",
                           "2001:10::1",       "2001:20::1",      "2001:db8::1",  "2002:7f00:1::",
                           "2002:808:808::1",  "3fff::1",         "3fff:fff::1",  "4000::1",
                           "5f00::1",          "fc00::1",         "fd12:3456::1", "fe80::1",
                           "fec0::1",          "ff02::1",         "fd00:ec2::254"}) {
    CAPTURE(text);
    CHECK_FALSE(remote::is_public_address(Address::parse(text).value()));
  }
}

TEST_CASE("only the plain spelling of an address is read") {
  for (const char* text : {"", "1", "1.2.3", "0177.0.0.1", "0x7f.0.0.1", "127.1", "2130706433", "1.2.3.4 ", " 1.2.3.4",
                           "1.2.3.256", "[::1]", "fe80::1%eth0", ":::", "12345::", "localhost"}) {
    CAPTURE(text);
    CHECK_FALSE(Address::parse(text));
  }
  CHECK_FALSE(Address::parse(std::string_view("1.1.1.1\0.evil", 13)));
  CHECK(Address::parse("::FFFF:1.2.3.4").value().to_string() == "::ffff:1.2.3.4");
}

TEST_CASE("a network holds its own addresses and no others") {
  const auto v4 = Network::parse("10.1.0.0/20").value();
  CHECK(v4.contains(Address::parse("10.1.15.255").value()));
  CHECK_FALSE(v4.contains(Address::parse("10.1.16.0").value()));
  CHECK_FALSE(v4.contains(Address::parse("::ffff:10.1.0.1").value()));
  const auto v6 = Network::parse("fd00::/9").value();
  CHECK(v6.contains(Address::parse("fd7f::1").value()));
  CHECK_FALSE(v6.contains(Address::parse("fd80::1").value()));
  const auto single = Network::parse("192.0.2.7").value();
  CHECK(single.contains(Address::parse("192.0.2.7").value()));
  CHECK_FALSE(single.contains(Address::parse("192.0.2.6").value()));
  CHECK(Network::parse("0.0.0.0/0").value().contains(Address::parse("255.1.2.3").value()));
  for (const char* bad :
       {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "/8", "::1/129", "10/8"}) {
    CAPTURE(bad);
    CHECK_FALSE(Network::parse(bad));
  }
}

TEST_CASE("this machine is 127.0.0.0/8 and ::1") {
  CHECK(remote::is_loopback_address(Address::parse("127.9.9.9").value()));
  CHECK(remote::is_loopback_address(Address::parse("::1").value()));
  CHECK_FALSE(remote::is_loopback_address(Address::parse("::ffff:127.0.0.1").value()));
  CHECK_FALSE(remote::is_loopback_address(Address::parse("0.0.0.0").value()));
}
