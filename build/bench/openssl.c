/* OpenSSL's side of the benchmark (protocol.h): BN_mod_exp. It has no function for the next prime. */

#include "protocol.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>

static const char *version(void) { return OpenSSL_version(OPENSSL_VERSION_STRING); }

static void powers(unsigned long count, unsigned long bits) {
  BN_CTX *context = BN_CTX_new();
  BIGNUM *base = BN_new(), *exponent = BN_new();
  BIGNUM **numbers = calloc(count, sizeof *numbers), **residues = calloc(count, sizeof *residues);
  if (context == NULL || base == NULL || exponent == NULL || numbers == NULL || residues == NULL) fail("out of memory");
  for (unsigned long k = 0; k < count; k++) {
    char *word = next_word();
    if (BN_hex2bn(&numbers[k], word) == 0) fail("expected a hexadecimal number");
    free(word);
    residues[k] = BN_new();
  }
  BN_set_word(base, 2);
  long long start = cpu_time();
  for (unsigned long k = 0; k < count; k++) {
    BN_sub(exponent, numbers[k], BN_value_one());
    unsigned long length = BN_num_bits(exponent);
    if (bits > 0 && length > bits) BN_rshift(exponent, exponent, (int)(length - bits));
    if (!BN_mod_exp(residues[k], base, exponent, numbers[k], context)) fail("BN_mod_exp");
  }
  printf("%lld\n", cpu_time() - start);
  for (unsigned long k = 0; k < count; k++) {
    char *word = BN_bn2hex(residues[k]);
    printf("%s\n", word);
    OPENSSL_free(word);
    BN_free(numbers[k]);
    BN_free(residues[k]);
  }
  free(numbers);
  free(residues);
  BN_free(base);
  BN_free(exponent);
  BN_CTX_free(context);
}

static void prime(void) { fail("this library has no function for the next prime"); }
