export function PrimesView(_: { choice: unknown }) {
  return null;
}
