/** A checkpoint file with any content, whose digest fits: what somebody who knows the format would make. */

import { createHash } from 'node:crypto';
import { CHECKPOINT_FORMAT, CHECKPOINT_VERSION } from '../../main/contract/checkpoint.ts';

export function sealed(text: string): Buffer {
  const body = Buffer.from(text);
  const sha256 = createHash('sha256').update(body).digest('hex');
  const header = { format: CHECKPOINT_FORMAT, version: CHECKPOINT_VERSION, bytes: body.length, sha256 };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body, Buffer.from('\n')]);
}
