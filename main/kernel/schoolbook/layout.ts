/**
 * The numbers behind the schoolbook kernel, and where everything lies in the memory of one of its modules.
 *
 * A residue is an array of `limbs` vectors; lane 0 belongs to the first modulus, lane 1 to the second. A limb is
 * an integer in −2^50 … 2^50 − 1 held as a double; limb k weighs 2^(51·k). Columns, the running sums of products,
 * are 64-bit integers in vectors of the same shape. The bounds are proven in docs/schoolbook-kernel.md.
 */

/** Bits of a limb. With 51 the rounded-off low half of a product and its high half both fit a double's 53 bits. */
export const LIMB_BITS = 51;
/** Rows of a product that are worked off together. Two, three and six were slower. */
export const ROWS = 4;

/** Adding this to a product leaves its high half: a multiple of 2^51, rounded to nearest. */
const HIGH_SHIFTER = 1.5 * 2 ** 103;
/** A low half is held on top of this, so that the double's bits count it as an integer. */
const LOW_SHIFTER = 1.5 * 2 ** 52;

function bitsOf(double: number): bigint {
  return new BigInt64Array(new Float64Array([double]).buffer)[0] as bigint;
}

/** What every high half and every low half brings into a column beside its value: the bits of its shifter. */
export const HIGH_BIAS = bitsOf(HIGH_SHIFTER);
export const LOW_BIAS = bitsOf(LOW_SHIFTER);

/** Added to a signed column below 2^62, so that an unsigned shift carries it; and half a limb, to round. */
export const CARRY_OFFSET = (1n << 62n) + (1n << 50n);
/** What CARRY_OFFSET leaves in the carry. */
export const CARRY_EXCESS = 1n << BigInt(62 - LIMB_BITS);

/** Bytes of a vector: one limb or one column. */
export const VECTOR = 16;

/** Addresses of the constants: one vector each, the same in both lanes. */
export const CONSTANT = {
  highShifter: 0,
  /** HIGH_SHIFTER + LOW_SHIFTER: minus a high half it is the shifter of the low half. */
  bothShifters: 16,
  /** The low 51 bits. */
  limbMask: 32,
  /** The bits of 2^52: or-ed with 51 bits it makes a double. */
  doubleExponent: 48,
  /** 2^52 + 2^50, which takes that double back to a balanced limb. */
  limbCentre: 64,
  /** CARRY_OFFSET − CARRY_EXCESS. */
  carryOffset: 80,
  /** CARRY_EXCESS: the carry into the lowest limb. */
  firstCarry: 96,
  lowShifter: 112,
  /** CARRY_OFFSET − CARRY_EXCESS − LOW_BIAS, for limbs that come as doubles on top of LOW_SHIFTER. */
  carryOffsetOfDouble: 128,
  /** Four masks of ones in the lanes to be doubled: none, lane 0, lane 1, both. */
  doublingMasks: 144,
  /** carryOffset − 2·LOW_BIAS − HIGH_BIAS: a column of a limb that comes as such a double and of one product. */
  carryOffsetOfFold: 208,
} as const;
const CONSTANTS_END = CONSTANT.carryOffsetOfFold + VECTOR;

/**
 * How many squarings one call of the chain can do: its bytes of doublings wait in memory. An engine changes to the
 * optimised code only between calls: with 16,384 the first power at 3,000 digits took 0.66 s instead of 0.27 s.
 */
export const CHAIN_CAPACITY = 512;

/** Pairs of a count of squarings and a factor in one call. */
export const STEPS_CAPACITY = 256;

const align = (address: number): number => Math.ceil(address / 64) * 64;

/** Vectors of zero before and after a table, and after a residue: blocks of rows read so far beyond their ends. */
const MARGIN = ROWS;

