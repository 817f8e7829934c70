/**
 * Counts tests in vitest's JSON report (the format of Jest's `--json`).
 */

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ status: string, assertionResults: { status: string }[] }} FileResult
 * @typedef {{ testResults: FileResult[] }} Report
 */

/**
 * A run that failed has at least one failure, and so has a run in which no test was executed: a filter that matches
 * nothing, or a report that was not written, must not look like success.
 * @param {Report | undefined} report undefined if vitest wrote none
 * @param {boolean} succeeded whether vitest ended with exit code 0
 * @returns {Counts}
 */
export function countTests(report, succeeded) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    const before = counts.failed;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed++;
      else if (status === 'failed') counts.failed++;
      else counts.skipped++; // skipped, pending, todo, disabled
    }
    // A file that could not be loaded, or whose hooks failed, has no failed test to show for it.
    if (file.status === 'failed' && counts.failed === before) counts.failed++;
  }
  if (counts.failed === 0 && (!succeeded || counts.passed === 0)) counts.failed = 1;
  return counts;
}

/**
 * The last line of `npm test`.
 * @param {Counts} counts
 */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * Counts as such a line has them: of tests that ran before.
 * @param {string | undefined} line
 * @returns {Counts} none where there is no line; a failure where there is another text
 */
export function readSummary(line) {
  if (line === undefined || line === '') return { passed: 0, failed: 0, skipped: 0 };
  const numbers = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(line.trim());
  if (numbers === null) return { passed: 0, failed: 1, skipped: 0 };
  return { passed: Number(numbers[1]), failed: Number(numbers[2]), skipped: Number(numbers[3]) };
}
