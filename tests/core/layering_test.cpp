#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "places.hpp"
#include "support/catch.hpp"

/// The rules of the house that a compiler does not see, checked by reading the sources.
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = WINDTUNNEL_SOURCE_DIR;

/// Layers from the lowest to the highest; `world` and `design` stand side by side.
constexpr std::array<std::string_view, 9> kLayers = {"core",   "data",   "world",    "design", "measures",
                                                     "engine", "report", "commands", "sim"};

int rank_of(std::string_view layer) {
  if (layer == "design") return rank_of("world");
  return static_cast<int>(std::find(kLayers.begin(), kLayers.end(), layer) - kLayers.begin());
}

struct Source {
  std::string path;  ///< relative to the root, with '/'
  std::string text;

  /// `sim/world/a.cpp` and `include/windtunnel/world/a.hpp` are of layer "world", `sim/main.cpp` of "sim".
  std::string layer() const {
    static const std::regex form("(?:sim|include/windtunnel)/([a-z]+)/.*");
    std::smatch match;
    return std::regex_match(path, match, form) ? match[1].str() : "sim";
  }

  /// Headers of this project that the file includes, without "windtunnel/".
  std::vector<std::string> includes() const {
    static const std::regex form("#include [<\"]windtunnel/([^>\"]+)[>\"]");
    std::vector<std::string> found;
    for (std::sregex_iterator match(text.begin(), text.end(), form), end; match != end; ++match) {
      found.push_back((*match)[1]);
    }
    return found;
  }
};

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Source> sources() {
  std::vector<Source> found;
  for (const char* folder : {"include", "sim"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const auto extension = entry.path().extension();
      if (extension != ".hpp" && extension != ".cpp") continue;
      found.push_back({fs::relative(entry.path(), kRoot).generic_string(), read(entry.path())});
    }
  }
  return found;
}

