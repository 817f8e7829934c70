/**
 * A search as a file or another directory has it: nothing of it is believed before it is checked. What can be worked out
 * is worked out again: a prime from its place, its record from the prime, the error bounds from the rounds.
 */

import { randomBytes } from 'node:crypto';
import type { SearchState, UnitData } from '../../contract/checkpoint.ts';
import type { StoredPrime } from '../../contract/prime-record.ts';
import type { SearchSpec } from '../../contract/search-spec.ts';
import { beginning, oneLine } from '../../contract/sentence.ts';
import { type KernelName, Kernels } from '../../search/kernel-names.ts';
import { rabinBase } from '../../search/prf.ts';
import { primeOf, recordOf } from '../run/records.ts';
import { searchId } from '../run/search-identity.ts';
import type { SetAside } from '../run/search-store.ts';
import { contentProblem } from '../run/state-check.ts';
import { type JobContext, nextTurn, Refusal } from './context.ts';
import { recheck } from './recheck.ts';

export interface ClaimedSearch {
  readonly id: string;
  readonly spec: SearchSpec;
  readonly state: SearchState;
  readonly primes: readonly StoredPrime[];
  readonly setAside: readonly SetAside[];
}

export interface ClaimChecks {
  /** The file or directory, for the sentences. */
  readonly name: string;
  /** Primes that need no test: this directory has them. */
  readonly isKnown: (id: string, decimal: string) => boolean;
  /** Hears how far it is: primes tested, of how many, and the share of the one in progress. */
  readonly tell: (tested: number, of: number, fraction: number) => void;
  readonly context: Pick<JobContext, 'isStopped'>;
}

/** The job was told to end; nothing is wrong with what is claimed. */
export class Stopped extends Refusal {}

const SLICE_MS = 30;
const LONGEST_NAME = 255;
/** A date as this program writes it. */
const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/**
 * Checks searches that somebody claims, and tests their primes again.
 * @returns them with records of our own making
 * @throws Refusal when anything is wrong with one of them; Stopped when the job was stopped
 */
export async function checkedClaims(claims: readonly ClaimedSearch[], checks: ClaimChecks): Promise<ClaimedSearch[]> {
  const { name } = checks;
  const checked: ClaimedSearch[] = [];
  const candidates: { n: bigint; what: string }[] = [];
  for (const claim of claims) {
    const problem =
      contentProblem({ ...claim, primes: [...claim.primes] }) ??
      (claim.id === searchId(claim.spec) ? null : 'a search has another’s name');
    if (problem !== null) throw new Refusal(`${name} does not hold what a checkpoint holds: ${problem}.`);
    const primes: StoredPrime[] = [];
    const seen = new Set<string>();
    for (const [k, prime] of claim.primes.entries()) {
      const record = recordFrom(prime, claim);
      if (record === null || seen.has(record.decimal)) throw falseClaim(name, `number ${k + 1}`);
      primes.push(record);
      seen.add(record.decimal);
      if (!checks.isKnown(claim.id, record.decimal)) {
        candidates.push({ n: BigInt(record.decimal), what: `number ${k + 1}` });
      }
      if (k % 64 === 0) await turn(checks);
    }
    for (const { block, finds } of claim.state.units) {
      for (const { index, rounds } of finds) {
        const n = primeOf(claim.spec, block, index);
        const what = `block ${block}, odd number ${index}`;
        if (rounds !== roundsOf(n, claim.spec)) throw falseClaim(name, what);
        candidates.push({ n, what });
      }
    }
    checked.push({ ...claim, primes });
  }
  await testAgain(candidates, checks);
  return checked;
}

async function testAgain(candidates: readonly { n: bigint; what: string }[], checks: ClaimChecks): Promise<void> {
  const kernels = new Kernels();
  let squarings = 256;
  let turned = performance.now();
  const fresh = (n: bigint) => rabinBase(randomBytes(32), n, 0);
  for (const [k, { n, what }] of candidates.entries()) {
    const steps = recheck(kernels, n, fresh, squarings);
    for (let step = steps.next(); ; step = steps.next()) {
      const now = performance.now();
      if (now - turned > SLICE_MS) {
        squarings = Math.max(16, squarings >> 1);
        checks.tell(k, candidates.length, step.done ? 1 : step.value);
        await turn(checks);
        turned = performance.now();
      } else squarings = Math.min(4096, squarings + 16);
      if (!step.done) continue;
      if (!step.value) throw falseClaim(checks.name, what);
      break;
    }
  }
  checks.tell(candidates.length, candidates.length, 0);
}

async function turn({ context }: ClaimChecks): Promise<void> {
  await nextTurn();
  if (context.isStopped()) throw new Stopped('Stopped while the primes were being tested; nothing was changed.');
}

const falseClaim = (name: string, what: string): Refusal =>
  new Refusal(`${name} claims a prime that is none (${what}); it was not made by nice19 as it stands.`);

/** What a find of this search has passed: none where it is decided with certainty. */
const roundsOf = (n: bigint, spec: SearchSpec): number => (n < 1n << 64n ? 0 : spec.rounds);

/** The record as this program would write it; null when the claim contradicts itself. */
function recordFrom(prime: StoredPrime, { id, spec, state }: ClaimedSearch): StoredPrime | null {
  const { block, offset, rounds, decimal } = prime;
  const { position } = state;
  if (block > position.block || (block === position.block && offset >= position.index)) return null;
  if (offset > 2 ** 24) return null;
  const n = primeOf(spec, block, offset);
  const fits = prime.searchId === id && prime.digits === spec.digits && decimal === n.toString();
  if (!fits || rounds !== roundsOf(n, spec) || !ISO_DATE.test(prime.foundAt)) return null;
  return recordOf(
    {
      block,
      index: offset,
      rounds,
      disagreement: false,
      kernels: prime.kernels.slice(0, 4).map((kernel) => text(kernel, 20)) as KernelName[],
    },
    {
      searchId: id,
      spec,
      cpuSeconds: seconds(prime.cpuSeconds),
      wallSeconds: seconds(prime.wallSeconds),
      foundAt: prime.foundAt,
      host: text(prime.host, LONGEST_NAME),
      version: text(prime.version, LONGEST_NAME),
    },
  );
}

const text = (claimed: string, longest: number): string => oneLine(beginning(claimed, longest));
const seconds = (claimed: number): number => (Number.isFinite(claimed) && claimed > 0 ? claimed : 0);

/**
 * A screen in progress is gone on with: at worst its residue is wrong and a number is lost or confirmed in vain. A
 * confirmation begins again, because residues that came from elsewhere cannot be believed to have passed anything.
 */
export function begunAnew(state: SearchState): SearchState {
  return { ...state, units: state.units.map(confirmAnew) };
}

function confirmAnew(unit: UnitData): UnitData {
  const { active, passed } = unit;
  return active?.stage === 'confirm' ? { ...unit, active: null, passed: [active.index, ...passed] } : unit;
}
