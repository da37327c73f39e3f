#include "base/ip_address.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using base::IpAddress;
using base::IpNetwork;

namespace {

IpAddress address(const char* text) {
  return IpAddress::parse(text).value();
}

std::string reason_of(const char* network) {
  const auto parsed = IpNetwork::parse(network);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().code == base::Code::invalid_input);
  return parsed.error().reason;
}

}  // namespace

TEST_CASE("only the plain spelling of an address is read") {
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "0177.0.0.1",
                           "0x7f.0.0.1",
                           "127.1",
                           "2130706433",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "1.2.3.256",
                           "[::1]",
                           "fe80::1%eth0",
                           ":::",
                           "12345::",
                           "::1::",
                           "300.1.1.1",
                           "1.2.3.04",
                           "1.2.3.4:80",
                           "localhost",
                           "1.2.3.4.5",
                           "login.example.org",
                           "::ffff:300.1.1.1",
                           "10.0.0.0/8"}) {
    CAPTURE(text);
    const auto parsed = IpAddress::parse(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == base::Code::invalid_input);
  }
  CHECK_FALSE(IpAddress::parse(std::string_view("1.1.1.1\0.evil", 13)));
}

TEST_CASE("an address has one text") {
  CHECK(address("192.0.2.1").to_string() == "192.0.2.1");
  CHECK(address("2001:DB8:0:0:0:0:0:1").to_string() == "2001:db8::1");
  CHECK(address("2001:0db8::0001").to_string() == "2001:db8::1");
  CHECK(address("2001:db8:0:0:1:0:0:1").to_string() == "2001:db8::1:0:0:1");
  CHECK(address("2001:db8:0:1:1:1:1:1").to_string() == "2001:db8:0:1:1:1:1:1");
  CHECK(IpAddress().to_string() == "::");
}

TEST_CASE("an IPv4 address written as IPv6 is the IPv4 address") {
  const auto mapped = address("::FFFF:192.0.2.1");
  CHECK(mapped == address("192.0.2.1"));
  CHECK(mapped == address("::ffff:c000:201"));
  CHECK(mapped == IpAddress(IpAddress::V4Octets{192, 0, 2, 1}));
  CHECK(mapped.is_v4());
  CHECK(mapped.to_string() == "192.0.2.1");
  CHECK(IpNetwork::parse("::ffff:10.0.0.0/104").value() == IpNetwork::parse("10.0.0.0/8").value());
  CHECK(IpNetwork::parse("10.1.0.0/20").value().contains(address("::ffff:10.1.0.1")));
  for (const char* other : {"::192.0.2.1", "64:ff9b::192.0.2.1", "::fffe:192.0.2.1", "::1:ffff:192.0.2.1"}) {
    CAPTURE(other);
    CHECK_FALSE(address(other).is_v4());
  }
}

TEST_CASE("a network holds its own addresses and no others") {
  const auto v4 = IpNetwork::parse("10.1.0.0/20").value();
  CHECK(v4.contains(address("10.1.15.255")));
  CHECK_FALSE(v4.contains(address("10.1.16.0")));
  CHECK(v4.to_string() == "10.1.0.0/20");
  CHECK(v4.prefix() == 20);
  const auto v6 = IpNetwork::parse("fd00::/9").value();
  CHECK(v6.contains(address("fd7f::1")));
  CHECK_FALSE(v6.contains(address("fd80::1")));
  CHECK(v6.to_string() == "fd00::/9");
  const auto single = IpNetwork::parse("192.0.2.7").value();
  CHECK(single.contains(address("192.0.2.7")));
  CHECK_FALSE(single.contains(address("192.0.2.6")));
  CHECK(single.to_string() == "192.0.2.7/32");
  CHECK(IpNetwork::parse("2001:db8::1").value().to_string() == "2001:db8::1/128");
}

TEST_CASE("every IPv6 address is not every IPv4 address, and the other way round") {
  const auto v4 = IpNetwork::parse("0.0.0.0/0").value();
  const auto v6 = IpNetwork::parse("::/0").value();
  for (const char* text : {"0.0.0.0", "255.1.2.3", "::ffff:10.0.0.1"}) {
    CAPTURE(text);
    CHECK(v4.contains(address(text)));
    CHECK_FALSE(v6.contains(address(text)));
  }
  CHECK(v6.contains(address("2001:db8::1")));
  CHECK_FALSE(v4.contains(address("2001:db8::1")));
  CHECK_FALSE(v4.contains(address("::")));
}

TEST_CASE("a network with a mistake is refused, and the reason says what is meant") {
  for (const char* bad : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8x", "10.0.0.0/08",
                          "10.0.0.0/8/8", "10.0.0.0/ 8", "10.0.0.0/4294967304"}) {
    CAPTURE(bad);
    CHECK(reason_of(bad) == "the prefix is not a number from 0 to 32");
  }
  CHECK(reason_of("::/129") == "the prefix is not a number from 0 to 128");
  for (const char* bad : {"", "/8", "10/8", "300.1.1.1", "300.1.1.1/8", "proxy.example", "10.0.0/8", "[::1]/128"}) {
    CAPTURE(bad);
    CHECK(reason_of(bad) == "not an IP address");
  }
  CHECK(reason_of("10.1.2.3/8") == "10.1.2.3 is inside the network; its first address is 10.0.0.0");
  CHECK(reason_of("2001:db8::1/32") == "2001:db8::1 is inside the network; its first address is 2001:db8::");
  CHECK(reason_of("::ffff:0:0/90") == "0.0.0.0 is inside the network; its first address is ::ffc0:0:0");
}

