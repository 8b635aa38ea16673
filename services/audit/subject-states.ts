import { apply, type Projection } from '../lifecycle/projection.ts';
import type { ProjectedCase, ProjectedPatch } from '../store/audit.ts';
import type { LoggedColumns } from './event-chain.ts';

/** What the events of one patch or case add up to. */
interface Sum {
  projection: Projection | null;
  /** The event that cannot follow on those before it, and why. */
  broken: { seq: number; problem: string } | null;
  /** What the opening event said: a patch's detection, a case's title. */
  opening: { detectionId?: unknown; detectionSha256?: unknown; title?: unknown };
}

export type SubjectKind = 'patch' | 'case';

/** Adds up the events of all subjects, and says where the tables differ from the sums. */
export class SubjectStates {
  readonly #sums: Record<SubjectKind, Map<string, Sum>> = { patch: new Map(), case: new Map() };

  /** By detection, its hash in the event that opened its patch. */
  readonly detectionHashes = new Map<string, string>();

  add(event: LoggedColumns): void {
    // Events of other subjects move no projection.
    const sums = this.#sums[event.subject] as Map<string, Sum> | undefined;
    if (sums === undefined) return;
    let sum = sums.get(event.subjectId);
    if (sum === undefined) {
      sum = { projection: null, broken: null, opening: openingOf(event) };
      sums.set(event.subjectId, sum);
      const { detectionId, detectionSha256 } = sum.opening;
      if (typeof detectionId === 'string' && typeof detectionSha256 === 'string') {
        this.detectionHashes.set(detectionId, detectionSha256);
      }
    }
    if (sum.broken !== null) return;
    try {
      sum.projection = apply(sum.projection, event);
    } catch (error) {
      sum.broken = { seq: event.seq, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  /** What is wrong with a patch's row; null where it is the sum of its events. */
  patchProblem({ id, detectionId, ...row }: ProjectedPatch): string | null {
    const sum = this.#sums.patch.get(id);
    const { state, version, dueAt, updatedAt } = sum?.projection ?? ({} as Partial<Projection>);
    const said = sum?.opening.detectionId;
    return problemOf(sum, { ...row, ...(said !== undefined && { detectionId }) }, () => ({
      ...{ state, version, dueAt, updatedAt },
      ...(said !== undefined && { detectionId: said }),
    }));
  }

  caseProblem({ id, title, ...row }: ProjectedCase): string | null {
    const sum = this.#sums.case.get(id);
    const { state, version, updatedAt } = sum?.projection ?? ({} as Partial<Projection>);
    const said = sum?.opening.title;
    return problemOf(sum, { ...row, ...(said !== undefined && { title }) }, () => ({
      ...{ state, version, updatedAt },
      ...(said !== undefined && { title: said }),
    }));
  }

  /** Subjects with events, but for those whose rows were `seen`. */
  without(kind: SubjectKind, seen: ReadonlySet<string>): string[] {
    return [...this.#sums[kind].keys()].filter((id) => !seen.has(id));
  }
}

function problemOf(sum: Sum | undefined, row: Record<string, unknown>, summed: () => object): string | null {
  if (sum === undefined) return 'has no events';
  if (sum.broken !== null) return `cannot be added up at event ${sum.broken.seq}: ${sum.broken.problem}`;
  const different = Object.entries(summed()).filter(([name, value]) => row[name] !== value);
  if (different.length === 0) return null;
  const shown = different.map(([name, value]) => `${name} is ${show(row[name])}, by its events ${show(value)}`);
  return shown.join('; ');
}

function show(value: unknown): string {
  return value === null || value === undefined ? 'nothing' : `'${value}'`;
}

function openingOf({ payloadJson }: LoggedColumns): Sum['opening'] {
  try {
    return (JSON.parse(payloadJson) ?? {}) as Sum['opening'];
  } catch {
    return {};
  }
}
