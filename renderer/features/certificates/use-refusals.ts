/** What the gateway refused of a box: at its fields, or under them where no field is to blame. */
import { useState } from 'react';
import { failureOf } from '../../api/failure.ts';

export function useRefusals(fields: readonly string[]) {
  const [errors, setErrors] = useState<Readonly<Record<string, string | undefined>>>({});
  const [trouble, setTrouble] = useState('');
  const clear = () => {
    setErrors({});
    setTrouble('');
  };
  const refuse = (thrown: unknown) => {
    const { message, next, issues } = failureOf(thrown);
    const known = issues.filter(({ path }) => fields.includes(path));
    setErrors(Object.fromEntries(known.map((issue) => [issue.path, issue.message])));
    setTrouble(known.length > 0 ? '' : `${message} ${next}`);
  };
  return { errors, trouble, refuse, clear };
}
