/** Sessions, users and tokens. */
import { SluiceError } from '../../../shared/errors.ts';
import { api } from '../base.ts';
import type { ApiContext } from '../context.ts';
import type { Seat } from '../seat.ts';

const seatOf = ({ seat }: ApiContext): Seat => {
  if (!seat) throw new SluiceError('UNAUTHORIZED');
  return seat;
};

export const sessionHandlers = {
  get: api.session.get.handler(({ context }) => seatOf(context).view),
  follow: api.session.follow.handler(({ context, signal }) => seatOf(context).follow(signal)),
  unlock: api.session.unlock.handler(async ({ context, input }) => ({ session: await seatOf(context).unlock(input) })),
  lock: api.session.lock.handler(({ context }) => {
    seatOf(context).lock();
    return seatOf(context).view;
  }),
  touch: api.session.touch.handler(({ context }) => {
    seatOf(context).touch();
    return { locksAt: seatOf(context).locksAt };
  }),
};

export const userHandlers = {
  list: api.users.list.handler(({ context }) => context.gateway.access.users),
  create: api.users.create.handler(({ context, input }) => context.gateway.access.createUser(input)),
  update: api.users.update.handler(({ context, input: { params, body } }) =>
    context.gateway.access.updateUser(params.name, body),
  ),
  remove: api.users.remove.handler(({ context, input }) => context.gateway.access.removeUser(input.name)),
  changePassword: api.users.changePassword.handler(async ({ context, input: { password, next } }) => {
    await context.gateway.access.changePassword(context.identity?.name ?? '', password, next);
    return { changed: true };
  }),
  putOff: api.users.putOff.handler(async ({ context }) => {
    await context.gateway.access.putOff();
    return seatOf(context).view;
  }),
  settings: api.users.settings.handler(({ context, input }) => context.gateway.access.change(input)),
};

export const tokenHandlers = {
  list: api.tokens.list.handler(({ context }) => context.gateway.access.tokens),
  create: api.tokens.create.handler(({ context, input }) => context.gateway.access.createToken(input)),
  revoke: api.tokens.revoke.handler(({ context, input }) => context.gateway.access.revokeToken(input.name)),
  renewControl: api.tokens.renewControl.handler(({ context }) => {
    context.gateway.access.renewControlToken();
    return { tokenFile: context.gateway.tokenFile };
  }),
};