/// The text with comments and string literals blanked out, so that only code is searched.
std::string code_of(const std::string& text) {
  static const std::regex noise(R"(//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|"(?:[^"\\\n]|\\.)*")");
  return std::regex_replace(text, noise, " ");
}

/// One line per breach, empty when the rule holds.
template <typename Breaks>
std::string breaches(Breaks breaks) {
  std::ostringstream lines;
  for (const Source& source : sources()) {
    for (const std::string& header : source.includes()) {
      if (breaks(source, header)) lines << source.path << " includes " << header << '\n';
    }
  }
  return lines.str();
}

std::string layer_of(const std::string& header) {
  return header.substr(0, header.find('/'));
}

/// "design/rules" of "design/rules/sprt.hpp"; empty for a header that is no leaf.
std::string family_of(const std::string& header) {
  static const std::set<std::string> families = {"world/outcomes", "world/features", "design/policies",
                                                 "design/analyses", "design/rules"};
  const std::string folder = fs::path(header).parent_path().generic_string();
  return families.contains(folder) ? folder : "";
}

/// Functions of libm whose bits depend on the processor. Not among them: sqrt, fma, fabs, floor, ldexp,
/// fmod and the like, which are exact or correctly rounded everywhere.
const std::string kLibm =
    "(?:exp|exp2|expm1|log|log2|log10|log1p|pow|cbrt|hypot|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|"
    "asinh"
    "|acosh|atanh|erf|erfc|tgamma|lgamma)[fl]?\\s*\\(";

/// Named in full, libm is used nowhere; nor are the special functions, unordered sums and random numbers of
/// the standard library, which differ from one library to the next.
const std::regex kForbidden(
    R"((?:(?:^|[^:\w])::|\bstd::|\b__builtin_))" + kLibm +
    R"(|\bstd::(?:\w+_distribution|mt19937|minstd_rand|default_random_engine|random_device|reduce)"
    R"(|transform_reduce|beta|expint|riemann_zeta|(?:cyl|sph|ellint|assoc)_\w+)\b)"
    R"(|\busing\s+std::(?:exp|log|pow|sin|cos|erf)\b|\busing\s+namespace\s+std\b)");

/// A bare name is our own function inside core/math and would be that of libm anywhere else.
const std::regex kForbiddenOutsideMath(R"((?:^|[^:\w.>]))" + kLibm);

bool is_math(const Source& source) {
  static const std::regex form("(?:sim|include/windtunnel)/core/(?:lane_)?math.*");
  return std::regex_match(source.path, form);
}

}  // namespace

TEST_CASE("layering: no file includes a layer above its own", "[core]") {
  REQUIRE(sources().size() > 1);
  for (const Source& source : sources()) {
    INFO(source.path);
    CHECK(rank_of(source.layer()) < static_cast<int>(kLayers.size()));
  }
  CHECK(breaches([](const Source& source, const std::string& header) {
          return rank_of(layer_of(header)) > rank_of(source.layer());
        }) == "");
}

TEST_CASE("layering: world and design never meet", "[core]") {
  CHECK(breaches([](const Source& source, const std::string& header) {
          const std::string from = source.layer(), to = layer_of(header);
          return (from == "world" && to == "design") || (from == "design" && to == "world");
        }) == "");
}

TEST_CASE("layering: a strategy cannot see the truth", "[core]") {
  CHECK(breaches([](const Source& source, const std::string& header) {
          const std::string from = source.layer();
          return header == "data/truth.hpp" && (from == "core" || from == "data" || from == "design") &&
                 source.path != "sim/data/truth.cpp";
        }) == "");
}

TEST_CASE("layering: a strategy reaches the truth through no chain of headers", "[core]") {
  std::set<std::string> reached, pending;
  for (const Source& source : sources()) {
    if (source.layer() != "design") continue;
    for (const std::string& header : source.includes()) pending.insert(header);
  }
  while (!pending.empty()) {
    const std::string header = *pending.begin();
    pending.erase(pending.begin());
    if (!reached.insert(header).second) continue;
    const Source source{"include/windtunnel/" + header, read(kRoot / "include/windtunnel" / header)};
    for (const std::string& next : source.includes()) pending.insert(next);
  }
  CHECK_FALSE(reached.contains("data/truth.hpp"));
  CHECK_FALSE(reached.contains("world/world.hpp"));
}

TEST_CASE("layering: only the registry and the leaf itself include a leaf", "[core]") {
  CHECK(breaches([](const Source& source, const std::string& header) {
          if (family_of(header).empty() || source.path == "sim/registry.cpp") return false;
          return source.path != "sim/" + fs::path(header).replace_extension(".cpp").generic_string();
        }) == "");
}

TEST_CASE("layering: no result comes from libm or from the generators of the library", "[core]") {
  for (const Source& source : sources()) {
    const std::string code = code_of(source.text);
    std::smatch match;
    const bool found = std::regex_search(code, match, kForbidden) ||
                       (!is_math(source) && std::regex_search(code, match, kForbiddenOutsideMath));
    INFO(source.path << " uses " << (found ? match[0].str() : ""));
    CHECK_FALSE(found);
  }
}

TEST_CASE("layering: the check for libm sees calls and nothing else", "[core]") {
  for (const char* bad : {"x = std::exp(y);", "return ::log(x);", "std::pow (a, b)", "std::lgamma(x)",
                          "std::normal_distribution<double> d;", "std::mt19937 g;", "using std::exp;",
                          "std::erff(x)", "std::reduce(a, b)", "__builtin_sin(x)"}) {
    INFO(bad);
    CHECK(std::regex_search(code_of(bad), kForbidden));
  }
  for (const char* bad : {"x = exp(y);", "lgamma(x)", "1.0-log (x)"}) {
    INFO(bad);
    CHECK(std::regex_search(code_of(bad), kForbiddenOutsideMath));
  }
  for (const char* good : {"x = math::exp(y);", "windtunnel::math::log(x)", "// std::exp(x)", "\"std::exp(\"",
                           "std::sqrt(x)", "std::fma(a, b, c)", "lane_exp(x)", "math::pow(x, y)",
                           "/* std::log(x) */", "std::fabs(x)", "log_gamma(x)", "table.log(x)"}) {
    INFO(good);
    CHECK_FALSE(std::regex_search(code_of(good), kForbidden));
    CHECK_FALSE(std::regex_search(code_of(good), kForbiddenOutsideMath));
  }
}

TEST_CASE("layering: the root holds only the agreed names", "[core]") {
  const std::set<std::string> agreed = {"sim",     "scenarios",         "include",        "tests",
                                        "bench",   "results",           "CMakeLists.txt", "README.md",
                                        "LICENSE", "CMakePresets.json", "windtunnel"};
  const auto close = [](FILE* pipe) { pclose(pipe); };
  const std::unique_ptr<FILE, decltype(close)> pipe(
      popen("git -C '" WINDTUNNEL_SOURCE_DIR "' ls-files 2>/dev/null", "r"), close);
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> line;
  while (std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    const std::string path(line.data());
    const std::string name = path.substr(0, path.find_first_of("/\n"));
    INFO(path);
    CHECK((name.starts_with('.') || agreed.contains(name)));
  }
}
