#include "windtunnel/engine/runner.hpp"

#ifndef WINDTUNNEL_STD_THREADS
#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#endif

#include <algorithm>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "pilot.hpp"
#include "windtunnel/core/philox_blocks.hpp"

namespace windtunnel {

namespace {

/// Chunks small enough to share the work evenly and to end soon once somebody wants them to, large enough
/// that starting one costs nothing; the smallest are blocks.
i64 chunk_size(const Study& study, const RunnerOptions& options, i64 replications, int threads) {
  constexpr i64 kEnough = 512, kMost = 16'384, kPerThread = 16;
  constexpr double kMostWork = 5e8;  // some ten seconds
  if (options.chunk > 0) return options.chunk;
  double work = 0;
  i64 block = kBlockWords;
  for (const auto& experiment : study.experiments) {
    work += work_per_replication(*experiment);
    block = std::max<i64>(block, experiment->block_size());
  }
  const i64 least = std::min(kEnough, (block + kBlockWords - 1) / kBlockWords * kBlockWords);
  const i64 even = replications / (static_cast<i64>(threads) * kPerThread);
  const i64 short_enough = static_cast<i64>(std::min(kMostWork / std::max(1.0, work), 1.0 * kMost));
  return std::clamp(std::min(even, short_enough) / least * least, least, kMost);
}

std::vector<ReplicationRange> cut(const RangeSet& todo, i64 chunk) {
  std::vector<ReplicationRange> chunks;
  for (const ReplicationRange& range : todo.ranges())
    for (i64 first = range.first; first < range.end();) {
      const i64 end = std::min(range.end(), (first / chunk + 1) * chunk);  // aligned: whole vectors of words
      chunks.push_back({first, end - first});
      first = end;
    }
  return chunks;
}

std::vector<Tally> empty_tallies(const Study& study) {
  std::vector<Tally> tallies;
  for (const auto& experiment : study.experiments) tallies.push_back(experiment->empty_tally());
  return tallies;
}

/// One thread's share of the work: tallies of its own, so that nothing is locked while replaying.
class Worker {
 public:
  Worker(const Study& study) : study_(study), tallies_(empty_tallies(study)) {}

  void replay(ReplicationRange range) {
    for (std::size_t e = 0; e < tallies_.size(); ++e) study_.experiments[e]->run(range, tallies_[e]);
    done_.push_back(range);
  }

  void hand_over(std::vector<Tally>& tallies, std::vector<ReplicationRange>& done) const {
    for (std::size_t e = 0; e < tallies_.size(); ++e) tallies[e].add(tallies_[e]);
    done.insert(done.end(), done_.begin(), done_.end());
  }

 private:
  const Study& study_;
  std::vector<Tally> tallies_;
  std::vector<ReplicationRange> done_;
};

/// Counts what is done and tells whoever wants to know.
class Meter {
 public:
  explicit Meter(const std::function<void(i64)>& tell) : tell_(tell) {}

  void add(i64 replications) {
    if (!tell_) return;
    const std::lock_guard lock(mutex_);
    total_ += replications;
    tell_(total_);
  }

 private:
  const std::function<void(i64)>& tell_;
  std::mutex mutex_;
  i64 total_ = 0;
};

bool stopped(const RunnerOptions& options) {
  return options.stop != nullptr && options.stop->load(std::memory_order_relaxed) != 0;
}

#ifndef WINDTUNNEL_STD_THREADS
std::vector<ReplicationRange> replay_with_tbb(const Study& study, const std::vector<ReplicationRange>& chunks,
                                              std::vector<Tally>& tallies, const RunnerOptions& options,
                                              int threads) {
  Meter meter(options.on_progress);
  tbb::enumerable_thread_specific<Worker> workers([&] { return Worker(study); });
  // As many threads as asked for, even where the machine has fewer.
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(threads));
  tbb::task_arena arena(threads);
  arena.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, chunks.size(), 1),
        [&](const tbb::blocked_range<std::size_t>& some) {
          for (std::size_t c = some.begin(); c != some.end() && !stopped(options); ++c) {
            workers.local().replay(chunks[c]);
            meter.add(chunks[c].count);
          }
        },
        tbb::simple_partitioner());
  });
  std::vector<ReplicationRange> done;
  for (const Worker& worker : workers) worker.hand_over(tallies, done);
  return done;
}
#endif

/// The twin of the oneTBB runner; sanitizers see through it.
std::vector<ReplicationRange> replay_with_std(const Study& study, const std::vector<ReplicationRange>& chunks,
                                              std::vector<Tally>& tallies, const RunnerOptions& options,
                                              int threads) {
  Meter meter(options.on_progress);
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  std::vector<ReplicationRange> done;
  const auto work = [&] {
    try {
      Worker worker(study);
      for (std::size_t c = next++; c < chunks.size() && !stopped(options); c = next++) {
        worker.replay(chunks[c]);
        meter.add(chunks[c].count);
      }
      const std::lock_guard lock(mutex);
      worker.hand_over(tallies, done);
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
      next = chunks.size();
    }
  };
  std::vector<std::thread> team;
  for (int t = 0; t < threads; ++t) team.emplace_back(work);
  for (std::thread& thread : team) thread.join();
  if (failure) std::rethrow_exception(failure);
  return done;
}

}  // namespace

Progress Progress::nothing(const Study& study) {
  return {{}, empty_tallies(study)};
}

void Progress::add(const Progress& other) {
  if (other.tallies.size() != tallies.size())
    throw std::logic_error("the results are of different scenarios");
  for (const ReplicationRange& range : other.done.ranges()) done.add(range);
  for (std::size_t e = 0; e < tallies.size(); ++e) tallies[e].add(other.tallies[e]);
}

void replay(const Study& study, const RangeSet& todo, Progress& progress, const RunnerOptions& options) {
  const int machine = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const int threads = options.threads > 0 ? options.threads : machine;
  const std::vector<ReplicationRange> chunks = cut(todo, chunk_size(study, options, todo.count(), threads));
  std::vector<ReplicationRange> done;
#ifndef WINDTUNNEL_STD_THREADS
  if (options.kind == Threads::tbb)
    done = replay_with_tbb(study, chunks, progress.tallies, options, threads);
  else
#endif
    done = replay_with_std(study, chunks, progress.tallies, options, threads);
  std::sort(done.begin(), done.end(),
            [](const ReplicationRange& a, const ReplicationRange& b) { return a.first < b.first; });
  for (const ReplicationRange& range : done) progress.done.add(range);
}

}  // namespace windtunnel
