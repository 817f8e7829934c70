/**
 * The submit description of a pool: text for `condor_submit`, and for people, who can keep it, change it and submit it by hand.
 * Commands: https://htcondor.readthedocs.io/en/latest/man-pages/condor_submit.html
 */

import { FINDS_FILE, STATE_FILE } from '../contract/job-files.ts';
import { requestDisk, requestMemory } from './needs.ts';
import { DESCRIPTION_FILE, jobFolder, LOG_FILE, type Plan, PROGRAM_FILE, SAYS_FILE } from './plan.ts';
import { jobSeed } from './seeds.ts';

export const CHECKPOINT_CODE = 85;

/** Ends of a job that are no checkpoint and no success, before it is held for somebody to look at. */
const MOST_FAILURES = 10;

/** HTCondor's names of the computers that there is a Node for. */
export const ARCHITECTURES = ['X86_64', 'aarch64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** Node for one of them, in the pool's folder. */
export const nodeFile = (architecture: Architecture): string => `node-${architecture}`;

export interface Carried {
  /** Those that a Node is carried for; all of them where it is on the computers. */
  readonly architectures: readonly Architecture[];
  /** Bytes of the program, and of the larger Node. */
  readonly bytes: number;
}

/**
 * @param jobs numbers of the jobs to be queued
 * @returns the text; paths in it are relative to the pool's folder, where it is to be submitted
 */
export function submitDescription(plan: Plan, jobs: readonly number[], carried: Carried): string {
  const { digits, errorLog2, count, every, node } = plan;
  const search = [
    `${PROGRAM_FILE} search --exit-on-checkpoint ${CHECKPOINT_CODE} --every ${every}`,
    `--digits ${digits} --error 2^${errorLog2} --seed $(seed)${count === null ? '' : ` --count ${count}`}`,
  ].join(' ');
  const machines = carried.architectures.map((name) => `Arch == "${name}"`).join(' || ');
  const failed = '((ExitBySignal =?= True) || (ExitCode =!= 0))';
  return `# ${jobs.length === 1 ? 'A job' : `${jobs.length} jobs`} of nice19: primes of ${digits} digits, ${count === null ? 'many by each' : `${count} by each job`}, on spare computers.
# To be submitted in this folder: condor_submit ${DESCRIPTION_FILE}
# Pool seed ${plan.seed}
# The seed of job J is PRF(pool seed, "pool job", J): docs/blocks.md of nice19.

universe                = vanilla
${
  node === null
    ? `# Node, which runs the program: the one for the computer that takes the job.
executable              = node-$$(Arch)`
    : `# Node, which runs the program, is on the computers.
executable              = ${node}
transfer_executable     = False`
}
arguments               = "${search}"
initialdir              = ${jobFolder('$(job)')}
requirements            = (OpSys == "LINUX") && (${machines})

# One core, and what was measured for ${digits} digits.
request_cpus            = 1
request_memory          = ${requestMemory(digits)}M
request_disk            = ${requestDisk(digits, carried.bytes)}M

# Behind every job of other users, here; at nice 19 there.
nice_user               = True

# The state and the finds are all that travels. Both are there from the beginning, empty: a job that is sent away before it
# has saved would be held for a file that is missing. What a checkpoint has brought goes before what is in the folder.
should_transfer_files   = YES
transfer_input_files    = ../../${PROGRAM_FILE}, ${STATE_FILE}, ${FINDS_FILE}
transfer_output_files   = ${STATE_FILE}, ${FINDS_FILE}
transfer_checkpoint_files = ${STATE_FILE}, ${FINDS_FILE}
when_to_transfer_output = ON_EXIT_OR_EVICT

# Each ${every} s of CPU time, and when it is asked to go (SIGTERM), it saves and ends with ${CHECKPOINT_CODE}: carry the files, start again.
checkpoint_exit_code    = ${CHECKPOINT_CODE}
kill_sig                = SIGTERM
want_graceful_removal   = True
job_max_vacate_time     = 30

# 0: all found. Anything else (killed, out of memory, a computer that fails) is tried again from the last checkpoint.
on_exit_remove          = (ExitBySignal =?= False) && (ExitCode =?= 0)
on_exit_hold            = ${failed} && (NumJobCompletions >= ${MOST_FAILURES})
on_exit_hold_reason     = "nice19 has failed ${MOST_FAILURES} times; what it said is in ${SAYS_FILE}"

error                   = ${SAYS_FILE}
log                     = ../../${LOG_FILE}
submit_event_notes      = job $(job)
batch_name              = nice19-${plan.id}
My.Nice19Pool           = "${plan.id}"
My.Nice19Job            = $(job)

queue job, seed from (
${jobs.map((job) => `  ${job} ${jobSeed(plan.seed, job)}`).join('\n')}
)
`;
}
