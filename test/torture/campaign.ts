/**
 * The campaign: runs side by side, each time of the fault that had the least of its share of the time, until the time is
 * over or each fault has hit often enough.
 */

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './faults/fault.ts';
import type { Options } from './options.ts';
import { Random } from './random.ts';
import { References } from './reference.ts';
import { tortureRun } from './run.ts';
import type { Spec } from './subject.ts';
import { bookRun, emptyRow, type FailedRun, type Report, type Row } from './table.ts';
import type { Tools } from './tools.ts';

const SEEDS_A_SIZE = 2;

interface Course {
  readonly fault: Fault;
  readonly row: Row;
  runs: number;
  seconds: number;
}

export interface CampaignHooks {
  readonly tell: (sentence: string) => void;
  /** The campaign is asked to end; runs under way are left. */
  readonly isStopped: () => boolean;
}

export class Campaign {
  private readonly options: Options;
  private readonly tools: Tools;
  private readonly directory: string;
  private readonly hooks: CampaignHooks;
  private readonly references: References;
  private readonly courses: readonly Course[];
  private readonly notInjected: { fault: string; why: string }[] = [];
  private readonly failed: FailedRun[] = [];
  private readonly begun = performance.now();

  constructor(options: Options, tools: Tools, directory: string, hooks: CampaignHooks) {
    this.options = options;
    this.tools = tools;
    this.directory = directory;
    this.hooks = hooks;
    this.references = new References(directory);
    // Most of a short life would be the compiling of the sources.
    process.env['NODE_COMPILE_CACHE'] ??= join(directory, 'compiled');
    const possible = options.faults.filter((fault) => {
      const why = tools.linux ? (fault.missing?.(tools) ?? null) : 'needs Linux';
      if (why !== null) this.notInjected.push({ fault: fault.name, why });
      return why === null;
    });
    this.courses = possible.map((fault) => ({ fault, row: emptyRow(fault.name), runs: 0, seconds: 0 }));
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.options.sideBySide }, () => this.slot()));
  }

  get report(): Report {
    return {
      seed: this.options.seed,
      seconds: this.seconds,
      rows: this.courses.map(({ row }) => row),
      notInjected: this.notInjected,
      failed: this.failed,
    };
  }

  private get seconds(): number {
    return (performance.now() - this.begun) / 1000;
  }

  private async slot(): Promise<void> {
    for (let course = this.next(); course !== undefined; course = this.next()) await this.one(course);
  }

  private next(): Course | undefined {
    if (this.hooks.isStopped()) return undefined;
    const open = this.courses.filter((course) => !this.isOver(course));
    return open.sort((a, b) => a.seconds / (a.fault.weight ?? 1) - b.seconds / (b.fault.weight ?? 1))[0];
  }

  private isOver({ row, runs }: Course): boolean {
    const { until } = this.options;
    if ('minutes' in until) return this.seconds >= until.minutes * 60;
    return 'times' in until ? row.injected >= until.times : runs > 0;
  }

  private async one(course: Course): Promise<void> {
    const { until, seed } = this.options;
    const { fault, row } = course;
    course.runs++;
    const number = 'run' in until ? until.run : course.runs;
    // Counted now too, so that the next slot takes another fault.
    const guess = Math.max(1, course.seconds / course.runs);
    course.seconds += guess;
    const random = new Random(`${seed} ${fault.name} ${number}`);
    const directory = join(this.directory, `${fault.name}-${number}`);
    mkdirSync(directory);
    const started = performance.now();
    const spec = this.specFor(fault, random);
    const result = await tortureRun({
      fault,
      spec,
      random,
      directory,
      references: this.references,
      tools: this.tools,
      isOver: () => this.hooks.isStopped() || ('run' in until ? false : this.isOver(course)),
      injected: (times) => {
        row.injected += times;
      },
    });
    course.seconds += (performance.now() - started) / 1000 - guess;
    bookRun(row, result);
    const { problems } = result.judgement;
    if (problems.length === 0) {
      if (!this.options.keep) rmSync(directory, { recursive: true, force: true });
    } else {
      const repeat = `npm run torture -- --faults ${fault.name} --seed ${seed} --run ${number}`;
      this.failed.push({ fault: fault.name, run: number, problems, directory, repeat });
      this.hooks.tell(`${fault.name}, run ${number}, FAILED: ${problems.join('; ')}. Kept in ${directory}`);
    }
    this.tellProgress();
  }

  private specFor(fault: Fault, random: Random): Spec {
    const { counts } = this.options;
    const sizes = Object.keys(counts).map(Number);
    const digits = random.pick(fault.digits?.filter((size) => sizes.includes(size)) ?? sizes);
    const seed = new Random(`${this.options.seed} ${digits} ${random.below(SEEDS_A_SIZE)}`).bytes(32).toString('hex');
    return { digits, seed, count: counts[digits] as number };
  }

  private tellProgress(): void {
    const rows = this.courses.map(({ row }) => row);
    const injected = rows.reduce((sum, row) => sum + row.injected, 0);
    const runs = rows.reduce((sum, row) => sum + row.runs, 0);
    this.hooks.tell(
      `${Math.round(this.seconds)} s: ${injected} faults in ${runs} runs, ${this.failed.length} failed · ${rows
        .map(({ fault, injected: times }) => `${fault} ${times}`)
        .join(', ')}`,
    );
  }
}
