/**
 * What the app knows of the computer and its user, for the manners: from Electron's powerMonitor, and from the system itself
 * where Electron has nothing (host/senses). Asked only when a setting needs it; null where it cannot be told.
 */

import type { PowerMonitor } from 'electron';
import type { Unsubscribe } from '../contract/port.ts';
import type { Battery, HostClock, SenseChange, Senses } from '../host/edges.ts';
import { systemBattery } from '../host/senses/battery.ts';
import { systemFullscreen } from '../host/senses/fullscreen.ts';
import { linuxHot } from '../host/senses/heat.ts';
import { systemPrograms } from '../host/senses/programs.ts';

export interface SystemSenses {
  readonly battery: () => Promise<Battery | null>;
  readonly fullscreen: () => Promise<boolean | null>;
  readonly programs: (names: readonly string[]) => Promise<readonly string[] | null>;
  readonly hot: () => boolean | null;
}

export const systemSenses: SystemSenses = {
  battery: () => systemBattery(),
  fullscreen: () => systemFullscreen(),
  programs: (names) => systemPrograms(names),
  hot: () => linuxHot(),
};

/** A battery's charge changes slowly, and on Windows it takes a process to ask. */
const PERCENT_EVERY_MS = 60_000;

export class AppSenses implements Senses {
  readonly #monitor: PowerMonitor;
  readonly #system: SystemSenses;
  readonly #platform: NodeJS.Platform;
  readonly #clock: HostClock;
  readonly #listeners = new Set<(what: SenseChange) => void>();
  /** Percent of its speed that the system lets the processor have, as last told. */
  #speedLimit = 100;
  #percent: { readonly value: number | null; readonly at: number } | null = null;

  /** After Electron is ready: before that nothing is told. */
  constructor(monitor: PowerMonitor, system: SystemSenses, platform: NodeJS.Platform, clock: HostClock) {
    this.#monitor = monitor;
    this.#system = system;
    this.#platform = platform;
    this.#clock = clock;
    monitor.on('suspend', () => this.#tell('suspend'));
    monitor.on('resume', () => this.#tell('resume'));
    monitor.on('lock-screen', () => this.#tell('lock'));
    monitor.on('unlock-screen', () => this.#tell('unlock'));
    monitor.on('on-ac', () => this.#tell('power'));
    monitor.on('on-battery', () => this.#tell('power'));
    monitor.on('shutdown', () => this.#tell('shutdown'));
    monitor.on('thermal-state-change', () => this.#tell('heat'));
    monitor.on('speed-limit-change', ({ limit }) => {
      this.#speedLimit = limit;
      this.#tell('heat');
    });
  }

  async battery(): Promise<Battery | null> {
    const told = this.#monitor.isOnBatteryPower();
    // on Linux Electron does not know; the kernel does
    if (this.#platform === 'linux') {
      const battery = await this.#system.battery();
      return { onBattery: told || battery?.onBattery === true, percent: battery?.percent ?? null };
    }
    return { onBattery: told, percent: told ? await this.#chargeNow() : null };
  }

  async #chargeNow(): Promise<number | null> {
    const now = this.#clock.steady();
    if (this.#percent === null || now - this.#percent.at >= PERCENT_EVERY_MS) {
      const battery = await this.#system.battery();
      this.#percent = { value: battery?.percent ?? null, at: now };
    }
    return this.#percent.value;
  }

  async idleSeconds(): Promise<number | null> {
    const seconds = this.#monitor.getSystemIdleTime();
    return seconds >= 0 ? seconds : null;
  }

  fullscreen(): Promise<boolean | null> {
    return this.#system.fullscreen();
  }

  runningPrograms(names: readonly string[]): Promise<readonly string[] | null> {
    return this.#system.programs(names);
  }

  async hot(): Promise<boolean | null> {
    if (this.#platform === 'linux') return this.#system.hot();
    if (this.#speedLimit < 100) return true;
    if (this.#platform !== 'darwin') return false;
    const state = this.#monitor.getCurrentThermalState();
    return state === 'unknown' ? null : state === 'serious' || state === 'critical';
  }

  onChange(listener: (what: SenseChange) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(change: SenseChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}
