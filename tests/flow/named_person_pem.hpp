// An authority and a certificate of it that names a person by PESEL (ETSI EN 319 412-1), made on 2026-11-29 by:
// openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj "/CN=Authority of another
// clinic"
//   -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign"
// openssl x509 -req -days 36400 of a request with -subj "/C=PL/CN=Anna Kowalska/serialNumber=PNOPL-44051401359", with
//   extendedKeyUsage=clientAuth, keyUsage=digitalSignature
#pragma once

inline constexpr const char* naming_authority_pem =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBsjCCAVmgAwIBAgIUBKNxrLvPwBK8D2aiikhvh9tdKtswCgYIKoZIzj0EAwIw\n"
    "JjEkMCIGA1UEAwwbQXV0aG9yaXR5IG9mIGFub3RoZXIgY2xpbmljMCAXDTI2MTEy\n"
    "OTEwMzQxM1oYDzIxMjYxMTA1MTAzNDEzWjAmMSQwIgYDVQQDDBtBdXRob3JpdHkg\n"
    "b2YgYW5vdGhlciBjbGluaWMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARQZZD1\n"
    "W1ZfU+n2h+p6uyrYn6cLnGPdQ/IzA3OPbfXrc1OfToE5tkY0dDMGm2RSEhT4TW72\n"
    "/LFR2V1gU4zg8pdio2MwYTAdBgNVHQ4EFgQUewTBf8JQcqhaqwDVJqLgY/x34gAw\n"
    "HwYDVR0jBBgwFoAUewTBf8JQcqhaqwDVJqLgY/x34gAwDwYDVR0TAQH/BAUwAwEB\n"
    "/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0EAwIDRwAwRAIgYvWBQ9WVwst2K01D\n"
    "muU1Y6VmN9fnouHpshG0xJMNJDQCIC6xeqgJ+4CPL18/1S+DF9hwh4fonZsUzd+b\n"
    "TdM1UQ4r\n"
    "-----END CERTIFICATE-----\n";

inline constexpr const char* named_person_pem =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBzjCCAXWgAwIBAgIUE/ErMEqBvM9wSpGuRGg5atkHy8EwCgYIKoZIzj0EAwIw\n"
    "JjEkMCIGA1UEAwwbQXV0aG9yaXR5IG9mIGFub3RoZXIgY2xpbmljMCAXDTI2MTEy\n"
    "OTEwMzQxM1oYDzIxMjYwNzI4MTAzNDEzWjBBMQswCQYDVQQGEwJQTDEWMBQGA1UE\n"
    "AwwNQW5uYSBLb3dhbHNrYTEaMBgGA1UEBRMRUE5PUEwtNDQwNTE0MDEzNTkwWTAT\n"
    "BgcqhkjOPQIBBggqhkjOPQMBBwNCAASSjFgdNRJ1z7BFNv2eyH5J+556xU7wuvCe\n"
    "NGDdrkP6jCYlYiL7pKmrcs3DRQRXv8CjFvIUAcUzq77+HPRUWh1jo2QwYjATBgNV\n"
    "HSUEDDAKBggrBgEFBQcDAjALBgNVHQ8EBAMCB4AwHQYDVR0OBBYEFIqafftD7KDy\n"
    "04cEhbDHZ14L1sj8MB8GA1UdIwQYMBaAFHsEwX/CUHKoWqsA1Sai4GP8d+IAMAoG\n"
    "CCqGSM49BAMCA0cAMEQCIF5aUUSSDcQlvqXOPSdH+r66aq6e4QJWoKGdzzEQJyz5\n"
    "AiBQqjmeSP6bLBbrw2LwPjdZFzC/ar+SePoow3GrKSjf8w==\n"
    "-----END CERTIFICATE-----\n";
