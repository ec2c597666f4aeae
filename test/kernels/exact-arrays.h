// Arrays of exactly their sizes, random numbers to fill them, and their bits.
#pragma once

#include <sanitizer/asan_interface.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <vector>

namespace {

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
struct Generator {
  uint64_t state;
  uint64_t word() {
    uint64_t z = state += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  int between(int least, int most) { return least + int(word() % uint64_t(most - least + 1)); }
  bool oneIn(int n) { return between(1, n) == 1; }
  double real() { return double(word() >> 11) * 0x1p-52 - 1; }
};

/// An array of exactly `count` numbers at an address that is a multiple of 8, not of more; the bytes before it are poisoned too.
template <class U>
struct Exact {
  char* block;
  U* data;
  size_t count;
  explicit Exact(size_t n) : block((char*)malloc(8 + n * sizeof(U))), data((U*)(block + 8)), count(n) { ASAN_POISON_MEMORY_REGION(block, 8); }
  Exact(const Exact&) = delete;
  ~Exact() {
    ASAN_UNPOISON_MEMORY_REGION(block, 8);
    free(block);
  }
  double address() const { return double(uintptr_t(data)); }
};

/// Bits of results, every NaN the same.
typedef std::vector<uint64_t> Result;

template <class T>
void append(Result& result, const Exact<T>& array) {
  for (size_t n = 0; n < array.count; n += 1) {
    uint64_t bits = 0;
    memcpy(&bits, &array.data[n], sizeof(T));
    result.push_back(array.data[n] == array.data[n] ? bits : ~0ull);
  }
}

template <class T>
void fill(Generator& random, Exact<T>& array, double scale) {
  for (size_t n = 0; n < array.count; n += 1) array.data[n] = T(scale * random.real());
}

}  // namespace
