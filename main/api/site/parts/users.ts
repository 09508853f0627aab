/** Users in a site bundle: with the hashes of their passwords where that was chosen. They are never applied unasked. */
import { z } from 'zod';
import { toIssues } from '../../../../shared/issue.ts';
import { user } from '../../../../shared/user.ts';
import { passwordHash } from '../../../access/password.ts';
import type { StoredUser } from '../../../store/access-file.ts';
import { forbids, type PartItem, type Scene, type SitePart, tells, UnfitItem, warns } from '../site-part.ts';

const sent = user.omit({ created: true }).strict();
const sealed = z.strictObject({ hash: z.string().regex(passwordHash, 'The hash of its password is none.').optional() });

const itemOf = ({ hash, ...one }: StoredUser): PartItem => ({
  key: one.name,
  name: one.name,
  shown: { role: one.role, rights: one.rights },
  profile: { ...one, hash },
  secrets: hash === '' ? {} : { hash },
});
const accountOf = ({ profile }: PartItem): StoredUser => profile as StoredUser;

/** Whoever is guarded by passwords must be able to get in. */
const lockedOut = ({ after }: Scene) => {
  const all = [...after.users.values()];
  const isSafe = all.length === 0 || all.some(({ role, hash }) => role === 'administrator' && hash !== '');
  return isSafe ? [] : [forbids('value', 'There would be no administrator with a password here.')];
};

export const usersPart: SitePart = {
  part: 'users',
  here: ({ users }) => users.map(itemOf),
  read({ value: { created: _created, hash: _hash, ...value }, secrets }, { users, now }) {
    const given = sent.safeParse(value);
    if (!given.data) throw new UnfitItem(toIssues(given.error.issues));
    const brought = sealed.safeParse(secrets);
    if (!brought.data) throw new UnfitItem(toIssues(brought.error.issues));
    const present = users.find(({ name }) => name === given.data.name);
    const hash = brought.data.hash ?? present?.hash ?? '';
    return itemOf({ ...given.data, hash, created: present?.created ?? now });
  },
  concerns: async (item, scene) => [
    warns(
      'note',
      'It lets somebody operate this gateway, or changes what they may do: only where it is chosen by hand.',
    ),
    ...(accountOf(item).hash === '' ? [tells('note', 'It has no password here until one is set.')] : []),
    ...lockedOut(scene),
  ],
  removal: (_key, scene) => [warns('note', 'It can no longer unlock this gateway.'), ...lockedOut(scene)],
  keep: (item, draft) => void draft.users.set(item.key, accountOf(item)),
  remove: (key, draft) => void draft.users.delete(key),
};
