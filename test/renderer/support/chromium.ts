/**
 * The window as it is built, in a real Chromium, with the paper host behind it: one browser for a test file, a page of its
 * own for each look. The page comes from a server on loopback with the policy that the program's own server sends.
 */

import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { ensureBundle } from '../../../build/lib/bundle.mjs';
import { PAPER_TIME, type Scenario } from './paper-host.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const BUILT_WINDOW = process.env['NICE19_BUILT_WINDOW'] ?? join(ROOT, 'out', 'renderer');

export const POLICY =
  "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface Look {
  readonly scenario?: Scenario;
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Behind the `#`. */
  readonly address?: string;
}

export interface LookedAt {
  readonly page: Page;
  /** What went wrong in the page: exceptions, and what its policy refused. */
  readonly troubles: readonly string[];
  close(): Promise<void>;
}

export interface WindowInChromium {
  readonly browser: Browser;
  look(look?: Look): Promise<LookedAt>;
  close(): Promise<void>;
}

/** Makes the window if its sources changed. */
export async function buildWindow(): Promise<void> {
  if (process.env['NICE19_BUILT_WINDOW']) return;
  const problem = await ensureBundle(process.execPath, ROOT);
  if (problem !== undefined) throw new Error(problem);
}

export async function openChromium(): Promise<WindowInChromium> {
  await buildWindow();
  const [preload, server, browser] = await Promise.all([preloadScript(), serveWindow(), launch()]);
  const { port } = server.address() as AddressInfo;
  return {
    browser,
    async look({ scenario = {}, theme = 'light', width = 900, height = 600, address = '/now' } = {}) {
      const context: BrowserContext = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        reducedMotion: 'reduce',
        timezoneId: 'UTC',
        locale: 'en-GB',
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on('pageerror', (error) => troubles.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') troubles.push(message.text());
      });
      await page.clock.setFixedTime(PAPER_TIME);
      await page.addInitScript(`globalThis.scenario = ${JSON.stringify(scenario)};\n${preload}`);
      await page.goto(`http://127.0.0.1:${port}/#${address}`);
      await page.locator('h1').waitFor();
      return { page, troubles, close: () => context.close() };
    },
    async close() {
      await browser.close();
      await new Promise((closed) => server.close(closed));
    },
  };
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['NICE19_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      // Chromium refuses to run as root with it.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--font-render-hinting=none',
    ],
  });
}

async function preloadScript(): Promise<string> {
  await using build = await rolldown({
    input: join(ROOT, 'test/renderer/support/paper-preload.ts'),
    platform: 'browser',
  });
  const { output } = await build.generate({ format: 'iife' });
  return output[0].code;
}

/** Serves the built window on loopback. */
export async function serveWindow(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(BUILT_WINDOW, normalize(path === '/' ? '/index.html' : path));
    try {
      const content = await readFile(file);
      response.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': POLICY,
      });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}
