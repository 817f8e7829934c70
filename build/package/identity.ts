/** What the systems know the program by. The names must not change once there are installations. */

/** The app's identifier: bundle (macOS), application user model (Windows), component (AppStream). */
export const APP_ID = 'org.nice19.nice19';

export const NAME = 'nice19';
export const SUMMARY = 'Finds large primes in spare time';

/**
 * Where the sources are: of the public CI that builds the packages. Debian's packages want an address; a build on somebody's
 * own machine has one that leads nowhere (RFC 2606).
 */
export function homepage(env: NodeJS.ProcessEnv): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  return server && repository ? `${server}/${repository}` : 'https://nice19.invalid/';
}
