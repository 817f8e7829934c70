/**
 * How the cruncher process ends. Any other code, or a signal that nobody asked for, is a crash, and the
 * supervisor starts it again.
 */

/** Its work is saved and it was asked to end, or its parent is gone. */
export const EXIT_DONE = 0;
/** It cannot do what it was started for and trying again would not help (the data directory is in use, damaged
 * or of a newer version): it has sent a sentence that says so, and is not restarted. */
export const EXIT_REFUSED = 3;
