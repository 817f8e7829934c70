/**
 * Stops this process when its parent is gone: imported first by what the launcher starts.
 *
 * npm passes a SIGTERM on to the shell between it and its script, and where that shell is dash (Debian, Ubuntu) it dies
 * without a word to the script, which would search on behind the user's back. A launcher that is killed outright leaves its
 * child in the same way. The process then gets the SIGTERM that it missed. It asks twice a second; Windows does not tell,
 * there the number of a parent never changes.
 */

const parent = process.ppid;

const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, 500);
watch.unref();

export {};