TEST_CASE("what an address does is counted for its /64, its /56 and its /48, and for an IPv4 address alone") {
  const auto texts = [](const char* text) {
    std::vector<std::string> all;
    for (const auto& one : address(text).counted_networks()) {
      all.push_back(one.network.to_string() + " " + std::to_string(one.times));
    }
    return all;
  };
  CHECK(texts("2001:db8:1:23ff:ffff::1") ==
        std::vector<std::string>{"2001:db8:1:23ff::/64 1", "2001:db8:1:2300::/56 4", "2001:db8:1::/48 16"});
  CHECK(texts("192.0.2.255") == std::vector<std::string>{"192.0.2.255/32 1"});
  CHECK(texts("::ffff:192.0.2.255") == texts("192.0.2.255"));
  CHECK(texts("2001:db8::1").size() == base::most_counted_networks);
}

TEST_CASE("the /64 and the /56 of an IPv6 address, and the IPv4 address itself") {
  const auto v6 = address("2001:db8:1:23ff:ffff::1");
  CHECK(v6.find_network(32, 64).to_string() == "2001:db8:1:23ff::/64");
  CHECK(v6.find_network(32, 56).to_string() == "2001:db8:1:2300::/56");
  CHECK(v6.find_network(32, 64) == address("2001:db8:1:23ff::2").find_network(32, 64));
  CHECK(v6.find_network(32, 64) != address("2001:db8:1:23fe::1").find_network(32, 64));
  CHECK(v6.find_network(32, 56) == address("2001:db8:1:23fe::1").find_network(32, 56));
  CHECK(v6.find_network(32, 128).contains(v6));
  const auto v4 = address("192.0.2.255");
  CHECK(v4.find_network(32, 64).to_string() == "192.0.2.255/32");
  CHECK(v4.find_network(24, 64).to_string() == "192.0.2.0/24");
  CHECK(address("::ffff:192.0.2.255").find_network(32, 64) == v4.find_network(32, 64));
  CHECK_THROWS(static_cast<void>(v4.find_network(33, 64)));
  CHECK_THROWS(static_cast<void>(v6.find_network(32, 129)));
}

TEST_CASE("addresses of the public internet are public") {
  for (const char* text : {"1.1.1.1",
                           "8.8.8.8",
                           "::ffff:8.8.8.8",
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
    CHECK(address(text).is_public());
  }
}

TEST_CASE("inner, special and disguised addresses are not public") {
  for (const char* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.0.1",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.0.171",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.0.1",
                           "192.168.255.255",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.7",
                           "203.0.113.9",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::127.0.0.1",
                           "64:ff9b::7f00:1",
                           "64:ff9b:1::1",
                           "100::1",
                           "2001::1",
                           "2001:0:7f00:1::",
                           "2001:10::1",
                           "2001:20::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "2002:808:808::1",
                           "3fff::1",
                           "3fff:fff::1",
                           "4000::1",
                           "5f00::1",
                           "fc00::1",
                           "fd12:3456::1",
                           "fe80::1",
                           "fec0::1",
                           "ff02::1",
                           "fd00:ec2::254",
                           "::ffff:169.254.169.254",
                           "::8.8.8.8",
                           "64:ff9b::8.8.8.8"}) {
    CAPTURE(text);
    CHECK_FALSE(address(text).is_public());
  }
}

TEST_CASE("this machine, inner networks and the own link are told apart") {
  for (const char* text : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
    CAPTURE(text);
    CHECK(address(text).is_loopback());
  }
  for (const char* text : {"0.0.0.0", "128.0.0.1", "126.255.255.255", "::", "::2", "::127.0.0.1"}) {
    CAPTURE(text);
    CHECK_FALSE(address(text).is_loopback());
  }
  for (const char* text : {"10.1.2.3", "172.31.0.1", "192.168.1.1", "fd00::1", "::ffff:10.0.0.1"}) {
    CAPTURE(text);
    CHECK(address(text).is_private());
    CHECK_FALSE(address(text).is_link_local());
  }
  CHECK_FALSE(address("172.32.0.1").is_private());
  CHECK_FALSE(address("127.0.0.1").is_private());
  for (const char* text : {"169.254.169.254", "fe80::1", "febf::1"}) {
    CAPTURE(text);
    CHECK(address(text).is_link_local());
    CHECK_FALSE(address(text).is_private());
  }
  CHECK_FALSE(address("fec0::1").is_link_local());
}

TEST_CASE("a host is this machine by its own name or a loopback address, and by nothing that a name server answers") {
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"}) {
    CAPTURE(host);
    CHECK(base::is_loopback_host(host));
  }
  for (const char* host : {"", "[]", "app.localhost", "localhost.example.org", "LOCALHOST.", "127.0.0.1.nip.io",
                           "10.0.0.1", "[::2]", "0.0.0.0"}) {
    CAPTURE(host);
    CHECK_FALSE(base::is_loopback_host(host));
  }
}
