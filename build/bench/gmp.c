/* GMP's side of the benchmark (protocol.h): mpz_powm and mpz_nextprime. */

#include "protocol.h"

#include <gmp.h>

static const char *version(void) { return gmp_version; }

static void powers(unsigned long count, unsigned long bits) {
  mpz_t base, exponent;
  mpz_t *numbers = malloc(count * sizeof *numbers), *residues = malloc(count * sizeof *residues);
  if (numbers == NULL || residues == NULL) fail("out of memory");
  for (unsigned long k = 0; k < count; k++) {
    char *word = next_word();
    if (mpz_init_set_str(numbers[k], word, 16) != 0) fail("expected a hexadecimal number");
    free(word);
    mpz_init(residues[k]);
  }
  mpz_init_set_ui(base, 2);
  mpz_init(exponent);
  long long start = cpu_time();
  for (unsigned long k = 0; k < count; k++) {
    mpz_sub_ui(exponent, numbers[k], 1);
    size_t length = mpz_sizeinbase(exponent, 2);
    if (bits > 0 && length > bits) mpz_tdiv_q_2exp(exponent, exponent, length - bits);
    mpz_powm(residues[k], base, exponent, numbers[k]);
  }
  printf("%lld\n", cpu_time() - start);
  for (unsigned long k = 0; k < count; k++) {
    mpz_out_str(stdout, 16, residues[k]);
    printf("\n");
    mpz_clears(numbers[k], residues[k], NULL);
  }
  free(numbers);
  free(residues);
  mpz_clears(base, exponent, NULL);
}

static void prime(void) {
  mpz_t start, found;
  char *word = next_word();
  if (mpz_init_set_str(start, word, 16) != 0) fail("expected a hexadecimal number");
  free(word);
  mpz_init(found);
  long long began = cpu_time();
  mpz_nextprime(found, start);
  long long spent = cpu_time() - began;
  mpz_sub(found, found, start);
  printf("%lld ", spent);
  mpz_out_str(stdout, 10, found);
  printf("\n");
  mpz_clears(start, found, NULL);
}
