/**
 * One line each that checks a number with another program. In hexadecimal where that is what the program reads well:
 * Python refuses decimal numbers of more than 4,300 digits.
 */

import { hexadecimal } from './digits.ts';

export interface CheckCommand {
  readonly program: string;
  readonly line: string;
  readonly says: string;
}

export function checkCommands(decimal: string): CheckCommand[] {
  const hex = hexadecimal(decimal);
  return [
    {
      program: 'OpenSSL',
      line: `openssl prime -hex ${hex}`,
      says: 'Says "is prime" after Rabin rounds of its own.',
    },
    {
      program: 'PARI/GP',
      line: `echo 'ispseudoprime(${decimal})' | gp -qf`,
      says: 'Says 1 after a Baillie-PSW test, which shares nothing with Rabin\u2019s.',
    },
    {
      program: 'Python',
      line: `python3 -c "import random; n=0x${hex}; s=((n-1)&(1-n)).bit_length()-1; d=(n-1)>>s; print(all((x:=pow(random.randrange(2,n-1),d,n)) in (1,n-1) or any((x:=x*x%n)==n-1 for _ in range(s-1)) for _ in range(20)))"`,
      says: 'Says True after 20 Rabin rounds with bases of its own.',
    },
  ];
}
