/** How many of the computer's cores; null stands for a choice of its own ("all", "as otherwise"). */

interface Props {
  readonly id: string;
  readonly cores: number | null;
  readonly of: number;
  readonly none: string;
  readonly describedBy?: string;
  readonly onChange: (cores: number | null) => void;
}

export function CoresChoice({ id, cores, of, none, describedBy, onChange }: Props) {
  const numbers = Array.from({ length: Math.max(of, cores ?? 0) }, (_, i) => i + 1);
  return (
    <select
      id={id}
      value={cores ?? ''}
      aria-describedby={describedBy}
      onChange={({ currentTarget: { value } }) => onChange(value === '' ? null : Number(value))}
    >
      <option value="">{none}</option>
      {numbers.map((number) => (
        <option key={number} value={number}>
          {number}
        </option>
      ))}
    </select>
  );
}
