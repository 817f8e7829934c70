/** A sieved bitmap as a file: whose it is, how deep, and a digest. A file that is not exactly that counts as none. */

import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { parseJson } from './parse-json.ts';

export interface SieveName {
  /** Of the search. */
  readonly id: string;
  readonly block: number;
}

const HeadSchema = v.strictObject({ id: v.string(), block: v.number(), depth: v.number(), sha256: v.string() });

const digestOf = ({ id, block, depth }: SieveName & { depth: number }, bitmap: Uint8Array): string =>
  createHash('sha256').update(`${id} ${block} ${depth}\n`).update(bitmap).digest('hex');

export function sealedFile(head: SieveName & { readonly depth: number }, bitmap: Uint8Array): Buffer {
  const { id, block, depth } = head;
  return Buffer.concat([
    Buffer.from(`${JSON.stringify({ id, block, depth, sha256: digestOf(head, bitmap) })}\n`),
    bitmap,
  ]);
}

/** @returns null unless it is this block's, and whole */
export function sealedText(bytes: Buffer, { id, block }: SieveName): { depth: number; bitmap: Uint8Array } | null {
  const end = bytes.indexOf(10);
  const parsed = v.safeParse(HeadSchema, parseJson(bytes.toString('utf8', 0, Math.max(0, end))));
  const bitmap = new Uint8Array(bytes.subarray(end + 1));
  if (!parsed.success || parsed.output.id !== id || parsed.output.block !== block) return null;
  return digestOf(parsed.output, bitmap) === parsed.output.sha256 ? { depth: parsed.output.depth, bitmap } : null;
}
