/* GMP's side of the campaign: for each line "base exponent modulus", in hexadecimal, the power on a line. */

#include <gmp.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  mpz_t base, exponent, modulus, power;
  mpz_inits(base, exponent, modulus, power, NULL);
  while (mpz_inp_str(base, stdin, 16) != 0) {
    if (mpz_inp_str(exponent, stdin, 16) == 0 || mpz_inp_str(modulus, stdin, 16) == 0) {
      fprintf(stderr, "expected three numbers\n");
      return EXIT_FAILURE;
    }
    mpz_powm(power, base, exponent, modulus);
    mpz_out_str(stdout, 16, power);
    putchar('\n');
  }
  mpz_clears(base, exponent, modulus, power, NULL);
  return EXIT_SUCCESS;
}
