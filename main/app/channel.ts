/** The one channel between the window and the main process. It carries the bridge's messages (contract/bridge.ts) both ways. */
export const CHANNEL = 'nice19';
