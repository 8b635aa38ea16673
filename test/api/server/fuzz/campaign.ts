import type { Store } from '../../../../services/store/open.ts';
import { dumpOf } from '../../../support/store-dump.ts';
import type { TestService } from '../service.ts';
import { type DescribedRequest, type Description, requestsIn } from './description.ts';
import { type Generated, Generator, type Known } from './generator.ts';

export interface Campaign {
  service: TestService;
  /** Authorization of each; nobody has none. */
  actors: Readonly<Record<string, Record<string, string>>>;
  known: Known;
  seed: number;
  count: number;
}

export interface Outcome {
  /** What is wrong, with the request that did it. */
  faults: string[];
  /** How often each status was answered. */
  statuses: Record<number, number>;
  /** Operations that were asked. */
  asked: Set<string>;
}

/** What a refusal may write: that it was tried. */
const notes = ['reads', 'login_tries', 'idempotency_keys', 'sessions'];
const slowestMs = 5000;

/** Sends so many hostile requests, each operation in turn, and looks at every answer and at what it left in the store. */
export async function attack({ service, actors, known, seed, count }: Campaign): Promise<Outcome> {
  const headers = actors['admin'];
  const description = (await (await service.ask('/openapi.json', { headers })).json()) as Description;
  const requests = requestsIn(description);
  const generator = new Generator(seed, description, known);
  const outcome: Outcome = { faults: [], statuses: {}, asked: new Set() };
  let before = await contents(service.store);
  for (let i = 0; i < count; i++) {
    const described = requests[i % requests.length];
    const actor = generator.pick(Object.keys(actors));
    const generated = generator.request(described);
    const begun = performance.now();
    const response = await send(service, generated, actors[actor]);
    const text = await response.text();
    const ms = performance.now() - begun;
    outcome.statuses[response.status] = (outcome.statuses[response.status] ?? 0) + 1;
    outcome.asked.add(described.operation.operationId);
    const wrong = [...faultsOf(response, text, described), ...(ms > slowestMs ? [`took ${Math.round(ms)} ms`] : [])];
    // Looking at the whole store is what takes time; what only asks is looked at now and then.
    if (described.method !== 'GET' || i % 25 === 0) {
      const after = await contents(service.store);
      const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
      const mayWrite = described.method !== 'GET' && response.status < 400;
      if (changed.length > 0 && !mayWrite) wrong.push(`changed ${changed.join(', ')}`);
      before = after;
    }
    for (const fault of wrong)
      outcome.faults.push(`${fault}: ${shown(generated, actor)} → ${response.status} ${text.slice(0, 300)}`);
  }
  return outcome;
}

function send(service: TestService, generated: Generated, actor: Record<string, string>): Promise<Response> {
  const { described, address, headers, body } = generated;
  const init = { method: described.method, headers: { ...headers, ...actor }, ...(body !== undefined && { body }) };
  return service.ask(address, init);
}

/** What a single answer must be, whoever asks for what. */
function faultsOf(response: Response, text: string, { operation }: DescribedRequest): string[] {
  const { status, headers } = response;
  if (status >= 500) return ['failed'];
  if (status < 400)
    return operation.responses[status] === undefined ? [`answers ${status}, which is not described`] : [];
  if (headers.get('content-type') !== 'application/problem+json') return [`refuses as ${headers.get('content-type')}`];
  const problem = JSON.parse(text) as { status: number; code: string; detail: string };
  const faults: string[] = [];
  if (problem.status !== status) faults.push(`says ${problem.status} inside`);
  if (!/^[^\r\n]{5,1000}$/u.test(problem.detail)) faults.push('says more than a line');
  const elsewhere = problem.code === 'unknown-address' || problem.code === 'method-not-allowed';
  if (!elsewhere && operation.responses[status] === undefined) faults.push(`answers ${status}, which is not described`);
  return faults;
}

async function contents(store: Store): Promise<Record<string, string>> {
  const dump = await dumpOf(store, { withTimes: true });
  const kept = Object.entries(dump).filter(([table]) => !notes.includes(table));
  const withoutUse = (name: string, value: unknown) => (name === 'lastUsedAt' ? undefined : value);
  return Object.fromEntries(kept.map(([table, rows]) => [table, JSON.stringify(rows, withoutUse)]));
}

function shown({ described, address, headers, body }: Generated, actor: string): string {
  const sent = body === undefined ? '' : ` ${body.slice(0, 300)}`;
  return `${actor} ${described.method} ${address.slice(0, 400)} ${JSON.stringify(headers).slice(0, 300)}${sent}`;
}
