/** `/docs`: the REST face for people, written from the OpenAPI document. One page without scripts, readable offline. */
import { contentSecurityPolicy, newNonce, type PageAnswer, pageHeaders } from '../pages/page-files.ts';
import { docsStyle } from './docs-style.ts';
import { type Field, fieldOf, fieldsOf, type JsonSchema, nameOf } from './schema-fields.ts';

/** The parts of an OpenAPI document that are shown. */
export interface ShownDocument {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}

interface Operation extends Content {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

interface Shown {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export function docsPage(document: ShownDocument): PageAnswer {
  const nonce = newNonce();
  const headers = {
    ...pageHeaders,
    'content-security-policy': contentSecurityPolicy(nonce),
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  };
  return { status: 200, headers, body: Buffer.from(htmlOf(document, nonce)) };
}

function htmlOf(document: ShownDocument, nonce: string): string {
  const shown = operationsOf(document);
  const tags = [...new Set(shown.map(({ operation }) => operation.tags?.[0] ?? 'Other'))];
  const schemas = Object.entries(document.components?.schemas ?? {}) as [string, JsonSchema][];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<title>${html(document.info.title)} API</title>
<style nonce="${nonce}">${docsStyle}</style>
</head>
<body>
<header><strong>${html(document.info.title)}</strong> API <span class="quiet">${html(document.info.version)}</span></header>
<div class="frame">
<nav aria-label="Contents">
${tags.map((tag) => navOf(tag, shown)).join('\n')}
<h2>Objects</h2>
<ul>${schemas.map(([name]) => `<li><a href="#${html(name)}">${html(name)}</a></li>`).join('')}</ul>
</nav>
<main>
<h1>REST API</h1>
<p>JSON in and out. Each request needs the header <code>Authorization: Bearer …</code> with the token from the file
<code>control-token</code> of the data folder; <code>/healthz</code>, this page and <a href="/openapi.json">/openapi.json</a> do not.</p>
<p>Faults have a fitting status and the body <code>{"error":{"code","message","next","details"}}</code>:
what happened, what to do about it, and facts. <code>details.issues</code> lists refused fields by <code>path</code> and <code>message</code>.</p>
<pre>curl -H "Authorization: Bearer $(cat control-token)" http://127.0.0.1:7420/v1/proxies

curl -H "Authorization: Bearer $(cat control-token)" http://127.0.0.1:7420/v1/proxies \\
  -d '{"proxy":"plc","name":"PLC","config":{"protocol":"tcp","source":{"port":5020},"target":{"type":"address","address":"10.0.0.7","port":502}}}'</pre>
${shown.map(operationHtml).join('\n')}
<h1>Objects</h1>
${schemas.map(([name, schema]) => `<section id="${html(name)}"><h2>${html(name)}</h2>${fieldTable(fieldsOf(schema))}</section>`).join('\n')}
</main>
</div>
</body>
</html>
`;
}

function operationsOf({ paths = {} }: ShownDocument): Shown[] {
  return Object.entries(paths).flatMap(([path, methods = {}]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation: operation as Operation })),
  );
}

function navOf(tag: string, shown: readonly Shown[]): string {
  const links = shown
    .filter(({ operation }) => (operation.tags?.[0] ?? 'Other') === tag)
    .map(({ operation: { operationId, summary } }) => {
      return `<li><a href="#${html(operationId)}">${html(summary ?? operationId)}</a></li>`;
    });
  return `<h2>${html(tag)}</h2><ul>${links.join('')}</ul>`;
}

function operationHtml({ method, path, operation }: Shown): string {
  const { operationId, summary, parameters = [], requestBody, responses } = operation;
  const query = parameters
    .filter((one) => one.in === 'query')
    .map((one): Field => ({ ...fieldOf(one.name, one.schema), isRequired: one.required ?? false }));
  const faults = Object.keys(responses).filter((status) => status !== '200');
  return `<section id="${html(operationId)}">
<h2>${html(summary ?? operationId)}</h2>
<p class="route"><b class="${html(method)}">${html(method.toUpperCase())}</b> <code>${html(path)}</code></p>
${query.length > 0 ? `<div>In the query: ${fieldTable(query)}</div>` : ''}
${requestBody ? `<div>Body: ${bodyName(requestBody)}</div>` : ''}
<div>Answer: ${bodyName(responses['200'] ?? {})}</div>
${faults.length > 0 ? `<div class="quiet">Faults: ${faults.join(', ')}</div>` : ''}
</section>`;
}

/** The name of the object of a body, as a link where it has a section of its own; else its fields. */
function bodyName({ content = {} }: Content): string {
  const [[type, { schema }] = ['', { schema: undefined }]] = Object.entries(content);
  if (!schema) return 'nothing';
  const name = nameOf(schema);
  if (type === 'text/event-stream') return 'a stream of events, each a <a href="#GatewayEvent">GatewayEvent</a>';
  if (name) return `${name.isList ? 'a list of ' : ''}<a href="#${html(name.text)}">${html(name.text)}</a>`;
  const fields = fieldsOf(schema);
  return fields.length > 0 ? fieldTable(fields) : html(type);
}

function fieldTable(fields: readonly Field[]): string {
  const rows = fields.map(({ path, type, object, isRequired, rule }) => {
    const typed = object ? `<a href="#${html(object)}">${html(type)}</a>` : html(type);
    return `<tr><td><code>${html(path)}</code></td><td>${typed}</td><td>${isRequired ? 'yes' : ''}</td><td>${html(rule)}</td></tr>`;
  });
  const head = '<thead><tr><th>Field</th><th>Type</th><th>Required</th><th>Rule</th></tr></thead>';
  return `<div class="scroll"><table>${head}<tbody>${rows.join('')}</tbody></table></div>`;
}

function html(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
