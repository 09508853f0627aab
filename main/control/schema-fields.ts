/** Flattens a JSON schema to lines that a person can read: path, type, rule. */

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

export interface Field {
  /** `config.source.port`; `[]` stands for each entry of a list. */
  readonly path: string;
  readonly type: string;
  /** The named schema that the type is made of. */
  readonly object?: string;
  readonly isRequired: boolean;
  readonly rule: string;
}

/** The name that a schema refers to, and whether it is a list of it. */
export function nameOf(schema: JsonSchema): { readonly text: string; readonly isList: boolean } | undefined {
  const isList = schema.type === 'array';
  const text = (isList ? schema.items : schema)?.$ref?.split('/').at(-1);
  return text === undefined ? undefined : { text, isList };
}

/** One line per field, deep; a union shows the fields of all its shapes. */
export function fieldsOf(schema: JsonSchema, path = ''): Field[] {
  const lines = shapesOf(schema).flatMap((shape) => linesOf(shape, path));
  const merged = new Map<string, Field>();
  for (const line of lines) {
    const before = merged.get(line.path);
    merged.set(line.path, before ? together(before, line) : line);
  }
  return [...merged.values()];
}

/** The line of one value. */
export function fieldOf(path: string, schema: JsonSchema): Field {
  return { path, type: typeOf(schema), object: nameOf(schema)?.text, isRequired: false, rule: ruleOf(schema) };
}

function linesOf(shape: JsonSchema, path: string): Field[] {
  if (shape.type === 'array' && shape.items) return fieldsOf(shape.items, `${path}[]`);
  if (typeof shape.additionalProperties === 'object') return fieldsOf(shape.additionalProperties, `${path}.*`);
  return Object.entries(shape.properties ?? {}).flatMap(([key, value]) => {
    const at = path ? `${path}.${key}` : key;
    const isRequired = shape.required?.includes(key) ?? false;
    return [{ ...fieldOf(at, value), isRequired }, ...fieldsOf(value, at)];
  });
}

function shapesOf(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ?? schema.oneOf ?? [schema];
}

function typeOf(schema: JsonSchema): string {
  const name = nameOf(schema);
  if (name) return name.isList ? `list of ${name.text}` : name.text;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'anything'}`;
  if (schema.type) return schema.type;
  const shapes = shapesOf(schema);
  return shapes[0] === schema ? 'anything' : [...new Set(shapes.map(typeOf))].join(' | ');
}

function ruleOf({ minimum, maximum, minLength, maxLength, maxItems, pattern }: JsonSchema): string {
  const rules = [
    range(minimum, maximum, ''),
    range(minLength, maxLength, ' characters'),
    range(undefined, maxItems, ' entries'),
    pattern,
  ];
  return rules.filter(Boolean).join(' · ');
}

function range(low: number | undefined, high: number | undefined, unit: string): string | undefined {
  const isOpen = high === undefined || high === Number.MAX_SAFE_INTEGER;
  if (low === undefined || low === Number.MIN_SAFE_INTEGER) return isOpen ? undefined : `at most ${high}${unit}`;
  return isOpen ? `at least ${low}${unit}` : `${low} to ${high}${unit}`;
}

function together(one: Field, other: Field): Field {
  const types = new Set([...one.type.split(' | '), ...other.type.split(' | ')]);
  return { ...one, type: [...types].join(' | '), isRequired: one.isRequired && other.isRequired };
}
