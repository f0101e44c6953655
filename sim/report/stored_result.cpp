#include <fmt/format.h>

#include <stdexcept>

#include "result_keys.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_document.hpp"
#include "windtunnel/report/result_json.hpp"

/// Reading result files: they may come from anywhere, so nothing in them is taken on trust.
namespace windtunnel {

namespace {

/// One result file on its way into memory.
class ResultReader {
 public:
  ResultReader(const std::string& text, const std::string& file) : file_(file), json_(parse(text)) {
    if (!json_.is_object() || !json_.contains(keys::kResult)) refuse("is not a result of windtunnel");
    check_version(keys::kResult, kResultVersion, "layout");
    check_version(keys::kLaw, kLawVersion, "law");
    check_version(keys::kGrammar, kGrammarVersion, "grammar");
  }

  StoredResult read() const {
    StoredResult result{file_, text(keys::kName), "", text(keys::kHash), {}};
    const Json& scenario = member(keys::kWritten);
    if (!scenario.is_object()) refuse("\"scenario\" is not an object");
    result.scenario = scenario.dump(2, ' ', false, Json::error_handler_t::replace);
    result.files = files();
    result.progress.done = ranges();
    for (const Json& tally : list(keys::kTallies)) result.progress.tallies.push_back(tally_of(tally));
    return result;
  }

 private:
  [[noreturn]] void refuse(const std::string& message) const { throw InputError("", message); }

  Json parse(const std::string& text) const {
    try {
      return parse_document(text);
    } catch (const InputError& error) {
      refuse(std::string("is cut off or is no JSON: ") + error.what());
    }
  }

  const Json& member(const char* key) const {
    const auto found = json_.find(key);
    if (found == json_.end()) refuse(fmt::format("has no \"{}\", as if it had been cut off or edited", key));
    return *found;
  }

  std::string text(const char* key) const {
    const Json& value = member(key);
    if (!value.is_string()) refuse(fmt::format("\"{}\" is {}, not a text", key, shown(value)));
    return value.get<std::string>();
  }

  const Json& list(const char* key) const {
    const Json& value = member(key);
    if (!value.is_array()) refuse(fmt::format("\"{}\" is {}, not a list", key, shown(value)));
    return value;
  }

  void check_version(const char* key, int known, const char* noun) const {
    const Json& version = member(key);
    if (!version.is_number_integer() || version.get<i64>() != known)
      refuse(
          fmt::format("has {} version {}; this program reads version {} only", noun, shown(version), known));
  }

  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> texts;
    if (!json_.contains(keys::kFiles)) return texts;
    const Json& written = json_[keys::kFiles];
    if (!written.is_object()) refuse("\"files\" is not an object");
    for (const auto& [name, text] : written.items()) {
      if (!text.is_string()) refuse(fmt::format("\"files\" holds {}, not a text", shown(text)));
      texts[name] = text.get<std::string>();
    }
    return texts;
  }

  RangeSet ranges() const {
    RangeSet done;
    for (const Json& pair : list(keys::kReplications)) {
      const bool is_pair =
          pair.is_array() && pair.size() == 2 && pair[0].is_number_integer() && pair[1].is_number_integer();
      const ReplicationRange range =
          is_pair ? ReplicationRange{pair[0].get<i64>(), pair[1].get<i64>()} : ReplicationRange{0, 0};
      if (range.first < 0 || range.first > kMostReplications || range.count < 1 ||
          range.count > kMostReplications)
        refuse(fmt::format("\"replications\" holds {}, not [first, count]", shown(pair)));
      if (done.overlaps(range)) refuse(fmt::format("lists the replications {} twice", shown(pair)));
      done.add(range);
    }
    return done;
  }

  i128 slot_of(const Json& slot) const {
    if (slot.is_number_unsigned()) return static_cast<i128>(slot.get<u64>());
    if (slot.is_number_integer()) return slot.get<i64>();
    try {
      if (slot.is_string()) return parse_i128(slot.get<std::string>());
    } catch (const std::exception&) {
      // Falls through: not an integer of 128 bits.
    }
    refuse(fmt::format("\"tallies\" holds {}, not an integer", shown(slot)));
  }

  Tally tally_of(const Json& slots) const {
    if (!slots.is_array()) refuse(fmt::format("\"tallies\" holds {}, not a list", shown(slots)));
    Tally tally;
    for (const Json& slot : slots) tally.slots.push_back(slot_of(slot));
    return tally;
  }

  std::string file_;
  Json json_;
};

/// Complains of tallies that no replications can have: the measures find out.
void check_measurable(const Study& study, const Progress& progress) {
  if (progress.done.count() == 0) return;
  try {
    measured_cells(study, progress);
  } catch (const std::logic_error& error) {
    throw InputError("", fmt::format("contradicts itself: {}", error.what()));
  }
}

}  // namespace

FileSource files_of(const StoredResult& stored) {
  return [texts = stored.files](const std::string& name) {
    const auto found = texts.find(name);
    if (found == texts.end()) throw InputError("", "'" + name + "' is not in the result");
    return found->second;
  };
}

StoredResult read_result(const std::string& text, const std::string& file) {
  return ResultReader(text, file).read();
}

Progress progress_of(const StoredResult& stored, const Scenario& scenario, const Study& study) {
  if (stored.hash != scenario.hash)
    throw InputError("", fmt::format("belongs to another scenario or seed (hash {}, needs {})", stored.hash,
                                     scenario.hash));
  const std::vector<Tally>& tallies = stored.progress.tallies;
  bool fits = tallies.size() == study.experiments.size();
  for (std::size_t e = 0; fits && e < tallies.size(); ++e) {
    const Experiment& experiment = *study.experiments[e];
    fits = tallies[e].slots.size() == experiment.empty_tally().slots.size() &&
           experiment.layout().replications(tallies[e]) == stored.progress.done.count();
  }
  if (!fits) throw InputError("", "contradicts itself: its tallies are not those of its replications");
  check_measurable(study, stored.progress);
  return stored.progress;
}

}  // namespace windtunnel
