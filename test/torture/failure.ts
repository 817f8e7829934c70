/** The program did not keep its promise: the run has failed, and the sentence says how. */
export class TortureFailure extends Error {
  override readonly name = 'TortureFailure';
}
