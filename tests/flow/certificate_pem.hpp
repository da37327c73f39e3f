// A certificate for tests, made by:
// openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -utf8 -days 36500
//   -subj "/CN=<script>alert(1)<\/script>/O=Klinik Mödling"
#pragma once

inline constexpr const char* certificate_pem =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIB0jCCAXmgAwIBAgIUCBuArsY42xQXdOfF5HLsM+mD7ggwCgYIKoZIzj0EAwIw\n"
    "PjEiMCAGA1UEAwwZPHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0PjEYMBYGA1UECgwP\n"
    "S2xpbmlrIE3DtmRsaW5nMCAXDTI2MTEyMTIzMDUyM1oYDzIxMjYxMDI4MjMwNTIz\n"
    "WjA+MSIwIAYDVQQDDBk8c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+MRgwFgYDVQQK\n"
    "DA9LbGluaWsgTcO2ZGxpbmcwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAT53zCe\n"
    "sL64DewNzkOkPN5iFr8o98BuM/CS4XzwqFbi1DoMs20NO3DA8ye/fXFax+xauAsa\n"
    "UXa6nlenmDqLtl1Yo1MwUTAdBgNVHQ4EFgQU/o02Sfvu3ZYKMpVcuC9NCJGIUQ0w\n"
    "HwYDVR0jBBgwFoAU/o02Sfvu3ZYKMpVcuC9NCJGIUQ0wDwYDVR0TAQH/BAUwAwEB\n"
    "/zAKBggqhkjOPQQDAgNHADBEAiB4FIipKk3IpjGkQKqRifH1KRg9OeLX5iq/k246\n"
    "VUFFmAIgWoQjRGuR8R53c6xoO2cRgQ6oVpVScwV+Y8Db+o2cjxg=\n"
    "-----END CERTIFICATE-----\n";
