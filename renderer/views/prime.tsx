export function PrimeView(_: { number: number }) {
  return null;
}
