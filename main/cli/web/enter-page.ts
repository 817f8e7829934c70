/** What is behind the printed address: it keeps the key where only pages of this address and port can read it, and goes on. */

/** Where the page keeps it; renderer/bridge/socket.ts reads it there. */
const KEY_PLACE = 'nice19.key';

export const ENTER_SCRIPT = `localStorage.setItem('${KEY_PLACE}', document.querySelector('meta[name="key"]').content);
location.replace('/');
`;

/** @param key without anything that means something in HTML */
export function enterPage(key: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>nice19</title>
    <meta name="key" content="${key}" />
    <script src="/enter.js" defer></script>
  </head>
  <body>
    <p>Opening nice19 …</p>
    <noscript>nice19 shows its window with JavaScript, which this browser has switched off.</noscript>
  </body>
</html>
`;
}
