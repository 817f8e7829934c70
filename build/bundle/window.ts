/**
 * Bundles the window (renderer/) with Vite, for a Content-Security-Policy of `default-src 'self'`: no script, style or
 * image inside another file, and addresses that hold below any origin, Electron's protocol and the loopback server's alike.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, type InlineConfig } from 'vite';

export function windowConfig(root: string): InlineConfig {
  return {
    root: join(root, 'renderer'),
    base: './',
    configFile: false,
    envDir: false,
    publicDir: join(root, 'build/icons/app'),
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: join(root, 'out/renderer'),
      emptyOutDir: true,
      // What Electron 45 and the browsers of 2025 understand.
      target: ['chrome140', 'firefox140', 'safari18'],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      sourcemap: false,
      reportCompressedSize: false,
    },
  };
}

export async function buildWindow(root: string): Promise<void> {
  if (existsSync(join(root, 'renderer/index.html'))) await build(windowConfig(root));
}
