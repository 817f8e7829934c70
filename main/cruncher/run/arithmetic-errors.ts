/** What is said when this computer's arithmetic or memory was found wrong. */

/** One may be a stray particle; so many in one search are the computer's own. */
const SYMPTOM = 3;

/** @param inAll errors of the search so far */
export function arithmeticErrorSentence(inAll: number): string {
  return inAll < SYMPTOM
    ? 'an arithmetic error was found and put right'
    : `this computer makes arithmetic errors: ${inAll} so far, all found and done again; run a memory test, take back any overclocking, look at the cooling, and try "nice19 selftest"`;
}
