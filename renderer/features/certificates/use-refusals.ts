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
    // One of a list, such as `names.2`, is refused at the list.
    const found = issues.map((issue) => [issue.path.replace(/\.\d+$/, ''), issue.message] as const);
    const isAtFields = found.length > 0 && found.every(([path]) => fields.includes(path));
    setErrors(Object.fromEntries(found));
    setTrouble(isAtFields ? '' : `${message} ${next}`);
  };
  return { errors, trouble, refuse, clear };
}
