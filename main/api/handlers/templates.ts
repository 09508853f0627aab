/** Templates of proxies: list, add, change, remove. */
import { api } from '../base.ts';

const { templates } = api;

export const templateHandlers = {
  list: templates.list.handler(({ context }) => context.gateway.templates.list()),
  create: templates.create.handler(({ context, input }) => context.gateway.templates.create(input)),
  update: templates.update.handler(({ context, input }) =>
    context.gateway.templates.update(input.params.template, input.body),
  ),
  remove: templates.remove.handler(async ({ context, input }) => {
    await context.gateway.templates.remove(input.template);
    return input;
  }),
};
