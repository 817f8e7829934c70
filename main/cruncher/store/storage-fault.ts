/**
 * The disk says no for now: full, read-only, failing, or the directory is gone. Nothing of what was to be saved is lost
 * as long as whoever gave it keeps it and tries again.
 */
export class StorageFault extends Error {
  override readonly name = 'StorageFault';
}
