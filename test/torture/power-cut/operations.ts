/**
 * What a program asked of a file system, in order: the alphabet of the power-cut replay. Names are paths below the
 * directory that holds the data directory, with `/`; `.` is that directory itself.
 */

import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

export type Operation =
  | { readonly do: 'create'; readonly name: string }
  | { readonly do: 'mkdir'; readonly name: string }
  | { readonly do: 'write'; readonly name: string; readonly at: number; readonly data: Buffer }
  | { readonly do: 'truncate'; readonly name: string; readonly size: number }
  /** Bytes of another file, as they are now, without passing through the program. */
  | {
      readonly do: 'copy';
      readonly name: string;
      readonly at: number;
      readonly from: string;
      readonly fromAt: number;
      readonly size: number;
    }
  /** fsync or fdatasync, of a file or of a directory. */
  | { readonly do: 'sync'; readonly name: string }
  | { readonly do: 'rename'; readonly name: string; readonly to: string }
  | { readonly do: 'unlink'; readonly name: string }
  /** A line on standard output: from now on somebody knows it. */
  | { readonly do: 'tell'; readonly line: string };

/** A run of the program as the file system and the user saw it. */
export interface Recording {
  /** Files that were there before, durably. */
  readonly before: ReadonlyMap<string, Buffer>;
  readonly operations: readonly Operation[];
}

/** One file for a recording: JSON with the bytes in base64, compressed. Pages repeat: about a hundredth is left. */
export function packRecording({ before, operations }: Recording): Buffer {
  const bytes = (_: string, value: unknown): unknown => {
    // Buffers have a toJSON of their own, which was called already.
    const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown };
    return type === 'Buffer' ? { base64: Buffer.from(data as number[]).toString('base64') } : value;
  };
  const text = JSON.stringify({ before: [...before], operations }, bytes);
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } });
}

export function unpackRecording(packed: Buffer): Recording {
  const bytes = (_: string, value: unknown): unknown => {
    const { base64 } = (value ?? {}) as { base64?: unknown };
    return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : value;
  };
  const { before, operations } = JSON.parse(brotliDecompressSync(packed).toString(), bytes);
  return { before: new Map(before), operations };
}
