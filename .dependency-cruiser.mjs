/** The table of floors: who may import what. Imports go downwards only; each message says what to do instead. */

/** @param {string} name @param {string} from @param {string} to @param {string} instead */
const never = (name, from, to, instead, extra = {}) => ({
  name,
  severity: 'error',
  comment: instead,
  from: { path: from },
  to: { path: to, ...extra },
});

const leaves = [
  'store',
  'access',
  'traffic',
  'audit',
  'pages',
  'iotmp',
  'portals',
  'plugins',
  'certificates',
  'bundle',
];
/** Decoders read IoTMP with its own codec, which is bytes and values only. */
const mayRead = { traffic: '|iotmp/(message|pson)\\.ts$' };
const nodeOnly = '^(node:|fs|net|http|https|dgram|dns|os|path|stream|util|events|crypto|child_process|worker_threads)$';

export default {
  forbidden: [
    never(
      'page-knows-no-engine',
      '^renderer/',
      '^main/',
      'The page talks to the gateway through shared/contract.ts and renderer/api only.',
    ),
    never(
      'engine-knows-no-page',
      '^main/',
      '^renderer/',
      'The gateway serves the built page as files; put shared words and types in shared/.',
    ),
    never(
      'shared-is-the-ground-floor',
      '^shared/',
      '^(main|renderer|test|bench)/',
      'Move what shared/ needs down into shared/.',
    ),
    never(
      'shared-has-no-platform',
      '^shared/',
      nodeOnly,
      'shared/ runs in Node and in the page: no Node modules there.',
      { dependencyTypes: ['core'] },
    ),
    never('page-has-no-node', '^renderer/', '.', 'The page runs in a sandbox: no Node modules there.', {
      dependencyTypes: ['core'],
    }),
    never(
      'product-knows-no-tests',
      '^(main|shared|renderer)/',
      '^(test|bench|scripts)/',
      'Tests know the product, never the other way round.',
    ),
    never(
      'electron-in-one-place',
      '^(?!main/electron/)',
      '^(electron|electron-store)$|node_modules/(electron|electron-store)/',
      'Only main/electron/ may import Electron: importing it elsewhere breaks the headless host.',
    ),
    never(
      'sockets-are-below-all-of-main',
      '^main/sockets/',
      '^main/(?!sockets/)',
      'main/sockets/ serves everybody on the Node side; pass what it needs as arguments.',
    ),
    ...leaves.map((leaf) =>
      never(
        `${leaf}-is-a-leaf`,
        `^main/${leaf}/`,
        `^main/(?!${leaf}/|sockets/${mayRead[leaf] ?? ''})`,
        'Leaf folders of main/ know main/sockets/, but neither each other nor what is above; pass what they need as arguments.',
      ),
    ),
    never(
      'engine-is-below-the-api',
      '^main/engine/',
      '^main/(api|store|pages|doctor|control|host|headless|electron|app)',
      'The engine knows neither store nor API; it gets profiles and tells what happens through callbacks.',
    ),
    never(
      'ladder-tries-the-engine-only',
      '^main/ladder/',
      '^main/(?!ladder/|engine/|sockets/)',
      'The ladder is between engine and API; pass what it needs of others as arguments.',
    ),
    never(
      'api-is-below-the-hosts',
      '^main/api/',
      '^main/(control|host|headless|electron|app)',
      'The API is the same for every host; give it what it needs as arguments.',
    ),
    never(
      'app-is-below-the-hosts',
      '^main/app',
      '^main/(control|host|headless|electron)/',
      'Hosts start the gateway, not the other way round.',
    ),
    never(
      'doctor-is-below-the-api',
      '^main/doctor/',
      '^main/(api|control|host|headless|electron|app)',
      'The doctor looks at files, ports and figures; give it what the gateway says as arguments.',
    ),
    never(
      'control-is-below-the-hosts',
      '^main/(control|host)/',
      '^main/(headless|electron)/',
      'Every host opens the same control port; give it what it needs as arguments.',
    ),
    never(
      'hosts-do-not-meet',
      '^main/headless/',
      '^main/electron/',
      'Share through main/app.ts, main/control/ or main/host/.',
    ),
    never(
      'electron-does-not-know-headless',
      '^main/electron/',
      '^main/headless/',
      'Share through main/app.ts, main/control/ or main/host/.',
    ),
    never(
      'page-api-is-below-features',
      '^renderer/(api|components)/',
      '^renderer/(features|app)/',
      'Pass what is needed as a property or argument.',
    ),
    {
      name: 'features-do-not-meet',
      severity: 'error',
      comment: 'Features do not import each other: share through renderer/components or renderer/api.',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    never(
      'app-is-the-roof-of-the-page',
      '^renderer/features/',
      '^renderer/app/',
      'Features know neither the frame nor the routes; pass what they need.',
    ),
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Break the circle: one of the two belongs lower.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nothing imports this file. Delete it, or import it where it is used.',
      from: { orphan: true, path: '^(main|shared|renderer)/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      comment: 'This import leads nowhere.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'only-declared-packages',
      severity: 'error',
      comment: 'Add the package to package.json.',
      from: { path: '^(main|shared|renderer)/' },
      // Electron is the runtime of the packaged application, not a part of it, so it is a development dependency.
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], pathNot: 'node_modules/electron/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'module', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};
