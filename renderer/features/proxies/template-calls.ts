/** Templates of the gateway, asked for when they are looked at. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { TemplateChange, TemplateInput, TemplateView } from '../../../shared/template.ts';
import { useCall, useClient } from '../../api/use-gateway.ts';

const queryKey = ['templates'];
const none: readonly TemplateView[] = [];

export function useTemplates(): readonly TemplateView[] {
  const client = useClient();
  const { data } = useQuery({ queryKey, queryFn: () => client.templates.list(), staleTime: 0 });
  return data ?? none;
}

/** Looks at the list anew after each change. */
export function useTemplateCalls() {
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey });
  const change = useCall(async (client, { template, body }: { template: string; body: TemplateChange }) => {
    await client.templates.update({ params: { template }, body });
    await again();
  });
  const remove = useCall(async (client, template: string) => {
    await client.templates.remove({ template });
    await again();
  });
  const create = useCall(
    async (client, body: TemplateInput) => {
      const made = await client.templates.create(body);
      await again();
      return made;
    },
    { showsFailure: true },
  );
  return { change, remove, create };
}
