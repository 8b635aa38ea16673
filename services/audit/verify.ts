import { chainedEvents, countDetections, countEvents, headBefore, listAnchors } from '../store/audit.ts';
import type { Store } from '../store/open.ts';
import { type Anchor, AnchorCheck, type AnchorFault } from './anchors.ts';
import { type ChainFault, type ChainStart, ChainWalk, FROM_THE_BEGINNING } from './chain-walk.ts';
import { addFinding, type Findings, noFindings } from './findings.ts';
import { SubjectStates } from './subject-states.ts';
import { type DetectionReport, verifyDetections } from './verify-detections.ts';
import { type ProjectionReport, verifyProjections } from './verify-projections.ts';

export interface VerifyOptions {
  /** First event to look at; what lies before it is taken as it stands. Then only the chain is verified. */
  from?: number | undefined;
  /** Anchors kept outside the store; those in it are always held to. */
  anchors?: readonly Anchor[];
  onProgress?: (stage: 'events' | 'projections' | 'detections', done: number, total: number) => void;
}

export interface AuditReport {
  ok: boolean;
  /** First event looked at. */
  from: number;
  /** Events looked at. */
  events: number;
  /** Where the log ends. */
  head: ChainStart;
  /** The event from which on the log is not to be trusted; null where it is whole. */
  firstBroken: number | null;
  chain: Findings<ChainFault>;
  anchors: { checked: number; faults: AnchorFault[] };
  /** null: not looked at, since the log was not read from its beginning. */
  projections: ProjectionReport | null;
  detections: DetectionReport | null;
}

const PAGE = 5000;

/**
 * Reads the whole log and says whether it is what was written: every event unchanged and in its place, nothing missing
 * up to the last anchor, patches and cases what their events add up to, detections what their ids say. Writes nothing
 * and holds nobody up; what is appended meanwhile may or may not be looked at.
 */
export async function verifyAudit(store: Store, options: VerifyOptions = {}): Promise<AuditReport> {
  const { from = 1, anchors = [], onProgress = () => {} } = options;
  const start = from > 1 ? ((await headBefore(store.db, from)) ?? FROM_THE_BEGINNING) : FROM_THE_BEGINNING;
  const whole = start.count === 0;
  const states = new SubjectStates();
  // Read before the events are: an anchor that is set meanwhile may be of an event after the last one read.
  const kept = await listAnchors(store.db);
  const check = new AnchorCheck([...kept, ...anchors], start);
  const walk = new ChainWalk(start);
  const chain = await walkEvents(store, walk, check, whole ? states : null, (done, total) =>
    onProgress('events', done, total),
  );
  const anchorFaults = check.end(walk.head);
  const projections = whole
    ? await verifyProjections(store, states, (done) => onProgress('projections', done, done))
    : null;
  const detections = whole ? await detectionsOf(store, states.detectionHashes, onProgress) : null;
  const broken = [
    ...chain.first.map(({ seq }) => seq),
    ...anchorFaults.map(({ anchor }) => anchor.seq ?? walk.head.seq),
  ];
  const faults = chain.count + anchorFaults.length + (projections?.faults.count ?? 0) + (detections?.faults.count ?? 0);
  return {
    ok: faults === 0,
    from: whole ? 1 : from,
    events: walk.head.count - start.count,
    head: walk.head,
    firstBroken: broken.length === 0 ? null : Math.min(...broken),
    chain,
    anchors: { checked: check.checked, faults: anchorFaults },
    projections,
    detections,
  };
}

async function walkEvents(
  { db }: Store,
  walk: ChainWalk,
  check: AnchorCheck,
  states: SubjectStates | null,
  onProgress: (done: number, total: number) => void,
): Promise<Findings<ChainFault>> {
  const faults = noFindings<ChainFault>();
  const before = walk.head.count;
  // No event is numbered below 1, unless somebody has put it there.
  let after = before === 0 ? Number.MIN_SAFE_INTEGER : walk.head.seq;
  const total = await countEvents(db, after);
  for (;;) {
    const events = await chainedEvents(db, after, PAGE);
    for (const event of events) {
      const fault = walk.step(event);
      if (fault !== null) addFinding(faults, fault);
      check.pass(walk.head);
      states?.add(event);
    }
    onProgress(Math.min(walk.head.count - before, total), total);
    if (events.length < PAGE) return faults;
    after = walk.head.seq;
  }
}

async function detectionsOf(
  store: Store,
  logged: ReadonlyMap<string, string>,
  onProgress: NonNullable<VerifyOptions['onProgress']>,
): Promise<DetectionReport> {
  const total = await countDetections(store.db);
  return verifyDetections(store, logged, (done) => onProgress('detections', Math.min(done, total), total));
}
