import { type RemoteSettings, setRemoteSettings } from '../../imagery/remote/settings.ts';
import type { Scene } from '../../imagery/scene.ts';
import { lookAtScene, type SceneDescription } from '../../imagery/scene-file.ts';
import { serveJobs } from '../jobs/thread-entry.ts';
import { cloudShareOf } from './cloud-share.ts';
import { type DecodePart, decodePart } from './decode-part.ts';

/** What is asked of a guarded thread: the work, and how other machines are asked meanwhile. */
export interface GuardedJob<Input> {
  input: Input;
  settings: RemoteSettings;
}

export interface LookInput {
  path: string;
  description: SceneDescription;
}

/** What the first looks at a file do, in a thread that can be stopped. */
serveJobs({
  look: guarded(({ path, description }: LookInput) => lookAtScene(path, description)),
  'cloud-share': guarded((scene: Scene) => cloudShareOf(scene)),
  decode: guarded((part: DecodePart) => decodePart(part)),
});

function guarded<Input, Result>(work: (input: Input) => Promise<Result>) {
  return ({ input, settings }: GuardedJob<Input>): Promise<Result> => {
    setRemoteSettings(settings);
    return work(input);
  };
}
