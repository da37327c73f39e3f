// Two readings of /metrics, and what they say about the time between them.
#include "app/doctor/figures.hpp"

#include <doctest/doctest.h>

using app::Figures;

TEST_CASE("figures are read by name and labels; comments and broken lines are left out") {
  const Figures figures = Figures::parse(
      "# HELP chancery_x_total Things.\n# TYPE chancery_x_total "
      "counter\nchancery_x_total{lane=\"work\",status=\"2xx\"} 3\n"
      "chancery_x_total{lane=\"work\",status=\"5xx\"} 4.5\nchancery_x_total_more 100\nbroken\nchancery_y 1e3\nz "
      "three\n");
  CHECK(figures.value("chancery_x_total{lane=\"work\",status=\"2xx\"}") == 3);
  CHECK(figures.value("chancery_y") == 1000);
  CHECK(figures.value("z") == 0);
  CHECK(figures.value("nothing") == 0);
  CHECK(figures.sum("chancery_x_total") == 7.5);
  CHECK(figures.sum("chancery_x_total", "status=\"5") == 4.5);
  CHECK(figures.label_of("chancery_x_total", "lane") == "work");
  CHECK(figures.label_of("chancery_y", "lane").empty());
  CHECK(Figures::parse("").sum("chancery_x_total") == 0);
}

TEST_CASE("a share of a histogram is the bound below which it lies, of what came between the readings only") {
  const auto histogram = [](int fast, int slow, int very_slow) {
    const auto number = [](int n) { return std::to_string(n); };
    return Figures::parse("d_bucket{lane=\"work\",le=\"0.001\"} " + number(fast) +
                          "\nd_bucket{lane=\"work\",le=\"0.1\"} " + number(fast + slow) +
                          "\nd_bucket{lane=\"work\",le=\"+Inf\"} " + number(fast + slow + very_slow) + "\n");
  };
  const std::string lane = "lane=\"work\"";
  const Figures before = histogram(1000, 0, 0);
  const Figures after = histogram(1090, 10, 0);
  CHECK(after.quantile(before, "d", lane, 0.5) == 0.001);
  CHECK(after.quantile(before, "d", lane, 0.99) == 0.1);
  CHECK_FALSE(before.quantile(before, "d", lane, 0.5).has_value());
  CHECK_FALSE(histogram(1000, 0, 10).quantile(before, "d", lane, 0.5).has_value());
  CHECK_FALSE(after.quantile(before, "d", "lane=\"password\"", 0.5).has_value());
}
