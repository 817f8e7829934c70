/** The app's name to Windows, which shows its notifications by it: the one in the package (build/package/identity.ts). */
export const APP_ID = 'org.nice19.nice19';
