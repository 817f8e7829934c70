/**
 * Whether `node_modules` holds what package-lock.json asks for.
 *
 * npm leaves `node_modules/.package-lock.json` behind as the last act of an installation: the list of what it put there.
 * Comparing the two lists says more than comparing dates (a checkout changes dates, not contents), holds for an
 * installation that somebody made by hand, and takes about 2 ms.
 */

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, dev?: boolean }} Entry
 * @typedef {{ packages?: Record<string, Entry> }} Lockfile
 */

/**
 * The packages that are missing or of another version than the lockfile says. Optional packages may be missing (npm leaves
 * out those of other platforms); packages that the lockfile does not name are left alone.
 * @param {Lockfile} wanted package-lock.json
 * @param {Lockfile | undefined} installed node_modules/.package-lock.json, undefined if there is none
 * @param {{ development?: boolean }} [options] `development: false` looks only at what the program needs to run
 * @returns {string[]} their paths, such as `node_modules/valibot`
 */
export function stalePackages(wanted, installed, { development = true } = {}) {
  return Object.entries(wanted.packages ?? {})
    .filter(([path, entry]) => {
      if (path === '' || (!development && entry.dev)) return false;
      const present = installed?.packages?.[path];
      if (!present) return !(entry.optional || entry.devOptional || entry.peer);
      return present.version !== entry.version || present.integrity !== entry.integrity;
    })
    .map(([path]) => path);
}
