/** Who may do what: sessions, users, tokens. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { userId } from '../name.ts';
import {
  accessSettings,
  apiToken,
  apiTokenInput,
  loginInput,
  password,
  sessionView,
  user,
  userChange,
  userInput,
  userView,
} from '../user.ts';
import { canFail, forAnyone, forRole } from './procedure.ts';

const tags = ['Access'];
const nameParam = z.object({ name: userId });

export const session = {
  get: forAnyone
    .route({ method: 'GET', path: '/v1/session', summary: 'Tell who this connection speaks for', tags })
    .output(sessionView),
  follow: forAnyone
    .route({ method: 'GET', path: '/v1/session/events', summary: 'Follow who this connection speaks for', tags })
    .output(eventIterator(sessionView)),
  unlock: forAnyone
    .route({ method: 'POST', path: '/v1/session/unlock', summary: 'Unlock with the password of a user', tags })
    .errors(canFail('LOGIN_REFUSED', 'LOGIN_DELAYED'))
    .input(loginInput)
    // The page of this tab shows it when it connects again.
    .output(z.object({ session: z.string() })),
  lock: forAnyone.route({ method: 'POST', path: '/v1/session/lock', summary: 'Lock now', tags }).output(sessionView),
  touch: forAnyone
    .route({ method: 'POST', path: '/v1/session/touch', summary: 'Tell that somebody is there', tags })
    .output(z.object({ locksAt: z.number().nullable() })),
};

export const users = {
  list: forRole('administrator')
    .route({ method: 'GET', path: '/v1/access/users', summary: 'List the users', tags })
    .output(z.array(userView)),
  create: forRole('administrator')
    .route({ method: 'POST', path: '/v1/access/users', summary: 'Add a user; the first is an administrator', tags })
    .errors(canFail('USER_EXISTS', 'CONFIG_NOT_SAVED'))
    .input(userInput)
    .output(user),
  update: forRole('administrator')
    .route({
      method: 'PUT',
      path: '/v1/access/users/{name}',
      summary: 'Change role, rights or password of a user',
      tags,
      inputStructure: 'detailed',
    })
    .errors(canFail('USER_NOT_FOUND', 'LAST_ADMINISTRATOR', 'CONFIG_NOT_SAVED'))
    .input(z.object({ params: nameParam, body: userChange }))
    .output(user),
  remove: forRole('administrator')
    .route({ method: 'DELETE', path: '/v1/access/users/{name}', summary: 'Remove a user', tags })
    .errors(canFail('USER_NOT_FOUND', 'LAST_ADMINISTRATOR', 'CONFIG_NOT_SAVED'))
    .input(nameParam)
    .output(nameParam),
  changePassword: forRole('viewer')
    .route({ method: 'POST', path: '/v1/session/password', summary: 'Change the own password', tags })
    .errors(canFail('LOGIN_REFUSED', 'LOGIN_DELAYED', 'USER_NOT_FOUND', 'CONFIG_NOT_SAVED'))
    .input(z.strictObject({ password: z.string().max(200), next: password }))
    .output(z.object({ changed: z.boolean() })),
  putOff: forRole('administrator')
    .route({ method: 'POST', path: '/v1/access/later', summary: 'Put off the administrator password, once', tags })
    .errors(canFail('CONFIG_NOT_SAVED'))
    .output(sessionView),
  settings: forRole('administrator')
    .route({ method: 'PUT', path: '/v1/access/settings', summary: 'Change when pages lock, and who can help', tags })
    .errors(canFail('CONFIG_NOT_SAVED'))
    .input(accessSettings.partial())
    .output(accessSettings),
};

export const tokens = {
  list: forRole('administrator')
    .route({ method: 'GET', path: '/v1/access/tokens', summary: 'List the tokens of programs', tags })
    .output(z.array(apiToken)),
  create: forRole('administrator')
    .route({ method: 'POST', path: '/v1/access/tokens', summary: 'Make a token, which is shown this once', tags })
    .errors(canFail('TOKEN_EXISTS', 'CONFIG_NOT_SAVED'))
    .input(apiTokenInput)
    .output(apiToken.extend({ token: z.string() })),
  revoke: forRole('administrator')
    .route({ method: 'DELETE', path: '/v1/access/tokens/{name}', summary: 'Revoke a token', tags })
    .errors(canFail('TOKEN_NOT_FOUND', 'CONFIG_NOT_SAVED'))
    .input(nameParam)
    .output(nameParam),
  renewControl: forRole('administrator')
    .route({ method: 'POST', path: '/v1/access/control-token', summary: 'Renew the control token', tags })
    .errors(canFail('CONFIG_NOT_SAVED'))
    .output(z.object({ tokenFile: z.string() })),
};
