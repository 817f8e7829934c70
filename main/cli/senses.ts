/**
 * What a terminal program knows of the computer and its user: the battery, full screen and programs as the system tells them, heat
 * on Linux. Who uses the keyboard only the desktop knows, and nothing is told unasked: null, and silence.
 */

import type { Senses } from '../host/edges.ts';
import { systemBattery } from '../host/senses/battery.ts';
import { systemFullscreen } from '../host/senses/fullscreen.ts';
import { linuxHot } from '../host/senses/heat.ts';
import { systemPrograms } from '../host/senses/programs.ts';

export const terminalSenses: Senses = {
  battery: () => systemBattery(),
  idleSeconds: async () => null,
  fullscreen: () => systemFullscreen(),
  runningPrograms: (names) => systemPrograms(names),
  hot: async () => (process.platform === 'linux' ? linuxHot() : null),
  onChange: () => () => {},
};
