// The rate of fused multiply-adds of one core, in GFLOP/s: twelve independent chains, which hide the latency, in each vector width of the machine.
// Prints {"f32": ..., "f64": ...}. Compiled with -O3 -march=native -ffp-contract=fast by bench/peak.ts.
#include <cstdio>
#include <ctime>

#if defined(__x86_64__)
#define VECTOR_REGISTER "+v"
#elif defined(__aarch64__)
#define VECTOR_REGISTER "+w"
#endif

namespace {

double cpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

/// Best rate of several rounds of a few milliseconds, with vectors of `bytes` bytes.
template <typename Real, int bytes>
double rate() {
  typedef Real Vector __attribute__((vector_size(bytes)));
  constexpr int lanes = bytes / sizeof(Real);
  constexpr int chains = 12;
  constexpr long rounds = 500000;
  const Vector factor = Vector{} + Real(0.999);
  const Vector term = Vector{} + Real(0.001);
  Vector s0 = term, s1 = term, s2 = term, s3 = term, s4 = term, s5 = term;
  Vector s6 = term, s7 = term, s8 = term, s9 = term, s10 = term, s11 = term;
// The empty statement keeps the chain in its register, and in the program.
#define LINK(s) s = s * factor + term; asm volatile("" : VECTOR_REGISTER(s));
  double best = 0;
  for (int attempt = 0; attempt < 20; ++attempt) {
    const double begun = cpuSeconds();
    for (long round = 0; round < rounds; ++round) {
      LINK(s0) LINK(s1) LINK(s2) LINK(s3) LINK(s4) LINK(s5)
      LINK(s6) LINK(s7) LINK(s8) LINK(s9) LINK(s10) LINK(s11)
    }
    const double reached = 2.0 * rounds * chains * lanes / (cpuSeconds() - begun) / 1e9;
    if (reached > best) best = reached;
  }
#undef LINK
  return best;
}

template <typename Real>
double peak() {
  double best = rate<Real, 16>();
#ifdef __AVX2__
  const double wider = rate<Real, 32>();
  if (wider > best) best = wider;
#endif
#ifdef __AVX512F__
  const double widest = rate<Real, 64>();
  if (widest > best) best = widest;
#endif
  return best;
}

}  // namespace

int main() { std::printf("{\"f32\": %.1f, \"f64\": %.1f}\n", peak<float>(), peak<double>()); }
