/** Names of programs: what is there can be removed, another one added. */

import { useState } from 'preact/hooks';

interface Props {
  readonly id: string;
  readonly describedBy: string;
  readonly programs: readonly string[];
  readonly onChange: (programs: string[]) => void;
}

export function ProgramList({ id, describedBy, programs, onChange }: Props) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const add = (): void => {
    const name = typed.trim();
    if (name === '') return;
    const isPath = /[/\\]/.test(name);
    setProblem(isPath ? 'Write the name of the program alone, without its folder.' : null);
    if (isPath) return;
    setTyped('');
    if (!programs.includes(name)) onChange([...programs, name]);
  };
  return (
    <div class="program-list">
      {programs.length > 0 && (
        <ul>
          {programs.map((program) => (
            <li key={program}>
              <span>{program}</span>
              <button type="button" class="quiet" onClick={() => onChange(programs.filter((name) => name !== program))}>
                Remove<span class="unseen"> {program}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        class="add"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <input
          id={id}
          aria-describedby={describedBy}
          aria-invalid={problem !== null}
          maxLength={100}
          placeholder="name of a program"
          autoComplete="off"
          spellcheck={false}
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <button type="submit">Add</button>
      </form>
      <p class="error" role="alert">
        {problem}
      </p>
    </div>
  );
}
