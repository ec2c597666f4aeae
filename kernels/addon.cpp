// The Node-API addon: chooses the kernels of the best instruction set that the processor has, and checks what JavaScript passes in.
#include <node_api.h>
#include <string.h>
#include <time.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "kernels.h"

#if !defined(__x86_64__)
#error "the native engine is built for x86-64; other machines use the WebAssembly engine"
#endif

extern const KernelTable kernels_avx512_fused, kernels_avx512_plain, kernels_avx2_fused, kernels_avx2_plain, kernels_sse2_plain;

namespace {

const KernelTable* const allTables[] = {&kernels_avx512_fused, &kernels_avx512_plain, &kernels_avx2_fused, &kernels_avx2_plain, &kernels_sse2_plain};
constexpr int tableCount = sizeof(allTables) / sizeof(allTables[0]);

bool isSupported(const char* name) {
  __builtin_cpu_init();
  if (strncmp(name, "avx512", 6) == 0) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
  }
  if (strncmp(name, "avx2", 4) == 0) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return true;
}

napi_value fail(napi_env env, const char* message) {
  napi_throw_type_error(env, nullptr, message);
  return nullptr;
}

napi_value numberOf(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

/// Arguments of one call, taken in order; `isGood` is false after the first that is not what was expected.
struct Arguments {
  static constexpr size_t most = 12;
  napi_env env;
  napi_value values[most];
  size_t count = most;
  size_t next = 0;
  bool isGood = true;

  Arguments(napi_env environment, napi_callback_info info) : env(environment) { napi_get_cb_info(env, info, &count, values, nullptr, nullptr); }

  double number() {
    double value = 0;
    isGood = isGood && next < count && napi_get_value_double(env, values[next++], &value) == napi_ok;
    return value;
  }
  uint64_t offset() {
    const double value = number();
    isGood = isGood && value >= 0 && value < 9007199254740992.0;
    return isGood ? uint64_t(value) : 0;
  }
  int32_t integer() {
    const double value = number();
    isGood = isGood && value >= 0 && value < 2147483648.0;
    return isGood ? int32_t(value) : 0;
  }
  uint32_t word() {
    const double value = number();
    isGood = isGood && value >= 0 && value < 4294967296.0;
    return isGood ? uint32_t(value) : 0;
  }
  /// The bytes of a typed array of the given type, and their number.
  uintptr_t array(napi_typedarray_type wanted, size_t* length) {
    napi_typedarray_type type;
    void* data = nullptr;
    napi_value buffer;
    size_t start;
    isGood = isGood && next < count && napi_get_typedarray_info(env, values[next++], &type, length, &data, &buffer, &start) == napi_ok && type == wanted;
    return isGood ? uintptr_t(data) : 0;
  }
  const KernelTable* table() {
    const int32_t index = integer();
    isGood = isGood && index < tableCount && isSupported(allTables[index]->name);
    return isGood ? allTables[index] : nullptr;
  }
};

/// variants(): names of the kernels that work on this processor, by their number; null where they do not.
napi_value variants(napi_env env, napi_callback_info) {
  napi_value list;
  napi_create_array(env, &list);
  for (int index = 0; index < tableCount; index += 1) {
    napi_value name;
    if (isSupported(allTables[index]->name)) napi_create_string_utf8(env, allTables[index]->name, NAPI_AUTO_LENGTH, &name);
    else napi_get_null(env, &name);
    napi_set_element(env, list, uint32_t(index), name);
  }
  return list;
}

/// scratchBytes(table, block, problem)
napi_value scratchBytes(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const KernelTable* table = arguments.table();
  size_t length = 0;
  const uintptr_t base = arguments.array(napi_uint8_array, &length);
  const uint64_t problem = arguments.offset();
  if (!arguments.isGood) return fail(env, "scratchBytes: expected (table, Uint8Array, offset)");
  return numberOf(env, table->scratchBytes(base, problem));
}

/// chunkCount(table, block, problem)
napi_value chunkCount(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const KernelTable* table = arguments.table();
  size_t length = 0;
  const uintptr_t base = arguments.array(napi_uint8_array, &length);
  const uint64_t problem = arguments.offset();
  if (!arguments.isGood) return fail(env, "chunkCount: expected (table, Uint8Array, offset)");
  return numberOf(env, table->chunkCount(base, problem));
}

/// forward | residual | backward(table, block, problem, particles, points, targets, weights, chunk, part, parts)
template <void (*KernelTable::*phase)(uintptr_t, const PhaseArguments&)>
napi_value runPhase(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const KernelTable* table = arguments.table();
  size_t length = 0;
  const uintptr_t base = arguments.array(napi_uint8_array, &length);
  PhaseArguments phaseArguments{};
  phaseArguments.problem = arguments.offset();
  phaseArguments.particles = arguments.offset();
  phaseArguments.points = arguments.offset();
  phaseArguments.targets = arguments.offset();
  phaseArguments.weights = arguments.offset();
  phaseArguments.chunk = arguments.integer();
  phaseArguments.part = arguments.integer();
  phaseArguments.parts = arguments.integer();
  if (!arguments.isGood) return fail(env, "phase: expected (table, Uint8Array, five offsets, chunk, part, parts)");
  (table->*phase)(base, phaseArguments);
  return nullptr;
}

/// move(table, block, problem, particles, part, parts, stepSize)
napi_value move(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const KernelTable* table = arguments.table();
  size_t length = 0;
  const uintptr_t base = arguments.array(napi_uint8_array, &length);
  PhaseArguments phaseArguments{};
  phaseArguments.problem = arguments.offset();
  phaseArguments.particles = arguments.offset();
  phaseArguments.part = arguments.integer();
  phaseArguments.parts = arguments.integer();
  const double stepSize = arguments.number();
  if (!arguments.isGood) return fail(env, "move: expected (table, Uint8Array, two offsets, part, parts, stepSize)");
  table->move(base, phaseArguments, stepSize);
  return nullptr;
}

/// fillNormal | fillUniform(table, out, offset, count, position, attempt, step, replica, keyLow, keyHigh)
template <bool isNormal>
napi_value fill(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const KernelTable* table = arguments.table();
  size_t length = 0;
  double* out = (double*)arguments.array(napi_float64_array, &length);
  const uint64_t offset = arguments.offset();
  const uint64_t count = arguments.offset();
  const double position = arguments.number();
  const uint32_t attempt = arguments.word();
  const uint32_t step = arguments.word();
  const uint32_t replica = arguments.word();
  const uint32_t low = arguments.word();
  const uint32_t high = arguments.word();
  if (!arguments.isGood || offset + count > length) return fail(env, "fill: expected (table, Float64Array, offset, count, position, attempt, step, replica, keyLow, keyHigh)");
  (isNormal ? table->fillNormal : table->fillUniform)(out + offset, double(count), position, attempt, step, replica, low, high);
  return nullptr;
}

/// measure | matrix | deep(table, block, job)
template <auto work>
napi_value runJob(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const KernelTable* table = arguments.table();
  size_t length = 0;
  const uintptr_t base = arguments.array(napi_uint8_array, &length);
  const uint64_t job = arguments.offset();
  if (!arguments.isGood) return fail(env, "job: expected (table, Uint8Array, offset)");
  (table->*work)(base, job);
  return nullptr;
}

/// multiplyAdd(table, realBytes, rounds)
napi_value multiplyAdd(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const KernelTable* table = arguments.table();
  const int32_t realBytes = arguments.integer();
  const double rounds = arguments.number();
  if (!arguments.isGood) return fail(env, "multiplyAdd: expected (table, realBytes, rounds)");
  return numberOf(env, table->multiplyAdd(realBytes, rounds));
}

/// misalignment(block): bytes by which the block's first byte lies behind a multiple of 64.
napi_value misalignment(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  size_t length = 0;
  const uintptr_t base = arguments.array(napi_uint8_array, &length);
  if (!arguments.isGood) return fail(env, "misalignment: expected (Uint8Array)");
  return numberOf(env, double(base % 64));
}

/// preferLargePages(block): asks for pages of 2 MB where the block fills them, so that a large block is not taken 4 KB at a time. Only a wish: it may go unheard.
napi_value preferLargePages(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  size_t length = 0;
  const uintptr_t base = arguments.array(napi_uint8_array, &length);
  if (!arguments.isGood) return fail(env, "preferLargePages: expected (Uint8Array)");
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr uintptr_t page = uintptr_t(1) << 21;
  const uintptr_t first = (base + page - 1) / page * page;
  const uintptr_t last = (base + length) / page * page;
  if (first < last) madvise((void*)first, last - first, MADV_HUGEPAGE);
#endif
  return nullptr;
}

/// threadTime(): CPU time of the calling thread in milliseconds.
napi_value threadTime(napi_env env, napi_callback_info) {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return numberOf(env, double(time.tv_sec) * 1e3 + double(time.tv_nsec) * 1e-6);
}

}  // namespace

NAPI_MODULE_INIT() {
  const struct {
    const char* name;
    napi_callback function;
  } functions[] = {{"variants", variants},
                   {"scratchBytes", scratchBytes},
                   {"chunkCount", chunkCount},
                   {"forward", runPhase<&KernelTable::forward>},
                   {"residual", runPhase<&KernelTable::residual>},
                   {"backward", runPhase<&KernelTable::backward>},
                   {"move", move},
                   {"fillNormal", fill<true>},
                   {"fillUniform", fill<false>},
                   {"measure", runJob<&KernelTable::measure>},
                   {"matrix", runJob<&KernelTable::matrix>},
                   {"deep", runJob<&KernelTable::deep>},
                   {"multiplyAdd", multiplyAdd},
                   {"misalignment", misalignment},
                   {"preferLargePages", preferLargePages},
                   {"threadTime", threadTime}};
  for (const auto& entry : functions) {
    napi_value function;
    napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.function, nullptr, &function);
    napi_set_named_property(env, exports, entry.name, function);
  }
  return exports;
}
