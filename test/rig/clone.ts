/**
 * Structured clone as text, for messages between the rig and a page. Runs in both: `makeCodec` is handed to the page as
 * source, so it uses nothing from outside itself.
 */
export interface Codec {
  /** Throws a DataCloneError for what cannot be cloned. */
  encode(value: unknown): string;
  decode(text: string): unknown;
}

export function makeCodec(): Codec {
  type Coded = unknown;
  const views = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array];
  const moreViews = [Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView];
  const viewTypes = new Map<string, new (buffer: ArrayBuffer) => ArrayBufferView>(
    [...views, ...moreViews].map((type) => [type.name, type as new (buffer: ArrayBuffer) => ArrayBufferView]),
  );
  const textOf = (bytes: Uint8Array): string => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  const bytesOf = (text: string): ArrayBuffer => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;

  const encode = (whole: unknown): string => {
    const seen = new Map<object, number>();
    const code = (value: unknown): Coded => {
      if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
      if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return value;
      if (typeof value === 'number' || typeof value === 'bigint' || value === undefined)
        return [typeof value, Object.is(value, -0) ? '-0' : String(value)];
      if (typeof value !== 'object') throw new DataCloneError(`${String(value)} could not be cloned.`);
      const known = seen.get(value);
      if (known !== undefined) return ['seen', known];
      seen.set(value, seen.size);
      if (Array.isArray(value)) return ['array', value.map(code)];
      if (value instanceof Date) return ['date', value.getTime()];
      if (value instanceof RegExp) return ['regexp', value.source, value.flags];
      if (value instanceof Map) return ['map', [...value].map(([key, one]) => [code(key), code(one)])];
      if (value instanceof Set) return ['set', [...value].map(code)];
      if (value instanceof Error) return ['error', value.name, value.message, value.stack ?? ''];
      if (value instanceof ArrayBuffer) return ['ArrayBuffer', textOf(new Uint8Array(value))];
      if (ArrayBuffer.isView(value)) {
        const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
        // Node's Buffer arrives as what it is a kind of.
        const name = viewTypes.has(value.constructor.name) ? value.constructor.name : 'Uint8Array';
        return [name, textOf(bytes)];
      }
      const tag = Object.prototype.toString.call(value);
      if (tag !== '[object Object]') throw new DataCloneError(`${tag} could not be cloned.`);
      return ['object', Object.entries(value).map(([key, one]) => [key, code(one)])];
    };
    return JSON.stringify(code(whole));
  };

  const decode = (text: string): unknown => {
    const made: unknown[] = [];
    const keep = <T>(value: T): T => {
      made.push(value);
      return value;
    };
    const read = (coded: Coded): unknown => {
      if (!Array.isArray(coded)) return coded;
      const [kind, first, second] = coded as [string, unknown, string];
      switch (kind) {
        case 'number':
          return Number(first);
        case 'bigint':
          return BigInt(first as string);
        case 'undefined':
          return undefined;
        case 'seen':
          return made[first as number];
        case 'array': {
          const list = keep<unknown[]>([]);
          for (const one of first as Coded[]) list.push(read(one));
          return list;
        }
        case 'date':
          return keep(new Date(first as number));
        case 'regexp':
          return keep(new RegExp(first as string, second));
        case 'map': {
          const map = keep(new Map());
          for (const [key, one] of first as [Coded, Coded][]) map.set(read(key), read(one));
          return map;
        }
        case 'set': {
          const set = keep(new Set());
          for (const one of first as Coded[]) set.add(read(one));
          return set;
        }
        case 'error':
          return keep(Object.assign(new Error(second), { name: first, stack: coded[3] }));
        case 'ArrayBuffer':
          return keep(bytesOf(first as string));
        case 'object': {
          const object = keep<Record<string, unknown>>({});
          for (const [key, one] of first as [string, Coded][])
            Object.defineProperty(object, key, {
              value: read(one),
              writable: true,
              enumerable: true,
              configurable: true,
            });
          return object;
        }
        default: {
          const View = viewTypes.get(kind);
          if (!View) throw new Error(`Unknown kind ${kind}`);
          return keep(new View(bytesOf(first as string)));
        }
      }
    };
    return read(JSON.parse(text));
  };

  class DataCloneError extends Error {
    override name = 'DataCloneError';
  }
  return { encode, decode };
}
