/*
 * GMP's side of the benchmark. Reads commands from standard input, one a line, does the work, and answers with the CPU
 * time of the work alone, in nanoseconds:
 *
 *   version            the version of the library
 *   powers K           then K odd numbers N in hexadecimal, one a line: 2^(N-1) mod N of each, by mpz_powm
 *                      answers "NANOSECONDS ONES", ONES being how many of the powers are 1
 *   prime START        the next prime after START (hexadecimal), by mpz_nextprime
 *                      answers "NANOSECONDS DISTANCE"
 */

#include <gmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static long long cpu_time(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1000000000LL * t.tv_sec + t.tv_nsec;
}

static void fail(const char *what) {
  fprintf(stderr, "gmp: %s\n", what);
  exit(1);
}

static void powers(unsigned long count) {
  mpz_t base, exponent, power, *numbers = malloc(count * sizeof *numbers);
  unsigned long ones = 0;
  if (numbers == NULL) fail("out of memory");
  for (unsigned long k = 0; k < count; k++) {
    mpz_init(numbers[k]);
    if (mpz_inp_str(numbers[k], stdin, 16) == 0) fail("expected a hexadecimal number");
  }
  mpz_init_set_ui(base, 2);
  mpz_inits(exponent, power, NULL);
  long long start = cpu_time();
  for (unsigned long k = 0; k < count; k++) {
    mpz_sub_ui(exponent, numbers[k], 1);
    mpz_powm(power, base, exponent, numbers[k]);
    ones += mpz_cmp_ui(power, 1) == 0;
  }
  printf("%lld %lu\n", cpu_time() - start, ones);
  for (unsigned long k = 0; k < count; k++) mpz_clear(numbers[k]);
  free(numbers);
  mpz_clears(base, exponent, power, NULL);
}

static void prime(void) {
  mpz_t start, found;
  mpz_inits(start, found, NULL);
  if (mpz_inp_str(start, stdin, 16) == 0) fail("expected a hexadecimal number");
  long long began = cpu_time();
  mpz_nextprime(found, start);
  long long spent = cpu_time() - began;
  mpz_sub(found, found, start);
  printf("%lld ", spent);
  mpz_out_str(stdout, 10, found);
  printf("\n");
  mpz_clears(start, found, NULL);
}

int main(void) {
  char command[16];
  unsigned long count;
  while (scanf("%15s", command) == 1) {
    if (strcmp(command, "version") == 0) printf("%s\n", gmp_version);
    else if (strcmp(command, "powers") == 0 && scanf("%lu", &count) == 1) powers(count);
    else if (strcmp(command, "prime") == 0) prime();
    else fail("expected version, powers or prime");
    fflush(stdout);
  }
  return 0;
}
