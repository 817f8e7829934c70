/**
 * This computer computes wrongly, and doing it again, also by other means, did not help. What was computed so far from
 * a state that was checked is still right.
 */
export class ArithmeticFault extends Error {
  override readonly name = 'ArithmeticFault';
}
