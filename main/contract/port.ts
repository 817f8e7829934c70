/**
 * One end of a conversation between two processes, whatever carries it: a forked process's channel, Electron's
 * utility process, a loop-back in a test. Messages arrive in the order sent, each one whole (structured clone:
 * bigint and typed arrays pass), or not at all when the other side is gone.
 *
 * `In` is what the other side promises to send; who receives from another version of the program or from the
 * network checks it with the contract's schemas.
 */

export type Unsubscribe = () => void;

export interface Port<Out, In> {
  /** @returns false when this end is closed or the other side gone, and the message was dropped */
  send(message: Out): boolean;
  /** Messages that came before the first listener are kept for it. */
  onMessage(listener: (message: In) => void): Unsubscribe;
  /** The other side closed or died. Called once, and later for a listener that comes after that. */
  onClose(listener: () => void): Unsubscribe;
  /** Ends the conversation when all that was sent has left; the other side's `onClose` fires. Twice is harmless. */
  close(): void;
}
