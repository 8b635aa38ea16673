import { seededRandom } from '../../../support/random.ts';
import type { DescribedRequest, Description, Parameter, Schema } from './description.ts';
import {
  hostileBodies,
  hostileGeometries,
  hostileHeaders,
  hostileTexts,
  hostileValues,
  rawPathTricks,
} from './hostile.ts';

export interface Generated {
  described: DescribedRequest;
  /** Path and query, encoded. */
  address: string;
  headers: Record<string, string>;
  body?: string;
}

/** Values that exist in the store, by the name of the parameter: refused or taken, they reach further in than noise. */
export type Known = Readonly<Record<string, readonly string[]>>;

/** Makes hostile requests from the API's own description; the same seed makes the same. */
export class Generator {
  readonly #random: () => number;
  readonly #description: Description;
  readonly #known: Known;
  #gentle = false;

  constructor(seed: number, description: Description, known: Known) {
    this.#random = seededRandom(seed);
    this.#description = description;
    this.#known = known;
  }

  /** Whether to do what is not described. */
  #strays(share: number): boolean {
    return !this.#gentle && this.chance(share);
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)];
  }

  /** Three of ten keep to what is described, so that some get as far as the store. */
  request(described: DescribedRequest): Generated {
    this.#gentle = this.chance(0.3);
    const headers: Record<string, string> = { 'Content-Type': this.#mediaType(described) };
    const path = described.path.replace(/\{(\w+)\}/g, (_, name: string) => this.#segment(described, name));
    const body = described.method === 'GET' ? undefined : this.#body(described);
    for (const one of described.parameters) {
      if (one.in === 'header' && this.chance(0.3)) headers[one.name] = this.pick(['"1"', '"2"', 'a-key', '*', '1']);
    }
    while (this.#strays(0.35)) {
      const [name, value] = this.pick(hostileHeaders);
      headers[name] = value;
    }
    const address = path + this.#query(described);
    return { described, address, headers, ...(body !== undefined && { body }) };
  }

  #mediaType({ operation }: DescribedRequest): string {
    return this.pick(Object.keys(operation.requestBody?.content ?? { 'application/json': {} }));
  }

  #segment({ parameters, path }: DescribedRequest, name: string): string {
    const known = this.#known[`${path.split('/')[1]}.${name}`] ?? this.#known[name] ?? [];
    if (known.length > 0 && !this.#strays(0.4)) return encodeURIComponent(this.pick(known));
    const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
    if (parameter !== undefined && !this.#strays(0.6)) return encoded(this.#textOf(parameter));
    if (this.chance(0.3)) return this.pick(rawPathTricks);
    return encoded(this.pick(hostileTexts).slice(0, 1000)) || 'x';
  }

  #query({ parameters }: DescribedRequest): string {
    const parts: string[] = [];
    const put = (name: string, value: string) => parts.push(`${encoded(name)}=${encoded(value)}`);
    for (const one of parameters.filter((parameter) => parameter.in === 'query')) {
      if (!this.chance(one.required === true ? 0.9 : 0.3)) continue;
      put(one.name, this.#waits(one) ? '1' : this.#strays(0.5) ? this.pick(hostileTexts) : this.#textOf(one));
      if (this.#strays(0.05)) put(one.name, this.#waits(one) ? '0' : this.#textOf(one));
    }
    if (this.#strays(0.05)) put(this.pick(hostileTexts).slice(0, 40), this.pick(hostileTexts));
    if (this.#strays(0.05)) parts.push(this.pick(['%', '&&', '=x', '?', '%00=%00', '[]=1', 'a[b]=c', '%ED%A0%80']));
    return parts.length === 0 ? '' : `?${parts.join('&')}`;
  }

  /** A question that waits for an answer is one that takes its time rightly. */
  #waits({ name }: Parameter): boolean {
    return name === 'wait';
  }

  #textOf({ name, example, schema = {} }: Parameter): string {
    const known = this.#known[name] ?? [];
    if (known.length > 0 && this.chance(0.7)) return this.pick(known);
    if (example !== undefined && this.chance(0.6)) return String(example);
    const value = this.#valueOf(schema, 0);
    return typeof value === 'string' ? value : Array.isArray(value) ? value.join(',') : JSON.stringify(value);
  }

  #body(described: DescribedRequest): string | undefined {
    const content = described.operation.requestBody?.content;
    if (content === undefined) return this.chance(0.2) ? this.pick(hostileBodies) : undefined;
    if (this.#strays(0.15)) return this.pick(hostileBodies);
    if (this.#strays(0.05)) return undefined;
    const schema = Object.values(content)[0]?.schema ?? {};
    const text = JSON.stringify(this.#strays(0.3) ? this.#spoilt(this.#valueOf(schema, 0)) : this.#valueOf(schema, 0));
    return this.#strays(0.05) ? text.slice(0, Math.floor(text.length * this.#random())) : text;
  }

  /** One thing in it made wrong. */
  #spoilt(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || this.chance(0.1)) return this.pick(hostileValues);
    const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    const names = Object.keys(copy);
    if (names.length === 0 || this.chance(0.1)) copy[this.pick(['extra', 'toString', 'constructor'])] = 1;
    else {
      const name = this.pick(names);
      copy[name] = this.chance(0.5) ? this.#spoilt(copy[name]) : this.pick([...hostileValues, ...hostileTexts]);
    }
    return copy;
  }

  #valueOf(given: Schema, depth: number): unknown {
    const schema = this.#resolved(given);
    if (this.#strays(0.04)) return this.pick([...hostileTexts, ...hostileValues]);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return this.pick(schema.enum);
    if (schema.example !== undefined && this.chance(0.6)) return schema.example;
    const choices = schema.oneOf ?? schema.anyOf;
    if (choices !== undefined) return this.#valueOf(this.pick(choices), depth + 1);
    if (schema.allOf !== undefined) {
      const parts = schema.allOf.map((one) => this.#valueOf(one, depth + 1));
      return Object.assign({}, ...parts.filter((part) => typeof part === 'object'));
    }
    if (depth > 6) return null;
    const type = Array.isArray(schema.type) ? this.pick(schema.type) : schema.type;
    if (type === 'object' || schema.properties !== undefined) return this.#objectOf(schema, depth);
    if (type === 'array') {
      const length = (schema.minItems ?? 0) + Math.floor(this.#random() * 3);
      return Array.from({ length }, () => this.#valueOf(schema.items ?? {}, depth + 1));
    }
    if (type === 'integer' || type === 'number') return this.#numberOf(schema, type === 'integer');
    if (type === 'boolean') return this.chance(0.5);
    if (type === 'null') return null;
    return this.#stringOf(schema);
  }

  #objectOf(schema: Schema, depth: number): unknown {
    const object: Record<string, unknown> = {};
    const isPlace = schema.properties === undefined && this.chance(0.7);
    if (isPlace) return this.pick(hostileGeometries);
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (!(schema.required?.includes(name) ? !this.#strays(0.05) : this.chance(0.4))) continue;
      const known = this.#known[name] ?? [];
      const isGeometry = /geometry|intersects|lines|outline|area$|place/i.test(name) && this.chance(0.6);
      if (isGeometry) object[name] = this.pick(hostileGeometries);
      else if (known.length > 0 && !this.#strays(0.4)) object[name] = this.#knownAs(property, known);
      else object[name] = this.#valueOf(property, depth + 1);
    }
    return object;
  }

  #knownAs(schema: Schema, known: readonly string[]): unknown {
    const { type } = this.#resolved(schema);
    if (type === 'integer' || type === 'number') return Number(this.pick(known));
    return type === 'array' ? [this.pick(known)] : this.pick(known);
  }

  #numberOf({ minimum = 0, maximum = 1000 }: Schema, whole: boolean): number {
    const inside = [minimum, maximum, minimum + (maximum - minimum) * this.#random()];
    const value = this.#strays(0.4) ? this.pick([minimum - 1, maximum + 1]) : this.pick(inside);
    return whole ? Math.round(value) : value;
  }

  #stringOf({ format }: Schema): string {
    if (format === 'date') return this.#strays(0.6) ? this.pick(['2025-02-30', '2025-6-1']) : '2025-06-18';
    if (format === 'date-time')
      return this.#strays(0.6) ? this.pick(['2025-07-01', '2025-07-01T25:00:00Z']) : '2025-07-01T00:00:00Z';
    if (format === 'uri' || format === 'url')
      return this.pick(['http://127.0.0.1:9/x', 'javascript:alert(1)', 'http://[::1]']);
    return !this.#strays(0.5) ? this.pick(['x', 'farmland', '2025-06', '430421', '依据充分']) : this.pick(hostileTexts);
  }

  #resolved(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : (this.#description.components.schemas[name] ?? {});
  }
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
