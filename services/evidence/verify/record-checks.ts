import { createPublicKey } from 'node:crypto';
import { eventHash } from '../../audit/event-chain.ts';
import { deviceId } from '../../field/devices.ts';
import { checkReading, verifyReading } from '../../field/reading.ts';
import { formOpinion } from '../../legality/form-opinion.ts';
import { parseRuleSet } from '../../legality/read-rule-set.ts';
import { nameOf } from '../../legality/rule-set.ts';
import { eventId } from '../../lifecycle/event.ts';
import { project } from '../../lifecycle/projection.ts';
import type { BundledPaper } from '../bundle/paper-files.ts';
import type { BundledPhoto } from '../bundle/photo-files.ts';
import type { BundledEvent } from '../bundle/record-files.ts';
import { demand, type Held } from './check.ts';

/**
 * Every event is what was hashed, none is missing (its id follows from its place), each follows on the one before, and
 * together they lead to the state on record. `name`: history.json, `subject`: patch.json or case.json.
 */
export async function historyFollows(held: Held, subject: 'patch' | 'case'): Promise<string> {
  const events = (await held.json('history.json')) as BundledEvent[];
  const record = await held.json(`${subject}.json`);
  let before: BundledEvent | null = null;
  for (const [i, event] of events.entries()) {
    const { seq, hash, prevHash, action, id } = event;
    demand(event.subject === subject && event.subjectId === record.id, `event ${seq} is of another ${subject}`);
    demand(eventHash(prevHash, event) === hash, `event ${seq} (${action}) is not what its hash was made of`);
    demand(
      id === eventId({ subject, id: record.id, action }, i + 1),
      `an event is missing before event ${seq} (${action})`,
    );
    demand(before === null || seq > before.seq, `event ${seq} does not stand in the order of the log`);
    const adjacent = before !== null && seq === before.seq + 1;
    demand(!adjacent || prevHash === before!.hash, `event ${seq} does not follow on event ${before?.seq}`);
    before = event;
  }
  const now = project(events);
  const says = `${now?.state} at version ${now?.version}`;
  const wanted = `${record.state} at version ${record.version}`;
  demand(says === wanted, `the history leads to ${says}, the ${subject} is ${wanted}`);
  return `${events.length} 条 events，${record.state}`;
}

/** The log's end is not before the last event told of, nor another one in its place. */
export async function anchorFollows(held: Held): Promise<string> {
  const events = (await held.json('history.json')) as BundledEvent[];
  const { head, anchors } = await held.json('audit.json');
  const last = events.at(-1);
  demand(head !== null && last !== undefined, 'the audit chain has no end, though there are events');
  demand(Number(head.seq) >= last!.seq, `the audit chain ends with event ${head.seq}, before event ${last!.seq}`);
  for (const { seq, hash } of [head, ...anchors]) {
    const here = events.find((event) => event.seq === Number(seq));
    demand(here === undefined || here.hash === hash, `the anchor at event ${seq} has another hash than the event`);
  }
  return `第 ${head.seq} 条 event，${String(head.hash).slice(0, 16)}…`;
}

/** Each opinion is, to the byte, what the rules in the bundle make of the facts in the bundle. */
export async function opinionsReplay(held: Held): Promise<string | null> {
  const opinions = await held.json('opinions.json');
  if (opinions.length === 0) return null;
  let replayed = 0;
  for (const { id, ruleSet, facts, opinion } of opinions) {
    const name = `rules/${ruleSet}.json`;
    // A rule set that the workspace did not know is named among what is missing.
    if (held.listed(name) === null) continue;
    const rules = parseRuleSet(await held.text(name), name);
    demand(nameOf(rules) === ruleSet, `${name} is the rule set ${nameOf(rules)}`);
    const again = JSON.stringify(formOpinion(facts, rules));
    demand(again === JSON.stringify(opinion), `opinion ${id} is not what ${ruleSet} makes of its facts`);
    replayed++;
  }
  return `${replayed}/${opinions.length} 份按所附规则重算一致 formed again by the rules enclosed`;
}

/** Each original is the one that was tested; each reading was signed by the device beside it, for that photo. */
export async function photosHold(held: Held): Promise<string | null> {
  const photos = (await held.json('photos.json')) as BundledPhoto[];
  if (photos.length === 0) return null;
  let signed = 0;
  for (const { id, sha256, name, reading } of photos) {
    demand(name === null || held.listed(name) === sha256, `the original of photo ${id} is not the one that was tested`);
    if (reading === null) continue;
    const key = createPublicKey(reading.device.publicKey);
    const said = checkReading({ ...JSON.parse(reading.readingJson), signature: reading.signature }, `photo ${id}`);
    demand(said.photo === sha256, `the reading beside photo ${id} is of another photo`);
    demand(said.device === deviceId(key), `the reading beside photo ${id} names another device than its key`);
    verifyReading(said, key, `photo ${id}`);
    signed++;
  }
  return `${photos.length} 张 photos，${signed} 个签名读数 signed readings`;
}

/** Each paper is the one that came in, and what it made of the opinion names opinions that are there. */
export async function papersHold(held: Held): Promise<string | null> {
  const papers = (await held.json('papers.json')) as BundledPaper[];
  if (papers.length === 0) return null;
  const opinions = held.listed('opinions.json') === null ? [] : await held.json('opinions.json');
  const known = new Set(opinions.map(({ id }: { id: string }) => id));
  for (const { id, name, sha256, judged } of papers) {
    demand(name === null || held.listed(name) === sha256, `the original of paper ${id} is not the one that came in`);
    for (const opinion of [judged?.before, judged?.after]) {
      demand(opinion == null || known.has(opinion), `paper ${id} names the opinion ${opinion}, which is not there`);
    }
  }
  return `${papers.length} 份 papers`;
}
