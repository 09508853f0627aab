/** Templates of the site in a site bundle. */
import { toIssues } from '../../../../shared/issue.ts';
import { MOST_OWN_TEMPLATES, type OwnTemplate, ownTemplate } from '../../../../shared/template.ts';
import { templates as builtIn } from '../../../../shared/templates.ts';
import { forbids, type PartItem, type SitePart, UnfitItem } from '../site-part.ts';

const itemOf = (own: OwnTemplate): PartItem => {
  const { template, ...shown } = own;
  return { key: template, name: own.name, shown, profile: own, secrets: {} };
};

export const templatesPart: SitePart = {
  part: 'templates',
  here: ({ config }) => (config.templates ?? []).map(itemOf),
  read({ value }) {
    const { data, error } = ownTemplate.safeParse(value);
    if (!data) throw new UnfitItem(toIssues(error.issues));
    return itemOf(data);
  },
  concerns: async ({ key }, { after }) => [
    ...(builtIn.some(({ template }) => template === key)
      ? [forbids('used', 'A template that comes with Sluice has this ID.')]
      : []),
    ...(after.templates.size > MOST_OWN_TEMPLATES
      ? [forbids('value', `There may be ${MOST_OWN_TEMPLATES} templates at most.`)]
      : []),
  ],
  keep: (item, draft) => void draft.templates.set(item.key, item.profile as OwnTemplate),
  remove: (key, draft) => void draft.templates.delete(key),
};
