/**
 * What electron-builder makes: AppImage and deb, an installer for Windows, a disk image for macOS, for x64 and arm64.
 * docs/packaging.md says why each setting is as it is, test/build/package.test.ts keeps the ones that security rests on.
 */

import { fileURLToPath } from 'node:url';
import type { Configuration } from 'electron-builder';
import { APP_ID, homepage, NAME, SUMMARY } from './identity.ts';

const METAINFO = fileURLToPath(new URL(`linux/${APP_ID}.metainfo.xml`, import.meta.url));
const BOTH = ['x64', 'arm64'] as const;

/** @param env of the build: `CSC_LINK` is the certificate to sign with, on macOS */
export function configuration(env: NodeJS.ProcessEnv): Configuration {
  const signed = Boolean(env['CSC_LINK']);
  return {
    appId: APP_ID,
    productName: NAME,
    executableName: NAME,
    copyright: 'MIT licence',
    directories: { output: 'dist', buildResources: 'build/package' },
    // No update checks, and nothing is put anywhere.
    publish: null,
    // The bundles hold all that is needed; whatever else is in the checkout stays out.
    files: ['out/**', '!out/.made-from', 'package.json', 'LICENSE', '!**/node_modules/**', '!**/*.map'],
    beforeBuild: async () => false, // nothing to install or compile for the package
    extraMetadata: {
      author: 'The authors of nice19',
      homepage: homepage(env),
      // The bundles hold them; the command `nice19` is for the checkout.
      dependencies: null,
      optionalDependencies: null,
      bin: null,
      desktopName: `${NAME}.desktop`, // by which Linux desktops know whose a window is
    },
    asar: true,
    // A utility process and its threads start from plain files (electron#41396).
    asarUnpack: ['out/cruncher/**'],
    artifactName: `${NAME}-\${version}-\${os}-\${arch}.\${ext}`,
    compression: 'normal',
    electronLanguages: ['en-US', 'en'],
    electronFuses: {
      runAsNode: false,
      // There are no cookies, and macOS asks for its keychain if they are to be encrypted.
      enableCookieEncryption: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    },
    linux: {
      target: ['AppImage', 'deb'].map((target) => ({ target, arch: [...BOTH] })),
      icon: '../icons/made/package',
      category: 'Science;Math',
      synopsis: SUMMARY,
      description:
        'Searches for primes of hundreds or thousands of digits at the lowest priority that the system has, and loses nothing.',
      maintainer: 'nice19 <nobody@nice19.invalid>',
      vendor: NAME,
      syncDesktopName: true,
      desktop: {
        entry: {
          Name: NAME,
          GenericName: 'Prime search',
          Comment: SUMMARY,
          Keywords: 'prime;number;Rabin;background;idle;',
          StartupNotify: 'false',
        },
      },
      // An AppImage is laid out like the root of a system; Debian's package puts it where it belongs itself.
      extraFiles: [{ from: METAINFO, to: `usr/share/metainfo/${APP_ID}.metainfo.xml` }],
    },
    deb: {
      packageCategory: 'science',
      priority: 'optional',
      fpm: [`${METAINFO}=/usr/share/metainfo/${APP_ID}.metainfo.xml`],
    },
    win: {
      target: [{ target: 'nsis', arch: [...BOTH] }],
      icon: '../icons/made/package/icon.ico',
    },
    nsis: {
      oneClick: false,
      perMachine: false, // no administrator is needed
      allowToChangeInstallationDirectory: true,
      deleteAppDataOnUninstall: false, // the primes stay
      differentialPackage: false,
      buildUniversalInstaller: false,
    },
    mac: {
      target: [{ target: 'dmg', arch: [...BOTH] }],
      icon: '../icons/made/package/icon.icns',
      category: 'public.app-category.utilities',
      extendInfo: { LSUIElement: true }, // in the menu bar, not in the Dock
      // Without a certificate: signed by nobody, as arm64 wants at least; then macOS asks the user to allow it.
      ...(signed ? {} : { identity: '-' }),
      hardenedRuntime: signed,
      gatekeeperAssess: false,
    },
    dmg: { writeUpdateInfo: false },
  };
}
