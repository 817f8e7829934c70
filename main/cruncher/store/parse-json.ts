/** JSON from a file or a row that may be damaged: what is none is null, and the schema that looks at it next says no. */

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
