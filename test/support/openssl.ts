/** OpenSSL as an oracle of modular powers: a Diffie–Hellman public key is generator^private mod prime, whatever these are. */

import { createDiffieHellman } from 'node:crypto';

/** base^exponent mod modulus by OpenSSL's BN_mod_exp. The modulus has 64 bits or more. */
export function openSslPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const group = createDiffieHellman(bytes(modulus), bytes(base));
  group.setPrivateKey(bytes(exponent));
  return BigInt(`0x${group.generateKeys('hex')}`);
}

function bytes(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}
