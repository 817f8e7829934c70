/** Where a prime stands in its search, and all its digits. */
export interface Place {
  readonly block: number;
  readonly offset: number;
  readonly decimal: string;
}

export const keyOf = ({ block, offset, decimal }: Place): string => `${block}:${offset}:${decimal}`;
