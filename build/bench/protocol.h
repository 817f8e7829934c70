/*
 * What the C programs of the benchmark share. They read commands from standard input, one a line, do the work, and answer
 * with the CPU time of the work alone, in nanoseconds:
 *
 *   version            the version of the library
 *   powers K BITS      then K odd numbers N in hexadecimal, one a line: 2^e mod N of each, e being the first BITS bits of
 *                      N - 1, or all of them for 0
 *                      answers "NANOSECONDS", then the K powers in hexadecimal, one a line
 *   prime START        the next prime after START (hexadecimal), where the library has such a function
 *                      answers "NANOSECONDS DISTANCE"
 */

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
  fprintf(stderr, "peer: %s\n", what);
  exit(1);
}

/* The next word of the input; the caller frees it. */
static char *next_word(void) {
  char *word = NULL;
  if (scanf("%ms", &word) != 1) fail("expected a number");
  return word;
}

/* What a library gives. */
static const char *version(void);
static void powers(unsigned long count, unsigned long bits);
static void prime(void);

int main(void) {
  char command[16];
  unsigned long count, bits;
  while (scanf("%15s", command) == 1) {
    if (strcmp(command, "version") == 0) printf("%s\n", version());
    else if (strcmp(command, "powers") == 0 && scanf("%lu %lu", &count, &bits) == 2) powers(count, bits);
    else if (strcmp(command, "prime") == 0) prime();
    else fail("expected version, powers or prime");
    fflush(stdout);
  }
  return 0;
}