export interface Layout {
  readonly limbs: number;
  /** Whether the code goes by pairs of columns, for an engine that merges them (wide-columns.ts). */
  readonly wide: boolean;
  /** −1/N mod B in −2^50 … 2^50, B = 2^51: one vector. */
  readonly inverse: number;
  /** What the reduction folds by: N itself, then B^-1 to B^-4 mod N in −N/2 … N/2; `limbs` vectors each. */
  readonly folds: readonly [number, number, number, number, number];
  /** The columns of a product, 2·`limbs` vectors. */
  readonly columns: number;
  /** High halves that go to the column after, where they are summed apart: zero between two products. */
  readonly highs: number;
  /** What the columns start from in a squaring and in a product: they undo the shifters, see `columns.ts`. */
  readonly squareStart: number;
  readonly productStart: number;
  readonly doublings: number;
  /** Bytes two by two: how often to square, and by which register to multiply. */
  readonly steps: number;
  /** −R/N to the nearest, one vector: so much of N makes R modulo N. */
  readonly quotient: number;
  /** The number 1, for leaving the Montgomery form. */
  readonly unit: number;
  /** R mod N, the Montgomery form of 1. */
  readonly one: number;
  /** The residues of the register that is being read. */
  readonly plain: number;
  readonly registers: number;
  readonly registerBytes: number;
}

export function layoutFor(limbs: number, wide = false): Layout {
  const registerBytes = align(VECTOR * (limbs + MARGIN));
  // And a pair beyond the last column.
  const columnBytes = align(VECTOR * (2 * limbs + 4));
  const inverse = align(CONSTANTS_END);
  const quotient = inverse + VECTOR;
  const tableBytes = align(VECTOR * (limbs + 2 * MARGIN));
  const modulus = align(quotient + VECTOR) + VECTOR * MARGIN;
  const fold = (k: number): number => modulus + k * tableBytes;
  const columns = align(fold(5));
  const squareStart = columns + columnBytes;
  const productStart = squareStart + columnBytes;
  const highs = productStart + columnBytes;
  // A product reads a margin before its factors, too.
  const unit = highs + columnBytes + VECTOR * MARGIN;
  const one = unit + registerBytes;
  const plain = one + registerBytes;
  const doublings = plain + registerBytes;
  const steps = doublings + CHAIN_CAPACITY;
  const registers = steps + 2 * STEPS_CAPACITY + VECTOR * MARGIN;
  return {
    limbs,
    wide,
    inverse,
    quotient,
    folds: [modulus, fold(1), fold(2), fold(3), fold(4)],
    columns,
    highs,
    squareStart,
    productStart,
    doublings,
    steps,
    plain,
    unit,
    one,
    registers,
    registerBytes,
  };
}

/** Fills in the constants of a fresh memory. */
export function writeConstants(memory: WebAssembly.Memory): void {
  const doubles = new Float64Array(memory.buffer);
  const integers = new BigInt64Array(memory.buffer);
  const double = (address: number, value: number): void => {
    doubles.fill(value, address / 8, address / 8 + 2);
  };
  const integer = (address: number, value: bigint): void => {
    integers.fill(BigInt.asIntN(64, value), address / 8, address / 8 + 2);
  };
  double(CONSTANT.highShifter, HIGH_SHIFTER);
  double(CONSTANT.bothShifters, HIGH_SHIFTER + LOW_SHIFTER);
  integer(CONSTANT.limbMask, (1n << BigInt(LIMB_BITS)) - 1n);
  integer(CONSTANT.doubleExponent, bitsOf(2 ** 52));
  double(CONSTANT.limbCentre, 2 ** 52 + 2 ** (LIMB_BITS - 1));
  integer(CONSTANT.carryOffset, CARRY_OFFSET - CARRY_EXCESS);
  integer(CONSTANT.firstCarry, CARRY_EXCESS);
  double(CONSTANT.lowShifter, LOW_SHIFTER);
  integer(CONSTANT.carryOffsetOfDouble, CARRY_OFFSET - CARRY_EXCESS - LOW_BIAS);
  integer(CONSTANT.carryOffsetOfFold, CARRY_OFFSET - CARRY_EXCESS - 2n * LOW_BIAS - HIGH_BIAS);
  const masks = CONSTANT.doublingMasks / 8;
  integers.set([0n, 0n, -1n, 0n, 0n, -1n, -1n, -1n], masks);
}
