import { type RemoteSettings, setRemoteSettings } from '../../imagery/remote/settings.ts';
import { lookAtScene, type SceneDescription } from '../../imagery/scene-file.ts';

/** What is asked of a guarded thread: the work, and how other machines are asked meanwhile. */
export interface GuardedJob<Input> {
  input: Input;
  settings: RemoteSettings;
}

export interface LookInput {
  path: string;
  description: SceneDescription;
}

/** The first look at a file, for threads that can be stopped. */
export const lookJob = guardedJob(({ path, description }: LookInput) => lookAtScene(path, description));

export function guardedJob<Input, Result>(work: (input: Input) => Promise<Result>) {
  return ({ input, settings }: GuardedJob<Input>): Promise<Result> => {
    setRemoteSettings(settings);
    return work(input);
  };
}
